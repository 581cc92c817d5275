"""The page of one case: the case itself, its tasks, and everything it holds. What stands around it: case_around."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, select

from engine.errors import NotAllowed
from engine.model.casework import Action, Case, Evidence, Record, Task
from engine.model.people import School
from engine.policy import Sight
from storage.queries.sight import readable
from storage.queries.tasks.one_task import Answered, answered
from storage.store.keeper import columns, found
from storage.tables import actions, cases, evidence, people, records, schools, submissions, tasks, versions

CASE, SCHOOL, TASK = columns(cases, Case), columns(schools, School), columns(tasks, Task)
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
    """Everything the page shows. Answers that stay unseen are included and marked: policy says who may read them."""

    head: CaseHead
    tasks: tuple[CaseTask, ...]  # as they became ready
    answered: tuple[Answered, ...]  # oldest first
    records: tuple[Record, ...]
    actions: tuple[Action, ...]
    evidence: tuple[AttachedBy, ...]

    def is_unseen(self, answer: Answered) -> bool:
        """Whether an answer waits for the others to be in: until then its item is kept apart in the case's answers."""
        return answer.submission.unseen_until is not None and answer.scope in self.head.case.answers.items


def case_page(connection: Connection, sight: Sight, ref: str) -> CasePage:
    """In six statements. Raises NotFound, or NotAllowed when the person may not read it."""
    head = case_head(connection, sight, ref)
    case_id = head.case.id
    return CasePage(
        head,
        tuple(_tasks(connection, case_id)),
        tuple(answered(connection, case_id)),
        tuple(_records(connection, case_id)),
        tuple(_actions(connection, case_id)),
        tuple(_evidence(connection, head.case)),
    )


def case_head(connection: Connection, sight: Sight, ref: str) -> CaseHead:
    """The case alone, by its reference, upper or lower case. Raises NotFound, or NotAllowed as case_page does."""
    parents = cases.alias("parents")
    wanted = (
        select(readable(sight), versions.c.title, versions.c.key, versions.c.number, people.c.name, parents.c.ref)
        .add_columns(versions.c.drawing, *CASE, *SCHOOL)
        .join_from(cases, versions, versions.c.id == cases.c.version_id)
        .outerjoin(schools, schools.c.id == cases.c.school_id)
        .outerjoin(people, people.c.id == cases.c.started_by)
        .outerjoin(parents, parents.c.id == cases.c.parent_id)
        .where(cases.c.ref == ref.strip().upper())
    )
    may_read, title, key, number, started_by, parent_ref, drawing, *rest = found(connection.execute(wanted).first())
    if not may_read:
        raise NotAllowed
    case = Case(*rest[: len(CASE)])
    school = School(*rest[len(CASE) :]) if case.school_id else None
    return CaseHead(case, school, title, key, number, started_by, parent_ref, drawing)


def _tasks(connection: Connection, case_id: UUID) -> list[CaseTask]:
    holder, doer, absent = (people.alias(name) for name in ("holder", "doer", "absent"))
    wanted = (
        select(holder.c.name, doer.c.name, absent.c.name, *TASK)
        .outerjoin_from(tasks, holder, holder.c.id == tasks.c.person_id)
        .outerjoin(doer, doer.c.id == tasks.c.done_by)
        .outerjoin(absent, absent.c.id == tasks.c.done_for)
        .where(tasks.c.case_id == case_id)
        .order_by(tasks.c.ready_at, tasks.c.due_at, tasks.c.id)
    )
    return [CaseTask(Task(*row[3:]), row[0], row[1], row[2]) for row in connection.execute(wanted)]


def _records(connection: Connection, case_id: UUID) -> list[Record]:
    wanted = select(*RECORD).where(records.c.case_id == case_id).order_by(records.c.at, records.c.number)
    return [Record(*row) for row in connection.execute(wanted)]


def _actions(connection: Connection, case_id: UUID) -> list[Action]:
    wanted = select(*ACTION).where(actions.c.case_id == case_id).order_by(actions.c.at, actions.c.id)
    return [Action(*row) for row in connection.execute(wanted)]


def _evidence(connection: Connection, case: Case) -> list[AttachedBy]:
    """A file of an answer not sent yet, or that waits for the others, is unseen."""
    wanted = (
        select(people.c.name, tasks.c.scope, submissions.c.id, submissions.c.unseen_until, *EVIDENCE)
        .join_from(evidence, people, people.c.id == evidence.c.by)
        .outerjoin(tasks, tasks.c.id == evidence.c.task_id)
        .outerjoin(submissions, and_(submissions.c.task_id == evidence.c.task_id, submissions.c.by == evidence.c.by))
        .where(evidence.c.case_id == case.id)
        .order_by(evidence.c.at, evidence.c.id)
    )
    return [_attached(case, Evidence(*row[4:]), row) for row in connection.execute(wanted)]


def _attached(case: Case, file: Evidence, row: Sequence[Any]) -> AttachedBy:
    name, scope, submitted, until = row[:4]
    waits = submitted is None or (until is not None and scope in case.answers.items)
    return AttachedBy(file, name, unseen=waits and file.task_id is not None)
