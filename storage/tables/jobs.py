"""The one queue, timer list and outbox."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ForeignKey, Named, Table, TypedColumns

from engine.model.casework import JobKind
from storage.tables.base import metadata, partial
from storage.tables.types import Choice, Document, Moment


class JobColumns(TypedColumns):
    """One thing to do at a moment. `delivers`: it leaves the house, so it is sent outside any transaction."""

    id: Named[UUID] = Column(primary_key=True)
    kind: Named[JobKind] = Column(Choice(JobKind))
    key: Named[str] = Column(unique=True)
    run_at: Named[datetime] = Column(Moment)
    payload: Named[dict[str, Any]] = Column(Document)
    case_id: Named[UUID | None] = Column(ForeignKey("cases.id"), index=True)
    token: Named[str | None]
    attempts: Named[int]
    stopped_at: Named[datetime | None] = Column(Moment)
    reason: Named[str | None]
    delivers: Named[bool]


jobs = Table("jobs", metadata, JobColumns)

# What is due is read from here in order; a job that gave up is not in it.
partial("ix_jobs_due", jobs.c.delivers, jobs.c.run_at, jobs.c.id, rows="stopped_at is null")
partial("ix_jobs_stopped", jobs.c.stopped_at, jobs.c.id, rows="stopped_at is not null")
