"""Signing in: passwords, links, sessions and the counters against guessing. Secrets arrive here as hashes only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Connection,
    Select,
    and_,
    bindparam,
    case,
    delete,
    func,
    literal,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from engine.model.access import Account, Link, LinkKind, Session
from engine.model.calendar import LONDON
from engine.model.people import Me, Person
from storage.store.keeper import columns, values
from storage.store.people import PERSON, POST, email_key, post_of
from storage.tables import (
    accounts,
    clusters,
    covers,
    links,
    people,
    posts,
    roles,
    schools,
    sessions,
    throttle,
    trust,
)

ACCOUNT = columns(accounts, Account)


@dataclass(frozen=True)
class SessionMe:
    """A session that holds, and its person as they are today."""

    me: Me
    trust_name: str
    seen_at: datetime


@dataclass(frozen=True)
class Pick:
    """Somebody the demo lets you be, with a role they hold today, if any, and where."""

    person: Person
    role: str | None
    place: str | None


@dataclass(frozen=True)
class Addressee:
    """Where to write to somebody."""

    email: str
    trust_name: str


def session_me(connection: Connection, id_hash: str, now: datetime) -> SessionMe | None:
    """The session, its person, today's posts and cover and the trust's name, in one statement.

    None when there is no such session, it has run out or been ended, or its person is inactive.
    """
    day = now.astimezone(LONDON).date()
    rows = connection.execute(_session_statement(), {"session": id_hash, "now": now, "day": day})
    return _session_me(rows.all())


@cache
def _session_statement() -> Select[*tuple[Any, ...]]:
    """Asked before every page, so it is put together only once."""
    now = bindparam("now", type_=sessions.c.idle_ends_at.type)
    day = bindparam("day", type_=posts.c.from_on.type)
    held = and_(posts.c.from_on <= day, or_(posts.c.to_on.is_(None), posts.c.to_on >= day))
    session = sessions.c.id_hash == bindparam("session")
    own = select(sessions.c.person_id.label("id")).where(session)
    covered = (
        select(covers.c.absent_id)
        .join_from(sessions, covers, covers.c.by_id == sessions.c.person_id)
        .where(session, covers.c.from_on <= day, covers.c.to_on >= day)
        .distinct()
    )
    whose = union_all(own, covered).subquery()
    return (
        select(sessions.c.seen_at, select(trust.c.name).scalar_subquery(), *PERSON, whose.c.id, *POST)
        .join_from(sessions, people, people.c.id == sessions.c.person_id)
        .join(whose, literal(True))
        .outerjoin(posts, and_(posts.c.person_id == whose.c.id, held))
        .where(session, sessions.c.revoked_at.is_(None), people.c.active)
        .where(sessions.c.idle_ends_at > now, sessions.c.ends_at > now)
        .order_by(posts.c.from_on, posts.c.id)
    )


def _session_me(rows: Sequence[Any]) -> SessionMe | None:
    if not rows:
        return None
    seen_at, trust_name, *rest = rows[0]
    person = Person(*rest[: len(PERSON)])
    after = 2 + len(PERSON)
    held = [post_of(row[after + 1 :]) for row in rows if row[after + 1] is not None]
    own = tuple(post for post in held if post.person_id == person.id)
    covered = tuple(post for post in held if post.person_id != person.id)
    covered_people = frozenset(row[after] for row in rows) - {person.id}
    return SessionMe(Me(person, own, covered, covered_people), trust_name or "", seen_at)


def add_session(connection: Connection, session: Session) -> None:
    """Let somebody in on one browser."""
    connection.execute(sessions.insert().values(values(session)))


def seen(connection: Connection, id_hash: str, now: datetime, idle_ends_at: datetime) -> None:
    """Note that a session is in use."""
    these = sessions.c.id_hash == id_hash
    connection.execute(update(sessions).where(these).values(seen_at=now, idle_ends_at=idle_ends_at))


def end_session(connection: Connection, id_hash: str, now: datetime) -> None:
    """Sign out of one browser."""
    these = and_(sessions.c.id_hash == id_hash, sessions.c.revoked_at.is_(None))
    connection.execute(update(sessions).where(these).values(revoked_at=now))


def end_sessions(connection: Connection, person_id: UUID, now: datetime) -> None:
    """Sign somebody out everywhere, at once."""
    these = and_(sessions.c.person_id == person_id, sessions.c.revoked_at.is_(None))
    connection.execute(update(sessions).where(these).values(revoked_at=now))


def owner_of_session(connection: Connection, id_hash: str) -> UUID | None:
    """Whose session this is or was. None when it is not known any more."""
    return connection.execute(select(sessions.c.person_id).where(sessions.c.id_hash == id_hash)).scalar()


def account_by_email(connection: Connection, email: str) -> Account | None:
    """The account of an active person with this address, upper or lower case."""
    wanted = (
        select(*ACCOUNT)
        .join_from(accounts, people, people.c.id == accounts.c.person_id)
        .where(people.c.email_key == email_key(email), people.c.active)
    )
    row = connection.execute(wanted).first()
    return Account(*row) if row else None


def set_password(connection: Connection, person_id: UUID, password_hash: str, now: datetime) -> None:
    """Give somebody a password, their first or a new one."""
    changed = {"password_hash": password_hash, "changed_at": now}
    written = _upsert(connection, accounts).values(person_id=person_id, **changed)
    connection.execute(written.on_conflict_do_update(index_elements=[accounts.c.person_id], set_=changed))


def add_link(connection: Connection, link: Link) -> None:
    """Write down a link that was made."""
    connection.execute(links.insert().values(values(link)))


def person_of_link(connection: Connection, token_hash: str, kind: LinkKind, now: datetime) -> Person | None:
    """The active person a link lets in, while it is good."""
    wanted = (
        select(*PERSON)
        .join_from(links, people, people.c.id == links.c.person_id)
        .where(_good(token_hash, kind, now), people.c.active)
    )
    row = connection.execute(wanted).first()
    return Person(*row) if row else None


def use_link(connection: Connection, token_hash: str, kind: LinkKind, now: datetime) -> bool:
    """Use a link up. False when somebody else has, or it has run out."""
    used = connection.execute(update(links).where(_good(token_hash, kind, now)).values(used_at=now))
    return used.rowcount == 1


def spend_links(connection: Connection, person_id: UUID, now: datetime) -> None:
    """Whatever links somebody still has are good no more: they have just chosen a password."""
    these = and_(links.c.person_id == person_id, links.c.used_at.is_(None))
    connection.execute(update(links).where(these).values(used_at=now))


def _good(token_hash: str, kind: LinkKind, now: datetime) -> Any:
    return and_(
        links.c.token_hash == token_hash, links.c.kind == kind, links.c.used_at.is_(None), links.c.expires_at > now
    )


def count_try(connection: Connection, key: str, now: datetime, window: timedelta) -> int:
    """Count a try under a key, in one statement. Returns how many there were in the window, this one included."""
    fresh = throttle.c.began_at <= now - window
    written = (
        _upsert(connection, throttle)
        .values(key=key, began_at=now, count=1)
        .on_conflict_do_update(
            index_elements=[throttle.c.key],
            set_={
                "count": case((fresh, 1), else_=throttle.c.count + 1),
                "began_at": case((fresh, literal(now, throttle.c.began_at.type)), else_=throttle.c.began_at),
            },
        )
        .returning(throttle.c.count)
    )
    return int(connection.execute(written).scalar_one())


def forget_tries(connection: Connection, key: str) -> None:
    """Begin at none again."""
    connection.execute(delete(throttle).where(throttle.c.key == key))


def take_back_try(connection: Connection, key: str) -> None:
    """One try that was right does not count."""
    fewer = update(throttle).where(throttle.c.key == key, throttle.c.count > 0).values(count=throttle.c.count - 1)
    connection.execute(fewer)


def tidy(connection: Connection, now: datetime, keep: timedelta, window: timedelta) -> None:
    """Forget sessions and links that ran out so long ago, and counters whose window is over."""
    connection.execute(delete(sessions).where(sessions.c.ends_at < now - keep))
    connection.execute(delete(links).where(links.c.expires_at < now - keep))
    connection.execute(delete(throttle).where(throttle.c.began_at < now - window))


def anybody(connection: Connection) -> str | None:
    """The address of somebody who can sign in, an administrator if there is one, for whoever starts the server."""
    wanted = (
        select(people.c.email)
        .join_from(people, accounts, accounts.c.person_id == people.c.id)
        .where(people.c.active)
        .order_by(people.c.administrator.desc(), people.c.name)
    )
    return connection.execute(wanted.limit(1)).scalar()


def addressee(connection: Connection, person_id: UUID) -> Addressee | None:
    """Where to write to an active person. None: they have left."""
    trust_name = func.coalesce(select(trust.c.name).scalar_subquery(), "")
    wanted = select(people.c.email, trust_name).where(people.c.id == person_id, people.c.active)
    row = connection.execute(wanted).first()
    return Addressee(*row) if row else None


def picks(connection: Connection, day: date, email_ending: str) -> list[Pick]:
    """Active people with an address of this ending and the posts they hold on the day: trust, clusters, schools."""
    held = and_(posts.c.person_id == people.c.id, posts.c.from_on <= day, func.coalesce(posts.c.to_on, day) >= day)
    place = func.coalesce(clusters.c.name, schools.c.name)
    wanted = (
        select(*PERSON, roles.c.label, place)
        .join_from(people, posts, held, isouter=True)
        .join(roles, roles.c.key == posts.c.role, isouter=True)
        .join(clusters, clusters.c.id == posts.c.scope_id, isouter=True)
        .join(schools, schools.c.id == posts.c.scope_id, isouter=True)
        .where(people.c.active, people.c.email_key.endswith(email_ending, autoescape=True))
        .order_by(clusters.c.name.is_(None), place, roles.c.place, people.c.name)
    )
    return [Pick(Person(*row[: len(PERSON)]), *row[len(PERSON) :]) for row in connection.execute(wanted)]


def pick_of_session(connection: Connection, id_hash: str, email_ending: str) -> Person | None:
    """Whose session this is or was, if they are one of those the demo lets you be."""
    wanted = (
        select(*PERSON)
        .join_from(sessions, people, people.c.id == sessions.c.person_id)
        .where(sessions.c.id_hash == id_hash, people.c.active)
        .where(people.c.email_key.endswith(email_ending, autoescape=True))
    )
    row = connection.execute(wanted).first()
    return Person(*row) if row else None


def _upsert(connection: Connection, table: Any) -> Any:
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
