"""Lists of people, posts, roles and schools for whoever looks after them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from engine.errors import NotFound
from engine.model.people import Cover, Person, Post, Role, School, SchoolStatus
from engine.model.text import words_sought
from storage.store.keeper import columns, found
from storage.store.people import COVER, PERSON, POST, post_of
from storage.tables import accounts, clusters, covers, people, posts, roles, schools

SCHOOL, ROLE = columns(schools, School), columns(roles, Role)
PEOPLE = 50  # a page


@dataclass(frozen=True)
class PostRow:
    """A post with its words."""

    post: Post
    label: str  # of the role
    place: str | None  # the school or cluster; None: the whole trust


@dataclass(frozen=True)
class PersonRow:
    """A person with the posts they hold on the day asked about."""

    person: Person
    signs_in: bool  # they have chosen a password
    posts: tuple[PostRow, ...] = ()


@dataclass(frozen=True)
class CoverRow:
    """A cover with both names."""

    cover: Cover
    absent: str
    by: str


@dataclass(frozen=True)
class PersonPage:
    """One person: every post they ever held, and their cover either way."""

    person: Person
    signs_in: bool
    posts: tuple[PostRow, ...]
    covers: tuple[CoverRow, ...]


@dataclass(frozen=True)
class RoleRow:
    """A role and how many people hold it on the day asked about."""

    role: Role
    holders: int


@dataclass(frozen=True)
class SchoolRow:
    """A school and the name of its cluster."""

    school: School
    cluster: str | None
    people: int  # with a post there on the day asked about


def people_page(
    connection: Connection,
    day: date,
    text: str = "",
    after: str | None = None,
    limit: int = PEOPLE,
    inactive: bool = False,
    left: bool = False,
    scopes: Collection[UUID | None] | None = None,
) -> tuple[list[PersonRow], str | None]:
    """People by name, with where to go on (`after`).

    text: part of a name or address. inactive: leavers too; left: leavers alone. scopes: only who holds a post on the
    day at one of these schools or clusters, or for the trust (None).
    """
    wanted = select(accounts.c.person_id, *PERSON).outerjoin_from(people, accounts, accounts.c.person_id == people.c.id)
    for word in words_sought(text)[0]:
        named = people.c.name.icontains(word, autoescape=True)
        wanted = wanted.where(or_(named, people.c.email_key.icontains(word, autoescape=True)))
    if left:
        wanted = wanted.where(~people.c.active)
    elif not inactive:
        wanted = wanted.where(people.c.active)
    if scopes is not None:
        there = posts.c.scope_id.in_(scopes)
        wanted = wanted.where(people.c.id.in_(select(posts.c.person_id).where(there, _held(day))))
    if after:
        wanted = wanted.where(_after(after))
    rows = connection.execute(wanted.order_by(func.lower(people.c.name), people.c.id).limit(limit + 1)).all()
    found_people = [PersonRow(Person(*row[1:]), row[0] is not None) for row in rows[:limit]]
    last = found_people[-1].person if len(rows) > limit else None
    return _with_posts(connection, found_people, day), last.id.hex if last else None


def _after(after: str) -> ColumnElement[bool]:
    """People beyond somebody in the order of names."""
    try:
        last = UUID(after)
    except ValueError as error:
        raise NotFound from error
    name = select(func.lower(people.c.name)).where(people.c.id == last).scalar_subquery()
    same = and_(func.lower(people.c.name) == name, people.c.id > last)
    return or_(func.lower(people.c.name) > name, same)


def _with_posts(connection: Connection, rows: list[PersonRow], day: date) -> list[PersonRow]:
    held: dict[UUID, list[PostRow]] = {}
    for post in _posts(connection, [row.person.id for row in rows], _held(day)):
        held.setdefault(post.post.person_id, []).append(post)
    return [replace(row, posts=tuple(held.get(row.person.id, ()))) for row in rows]


def person_page(connection: Connection, person_id: UUID) -> PersonPage:
    """Raises NotFound."""
    wanted = select(accounts.c.person_id, *PERSON).outerjoin_from(people, accounts, accounts.c.person_id == people.c.id)
    row = found(connection.execute(wanted.where(people.c.id == person_id)).first())
    every = tuple(_posts(connection, [person_id]))
    return PersonPage(Person(*row[1:]), row[0] is not None, every, tuple(_covers(connection, person_id)))


def roles_page(connection: Connection, day: date) -> list[RoleRow]:
    """Every role in its order, with how many active people hold it."""
    holding = and_(posts.c.role == roles.c.key, _held(day), posts.c.person_id.in_(ACTIVE))
    wanted = (
        select(func.count(posts.c.person_id.distinct()), *ROLE)
        .outerjoin_from(roles, posts, holding)
        .group_by(*ROLE, roles.c.place)
        .order_by(roles.c.place)
    )
    return [RoleRow(Role(*row[1:]), row[0]) for row in connection.execute(wanted)]


def schools_page(connection: Connection, day: date, closed: bool = False) -> list[SchoolRow]:
    """Every school by name, those that closed only when asked for."""
    here = and_(posts.c.scope_id == schools.c.id, _held(day), posts.c.person_id.in_(ACTIVE))
    wanted = (
        select(clusters.c.name, func.count(posts.c.person_id.distinct()), *SCHOOL)
        .outerjoin_from(schools, clusters, clusters.c.id == schools.c.cluster_id)
        .outerjoin(posts, here)
        .group_by(clusters.c.name, *SCHOOL)
        .order_by(func.lower(schools.c.name), schools.c.urn)
    )
    if not closed:
        wanted = wanted.where(schools.c.status != SchoolStatus.CLOSED)
    return [SchoolRow(School(*row[2:]), row[0], row[1]) for row in connection.execute(wanted)]


def covers_page(connection: Connection, day: date) -> list[CoverRow]:
    """Cover on this day and to come, soonest first."""
    return _cover_rows(connection, covers.c.to_on >= day)


ACTIVE = select(people.c.id).where(people.c.active)


def _held(day: date) -> ColumnElement[bool]:
    return and_(posts.c.from_on <= day, or_(posts.c.to_on.is_(None), posts.c.to_on >= day))


def _posts(connection: Connection, of: Collection[UUID], *conditions: ColumnElement[bool]) -> list[PostRow]:
    if not of:
        return []
    place = func.coalesce(schools.c.name, clusters.c.name)
    wanted = (
        select(func.coalesce(roles.c.label, posts.c.role), place, *POST)
        .outerjoin_from(posts, roles, roles.c.key == posts.c.role)
        .outerjoin(schools, schools.c.id == posts.c.scope_id)
        .outerjoin(clusters, clusters.c.id == posts.c.scope_id)
        .where(posts.c.person_id.in_(of), *conditions)
        .order_by(roles.c.place, place, posts.c.from_on, posts.c.id)
    )
    return [PostRow(post_of(row[2:]), row[0], row[1]) for row in connection.execute(wanted)]


def _covers(connection: Connection, person_id: UUID) -> list[CoverRow]:
    return _cover_rows(connection, or_(covers.c.absent_id == person_id, covers.c.by_id == person_id))


def _cover_rows(connection: Connection, condition: ColumnElement[bool]) -> list[CoverRow]:
    absent, by = people.alias("absent"), people.alias("stand_in")
    wanted = (
        select(absent.c.name, by.c.name, *COVER)
        .join_from(covers, absent, absent.c.id == covers.c.absent_id)
        .join(by, by.c.id == covers.c.by_id)
        .where(condition)
        .order_by(covers.c.from_on, covers.c.id)
    )
    return [CoverRow(Cover(*row[2:]), row[0], row[1]) for row in connection.execute(wanted)]
