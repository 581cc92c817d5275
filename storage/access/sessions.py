"""Sessions: who is asking, as they are today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Connection,
    Select,
    and_,
    bindparam,
    literal,
    or_,
    select,
    union_all,
    update,
)

from engine.model.access import Session
from engine.model.calendar import LONDON
from engine.model.people import Me, Person
from storage.store.keeper import values
from storage.store.people import PERSON, POST, post_of
from storage.tables import (
    covers,
    people,
    posts,
    sessions,
    trust,
)


@dataclass(frozen=True)
class SessionMe:
    """A session that holds, and its person as they are today."""

    me: Me
    trust_name: str
    seen_at: datetime


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
