"""What the page of one task shows besides the task: what was answered before it, and how it came to its person."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, select

from engine.model.casework import EntryKind, Evidence, Submission
from storage.store.keeper import columns
from storage.tables import entries, evidence, people, submissions, tasks

EVIDENCE, SUBMISSION = columns(evidence, Evidence), columns(submissions, Submission)


@dataclass(frozen=True)
class Answered:
    """What somebody answered on an earlier task of the case."""

    submission: Submission
    title: str  # of the task
    name: str  # of whoever did it
    scope: str | None  # the task's key into the case's Answers.items


def answered(connection: Connection, case_id: UUID) -> list[Answered]:
    """Everything answered on a case, oldest first, the unseen too: policy says who may read what."""
    wanted = (
        select(tasks.c.title, people.c.name, tasks.c.scope, *SUBMISSION)
        .join_from(submissions, tasks, tasks.c.id == submissions.c.task_id)
        .join(people, people.c.id == submissions.c.by)
        .where(submissions.c.case_id == case_id)
        .order_by(submissions.c.at, submissions.c.id)
    )
    return [Answered(Submission(*row), title, name, scope) for title, name, scope, *row in connection.execute(wanted)]


def attached(connection: Connection, case_id: UUID) -> list[Evidence]:
    """Every file of a case, oldest first, those of open tasks and of unseen answers too."""
    wanted = select(*EVIDENCE).where(evidence.c.case_id == case_id).order_by(evidence.c.at, evidence.c.id)
    return [Evidence(*row) for row in connection.execute(wanted)]


def last_handed(connection: Connection, case_id: UUID, step: str) -> str | None:
    """The journal's last line about a step of the case changing hands."""
    handed = (entries.c.case_id == case_id, entries.c.step == step, entries.c.kind == EntryKind.HANDED)
    latest = select(entries.c.text).where(*handed).order_by(entries.c.at.desc(), entries.c.place.desc()).limit(1)
    return connection.execute(latest).scalar()
