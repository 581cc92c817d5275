"""Needs attention, in words: what got stuck, why, and what can be done about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import url_for

from engine.forms.filled.sentences import inside
from engine.model.casework import JobKind
from engine.model.people import Me, Role
from engine.policy import may_manage, sight
from storage.database import Connection
from storage.queries.cases.around import lists
from storage.queries.monitoring.attention import (
    HeldByNobody,
    NobodysMessage,
    StuckCase,
    StuckJob,
    failing_jobs,
    held_by_nobody,
    nobodys_messages,
    stopped_jobs,
    stuck_cases,
)
from storage.queries.paging import Page, read_cursor
from storage.queries.sight import readable_among
from web.parts.dates import local_day, moment_in_words
from web.parts.due import due_line
from web.parts.person_names import names_in_words

KINDS = {
    JobKind.WAKE: "A moment that a case waited for",
    JobKind.CHASE: "A reminder about a task",
    JobKind.START: "Starting another case",
    JobKind.BEGIN: "Starting a procedure by the calendar",
    JobKind.RETURN: "Telling a case that another one has ended",
    JobKind.MESSAGE: "A message for a case",
    JobKind.POST: "A message that a case sent",
    JobKind.SIGNAL: "A signal that a case sent",
    JobKind.FORGET: "The end of a message that was kept",
    JobKind.POSTS: "Finding tasks their people again",
    JobKind.LEAVE: "Somebody's last day",
    JobKind.MAIL: "A message by mail",
}
HIDDEN = "A case that your role does not let you read"


@dataclass(frozen=True)
class About:
    """The case something belongs to, as far as this person may know it."""

    text: str
    href: str = ""


@dataclass(frozen=True)
class AttentionView:
    """What the template shows."""

    now: datetime
    jobs: Page[StuckJob]
    failing: list[StuckJob]
    cases: Page[StuckCase]
    tasks: Page[HeldByNobody]
    readable: frozenset[UUID]
    roles: Mapping[str, Role]
    holders: Mapping[str, tuple[str, ...]]
    messages: list[NobodysMessage]
    manages: bool  # whether whoever looks may correct answers of the cases they may read

    @property
    def anything(self) -> bool:
        """Whether there is anything to look at."""
        return bool(self.jobs.rows or self.failing or self.cases.rows or self.tasks.rows or self.messages)

    @property
    def stopped_mail(self) -> list[StuckJob]:
        """Messages that could not be sent."""
        return [job for job in self.jobs.rows if job.kind is JobKind.MAIL]

    @property
    def stopped_work(self) -> list[StuckJob]:
        """Everything else that gave up."""
        return [job for job in self.jobs.rows if job.kind is not JobKind.MAIL]

    def what(self, job: StuckJob) -> str:
        """What a job does."""
        return KINDS[job.kind]

    def when(self, job: StuckJob) -> str:
        """When it gave up, or tries again by itself."""
        tried = f"{job.attempts} {'try' if job.attempts == 1 else 'tries'}"
        if job.stopped_at:
            return f"Gave up after {tried}, {moment_in_words(job.stopped_at, self.now)}."
        return f"Failed {tried} so far. It tries again by itself {moment_in_words(job.run_at, self.now)}."

    def about(self, case_id: UUID | None, ref: str | None, title: str | None, school: str | None) -> About | None:
        """The case, with a link for whoever may read it."""
        if case_id is None or ref is None:
            return None
        if case_id not in self.readable:
            return About(f"{HIDDEN} ({ref})")
        return About(f"{title}, {school or 'the whole trust'}, {ref}", url_for("cases.show", ref=ref))

    def kept(self, message: NobodysMessage) -> str:
        """When it was sent, and how long it is kept."""
        about = f"About {message.about}. " if message.about and message.case_id in self.readable else ""
        sent = moment_in_words(message.sent_at, self.now)
        return f"{about}Sent {sent}; kept until {moment_in_words(message.until, self.now)}."

    def title(self, task: HeldByNobody) -> str:
        """What is to be done; hidden with its case."""
        return task.title if task.case_id in self.readable else "A task"

    def due(self, task: HeldByNobody) -> str:
        """When it is or was due."""
        return due_line(task.due_at, self.now)

    def falls(self, task: HeldByNobody) -> str:
        """Who has it instead."""
        role = inside(self._label(task.role))
        names = names_in_words(self.holders.get(task.pool, ()))
        to = task.pool.partition("@")[0]
        if names and to != task.role:
            return f"Nobody holds the role {role}. It has come to {inside(self._label(to))} ({names})."
        return f"Nobody holds the role {role}, nor the one it falls to. Nobody sees this task."

    def _label(self, key: str) -> str:
        return self.roles[key].label if key in self.roles else key


def attention(connection: Connection, me: Me, now: datetime, args: Mapping[str, str]) -> AttentionView:
    """Everything on the page, in seven statements."""
    jobs = stopped_jobs(connection, read_cursor(args.get("jobs")))
    failing = failing_jobs(connection)
    cases = stuck_cases(connection, read_cursor(args.get("cases")))
    tasks = held_by_nobody(connection, read_cursor(args.get("tasks")))
    ids = {row.id for row in cases.rows} | {row.case_id for row in tasks.rows}
    ids |= {row.case_id for row in (*jobs.rows, *failing) if row.case_id}
    messages = nobodys_messages(connection)
    ids |= {row.case_id for row in messages}
    known = lists(connection, {row.pool for row in tasks.rows if row.pool}, local_day(now))
    readable, manages = readable_among(connection, sight(me), ids), may_manage(me, None)
    return AttentionView(now, jobs, failing, cases, tasks, readable, known.roles, known.holders, messages, manages)
