"""When somebody leaves, as far as it is known already."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Connection, select

from engine.commands.trust.leavers import leaving_key
from storage.tables import jobs


def last_day(connection: Connection, person_id: UUID) -> date | None:
    """Their last day, when they have one."""
    payload = connection.execute(select(jobs.c.payload).where(jobs.c.key == leaving_key(person_id))).scalar()
    return date.fromisoformat(payload["last_day"]) if payload else None
