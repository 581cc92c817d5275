"""What cases leave behind for people: records, actions and notices."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ForeignKey, Index, Named, Table, TypedColumns, UniqueConstraint

from storage.tables.base import metadata, partial
from storage.tables.types import Document, Moment


class RecordColumns(TypedColumns):
    """A diagnosis, a decision. Append-only: a new number supersedes."""

    id: Named[UUID] = Column(primary_key=True)
    case_id: Named[UUID] = Column(ForeignKey("cases.id"))
    kind: Named[str]
    number: Named[int]
    title: Named[str]
    body: Named[dict[str, Any]] = Column(Document)
    at: Named[datetime] = Column(Moment)


class ActionColumns(TypedColumns):
    """Something a case asked a role to do outside any procedure."""

    id: Named[UUID] = Column(primary_key=True)
    case_id: Named[UUID] = Column(ForeignKey("cases.id"))
    school_id: Named[UUID | None] = Column(ForeignKey("schools.id"))
    title: Named[str]
    role: Named[str]
    pool: Named[str]
    due_on: Named[date | None]
    at: Named[datetime] = Column(Moment)
    done_at: Named[datetime | None] = Column(Moment)
    done_by: Named[UUID | None] = Column(ForeignKey("people.id"))
    note: Named[str | None]


class NoticeColumns(TypedColumns):
    """A message on one person's screen."""

    id: Named[UUID] = Column(primary_key=True)
    person_id: Named[UUID] = Column(ForeignKey("people.id"))
    at: Named[datetime] = Column(Moment)
    subject: Named[str]
    text: Named[str]
    case_id: Named[UUID | None] = Column(ForeignKey("cases.id"))
    task_id: Named[UUID | None] = Column(ForeignKey("tasks.id"))
    read_at: Named[datetime | None] = Column(Moment)


records = Table("records", metadata, RecordColumns, UniqueConstraint("case_id", "kind", "number"))
actions = Table("actions", metadata, ActionColumns)
notices = Table("notices", metadata, NoticeColumns)

partial("ix_actions_pool_open", actions.c.pool, actions.c.due_on, actions.c.id, rows="done_at is null")
# A case's page shows the newest of each.
Index(None, records.c.case_id, records.c.at, records.c.id)
Index(None, actions.c.case_id, actions.c.at, actions.c.id)
Index(None, notices.c.person_id, notices.c.at, notices.c.id)
partial("ix_notices_unread", notices.c.person_id, rows="read_at is null")
