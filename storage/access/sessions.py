"""Sessions: who is asking, as they are today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, select, update

from engine.model.access import Session
from engine.model.calendar import LONDON
from engine.model.people import Me
from storage.ready import read_row, read_rows
from storage.store.keeper import values
from storage.store.office import Office
from storage.store.people import me_and_my_cover, me_of
from storage.tables import sessions, trust


@dataclass(frozen=True)
class SessionMe:
    """A session that holds, and its person as they are today."""

    me: Me
    trust_name: str
    seen_at: datetime


def session_me(connection: Connection, office: Office, id_hash: str, now: datetime) -> SessionMe | None:
    """The session, its person, today's posts and cover and the trust's name, in one statement. Whether the session
    holds is read every time; whose it is never changes.

    None when there is no such session, it has run out or been ended, or its person is inactive.
    """
    day = now.astimezone(LONDON).date()
    about, given = ("session", id_hash, day), {"session": id_hash, "now": now}
    if who := office.known(connection, about):
        session = read_row(connection, SESSION, given)
        return SessionMe(who[0], who[1], session[0]) if session else None
    rows = read_rows(connection, SESSION_ME, {**given, "day": day})
    if not rows:
        return None
    *_, trust_name, seen_at = rows[0]
    found = SessionMe(me_of(rows), trust_name or "", seen_at)
    office.keep(connection, about, (found.me, found.trust_name))
    return found


NOW = bindparam("now", type_=sessions.c.idle_ends_at.type)
HOLDS = (
    sessions.c.id_hash == bindparam("session"),
    sessions.c.revoked_at.is_(None),
    sessions.c.idle_ends_at > NOW,
    sessions.c.ends_at > NOW,
)
SESSION = select(sessions.c.seen_at).where(*HOLDS)
SESSION_ME = (
    me_and_my_cover(select(sessions.c.person_id).where(*HOLDS))
    .join(sessions, sessions.c.id_hash == bindparam("session"))
    .add_columns(select(trust.c.name).scalar_subquery(), sessions.c.seen_at)
)


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
