"""Which schools have days of their own beside the trust's."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection, select

from storage.tables import calendars


def schools_with_own_days(connection: Connection) -> frozenset[UUID]:
    """Schools whose terms or closed days differ from the trust's."""
    wanted = select(calendars.c.school_id, calendars.c.calendar)
    return frozenset(
        school_id for school_id, own in connection.execute(wanted) if school_id and (own.terms or own.closed)
    )
