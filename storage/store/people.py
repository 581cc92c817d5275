"""People, posts and cover."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Select,
    Uuid,
    and_,
    bindparam,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    union,
    update,
)

from engine.model.people import Cover, Me, Person, Post, Scope
from engine.readers.addresses import address_key
from storage.ready import read_row, read_rows
from storage.store.keeper import Keeper, columns, found, values
from storage.tables import covers, people, posts, roles, schools
from storage.tables.types import EVERYWHERE, ScopeId

PERSON = columns(people, Person)
COVER = columns(covers, Cover)
POST = (
    posts.c.id,
    posts.c.person_id,
    posts.c.role,
    posts.c.scope_kind,
    posts.c.scope_id,
    posts.c.from_on,
    posts.c.to_on,
)

RIGHTS = (roles.c.leader, roles.c.manager, roles.c.designer)

DAY = bindparam("day", type_=Date())


def _held(held: FromClause) -> ColumnElement[bool]:
    return and_(held.c.from_on <= DAY, or_(held.c.to_on.is_(None), held.c.to_on >= DAY))


HELD = _held(posts)
HELD_BY_ACTIVE = (
    select(*POST)
    .join_from(posts, people, people.c.id == posts.c.person_id)
    .where(people.c.active, HELD)
    .order_by(posts.c.from_on, posts.c.id)
)


def _posts_near() -> Select[*tuple[Any, ...]]:
    school = bindparam("school", type_=ScopeId())  # none: the trust's own id, which is in the list anyway
    cluster = select(func.coalesce(schools.c.cluster_id, EVERYWHERE)).where(schools.c.id == school).scalar_subquery()
    around = posts.c.scope_id.in_([literal(EVERYWHERE, ScopeId), school, cluster])
    return HELD_BY_ACTIVE.where(posts.c.role.in_(bindparam("roles", expanding=True)), around)


def me_and_my_cover(own: Select[UUID]) -> Select[*tuple[Any, ...]]:
    """The active person whose id `own` gives, with each of their posts, then those of the people they cover.

    Rows of this, and what is added to it behind, are what me_of reads: nothing else puts a Me together.
    """
    person_id = own.scalar_subquery()
    away = select(covers.c.absent_id).where(covers.c.by_id == person_id, covers.c.from_on <= DAY, covers.c.to_on >= DAY)
    whose = union(select(person_id.label("id")), away).subquery()
    return (
        select(*PERSON, whose.c.id, *RIGHTS, *POST)
        .join_from(people, whose, people.c.id == person_id)
        .outerjoin(posts, and_(posts.c.person_id == whose.c.id, HELD))
        .outerjoin(roles, roles.c.key == posts.c.role)
        .where(people.c.active)
        .order_by(posts.c.from_on, posts.c.id)
    )


def _posts_of_role() -> Select[*tuple[Any, ...]]:
    held = select(*POST, people.c.name, schools.c.name).join_from(posts, people, people.c.id == posts.c.person_id)
    held = held.outerjoin(schools, schools.c.id == posts.c.scope_id)
    mine = (posts.c.role == bindparam("role"), people.c.active, HELD)
    return held.where(*mine).order_by(posts.c.from_on, posts.c.id)


def _posts_of_role_from_elsewhere() -> Select[*tuple[Any, ...]]:
    other = posts.alias("other")
    there = (other.c.person_id == posts.c.person_id, other.c.scope_id == bindparam("school", type_=ScopeId()))
    return POSTS_OF_ROLE.where(~exists().where(*there, _held(other)))


THE_PERSON = select(*PERSON).where(people.c.id == bindparam("person"))
THESE_PEOPLE = select(*PERSON).where(people.c.id.in_(bindparam("ids", expanding=True)))
POSTS_NEAR = _posts_near()
POSTS_OF_ROLE = _posts_of_role()
POSTS_OF_ROLE_FROM_ELSEWHERE = _posts_of_role_from_elsewhere()
ME = me_and_my_cover(select(bindparam("person_id", type_=Uuid())))


class PeopleStore(Keeper):
    """See engine.ports.People. Posts around a school are remembered: a command asks for some, then for others."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._near: dict[tuple[UUID | None, date], tuple[frozenset[str], Sequence[Post]]] = {}

    def person(self, person_id: UUID) -> Person:
        """The person. Raises NotFound."""
        return Person(*found(read_row(self.connection, THE_PERSON, {"person": person_id})))

    def person_by_email(self, email: str) -> Person | None:
        """Whoever has this address, upper or lower case."""
        row = self.connection.execute(select(*PERSON).where(people.c.email_key == address_key(email))).first()
        return Person(*row) if row else None

    def people(self, ids: Collection[UUID]) -> dict[UUID, Person]:
        """These people by id; unknown ids are left out."""
        if not ids:
            return {}
        known: dict[UUID, Person] = self.ask_office("people", dict)
        if missing := [one for one in ids if one not in known]:
            known |= {row[0]: Person(*row) for row in read_rows(self.connection, THESE_PEOPLE, {"ids": missing})}
        return {one: known[one] for one in ids if one in known}

    def add_person(self, person: Person) -> None:
        """Write down somebody new. Raises AlreadyKnown for an address that is taken."""
        self.add(people, [_person_row(person)])

    def save_person(self, person: Person) -> None:
        """Write the person back."""
        self._near.clear()
        self.connection.execute(update(people).where(people.c.id == person.id).values(_person_row(person)))

    def administrators(self) -> list[Person]:
        """Active administrators, their rows held, so that two people cannot both take the other's right away."""
        wanted = select(*PERSON).where(people.c.active, people.c.administrator).order_by(people.c.id)
        return [Person(*row) for row in self.connection.execute(wanted.with_for_update())]

    def add_post(self, post: Post) -> None:
        """Give somebody a role. Raises AlreadyHolds when they hold it there without an end."""
        self._near.clear()
        self.add(posts, [_post_row(post)])

    def post(self, post_id: UUID) -> Post:
        """The post. Raises NotFound."""
        return post_of(found(self.connection.execute(select(*POST).where(posts.c.id == post_id)).first()))

    def end_post(self, post_id: UUID, to_on: date) -> Post:
        """Note the last day of a post. Raises NotFound."""
        self._near.clear()
        row = found(self.connection.execute(select(*POST).where(posts.c.id == post_id)).first())
        self.connection.execute(update(posts).where(posts.c.id == post_id).values(to_on=to_on))
        return replace(post_of(row), to_on=to_on)

    def posts_of(self, person_id: UUID) -> list[Post]:
        """Every post of a person, past and future too, oldest first."""
        wanted = select(*POST).where(posts.c.person_id == person_id).order_by(posts.c.from_on, posts.c.id)
        return [post_of(row) for row in self.connection.execute(wanted)]

    def posts_near(self, roles: Collection[str], school_id: UUID | None, day: date) -> list[Post]:
        """Posts of these roles on this day at the school, at its cluster or trust-wide, active people only."""
        if not roles:
            return []
        asked, found_posts = self._near.get((school_id, day), (frozenset(), ()))
        if missing := frozenset(roles) - asked:
            about = ("near", school_id, day, missing)
            more = self.ask_office(about, lambda: self._read_near(missing, school_id, day))
            found_posts = sorted([*found_posts, *more], key=lambda post: (post.from_on, post.id.hex))
            self._near[school_id, day] = asked | missing, found_posts
        return [post for post in found_posts if post.role in roles]

    def _read_near(self, roles: Collection[str], school_id: UUID | None, day: date) -> Sequence[Post]:
        near = {"day": day, "roles": list(roles), "school": school_id}
        return [post_of(row) for row in read_rows(self.connection, POSTS_NEAR, near)]

    def posts_of_role(self, role: str, day: date, not_from: UUID | None = None) -> list[tuple[Post, str, str | None]]:
        """Everybody's posts of a role on this day, with the person's name and the school's, if it is at one.

        not_from: without those who hold any post at this school on this day.
        """
        about = ("of role", role, day, not_from)
        return list(self.ask_office(about, lambda: self._read_role(role, day, not_from)))

    def _read_role(self, role: str, day: date, not_from: UUID | None) -> Sequence[tuple[Post, str, str | None]]:
        wanted = POSTS_OF_ROLE_FROM_ELSEWHERE if not_from else POSTS_OF_ROLE
        given = {"day": day, "role": role, **({"school": not_from} if not_from else {})}
        held = read_rows(self.connection, wanted, given)
        return [(post_of(row[:-2]), row[-2], row[-1]) for row in held]

    def add_cover(self, cover: Cover) -> None:
        """Note who does whose tasks for some days."""
        self.add(covers, [values(cover)])

    def cover(self, cover_id: UUID) -> Cover:
        """The cover. Raises NotFound."""
        return Cover(*found(self.connection.execute(select(*COVER).where(covers.c.id == cover_id)).first()))

    def covers_of(self, person_id: UUID) -> list[Cover]:
        """Cover for this person and by them, past and to come."""
        wanted = select(*COVER).where(or_(covers.c.absent_id == person_id, covers.c.by_id == person_id))
        return [Cover(*row) for row in self.connection.execute(wanted.order_by(covers.c.from_on, covers.c.id))]

    def save_cover(self, cover: Cover) -> None:
        """Write the cover back."""
        self.connection.execute(update(covers).where(covers.c.id == cover.id).values(values(cover)))

    def drop_cover(self, cover_id: UUID) -> None:
        """Forget a cover that never began."""
        self.connection.execute(delete(covers).where(covers.c.id == cover_id))

    def covers(self, day: date) -> list[Cover]:
        """Everybody's cover on this day."""
        wanted = select(*COVER).where(covers.c.from_on <= day, covers.c.to_on >= day)
        return [Cover(*row) for row in self.connection.execute(wanted.order_by(covers.c.from_on, covers.c.id))]

    def me(self, person_id: UUID, day: date) -> Me:
        """The person with today's posts and cover. Raises NotFound for nobody or somebody inactive."""
        return me_of(read_rows(self.connection, ME, {"person_id": person_id, "day": day}))


