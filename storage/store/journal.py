"""What hangs on a case: submissions, journal, records, actions, notices, drafts, evidence, awaited messages."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, func, select, update

from engine.bpmn.runtime.rest import Awaited
from engine.model.casework import Action, Case, Draft, Entry, EntryKind, Evidence, Notice, Record, Submission
from storage.ready import read_row
from storage.store.keeper import Keeper, columns, found, rows, values
from storage.store.statement import Statement
from storage.tables import actions, awaited, drafts, entries, evidence, notices, records, submissions

ACTION = columns(actions, Action)
AWAITED = columns(awaited, Awaited)
DRAFT = columns(drafts, Draft)
EVIDENCE = columns(evidence, Evidence)
ENTRY = columns(entries, Entry)
SUBMISSION = columns(submissions, Submission)

THEIR_DRAFT = (drafts.c.task_id == bindparam("of_task")) & (drafts.c.person_id == bindparam("of_person"))
THE_DRAFT = select(*DRAFT).where(THEIR_DRAFT)
DROP_DRAFT = Statement(delete(drafts).where(THEIR_DRAFT))
MOVE_ACTION = (
    update(actions)
    .where(actions.c.id == bindparam("of_action"), actions.c.done_at.is_(None))
    .values(pool=bindparam("to_pool"))
)
FORGET_AWAITED = Statement(
    delete(awaited).where(
        awaited.c.case_id == bindparam("of_case"), awaited.c.token.in_(bindparam("tokens", expanding=True))
    )
)

RENEW_AWAITED = (
    update(awaited)
    .where(awaited.c.case_id == bindparam("of_case"), awaited.c.token == bindparam("of_token"))
    .values(about=bindparam("to"))
)


class JournalStore(Keeper):
    """See engine.ports.Cases."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._entries_added = 0
        self._undrafted: set[UUID] = set()  # tasks that nobody had typed anything into when they were locked

    def awaiting(self, case_id: UUID, name: str) -> list[Awaited]:
        """Where the case waits for a message of this name."""
        waiting = select(*AWAITED).where(awaited.c.case_id == case_id, awaited.c.name == name)
        return [Awaited(*row) for row in self.connection.execute(waiting.order_by(awaited.c.token))]

    def save_awaited(
        self, case: Case, begun: Sequence[Awaited], renewed: Sequence[Awaited], gone: Collection[str], now: datetime
    ) -> None:
        """Note what the case waits for from now on, and forget what it does not. renewed: may be about others."""
        if gone:
            FORGET_AWAITED.run(self.connection, {"of_case": case.id, "tokens": list(gone)})
        whose = {"case_id": case.id, "school_id": case.school_id, "since": now}
        self.put(awaited, [{**whose, **values(one)} for one in begun])
        if renewed:
            changed = [{"of_case": case.id, "of_token": one.token, "to": one.about} for one in renewed]
            self.connection.execute(RENEW_AWAITED, changed)

    def add_submission(self, submission: Submission) -> None:
        """Keep what somebody answered. Raises AlreadyDone when the task has its answers."""
        self.add(submissions, [values(submission)])

    def submissions(self, case_id: UUID) -> list[Submission]:
        """Everything answered on the case, oldest first."""
        given = select(*SUBMISSION).where(submissions.c.case_id == case_id)
        return [Submission(*row) for row in self.connection.execute(given.order_by(submissions.c.at, submissions.c.id))]

    def add_entries(self, added: Sequence[Entry]) -> None:
        """Add lines to the journal, in this order."""
        places = range(self._entries_added, self._entries_added + len(added))
        self.add(entries, [{**values(entry), "place": place} for entry, place in zip(added, places, strict=True)])
        self._entries_added += len(added)

    def last_stop(self, case_id: UUID) -> Entry | None:
        """The line that says why a case came to need attention, of the last time it did."""
        these = (entries.c.case_id == case_id, entries.c.kind == EntryKind.ATTENTION)
        last = select(*ENTRY).where(*these).order_by(entries.c.at.desc(), entries.c.place.desc()).limit(1)
        row = self.connection.execute(last).first()
        return Entry(*row) if row else None

    def add_record(self, record: Record) -> None:
        """Keep something the case leaves behind."""
        self.add(records, [values(record)])

    def next_record_number(self, case_id: UUID, kind: str) -> int:
        """1 for the first record of this kind, and so on."""
        last = select(func.max(records.c.number)).where(records.c.case_id == case_id, records.c.kind == kind)
        return (self.connection.execute(last).scalar() or 0) + 1

    def add_action(self, action: Action) -> None:
        """Write down a new action."""
        self.add(actions, [values(action)])

    def action(self, action_id: UUID) -> Action:
        """The action, held until the transaction ends. Raises NotFound."""
        wanted = select(*ACTION).where(actions.c.id == action_id).with_for_update(key_share=True)
        return Action(*found(self.connection.execute(wanted).first()))

    def save_action(self, action: Action) -> None:
        """Write the action back."""
        self.connection.execute(update(actions).where(actions.c.id == action.id).values(values(action)))

    def open_actions_of_roles(self, roles: Collection[str], school_ids: Collection[UUID] | None) -> list[Action]:
        """Actions of these roles that nobody has done, about these schools (None: everywhere)."""
        if not roles:
            return []
        wanted = select(*ACTION).where(actions.c.done_at.is_(None), actions.c.role.in_(roles))
        if school_ids is not None:
            wanted = wanted.where(actions.c.school_id.in_(school_ids))
        return [Action(*row) for row in self.connection.execute(wanted.order_by(actions.c.id))]

    def move_actions(self, pools: Mapping[UUID, str]) -> None:
        """Put actions that nobody has done on other lists, by id."""
        if pools:
            self.connection.execute(MOVE_ACTION, [{"of_action": id, "to_pool": to} for id, to in pools.items()])

    def add_notices(self, added: Sequence[Notice]) -> None:
        """Put messages on people's screens."""
        self.add(notices, rows(added))

    def read_notices(self, person_id: UUID, notice_ids: Collection[UUID], now: datetime) -> None:
        """Note that a person has read these of their own messages."""
        if notice_ids:
            unread = (notices.c.person_id == person_id) & notices.c.id.in_(notice_ids) & notices.c.read_at.is_(None)
            self.connection.execute(update(notices).where(unread).values(read_at=now))

    def save_draft(self, draft: Draft) -> None:
        """Keep what a person typed and has not sent, in place of what they typed before."""
        self._undrafted.discard(draft.task_id)
        self.put(drafts, [values(draft)])

    def draft(self, task_id: UUID, person_id: UUID) -> Draft | None:
        """What this person typed, if anything."""
        row = read_row(self.connection, THE_DRAFT, {"of_task": task_id, "of_person": person_id})
        return Draft(*row) if row else None

    def drafts(self, task_id: UUID) -> list[Draft]:
        """What anybody typed into the task, latest first."""
        wanted = select(*DRAFT).where(drafts.c.task_id == task_id).order_by(drafts.c.saved_at.desc())
        return [Draft(*row) for row in self.connection.execute(wanted)]

    def drop_draft(self, task_id: UUID, person_id: UUID) -> None:
        """Forget what this person typed."""
        if task_id not in self._undrafted:
            DROP_DRAFT.run(self.connection, {"of_task": task_id, "of_person": person_id})

    def add_evidence(self, attached: Evidence) -> None:
        """Note a file whose bytes are kept already."""
        self.add(evidence, [values(attached)])

    def evidence(self, evidence_id: UUID) -> Evidence:
        """The file's particulars. Raises NotFound."""
        wanted = select(*EVIDENCE).where(evidence.c.id == evidence_id)
        return Evidence(*found(self.connection.execute(wanted).first()))

    def evidence_of(self, task_id: UUID) -> list[Evidence]:
        """The files of a task, oldest first."""
        wanted = select(*EVIDENCE).where(evidence.c.task_id == task_id).order_by(evidence.c.at, evidence.c.id)
        return [Evidence(*row) for row in self.connection.execute(wanted)]

    def drop_evidence(self, evidence_id: UUID) -> None:
        """Take back a file from a task. The bytes stay for whoever else attached them."""
        self.connection.execute(delete(evidence).where(evidence.c.id == evidence_id))
