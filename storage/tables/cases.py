"""Cases, their tasks and their journal.

A task carries what lists show and sort by (its case's reference, title, school, version and sensitivity), so that a
list never joins more than the rows of its page. Those copies are written by CaseStore alone, together with the case.
`tasks.listed` is true while a task is open and its case is not paused: a paused case's tasks stay open, but no list
and no count shows them as waiting or late.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ForeignKey, Index, Named, Table, TypedColumns

from engine.bpmn.diagram.elements import Trigger
from engine.model.casework import Answers, CaseStatus, EntryKind, Sensitivity, TaskStatus
from storage.tables.base import metadata, partial
from storage.tables.types import AnswersDocument, Choice, Document, DueMoment, Moment


class CaseColumns(TypedColumns):
    """One run of a version."""

    id: Named[UUID] = Column(primary_key=True)
    ref: Named[str] = Column(unique=True)
    version_id: Named[UUID] = Column(ForeignKey("versions.id"))
    school_id: Named[UUID | None] = Column(ForeignKey("schools.id"))
    title: Named[str]
    status: Named[CaseStatus] = Column(Choice(CaseStatus))
    sensitivity: Named[Sensitivity] = Column(Choice(Sensitivity))
    state: Named[bytes]
    answers: Named[Answers] = Column(AnswersDocument)
    started_at: Named[datetime] = Column(Moment)
    started_by: Named[UUID | None] = Column(ForeignKey("people.id"))
    revision: Named[int]
    ended_at: Named[datetime | None] = Column(Moment)
    end: Named[str | None]
    reason: Named[str | None]
    paused_at: Named[datetime | None] = Column(Moment)
    parent_id: Named[UUID | None] = Column(ForeignKey("cases.id"))
    parent_token: Named[str | None]


class TaskColumns(TypedColumns):
    """A step that waits for a person, or waited. From `school_id` on: copies from its case."""

    id: Named[UUID] = Column(primary_key=True)
    case_id: Named[UUID] = Column(ForeignKey("cases.id"), index=True)
    step: Named[str]
    title: Named[str]
    role: Named[str]
    pool: Named[str]
    token: Named[str]
    ready_at: Named[datetime] = Column(Moment)
    due_at: Named[datetime | None] = Column(DueMoment, nullable=False)
    due_words: Named[str | None]
    scope: Named[str | None]
    item: Named[str | None]
    person_id: Named[UUID | None] = Column(ForeignKey("people.id"))
    status: Named[TaskStatus] = Column(Choice(TaskStatus))
    level: Named[int]
    done_by: Named[UUID | None] = Column(ForeignKey("people.id"))
    done_for: Named[UUID | None] = Column(ForeignKey("people.id"))
    done_at: Named[datetime | None] = Column(Moment)
    extended: Named[int]
    fallen: Named[bool]
    school_id: Named[UUID | None]
    version_id: Named[UUID]
    case_ref: Named[str]
    case_title: Named[str]
    sensitivity: Named[Sensitivity] = Column(Choice(Sensitivity))
    listed: Named[bool]


class SubmissionColumns(TypedColumns):
    """What one person answered on one task. Append-only."""

    id: Named[UUID] = Column(primary_key=True)
    case_id: Named[UUID] = Column(ForeignKey("cases.id"))
    task_id: Named[UUID] = Column(ForeignKey("tasks.id"), unique=True)
    step: Named[str]
    by: Named[UUID] = Column(ForeignKey("people.id"))
    at: Named[datetime] = Column(Moment)
    answers: Named[dict[str, Any]] = Column(Document)
    unseen_until: Named[str | None]


class EntryColumns(TypedColumns):
    """One line of a case's journal. Append-only. `place` orders the lines of one moment."""

    id: Named[UUID] = Column(primary_key=True)
    case_id: Named[UUID] = Column(ForeignKey("cases.id"))
    at: Named[datetime] = Column(Moment)
    kind: Named[EntryKind] = Column(Choice(EntryKind))
    text: Named[str]
    by: Named[UUID | None] = Column(ForeignKey("people.id"))
    step: Named[str | None]
    place: Named[int]


class AwaitedColumns(TypedColumns):
    """A message or signal a case waits for. `school_id` is its case's: a message finds its wait by one index."""

    case_id: Named[UUID] = Column(ForeignKey("cases.id"), primary_key=True)
    token: Named[str] = Column(primary_key=True)
    step: Named[str]
    name: Named[str]
    trigger: Named[Trigger] = Column(Choice(Trigger))
    about: Named[str | None]
    school_id: Named[UUID | None] = Column(ForeignKey("schools.id"))
    since: Named[datetime] = Column(Moment)


class KeptMessageColumns(TypedColumns):
    """A message that nobody waited for when it was sent."""

    id: Named[UUID] = Column(primary_key=True)
    name: Named[str]
    about: Named[str | None]
    school_id: Named[UUID | None] = Column(ForeignKey("schools.id"))
    brings: Named[dict[str, Any]] = Column(Document)
    case_id: Named[UUID] = Column(ForeignKey("cases.id"))
    sent_at: Named[datetime] = Column(Moment)
    until: Named[datetime] = Column(Moment)


