"""The page of one case: the case itself, its tasks, and everything it holds. What stands around it: case_around."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Connection, Row, Select, Table, and_, bindparam, select, union_all

from engine.errors import NotAllowed
from engine.model.casework import Action, Case, Evidence, Record, Task, TaskStatus
from engine.model.people import School
from engine.policy import Sight
from storage.queries.cases.answers import Answered, Corrections, LastAnswers, corrections, is_corrected, last_answers
from storage.queries.paging import Cursor, Page, beyond, page, position
from storage.queries.sight import readable
from storage.store.keeper import columns, found
from storage.tables import actions, cases, evidence, people, records, schools, submissions, tasks, versions
from storage.tables.types import spelled

CASE, SCHOOL, TASK = columns(cases, Case), columns(schools, School), columns(tasks, Task)
NEWEST = 20  # of what has been, on the page itself
ACTION, EVIDENCE, RECORD = columns(actions, Action), columns(evidence, Evidence), columns(records, Record)


@dataclass(frozen=True)
class CaseHead:
    """A case with the names of what it points at."""

    case: Case
    school: School | None  # None: it is about the whole trust
    procedure: str
    key: str
    number: int  # of the version
    started_by: str | None
    parent_ref: str | None  # of the case that asked for this one
    drawing: bytes  # of the version: SVG, UTF-8
    corrected: bool  # whether somebody corrected an answer of it


@dataclass(frozen=True)
class CaseTask:
    """A task of the case, open, done or withdrawn, with the names of the people in it."""

    task: Task
    person: str | None  # who took it or was handed it
    done_by: str | None
    done_for: str | None


@dataclass(frozen=True)
class AttachedBy:
    """A file and the name of whoever attached it."""

    evidence: Evidence
    by: str
    unseen: bool  # its answer stays its author's alone until all are in


@dataclass(frozen=True)
class CasePage:
    """What the page shows: all that is open, and the newest of what has been. What came before: storage.queries.cases.

    Answers that stay unseen are included and marked: policy says who may read them.
    """

    head: CaseHead
    tasks: tuple[CaseTask, ...]  # the open ones and those done last, as they became ready
    answered: LastAnswers
    corrections: Corrections
    records: Page[Record]  # newest first, as all that follow
    actions: Page[Action]
    evidence: Page[AttachedBy]

    def is_unseen(self, answer: Answered) -> bool:
        """Whether an answer waits for the others to be in."""
        return self.head.case.keeps_unseen(answer.submission.unseen_until, answer.scope)


def case_page(connection: Connection, sight: Sight, ref: str) -> CasePage:
    """In six statements, seven where somebody corrected an answer.

    Raises NotFound, or NotAllowed when the person may not read it.
    """
    head = case_head(connection, sight, ref)
    case_id = head.case.id
    answered = last_answers(connection, case_id)
    return CasePage(
        head,
        tuple(_tasks(connection, case_id)),
        answered,
        corrections(connection, case_id, answered) if head.corrected else Corrections(),
        records_page(connection, case_id),
        actions_page(connection, case_id),
        evidence_page(connection, head.case),
    )


def case_head(connection: Connection, sight: Sight, ref: str) -> CaseHead:
    """The case alone, by its reference, upper or lower case. Raises NotFound, or NotAllowed as case_page does."""
    parents = cases.alias("parents")
    wanted = (
        select(readable(sight), versions.c.title, versions.c.key, versions.c.number, people.c.name, parents.c.ref)
        .add_columns(versions.c.drawing, is_corrected(cases.c.id), *CASE, *SCHOOL)
        .join_from(cases, versions, versions.c.id == cases.c.version_id)
        .outerjoin(schools, schools.c.id == cases.c.school_id)
        .outerjoin(people, people.c.id == cases.c.started_by)
        .outerjoin(parents, parents.c.id == cases.c.parent_id)
        .where(cases.c.ref == ref.strip().upper())
    )
    may_read, title, key, number, started_by, parent_ref, drawing, corrected, *rest = found(
        connection.execute(wanted).first()
    )
    if not may_read:
        raise NotAllowed
    case = Case(*rest[: len(CASE)])
    school = School(*rest[len(CASE) :]) if case.school_id else None
    return CaseHead(case, school, title, key, number, started_by, parent_ref, drawing, corrected)


@cache
def _named_tasks() -> Select[*tuple[Any, ...]]:
    holder, doer, absent = (people.alias(name) for name in ("holder", "doer", "absent"))
    return (
        select(holder.c.name, doer.c.name, absent.c.name, *TASK)
        .outerjoin_from(tasks, holder, holder.c.id == tasks.c.person_id)
        .outerjoin(doer, doer.c.id == tasks.c.done_by)
        .outerjoin(absent, absent.c.id == tasks.c.done_for)
    )


@cache
def _done(goes_on: bool) -> Select[*tuple[Any, ...]]:
    """The ids of the tasks done last."""
    done = tasks.alias("done")
    is_done = done.c.status == spelled(TaskStatus.DONE)
    wanted = select(done.c.id).where(done.c.case_id == bindparam("case_id"), is_done)
    if goes_on:
        wanted = wanted.where(beyond(done.c.done_at, done.c.id, latest_first=True))
    return wanted.order_by(done.c.done_at.desc(), done.c.id.desc()).limit(bindparam("at_most"))


@cache
def _shown() -> Select[*tuple[Any, ...]]:
    """The open tasks and those done last, each by an index of its own."""
    waiting = tasks.alias("waiting")
    is_open = waiting.c.status == spelled(TaskStatus.OPEN)
    both = union_all(
        select(waiting.c.id).where(waiting.c.case_id == bindparam("case_id"), is_open),
        select(_done(False).subquery()),
    )
    return _named_tasks().where(tasks.c.id.in_(both)).order_by(tasks.c.ready_at, tasks.c.due_at, tasks.c.id)


def _tasks(connection: Connection, case_id: UUID) -> list[CaseTask]:
    rows = connection.execute(_shown(), {"case_id": case_id, "at_most": NEWEST + 1})
    return [CaseTask(Task(*row[3:]), row[0], row[1], row[2]) for row in rows]


def done_page(
    connection: Connection, case_id: UUID, after: Cursor | None = None, limit: int = NEWEST
) -> Page[CaseTask]:
    """What people have done, newest first."""
    wanted = _named_tasks().where(tasks.c.id.in_(_done(after is not None)))
    given = {"case_id": case_id, "at_most": limit + 1, **position(after)}
    rows = connection.execute(wanted.order_by(tasks.c.done_at.desc(), tasks.c.id.desc()), given)
    found = [CaseTask(Task(*row[3:]), row[0], row[1], row[2]) for row in rows]
    return page(found, limit, lambda one: Cursor(one.task.done_at, one.task.id))


def records_page(connection: Connection, case_id: UUID, after: Cursor | None = None) -> Page[Record]:
    """What the case keeps, newest first."""
    rows = _newest(connection, _of_case(RECORD, records), records, case_id, after)
    return page([Record(*row) for row in rows], NEWEST, lambda one: Cursor(one.at, one.id))


def actions_page(connection: Connection, case_id: UUID, after: Cursor | None = None) -> Page[Action]:
    """What it asked people to do outside any procedure, newest first."""
    rows = _newest(connection, _of_case(ACTION, actions), actions, case_id, after)
    return page([Action(*row) for row in rows], NEWEST, lambda one: Cursor(one.at, one.id))


@cache
def _of_case(shown: tuple[Column[Any], ...], table: Table) -> Select[*tuple[Any, ...]]:
    return select(*shown).where(table.c.case_id == bindparam("case_id"))


def _newest(
    connection: Connection, wanted: Select[*tuple[Any, ...]], table: Table, case_id: UUID, after: Cursor | None
) -> Sequence[Row[*tuple[Any, ...]]]:
    """One row more than a page has."""
    if after:
        wanted = wanted.where(beyond(table.c.at, table.c.id, latest_first=True))
    given = {"case_id": case_id, **position(after)}
    return connection.execute(wanted.order_by(table.c.at.desc(), table.c.id.desc()).limit(NEWEST + 1), given).all()


@cache
def _attached_by() -> Select[*tuple[Any, ...]]:
    return (
        select(people.c.name, tasks.c.scope, submissions.c.id, submissions.c.unseen_until, *EVIDENCE)
        .join_from(evidence, people, people.c.id == evidence.c.by)
        .outerjoin(tasks, tasks.c.id == evidence.c.task_id)
        .outerjoin(submissions, and_(submissions.c.task_id == evidence.c.task_id, submissions.c.by == evidence.c.by))
        .where(evidence.c.case_id == bindparam("case_id"))
    )


def evidence_page(connection: Connection, case: Case, after: Cursor | None = None) -> Page[AttachedBy]:
    """Files, newest first. One of an answer not sent yet, or that waits for the others, is unseen."""
    rows = _newest(connection, _attached_by(), evidence, case.id, after)
    found = [_attached(case, Evidence(*row[4:]), row) for row in rows]
    return page(found, NEWEST, lambda one: Cursor(one.evidence.at, one.evidence.id))


def _attached(case: Case, file: Evidence, row: Sequence[Any]) -> AttachedBy:
    name, scope, submitted, until = row[:4]
    waits = submitted is None or case.keeps_unseen(until, scope)
    return AttachedBy(file, name, unseen=waits and file.task_id is not None)
