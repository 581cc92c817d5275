"""What commands ask of whatever keeps the nouns. There is one keeper (storage) on two databases, and no fake."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from engine.bpmn.definition import Definition
from engine.bpmn.package import Package
from engine.bpmn.runtime.rest import Awaited
from engine.model.calendar import Calendar
from engine.model.casework import (
    Action,
    Case,
    Draft,
    Entry,
    Evidence,
    Job,
    JobKind,
    Notice,
    Record,
    Submission,
    Task,
    Version,
)
from engine.model.people import Cluster, Cover, Me, Person, Post, Role, School, Trust
from engine.model.post import KeptMessage, Letter, Wait
from engine.model.reminders import HouseTable


class Cases(Protocol):
    """Cases and what hangs on them."""

    def lock_case(self, case_id: UUID) -> Case:
        """The case, its row held until the transaction ends. Raises NotFound."""
        ...

    def lock_task(self, task_id: UUID) -> tuple[Task, Case]:
        """A task and its case in one statement, the case's row held. Raises NotFound."""
        ...

    def case(self, case_id: UUID) -> Case:
        """The case. Raises NotFound."""

    def task(self, task_id: UUID) -> Task:
        """The task. Raises NotFound."""

    def next_ref(self, prefix: str, year: int) -> str:
        """The next reference, e.g. DIA-2026-0031. Counted in the database; no gaps promised."""
        ...

    def add_case(self, case: Case) -> None:
        """Write down a new case."""

    def save_case(self, case: Case) -> None:
        """Write the case back, its revision one higher. Raises CaseMovedOn when somebody else wrote it since."""
        ...

    def open_tasks(self, case_id: UUID) -> list[Task]:
        """The open tasks of a case, soonest first."""

    def add_tasks(self, tasks: Sequence[Task]) -> None:
        """Write down new tasks, each with what lists show of its case."""

    def save_task(self, task: Task) -> None:
        """Write the task back."""

    def withdraw_tasks(self, case_id: UUID, tokens: Collection[str], now: datetime) -> None:
        """Take back the open tasks of these visits."""

    def withdraw_all_tasks(self, case_id: UUID, now: datetime) -> None:
        """Take back every open task of the case."""

    def open_tasks_of_roles(
        self, roles: Collection[str], school_ids: Collection[UUID] | None
    ) -> list[tuple[Task, UUID | None]]:
        """Open tasks of these roles with their case's school (None: everywhere), to find them their people again."""
        ...

    def open_tasks_of_person(self, person_id: UUID) -> list[Task]:
        """Open tasks that this person took or was handed."""
        ...

    def open_tasks_about(self, school_ids: Collection[UUID] | None) -> list[tuple[Task, UUID | None]]:
        """Open tasks of cases about these schools (None: all), paused ones included, with their case's school."""
        ...

    def awaiting(self, case_id: UUID, name: str) -> list[Awaited]:
        """Where the case waits for a message of this name."""

    def save_awaited(
        self, case: Case, begun: Sequence[Awaited], renewed: Sequence[Awaited], gone: Collection[str], now: datetime
    ) -> None:
        """Note what the case waits for from now on, and forget what it does not. renewed: may be about others."""

    def add_submission(self, submission: Submission) -> None:
        """Keep what somebody answered. Raises AlreadyDone when the task has its answers."""

    def submissions(self, case_id: UUID) -> list[Submission]:
        """Everything answered on the case, oldest first."""

    def add_entries(self, entries: Sequence[Entry]) -> None:
        """Add lines to the journal, in this order."""

    def last_stop(self, case_id: UUID) -> Entry | None:
        """The line that says why a case came to need attention, of the last time it did."""
        ...

    def add_record(self, record: Record) -> None:
        """Keep something the case leaves behind."""

    def next_record_number(self, case_id: UUID, kind: str) -> int:
        """1 for the first record of this kind, and so on."""

    def add_action(self, action: Action) -> None:
        """Write down a new action."""

    def action(self, action_id: UUID) -> Action:
        """The action, held until the transaction ends. Raises NotFound."""

    def save_action(self, action: Action) -> None:
        """Write the action back."""

    def open_actions_of_roles(self, roles: Collection[str], school_ids: Collection[UUID] | None) -> list[Action]:
        """Actions of these roles that nobody has done, about these schools (None: everywhere)."""
        ...

    def move_actions(self, pools: Mapping[UUID, str]) -> None:
        """Put actions that nobody has done on other lists, by id."""
        ...

    def add_notices(self, notices: Sequence[Notice]) -> None:
        """Put messages on people's screens."""

    def read_notices(self, person_id: UUID, notice_ids: Collection[UUID], now: datetime) -> None:
        """Note that a person has read these of their own messages."""

    def save_draft(self, draft: Draft) -> None:
        """Keep what a person typed and has not sent, in place of what they typed before."""

    def draft(self, task_id: UUID, person_id: UUID) -> Draft | None:
        """What this person typed, if anything."""

    def drafts(self, task_id: UUID) -> list[Draft]:
        """What anybody typed into the task, latest first."""
        ...

    def drop_draft(self, task_id: UUID, person_id: UUID) -> None:
        """Forget what this person typed."""

    def add_evidence(self, evidence: Evidence) -> None:
        """Note a file whose bytes are kept already."""

    def evidence(self, evidence_id: UUID) -> Evidence:
        """The file's particulars. Raises NotFound."""

    def evidence_of(self, task_id: UUID) -> list[Evidence]:
        """The files of a task, oldest first."""

    def drop_evidence(self, evidence_id: UUID) -> None:
        """Take back a file from a task that is still open. The bytes stay for whoever else attached them."""
        ...

    def cases_waiting_on(self, parent_id: UUID) -> list[Case]:
        """The cases that one case asked for and that have not ended."""


