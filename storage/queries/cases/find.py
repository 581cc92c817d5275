"""*Find a case*: by reference, by words, by school, procedure and status; latest first, as far as a person may read."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from engine.model.casework import CaseStatus, Sensitivity
from engine.model.text import words_sought
from engine.policy import Sight
from storage.queries.paging import PAGE, Cursor, Page, beyond, page, position
from storage.queries.sight import readable
from storage.store.cases import OPEN_TASK
from storage.tables import cases, schools, tasks, versions


@dataclass(frozen=True)
class WaitingStep:
    """A step a case waits at."""

    case_id: UUID
    title: str
    role: str
    due_at: datetime | None


@dataclass(frozen=True)
class CaseRow:
    """One case in a list."""

    id: UUID
    ref: str
    title: str
    status: CaseStatus
    sensitivity: Sensitivity
    started_at: datetime
    ended_at: datetime | None
    reason: str | None
    school: str | None  # None: the whole trust
    procedure: str
    waiting: tuple[WaitingStep, ...] = ()  # soonest due first


@dataclass(frozen=True)
class Search:
    """What to look for. `text`: a reference or words. `procedure`: a key. Empty: everything."""

    text: str = ""
    school_id: UUID | None = None
    cluster_id: UUID | None = None
    procedure: str | None = None
    version_id: UUID | None = None
    statuses: frozenset[CaseStatus] = field(default_factory=frozenset)
    step: str | None = None  # a task of this step waits (the element's id)
    late_by: datetime | None = None  # a task that waits was due before this moment


ALL = Search()


def find_cases(
    connection: Connection, sight: Sight, search: Search = ALL, after: Cursor | None = None, limit: int = PAGE
) -> Page[CaseRow]:
    """A page of cases, in two statements: the cases, and what each waits for."""
    conditions = [readable(sight), *_wanted(search)]
    if after is not None:
        conditions.append(beyond(cases.c.started_at, cases.c.id, latest_first=True))
    wanted = (
        select(*SHOWN)
        .join_from(cases, versions, versions.c.id == cases.c.version_id)
        .outerjoin(schools, schools.c.id == cases.c.school_id)
        .where(*conditions)
        .order_by(cases.c.started_at.desc(), cases.c.id.desc())
        .limit(limit + 1)
    )
    rows = [CaseRow(*row) for row in connection.execute(wanted, position(after))]
    found = page(rows, limit, lambda row: Cursor(row.started_at, row.id))
    return Page(_with_waiting(connection, found.rows), found.after)


def count_cases(connection: Connection, sight: Sight, search: Search = ALL, cap: int = 1000) -> int:
    """How many cases there are to find; counting stops at `cap`."""
    some = select(cases.c.id).where(readable(sight), *_wanted(search)).limit(cap).subquery()
    return connection.execute(select(func.count()).select_from(some)).scalar_one()


SHOWN = (
    cases.c.id,
    cases.c.ref,
    cases.c.title,
    cases.c.status,
    cases.c.sensitivity,
    cases.c.started_at,
    cases.c.ended_at,
    cases.c.reason,
    schools.c.name,
    versions.c.title,
)


def _wanted(search: Search) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [_has(word) for word in words_sought(search.text)[0]]
    if search.school_id:
        conditions.append(cases.c.school_id == search.school_id)
    if search.cluster_id:
        of_cluster = select(schools.c.id).where(schools.c.cluster_id == search.cluster_id)
        conditions.append(cases.c.school_id.in_(of_cluster))
    if search.procedure:
        conditions.append(cases.c.version_id.in_(select(versions.c.id).where(versions.c.key == search.procedure)))
    if search.version_id:
        conditions.append(cases.c.version_id == search.version_id)
    if search.statuses:
        conditions.append(cases.c.status.in_(sorted(search.statuses)))
    if search.step or search.late_by:
        conditions.append(cases.c.id.in_(_waiting(search)))
    return conditions


def _waiting(search: Search) -> Select[UUID]:
    """Cases with a task on somebody's list, of this step, late by this moment; a paused case has none."""
    found = select(tasks.c.case_id).where(tasks.c.listed)
    if search.procedure:
        found = found.where(tasks.c.version_id.in_(select(versions.c.id).where(versions.c.key == search.procedure)))
    if search.step:
        found = found.where(tasks.c.step == search.step)
    return found.where(tasks.c.due_at < search.late_by) if search.late_by else found


def _has(word: str) -> ColumnElement[bool]:
    """The word stands in the case's reference or title, its school's name or its procedure's title."""
    return or_(
        cases.c.ref.istartswith(word, autoescape=True),
        cases.c.title.icontains(word, autoescape=True),
        cases.c.school_id.in_(select(schools.c.id).where(schools.c.name.icontains(word, autoescape=True))),
        cases.c.version_id.in_(select(versions.c.id).where(versions.c.title.icontains(word, autoescape=True))),
    )


def _with_waiting(connection: Connection, rows: tuple[CaseRow, ...]) -> tuple[CaseRow, ...]:
    if not rows:
        return rows
    of_these = and_(tasks.c.case_id.in_([row.id for row in rows]), tasks.c.status == OPEN_TASK)
    wanted = select(tasks.c.case_id, tasks.c.title, tasks.c.role, tasks.c.due_at).where(of_these)
    waiting: dict[UUID, list[WaitingStep]] = {}
    for row in connection.execute(wanted.order_by(tasks.c.due_at, tasks.c.id)):
        waiting.setdefault(row.case_id, []).append(WaitingStep(*row))
    return tuple(replace(row, waiting=tuple(waiting.get(row.id, ()))) for row in rows)
