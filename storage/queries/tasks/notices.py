"""Messages on one person's screen."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, func, select

from engine.model.casework import Notice
from storage.queries.paging import PAGE, Cursor, Page, beyond, page, position
from storage.store.keeper import columns
from storage.tables import cases, notices

NOTICE = columns(notices, Notice)


@dataclass(frozen=True)
class NoticeRow:
    """A message, with the reference of the case it is about."""

    notice: Notice
    case_ref: str | None


def notices_of(
    connection: Connection, person_id: UUID, after: Cursor | None = None, limit: int = PAGE
) -> Page[NoticeRow]:
    """A person's messages, latest first."""
    wanted = select(cases.c.ref, *NOTICE).outerjoin_from(notices, cases, cases.c.id == notices.c.case_id)
    wanted = wanted.where(notices.c.person_id == person_id)
    if after:
        wanted = wanted.where(beyond(notices.c.at, notices.c.id, latest_first=True))
    wanted = wanted.order_by(notices.c.at.desc(), notices.c.id.desc()).limit(limit + 1)
    rows = [NoticeRow(Notice(*row[1:]), row[0]) for row in connection.execute(wanted, position(after))]
    return page(rows, limit, lambda row: Cursor(row.notice.at, row.notice.id))


def unread(connection: Connection, person_id: UUID, cap: int = 100) -> int:
    """How many they have not read; counting stops at `cap`."""
    some = select(notices.c.id).where(notices.c.person_id == person_id, notices.c.read_at.is_(None)).limit(cap)
    return connection.execute(select(func.count()).select_from(some.subquery())).scalar_one()