class Letters(Protocol):
    """Messages and signals between cases."""

    def hold_post(self) -> None:
        """Hold the post until the transaction ends: nobody else looks for a wait, or begins one, meanwhile."""

    def wait_for(self, letter: Letter) -> Wait | None:
        """The wait that a message is for, the longest first; None when nobody waits for it."""

    def waits_for_signal(self, letter: Letter) -> list[Wait]:
        """Every wait for a signal that had begun when it was sent."""
        ...

    def keep_message(self, kept: KeptMessage) -> None:
        """Keep a message that nobody waits for."""

    def kept_messages(self, names: Collection[str]) -> list[KeptMessage]:
        """What is kept under these names, oldest first."""
        ...

    def kept_message(self, message_id: UUID) -> KeptMessage:
        """The message, held until the transaction ends. Raises NotFound when it is not kept any more."""
        ...

    def drop_kept_message(self, message_id: UUID) -> None:
        """Keep it no longer."""


class Jobs(Protocol):
    """The one queue, timer list and outbox."""

    def add_jobs(self, jobs: Sequence[Job]) -> None:
        """Insert; a key that is there already is left as it is."""
        ...

    def drop_jobs(self, keys: Collection[str]) -> None:
        """Forget jobs by key."""

    def drop_case_jobs(self, case_id: UUID, tokens: Collection[str] | None = None) -> None:
        """Forget the engine jobs of a case: those of some tokens, or all (None). Deliveries stay."""
        ...

    def jobs_about(self, school_ids: Collection[UUID] | None) -> list[tuple[Job, UUID | None]]:
        """Timers and reminders of cases about these schools (None: all), with their case's school."""
        ...

    def jobs_of_kind(self, kind: JobKind) -> list[Job]:
        """Every job of one kind, soonest first."""
        ...

    def case_jobs(self, case_id: UUID) -> list[Job]:
        """The engine jobs of a case."""
        ...

    def move_jobs(self, moved: Mapping[UUID, datetime]) -> None:
        """Give jobs a new moment, by id."""
        ...

    def job(self, job_id: UUID) -> Job:
        """The job. Raises NotFound."""

    def retry_job(self, job_id: UUID, now: datetime) -> None:
        """Let a job that gave up try again from now."""
        ...


class Procedures(Protocol):
    """Versions and their files."""

    def version(self, version_id: UUID) -> Version:
        """The version. Raises NotFound."""

    def definition(self, version_id: UUID) -> Definition:
        """The version read and prepared to run. Kept in memory by the caller's trust: no statement when warm."""
        ...

    def live_version(self, key: str) -> Version | None:
        """The latest version that has not been withdrawn: what a new case runs."""

    def live_versions(self) -> list[Version]:
        """The live version of every procedure, by title."""

    def versions(self, key: str) -> list[Version]:
        """Every version of a procedure, latest first."""

    def add_version(
        self, version: Version, package: Package, drawing: bytes, steps: Sequence[Mapping[str, Any]]
    ) -> None:
        """drawing: SVG, UTF-8. steps: the plain ordered list of steps shown beside it."""
        ...

    def withdraw_version(self, version_id: UUID, now: datetime) -> None:
        """Start no more cases of it. Running cases keep it."""