class DraftColumns(TypedColumns):
    """What a person typed into a task and has not sent."""

    task_id: Named[UUID] = Column(ForeignKey("tasks.id"), primary_key=True)
    person_id: Named[UUID] = Column(ForeignKey("people.id"), primary_key=True)
    answers: Named[dict[str, Any]] = Column(Document)
    saved_at: Named[datetime] = Column(Moment)


class EvidenceColumns(TypedColumns):
    """A file somebody attached; its bytes lie under FILES_DIR by `sha256`."""

    id: Named[UUID] = Column(primary_key=True)
    case_id: Named[UUID] = Column(ForeignKey("cases.id"))
    task_id: Named[UUID | None] = Column(ForeignKey("tasks.id"), index=True)
    question: Named[str]
    name: Named[str]
    media_type: Named[str]
    size: Named[int]
    sha256: Named[str]
    by: Named[UUID] = Column(ForeignKey("people.id"))
    at: Named[datetime] = Column(Moment)


class CounterColumns(TypedColumns):
    """The last number given to a case with this prefix in this year."""

    prefix: Named[str] = Column(primary_key=True)
    year: Named[int] = Column(primary_key=True, autoincrement=False)
    value: Named[int]


def _in_order(column: Column[Any]) -> tuple[Column[Any], ...]:
    return column, tasks.c.due_at, tasks.c.id


def _counted() -> tuple[Column[Any], ...]:
    return tasks.c.due_at, tasks.c.school_id, tasks.c.sensitivity, tasks.c.case_id, tasks.c.listed


cases = Table("cases", metadata, CaseColumns)
tasks = Table("tasks", metadata, TaskColumns)
submissions = Table("submissions", metadata, SubmissionColumns)
entries = Table("entries", metadata, EntryColumns)
awaited = Table("awaited", metadata, AwaitedColumns)
kept_messages = Table("kept_messages", metadata, KeptMessageColumns)
drafts = Table("drafts", metadata, DraftColumns)
evidence = Table("evidence", metadata, EvidenceColumns)
counters = Table("counters", metadata, CounterColumns)

Index(None, awaited.c.name, awaited.c.school_id)
Index(None, kept_messages.c.name, kept_messages.c.school_id)
Index(None, kept_messages.c.sent_at, kept_messages.c.id)
Index(None, cases.c.school_id, cases.c.started_at, cases.c.id)
Index(None, cases.c.version_id, cases.c.started_at, cases.c.id)
Index(None, cases.c.started_at, cases.c.id)
partial("ix_cases_parent_id", cases.c.parent_id, rows="parent_id is not null")
partial("ix_cases_attention", cases.c.started_at, cases.c.id, rows="status = 'attention'")

# A list of tasks is read in the order (due_at, id) from the first of these or the second, and stops at a page.
partial("ix_tasks_pool_listed", *_in_order(tasks.c.pool), rows="listed and person_id is null")
partial("ix_tasks_person_listed", *_in_order(tasks.c.person_id), rows="listed and person_id is not null")
# Monitoring counts from this one alone: it holds whatever says who may read a task.
partial("ix_tasks_step_listed", tasks.c.version_id, tasks.c.step, *_counted(), rows="listed")
partial("ix_tasks_fallen_listed", tasks.c.due_at, tasks.c.id, rows="listed and fallen")
partial("ix_tasks_role_open", tasks.c.role, rows="status = 'open'")
# Who is named on a case: on whose list a task of it waits, who holds one, who did one, who started it.
partial("ix_tasks_pool_open", tasks.c.pool, tasks.c.case_id, rows="status = 'open'")
partial("ix_tasks_person_id", tasks.c.person_id, tasks.c.case_id, rows="person_id is not null")
partial("ix_tasks_done_by", tasks.c.done_by, tasks.c.case_id, rows="done_by is not null")
partial("ix_cases_started_by", cases.c.started_by, rows="started_by is not null")
partial("uq_tasks_open_token", tasks.c.case_id, tasks.c.token, rows="status = 'open'", unique=True)
Index(None, entries.c.case_id, entries.c.at, entries.c.place)
# A case that goes round and round holds ever more: its page reads the newest of each, and the last answer to each step.
Index(None, submissions.c.case_id, submissions.c.at, submissions.c.id)
Index(None, submissions.c.case_id, submissions.c.step, submissions.c.at, submissions.c.id)
Index(None, evidence.c.case_id, evidence.c.at, evidence.c.id)
partial("ix_tasks_done", tasks.c.case_id, tasks.c.done_at, tasks.c.id, rows="status = 'done'")
partial("ix_entries_handed", entries.c.case_id, entries.c.step, entries.c.at, rows="kind = 'handed'")
partial("ix_entries_corrected", entries.c.case_id, entries.c.at, entries.c.place, rows="kind = 'corrected'")
