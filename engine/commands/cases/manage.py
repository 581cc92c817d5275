"""Taking a case in hand: stopping it, and what every such verb shares."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from engine import policy
from engine.casework.confidentiality import named
from engine.casework.context import CaseInHand, prepare
from engine.casework.post import sent_again
from engine.casework.settle import tell_parent
from engine.casework.write import write
from engine.errors import CaseNotOpen, NeedsAReason, NotAllowed
from engine.model.casework import (
    LIVE,
    Case,
    CaseStatus,
    Entry,
    EntryKind,
)
from engine.model.people import Me
from engine.model.text import several_lines
from engine.ports import Store

LONGEST_REASON = 2000


TOO_LONG = (
    f"Give the reason in {LONGEST_REASON:,} characters or fewer, and attach what is longer as a file: "
    "it is {over:,} too long."
)


SAID_OF = {
    CaseStatus.OPEN: "This case is going on already.",
    CaseStatus.PAUSED: "This case is paused already.",
    CaseStatus.ATTENTION: "This case needs attention first: let it go on, or stop it.",
    CaseStatus.ENDED: "This case has ended.",
    CaseStatus.STOPPED: "This case has been stopped already.",
}


def stop_case(store: Store, me: Me, case_id: UUID, reason: str, now: datetime) -> Case:
    """End a case early, for a reason that stays on its record. Cases that it started go on."""
    run = managed(store, me, case_id, reason, now, LIVE)
    reason = reason_of(reason)
    run.case = replace(run.case, status=CaseStatus.STOPPED, ended_at=now, reason=reason, paused_at=None)
    store.withdraw_all_tasks(case_id, now)
    run.writes.jobs += [again for job in store.case_jobs(case_id) if (again := sent_again(job, now))]
    store.drop_case_jobs(case_id)
    run.writes.note(EntryKind.STOPPED, f"{me.person.name} stopped the case: {reason}", me.person.id)
    for child in store.cases_waiting_on(case_id):
        run.writes.note(EntryKind.PROCEDURE, f"{named(child)}, which this case had started, goes on.")
    tell_parent(run, "stopped")
    return kept(run)


def needs_attention(store: Store, case_id: UUID, reason: str, now: datetime, step: str | None = None) -> None:
    """Mark a case whose run failed; its state is as it was. step: of the procedure, that could not be carried out."""
    case = store.lock_case(case_id)
    if case.status is CaseStatus.OPEN:
        mark_stuck(store, case, reason, now, step)


def mark_stuck(store: Store, case: Case, reason: str, now: datetime, step: str | None) -> None:
    """Write down why a case needs attention from now on, whether it did before or not."""
    store.save_case(replace(case, status=CaseStatus.ATTENTION, reason=reason))
    text = f"The case needs attention: {reason}"
    store.add_entries([Entry(uuid4(), case.id, now, EntryKind.ATTENTION, text, step=step)])


def managed(
    store: Store, me: Me, case_id: UUID, reason: str, now: datetime, allowed: frozenset[CaseStatus]
) -> CaseInHand:
    """A case taken in hand by somebody who manages it, with their reason.

    Raises NotAllowed for anybody else, and CaseNotOpen when its status is not among those allowed.
    """
    case = store.lock_case(case_id)
    run = prepare(store, case, now, me.person.id)
    if not policy.may_manage(me, run.school):
        raise NotAllowed
    reason_of(reason)
    if case.status not in allowed:
        raise CaseNotOpen(SAID_OF[case.status])
    return run


def reason_of(text: str) -> str:
    """The reason somebody gave. Raises NeedsAReason."""
    reason = several_lines(text)
    if not reason:
        raise NeedsAReason
    if len(reason) > LONGEST_REASON:
        raise NeedsAReason(TOO_LONG.format(over=len(reason) - LONGEST_REASON))
    return reason


def kept(run: CaseInHand) -> Case:
    """The case and what was gathered, written down."""
    run.store.save_case(run.case)
    write(run)
    return run.case