class People(Protocol):
    """The trust's people and schools."""

    def trust(self) -> Trust:
        """The trust. Raises NotFound before it has been named."""

    def save_trust(self, trust: Trust) -> None:
        """Name the trust."""

    def house_table(self) -> HouseTable:
        """The trust's own table of reminders and escalations, or the one shipped."""

    def save_house_table(self, table: HouseTable) -> None:
        """Write the table down. Raises NotFound before the trust has been named."""

    def roles(self) -> dict[str, Role]:
        """Every role by key, in the order they were first saved."""

    def save_roles(self, roles: Iterable[Role]) -> None:
        """Write roles down; those not mentioned stay as they are."""

    def clusters(self) -> list[Cluster]:
        """Every cluster, by name."""

    def add_cluster(self, cluster: Cluster) -> None:
        """Write down a new cluster."""

    def save_cluster(self, cluster: Cluster) -> None:
        """Write the cluster back."""

    def school(self, school_id: UUID) -> School:
        """The school. Raises NotFound."""

    def schools(self, closed: bool = False) -> list[School]:
        """The schools by name; those that have closed only when asked for."""

    def add_schools(self, schools: Sequence[School]) -> None:
        """Write down new schools."""

    def save_schools(self, schools: Sequence[School]) -> None:
        """Write schools back."""

    def calendar(self, school_id: UUID | None, days_from: date) -> Calendar:
        """The calendar of one school (inheriting the trust's), or the trust's own; trimmed to days from `days_from`."""
        ...

    def school_and_calendar(self, school_id: UUID, days_from: date) -> tuple[School, Calendar]:
        """Both in one statement."""
        ...

    def own_calendar(self, school_id: UUID | None) -> Calendar:
        """What was saved for this school alone (None: for the trust), to be edited."""
        ...

    def save_calendar(self, school_id: UUID | None, calendar: Calendar) -> None:
        """Write down a school's own days, or the trust's (None)."""

    def person(self, person_id: UUID) -> Person:
        """The person. Raises NotFound."""

    def person_by_email(self, email: str) -> Person | None:
        """Whoever has this address, upper or lower case."""

    def people(self, ids: Collection[UUID]) -> dict[UUID, Person]:
        """These people by id; unknown ids are left out."""

    def administrators(self) -> list[Person]:
        """Active administrators, their rows held until the transaction ends, so that the last one stays."""
        ...

    def add_person(self, person: Person) -> None:
        """Write down somebody new. Raises AlreadyKnown for an address that is taken."""

    def save_person(self, person: Person) -> None:
        """Write the person back."""

    def post(self, post_id: UUID) -> Post:
        """The post. Raises NotFound."""

    def add_post(self, post: Post) -> None:
        """Give somebody a role. Raises AlreadyHolds when they hold it there without an end."""

    def end_post(self, post_id: UUID, to_on: date) -> Post:
        """Note the last day of a post. Raises NotFound."""

    def posts_of(self, person_id: UUID) -> list[Post]:
        """Every post of a person, past and future too, oldest first."""

    def cover(self, cover_id: UUID) -> Cover:
        """The cover. Raises NotFound."""

    def covers_of(self, person_id: UUID) -> list[Cover]:
        """Cover for this person and by them, past and to come."""
        ...

    def add_cover(self, cover: Cover) -> None:
        """Note who does whose tasks for some days."""

    def save_cover(self, cover: Cover) -> None:
        """Write the cover back."""

    def drop_cover(self, cover_id: UUID) -> None:
        """Forget a cover that never began."""

    def covers(self, day: date) -> list[Cover]:
        """Everybody's cover on this day."""

    def me(self, person_id: UUID, day: date) -> Me:
        """The person with today's posts and cover. Raises NotFound for nobody or somebody inactive."""
        ...

    def posts_near(self, roles: Collection[str], school_id: UUID | None, day: date) -> list[Post]:
        """Posts of these roles on this day at the school, at its cluster or trust-wide, of active people."""
        ...

    def posts_of_role(self, role: str, day: date, not_from: UUID | None = None) -> list[tuple[Post, str, str | None]]:
        """Everybody's posts of a role on this day, with the person's name and the school's, if it is at one.

        not_from: without those who hold any post at this school on this day.
        """
        ...


class Store(Cases, Letters, Jobs, Procedures, People, Protocol):
    """All of it, inside one transaction."""

    def attempt(self) -> AbstractContextManager[Store]:
        """A store for something that may be refused: whatever is raised inside takes back what it wrote, no more."""
        ...
