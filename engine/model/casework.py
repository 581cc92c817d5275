"""The nouns of work in progress: versions, cases, tasks, the journal and what cases leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class Sensitivity(StrEnum):
    """Who may read a case, besides the people doing it."""

    STAFF = "staff"
    LEADERS = "leaders"
    NAMED = "named"


class CaseStatus(StrEnum):
    """Where a case is in its life."""

    OPEN = "open"
    PAUSED = "paused"
    ATTENTION = "attention"  # a run failed: it rests as it was until somebody looks
    ENDED = "ended"
    STOPPED = "stopped"


class TaskStatus(StrEnum):
    """Where a task is in its life."""

    OPEN = "open"
    DONE = "done"
    WITHDRAWN = "withdrawn"  # the case moved on without it


@dataclass(frozen=True)
class Version:
    """One published, immutable version of a procedure. Its files are kept by `digest`."""

    id: UUID
    key: str  # the procedure's key
    number: int
    title: str
    digest: str  # sha256 over the files, hex
    published_at: datetime
    published_by: UUID | None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True)
class Answers:
    """What a case knows. FEEL reads it; state never carries it.

    `values`: one document for the case, last value wins per key.
    `items`: by scope key, what one item of a step done for several knows, kept apart until collected.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    items: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """One run of a version, about a school or the whole trust (school_id None)."""

    id: UUID
    ref: str  # what people quote, e.g. DIA-2026-0031
    version_id: UUID
    school_id: UUID | None
    title: str
    status: CaseStatus
    sensitivity: Sensitivity
    state: bytes  # opaque outside engine/bpmn
    answers: Answers
    started_at: datetime
    started_by: UUID | None
    revision: int = 0
    ended_at: datetime | None = None
    end: str | None = None  # the id of the end it reached
    reason: str | None = None  # why paused, stopped or in need of attention
    paused_at: datetime | None = None
    parent_id: UUID | None = None  # the case that asked for this one
    parent_token: str | None = None  # where it waits for this one's end

    def keeps_unseen(self, until: str | None, scope: str | None) -> bool:
        """Whether an answer waits for the others to be in, and is its author's alone until then.

        until: the name it is gathered under; scope: the item it was given for, which the case keeps apart until then.
        """
        return until is not None and scope in self.answers.items


@dataclass(frozen=True)
class Task:
    """A step that waits for a person: whoever holds `role` nearest the case's school."""

    id: UUID
    case_id: UUID
    step: str
    title: str
    role: str
    pool: str  # the list it waits on, see people.pool; empty when nobody holds the role or its fallback
    token: str  # this visit to the step; opaque outside engine/bpmn
    ready_at: datetime
    due_at: datetime | None
    due_words: str | None = None
    scope: str | None = None  # key into Answers.items
    item: str | None = None  # what this one is about, when the step is done for several, in words
    person_id: UUID | None = None  # who took it or was handed it; else anyone on the pool
    status: TaskStatus = TaskStatus.OPEN
    level: int = 0  # how far it has been escalated: 0 none, 1 line, 2 director, 3 chief executive
    done_by: UUID | None = None
    done_for: UUID | None = None  # whom they covered
    done_at: datetime | None = None
    extended: int = 0  # how often its deadline was put off
    fallen: bool = False  # nobody holds the role: it waits with the role it falls to


@dataclass(frozen=True)
class Submission:
    """What one person answered on one task. Append-only."""

    id: UUID
    case_id: UUID
    task_id: UUID
    step: str
    by: UUID
    at: datetime
    answers: Mapping[str, Any]
    unseen_until: str | None = None  # collected under this name: others see it only once all are in


class EntryKind(StrEnum):
    """What a line of the journal is about."""

    STARTED = "started"
    DONE = "done"
    WAITING = "waiting"
    WOKE = "woke"
    MESSAGE = "message"
    TOLD = "told"
    ACTION = "action"
    RECORD = "record"
    PROCEDURE = "procedure"
    MILESTONE = "milestone"
    HANDED = "handed"
    DEADLINE = "deadline"
    CHASED = "chased"
    PAUSED = "paused"
    RESUMED = "resumed"
    STOPPED = "stopped"
    ENDED = "ended"
    ATTENTION = "attention"
    CORRECTED = "corrected"


@dataclass(frozen=True)
class Entry:
    """One line of a case's journal. Append-only."""

    id: UUID
    case_id: UUID
    at: datetime
    kind: EntryKind
    text: str  # a plain sentence
    by: UUID | None = None  # None: Headway itself
    step: str | None = None


class JobKind(StrEnum):
    """What a job does. MAIL leaves the house; all others change the trust's work."""

    WAKE = "wake"  # a timer of a case has come
    CHASE = "chase"  # remind or escalate about one task
    START = "start"  # start a case that another one asked for
    BEGIN = "begin"  # start a procedure by the clock
    RETURN = "return"  # tell a waiting case that the one it asked for has ended
    MESSAGE = "message"  # give a case a message or a signal
    POST = "post"  # find who waits for a message that a case sent
    SIGNAL = "signal"  # tell every case that waits for a signal
    FORGET = "forget"  # the time of a message that nobody waited for is over
    POSTS = "posts"  # a post begins or ends: find open tasks their people again
    LEAVE = "leave"  # somebody's last day is over: let them in no more
    MAIL = "mail"  # deliver one message by SMTP


ENGINE_JOBS = frozenset(JobKind) - {JobKind.MAIL}


@dataclass(frozen=True)
class Job:
    """One thing to do at a moment. `key` is unique and is the idempotency key of a delivery."""

    id: UUID
    kind: JobKind
    key: str
    run_at: datetime
    payload: Mapping[str, Any] = field(default_factory=dict)
    case_id: UUID | None = None
    token: str | None = None  # the timer's or the task's token, for taking it back
    attempts: int = 0
    stopped_at: datetime | None = None  # gave up: shown as needs attention
    reason: str | None = None


@dataclass(frozen=True)
class Draft:
    """What a person typed into a task and has not sent. One a task and person; `answers` as posted."""

    task_id: UUID
    person_id: UUID
    answers: Mapping[str, Any]
    saved_at: datetime


@dataclass(frozen=True)
class Evidence:
    """A file somebody attached. Its bytes are kept once, by content."""

    id: UUID
    case_id: UUID
    task_id: UUID | None
    question: str  # the key of the file question, or empty
    name: str  # as the person called it, without any folder
    media_type: str
    size: int  # bytes
    sha256: str
    by: UUID
    at: datetime


@dataclass(frozen=True)
class Record:
    """Something a case leaves behind: a diagnosis, a decision. A new number supersedes, nothing is overwritten."""

    id: UUID
    case_id: UUID
    kind: str
    number: int
    title: str
    body: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True)
class Action:
    """Something a case asked a role to do outside any procedure. A plain task with an owner and a date."""

    id: UUID
    case_id: UUID
    school_id: UUID | None
    title: str
    role: str
    pool: str
    due_on: date | None
    at: datetime
    done_at: datetime | None = None
    done_by: UUID | None = None
    note: str | None = None


@dataclass(frozen=True)
class Notice:
    """A message on one person's screen."""

    id: UUID
    person_id: UUID
    at: datetime
    subject: str
    text: str
    case_id: UUID | None = None
    task_id: UUID | None = None
    read_at: datetime | None = None


LIVE = frozenset({CaseStatus.OPEN, CaseStatus.PAUSED, CaseStatus.ATTENTION})
