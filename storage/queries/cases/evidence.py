"""One attached file with what decides who may read it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, and_, select

from engine.model.casework import Case, Evidence
from engine.model.people import School
from storage.store.keeper import columns, found
from storage.tables import cases, evidence, schools, submissions, tasks

CASE, EVIDENCE, SCHOOL = columns(cases, Case), columns(evidence, Evidence), columns(schools, School)


@dataclass(frozen=True)
class AttachedFile:
    """A file, the case it belongs to and whether its answer stays unseen for now."""

    evidence: Evidence
    case: Case
    school: School | None
    unseen: bool


def attached_file(connection: Connection, evidence_id: UUID) -> AttachedFile:
    """Raises NotFound."""
    wanted = (
        select(tasks.c.scope, submissions.c.id, submissions.c.unseen_until, *EVIDENCE, *CASE, *SCHOOL)
        .join_from(evidence, cases, cases.c.id == evidence.c.case_id)
        .outerjoin(tasks, tasks.c.id == evidence.c.task_id)
        .outerjoin(submissions, and_(submissions.c.task_id == evidence.c.task_id, submissions.c.by == evidence.c.by))
        .outerjoin(schools, schools.c.id == cases.c.school_id)
        .where(evidence.c.id == evidence_id)
    )
    scope, answered, until, *rest = found(connection.execute(wanted).first())
    file = Evidence(*rest[: len(EVIDENCE)])
    case = Case(*rest[len(EVIDENCE) : len(EVIDENCE) + len(CASE)])
    school = rest[len(EVIDENCE) + len(CASE) :]
    # Not sent yet, or its answer waits for the others: its author's alone. What came with the start waits for nobody.
    unseen = file.task_id is not None and (answered is None or case.keeps_unseen(until, scope))
    return AttachedFile(file, case, School(*school) if case.school_id else None, unseen)
