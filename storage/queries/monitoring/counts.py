"""Where work stands: how much waits and how much is late, per procedure and per step; each number has its list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Connection, case, func, select

from engine.model.casework import CaseStatus
from engine.policy import Sight
from storage.queries.paging import PAGE, Cursor, Page, beyond, page, position
from storage.queries.sight import readable, readable_task
from storage.tables import cases, people, schools, tasks, versions


@dataclass(frozen=True)
class Within:
    """Which part of the trust to look at; nothing: all that the person may read."""

    school_id: UUID | None = None
    cluster_id: UUID | None = None


@dataclass(frozen=True)
class ProcedureCounts:
    """How the cases of one procedure stand, all its versions together."""

    key: str
    title: str
    open: int
    paused: int
    attention: int
    ended: int
    stopped: int
    waiting: int  # tasks, those of paused cases left out
    late: int


@dataclass(frozen=True)
class StepCounts:
    """How many tasks of one step wait."""

    version_id: UUID
    number: int  # of the version
    step: str  # the element's id on the diagram
    waiting: int
    late: int


@dataclass(frozen=True)
class WaitingRow:
    """One waiting task, for the list behind a number."""

    task_id: UUID
    title: str
    item: str | None
    role: str
    case_id: UUID
    case_ref: str
    case_title: str
    due_at: datetime | None
    level: int
    fallen: bool
    school: str | None
    person: str | None  # who took it


EVERYWHERE = Within()


def procedures(
    connection: Connection, sight: Sight, now: datetime, within: Within = EVERYWHERE
) -> list[ProcedureCounts]:
    """Every procedure with a version, by title, in three statements."""
    statuses = _cases_by_status(connection, sight, within)
    waiting = _tasks_by_procedure(connection, sight, now, within)
    latest = select(versions.c.key, versions.c.title).order_by(versions.c.number)
    titles = {key: title for key, title in connection.execute(latest)}
    return [
        _counts(key, title, statuses, *waiting.get(key, (0, 0)))
        for key, title in sorted(titles.items(), key=lambda pair: pair[1].casefold())
    ]


def _counts(
    key: str, title: str, statuses: Mapping[tuple[str, CaseStatus], int], waiting: int, late: int
) -> ProcedureCounts:
    by_status = {str(status): statuses.get((key, status), 0) for status in CaseStatus}
    return ProcedureCounts(key=key, title=title, waiting=waiting, late=late, **by_status)


def steps(
    connection: Connection, sight: Sight, key: str, now: datetime, within: Within = EVERYWHERE
) -> list[StepCounts]:
    """Every step of a procedure at which something waits, latest version first, in one statement."""
    wanted = (
        select(tasks.c.version_id, versions.c.number, tasks.c.step, func.count(), _late(now))
        .join_from(tasks, versions, versions.c.id == tasks.c.version_id)
        .where(tasks.c.listed, versions.c.key == key, readable_task(sight), *_part(within, tasks.c.school_id))
        .group_by(tasks.c.version_id, versions.c.number, tasks.c.step)
        .order_by(versions.c.number.desc(), tasks.c.step)
    )
    return [StepCounts(*row) for row in connection.execute(wanted)]


def waiting_tasks(
    connection: Connection,
    sight: Sight,
    key: str,
    now: datetime,
    *,
    step: str | None = None,
    late: bool = False,
    within: Within = EVERYWHERE,
    after: Cursor | None = None,
    limit: int = PAGE,
) -> Page[WaitingRow]:
    """The list behind a number: waiting tasks of a procedure or one step of it, soonest due first."""
    of_key = tasks.c.version_id.in_(select(versions.c.id).where(versions.c.key == key))
    conditions = [tasks.c.listed, of_key, readable_task(sight), *_part(within, tasks.c.school_id)]
    conditions += [tasks.c.step == step] if step else []
    conditions += [tasks.c.due_at < now] if late else []
    conditions += [beyond(tasks.c.due_at, tasks.c.id)] if after else []
    wanted = select(*SHOWN).outerjoin_from(tasks, schools, schools.c.id == tasks.c.school_id)
    wanted = wanted.outerjoin(people, people.c.id == tasks.c.person_id).where(*conditions)
    wanted = wanted.order_by(tasks.c.due_at, tasks.c.id).limit(limit + 1)
    rows = [WaitingRow(*row) for row in connection.execute(wanted, position(after))]
    return page(rows, limit, lambda row: Cursor(row.due_at, row.task_id))


SHOWN: tuple[Column[Any], ...] = (
    tasks.c.id,
    tasks.c.title,
    tasks.c.item,
    tasks.c.role,
    tasks.c.case_id,
    tasks.c.case_ref,
    tasks.c.case_title,
    tasks.c.due_at,
    tasks.c.level,
    tasks.c.fallen,
    schools.c.name,
    people.c.name,
)


def _cases_by_status(connection: Connection, sight: Sight, within: Within) -> dict[tuple[str, CaseStatus], int]:
    wanted = (
        select(versions.c.key, cases.c.status, func.count())
        .join_from(cases, versions, versions.c.id == cases.c.version_id)
        .where(readable(sight), *_part(within, cases.c.school_id))
        .group_by(versions.c.key, cases.c.status)
    )
    return {(key, status): count for key, status, count in connection.execute(wanted)}


def _tasks_by_procedure(
    connection: Connection, sight: Sight, now: datetime, within: Within
) -> dict[str, tuple[int, int]]:
    wanted = (
        select(versions.c.key, func.count(), _late(now))
        .join_from(tasks, versions, versions.c.id == tasks.c.version_id)
        .where(tasks.c.listed, readable_task(sight), *_part(within, tasks.c.school_id))
        .group_by(versions.c.key)
    )
    return {key: (waiting, late) for key, waiting, late in connection.execute(wanted)}


def _late(now: datetime) -> ColumnElement[int]:
    return func.sum(case((tasks.c.due_at < now, 1), else_=0))


def _part(within: Within, school_id: Column[Any]) -> list[ColumnElement[bool]]:
    conditions = [school_id == within.school_id] if within.school_id else []
    if within.cluster_id:
        conditions.append(school_id.in_(select(schools.c.id).where(schools.c.cluster_id == within.cluster_id)))
    return conditions
