"""Messages and signals on their way: to the case that waits, to the procedure that begins with them, or kept."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from engine import policy
from engine.bpmn.diagram.elements import Element, Trigger
from engine.casework.context import prepare
from engine.casework.post import handing_over, sent_again, unpacked
from engine.commands.cases import start
from engine.errors import NotAllowed, NotFound
from engine.model.calendar import Calendar, CalendarEnds, due_at
from engine.model.casework import LIVE, Entry, EntryKind, Job, JobKind, Version
from engine.model.people import Me
from engine.model.post import KeptMessage, Letter
from engine.ports import Store

KEPT_FOR = "20 school days"


def deliver(store: Store, job: Job, now: datetime) -> None:
    """Give a message to the case that has waited longest for it, else start a procedure with it, else keep it."""
    letter = unpacked(job.payload["letter"])
    store.hold_post()
    wait = store.wait_for(letter)
    if wait:
        store.add_jobs([handing_over(letter, wait.case_id, wait.token, now, f"message:{uuid4()}", again=True)])
    elif begins := _begun_by(store, Trigger.MESSAGE, letter.name)[:1]:
        _begin(store, letter, *begins[0], now)
    else:
        _keep(store, letter, now)


def broadcast(store: Store, job: Job, now: datetime) -> None:
    """Tell every case that waits for a signal, and start the procedures that begin with it. It is not kept."""
    letter = unpacked(job.payload["letter"])
    store.hold_post()
    waits = store.waits_for_signal(letter)
    keys = {wait: f"signal:{job.id}:{wait.case_id}:{wait.token}" for wait in waits}
    store.add_jobs([handing_over(letter, wait.case_id, wait.token, now, keys[wait], again=False) for wait in waits])
    for version, at in _begun_by(store, Trigger.SIGNAL, letter.name):
        _begin(store, letter, version, at, now)


def forget(store: Store, job: Job, now: datetime) -> None:
    """The time of a kept message is over."""
    store.drop_kept_message(UUID(job.payload["message"]))


def look_again(store: Store, job: Job, now: datetime) -> None:
    """A message found its wait over: another one is looked for."""
    again = sent_again(job, now)
    store.add_jobs([again] if again else [])


def give(store: Store, me: Me, message_id: UUID, case_id: UUID, now: datetime) -> None:
    """Give a kept message to a case that waits for one of its name. Raises NotFound, NotAllowed."""
    kept = _kept(store, me, message_id)
    case = store.lock_case(case_id)
    if not policy.may_manage(me, prepare(store, case, now, me.person.id).school):
        raise NotAllowed
    waiting = [each for each in store.awaiting(case.id, kept.name) if each.trigger is Trigger.MESSAGE]
    if case.status not in LIVE or not waiting:
        raise NotFound(f"The case {case.ref} is not waiting for “{kept.name}”.")
    oldest = min(waiting, key=lambda each: int(each.token[1:]))
    store.drop_kept_message(kept.id)
    store.add_jobs([handing_over(kept.letter, case.id, oldest.token, now, f"message:{kept.id}:{uuid4()}", again=True)])
    said = f"{me.person.name} gave the case the message “{kept.name}”, which had been kept."
    store.add_entries([Entry(uuid4(), case.id, now, EntryKind.MESSAGE, said, me.person.id)])


def drop(store: Store, me: Me, message_id: UUID, now: datetime) -> None:
    """Let a kept message go. Raises NotFound when it is not kept any more."""
    kept = _kept(store, me, message_id)
    store.drop_kept_message(kept.id)
    said = f"{me.person.name} dropped the message “{kept.name}”, which nobody waited for."
    store.add_entries([Entry(uuid4(), kept.case_id, now, EntryKind.MESSAGE, said, me.person.id)])


def _kept(store: Store, me: Me, message_id: UUID) -> KeptMessage:
    if not policy.may_see_attention(me):
        raise NotAllowed
    return store.kept_message(message_id)


def _begun_by(store: Store, trigger: Trigger, name: str) -> list[tuple[Version, Element]]:
    """The procedures in use that begin with it, by title."""
    found = []
    for version in store.live_versions():
        found += [(version, at) for at in store.definition(version.id).diagram.starts_heard(trigger, name)[:1]]
    return found


def _begin(store: Store, letter: Letter, version: Version, at: Element, now: datetime) -> None:
    sender = store.case(letter.case_id)
    start.start_by_letter(store, sender, version, at, letter.brings, now)


def _keep(store: Store, letter: Letter, now: datetime) -> None:
    until = _until(store.calendar(letter.school_id, now.date()), now)
    kept = KeptMessage(
        uuid4(), letter.name, letter.about, letter.school_id, letter.brings, letter.case_id, letter.sent_at, until
    )
    store.keep_message(kept)
    store.add_jobs([Job(uuid4(), JobKind.FORGET, f"forget:{kept.id}", until, {"message": str(kept.id)})])
    said = f"Nobody waits for “{letter.name}” yet. It is kept for {KEPT_FOR}."
    store.add_entries([Entry(uuid4(), letter.case_id, now, EntryKind.MESSAGE, said)])


def _until(calendar: Calendar, now: datetime) -> datetime:
    """The end of its time; in calendar days where the calendar has too few days ahead."""
    try:
        return due_at(KEPT_FOR, now, calendar)
    except CalendarEnds:
        return due_at("P28D", now, calendar)