def post_of(row: Sequence[Any]) -> Post:
    """A post from the columns of POST."""
    post_id, person_id, role, kind, scope_id, from_on, to_on = row
    return Post(post_id, person_id, role, Scope(kind, scope_id), from_on, to_on)


def _post_row(post: Post) -> dict[str, Any]:
    scope = {"scope_kind": post.scope.kind, "scope_id": post.scope.id}
    return {name: value for name, value in values(post).items() if name != "scope"} | scope


def _person_row(person: Person) -> dict[str, Any]:
    return {**values(person), "email_key": address_key(person.email)}


def me_of(rows: Sequence[Sequence[Any]]) -> Me:
    """Who the rows of me_and_my_cover are about. Raises NotFound where there are none."""
    person = Person(*found(rows[0] if rows else None)[:_WHOSE])
    posted = [row[_WHOSE + 1 : _ME] for row in rows if row[_POST] is not None]
    held = [(post_of(row[len(RIGHTS) :]), row[: len(RIGHTS)]) for row in posted]
    leading, managing, designing = (frozenset(post.role for post, gives in held if gives[right]) for right in range(3))
    return Me(
        person,
        posts=tuple(post for post, _ in held if post.person_id == person.id),
        covered=tuple(post for post, _ in held if post.person_id != person.id),
        covered_people=frozenset(row[_WHOSE] for row in rows) - {person.id},
        leading=leading,
        managing=managing,
        designing=designing,
    )


_WHOSE = len(PERSON)  # where in a row of me_and_my_cover the person a post is of stands; the role's rights follow
_POST = _WHOSE + 1 + len(RIGHTS)
_ME = _POST + len(POST)
