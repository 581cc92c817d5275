"""*Needs attention*: jobs that gave up or keep failing, cases that got stuck, tasks of roles that nobody holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, func, select

from engine.model.casework import CaseStatus, JobKind
from storage.queries.paging import PAGE, Cursor, Page, beyond, page, position
from storage.tables import cases, jobs, kept_messages, schools, tasks, versions
from storage.tables.types import spelled


@dataclass(frozen=True)
class StuckJob:
    """A job that failed. `stopped_at` None: it tries again by itself at `run_at`."""

    id: UUID
    kind: JobKind
    attempts: int
    reason: str | None
    run_at: datetime
    stopped_at: datetime | None
    case_id: UUID | None
    case_ref: str | None
    case_title: str | None
    school: str | None


@dataclass(frozen=True)
class NobodysMessage:
    """A message that nobody waited for when it was sent, kept until its time is over."""

    id: UUID
    name: str
    about: str | None
    sent_at: datetime
    until: datetime
    case_id: UUID
    case_ref: str
    case_title: str
    school: str | None


@dataclass(frozen=True)
class StuckCase:
    """A case whose run failed: it rests as it was until somebody looks."""

    id: UUID
    ref: str
    title: str
    reason: str | None
    procedure: str
    school: str | None
    started_at: datetime


@dataclass(frozen=True)
class HeldByNobody:
    """A task whose own role nobody holds. It waits on `pool`, the list of the role it falls to, or on nobody's."""

    task_id: UUID
    title: str
    role: str
    pool: str
    case_id: UUID
    case_ref: str
    case_title: str
    school: str | None
    due_at: datetime | None


@dataclass(frozen=True)
class AttentionCounts:
    """How much there is of each; counting stops at `cap`."""

    stopped_jobs: int
    stuck_cases: int
    held_by_nobody: int
    nobodys_messages: int
    cap: int

    @property
    def anything(self) -> bool:
        """Whether somebody should look."""
        return self.stopped_jobs + self.stuck_cases + self.held_by_nobody + self.nobodys_messages > 0


def attention(connection: Connection, cap: int = 1000) -> AttentionCounts:
    """What needs attention, counted in one statement."""
    parts = (
        select(jobs.c.id).where(jobs.c.stopped_at.is_not(None)),
        select(cases.c.id).where(cases.c.status == STUCK),
        select(tasks.c.id)
        .where(tasks.c.listed, tasks.c.fallen)
        .order_by(tasks.c.due_at),  # by which SQLite picks its index
        select(kept_messages.c.id),
    )
    counted = (select(func.count()).select_from(part.limit(cap).subquery()).scalar_subquery() for part in parts)
    jobs_, cases_, tasks_, messages = connection.execute(select(*counted)).one()
    return AttentionCounts(jobs_, cases_, tasks_, messages, cap)


def stopped_jobs(connection: Connection, after: Cursor | None = None, limit: int = PAGE) -> Page[StuckJob]:
    """Jobs that gave up, oldest first."""
    wanted = _jobs().where(jobs.c.stopped_at.is_not(None)).order_by(jobs.c.stopped_at, jobs.c.id).limit(limit + 1)
    if after:
        wanted = wanted.where(beyond(jobs.c.stopped_at, jobs.c.id))
    rows = [StuckJob(*row) for row in connection.execute(wanted, position(after))]
    return page(rows, limit, lambda row: Cursor(row.stopped_at, row.id))


def failing_jobs(connection: Connection, limit: int = PAGE) -> list[StuckJob]:
    """Jobs that failed and will try again by themselves, soonest first."""
    trying = jobs.c.stopped_at.is_(None) & (jobs.c.attempts > 0) & jobs.c.reason.is_not(None)
    wanted = _jobs().where(trying).order_by(jobs.c.run_at, jobs.c.id).limit(limit)
    return [StuckJob(*row) for row in connection.execute(wanted)]


def stuck_cases(connection: Connection, after: Cursor | None = None, limit: int = PAGE) -> Page[StuckCase]:
    """Cases in need of attention, oldest first."""
    wanted = (
        select(cases.c.id, cases.c.ref, cases.c.title, cases.c.reason, versions.c.title, schools.c.name)
        .add_columns(cases.c.started_at)
        .join_from(cases, versions, versions.c.id == cases.c.version_id)
        .outerjoin(schools, schools.c.id == cases.c.school_id)
        .where(cases.c.status == STUCK)
        .order_by(cases.c.started_at, cases.c.id)
        .limit(limit + 1)
    )
    if after:
        wanted = wanted.where(beyond(cases.c.started_at, cases.c.id))
    rows = [StuckCase(*row) for row in connection.execute(wanted, position(after))]
    return page(rows, limit, lambda row: Cursor(row.started_at, row.id))


def held_by_nobody(connection: Connection, after: Cursor | None = None, limit: int = PAGE) -> Page[HeldByNobody]:
    """Tasks of roles that nobody holds, soonest due first."""
    wanted = (
        select(tasks.c.id, tasks.c.title, tasks.c.role, tasks.c.pool, tasks.c.case_id, tasks.c.case_ref)
        .add_columns(tasks.c.case_title, schools.c.name, tasks.c.due_at)
        .outerjoin_from(tasks, schools, schools.c.id == tasks.c.school_id)
        .where(tasks.c.listed, tasks.c.fallen)
        .order_by(tasks.c.due_at, tasks.c.id)
        .limit(limit + 1)
    )
    if after:
        wanted = wanted.where(beyond(tasks.c.due_at, tasks.c.id))
    rows = [HeldByNobody(*row) for row in connection.execute(wanted, position(after))]
    return page(rows, limit, lambda row: Cursor(row.due_at, row.task_id))


STUCK = spelled(CaseStatus.ATTENTION)


def _jobs() -> Select[*tuple[Any, ...]]:
    return (
        select(jobs.c.id, jobs.c.kind, jobs.c.attempts, jobs.c.reason, jobs.c.run_at, jobs.c.stopped_at)
        .add_columns(jobs.c.case_id, cases.c.ref, cases.c.title, schools.c.name)
        .outerjoin_from(jobs, cases, cases.c.id == jobs.c.case_id)
        .outerjoin(schools, schools.c.id == cases.c.school_id)
    )


def nobodys_messages(connection: Connection) -> list[NobodysMessage]:
    """Messages that nobody waits for, the oldest first; a page of them."""
    kept = kept_messages.c
    wanted = (
        select(kept.id, kept.name, kept.about, kept.sent_at, kept.until)
        .add_columns(cases.c.id, cases.c.ref, cases.c.title, schools.c.name)
        .join_from(kept_messages, cases, cases.c.id == kept.case_id)
        .outerjoin(schools, schools.c.id == kept.school_id)
        .order_by(kept.sent_at, kept.id)
        .limit(PAGE)
    )
    return [NobodysMessage(*row) for row in connection.execute(wanted)]
