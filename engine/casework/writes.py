"""What one command has decided to write, gathered so that each table is written once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from engine.model.casework import Action, Entry, EntryKind, Job, JobKind, Notice, Record
from engine.ports import Store


@dataclass
class Writes:
    """Lines of the journal, messages, jobs and records, in the order they came about."""

    case_id: UUID
    at: datetime
    entries: list[Entry] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)

    def note(self, kind: EntryKind, text: str, by: UUID | None = None, step: str | None = None) -> None:
        """Add a line to the journal."""
        self.entries.append(Entry(uuid4(), self.case_id, self.at, kind, text, by, step))

    def tell(self, person_id: UUID, subject: str, text: str, task_id: UUID | None = None) -> None:
        """Put a message on a person's screen and send the same by mail."""
        self.notices.append(Notice(uuid4(), person_id, self.at, subject, text, self.case_id, task_id))

    def _mails(self) -> list[Job]:
        return [
            Job(uuid4(), JobKind.MAIL, f"mail:{notice.id}", self.at, _payload(notice), self.case_id)
            for notice in self.notices
        ]

    def flush(self, store: Store) -> None:
        """Write it all; what is empty costs nothing."""
        if self.entries:
            store.add_entries(self.entries)
        if self.notices:
            store.add_notices(self.notices)
        for record in self.records:
            store.add_record(record)
        for action in self.actions:
            store.add_action(action)
        jobs = [*self.jobs, *self._mails()]
        if jobs:
            store.add_jobs(jobs)


def _payload(notice: Notice) -> dict[str, str | None]:
    return {
        "person": str(notice.person_id),
        "subject": notice.subject,
        "text": notice.text,
        "case": str(notice.case_id),
        "task": str(notice.task_id) if notice.task_id else None,
    }
