"""What a case waits to hear, and what it sends: kept beside the case, so that one finds the other by its name.

Sending is a job of its own, done once the case has come to rest. Whoever looks for a wait, and whoever begins to wait,
holds the post meanwhile: neither can miss the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from engine.bpmn.diagram.elements import Trigger
from engine.bpmn.runtime.rest import Awaited, Rest, Thrown
from engine.casework.context import CaseInHand
from engine.model.casework import EntryKind, Job, JobKind
from engine.model.post import KeptMessage, Letter

SENT = {Trigger.MESSAGE: (JobKind.POST, "The case sent"), Trigger.SIGNAL: (JobKind.SIGNAL, "The case sent the signal")}


def send_all(run: CaseInHand, rest: Rest) -> None:
    """Send what the case says. An error or an escalation that it ends with is for whoever called it."""
    for thrown in rest.thrown:
        if thrown.trigger in SENT:
            _send(run, thrown)


def _send(run: CaseInHand, thrown: Thrown) -> None:
    kind, said = SENT[thrown.trigger]
    letter = Letter(thrown.name, run.case.id, run.case.school_id, run.now, thrown.about, thrown.brings)
    run.writes.jobs.append(sending(kind, letter, run.now))
    run.writes.note(EntryKind.MESSAGE, f"{said} “{thrown.name}”.", step=thrown.step)


def sending(kind: JobKind, letter: Letter, now: datetime) -> Job:
    """The job that sends it."""
    return Job(uuid4(), kind, f"{kind}:{letter.case_id}:{uuid4()}", now, {"letter": packed(letter)})


def packed(letter: Letter) -> dict[str, Any]:
    """A letter as a job keeps it."""
    return {
        "name": letter.name,
        "case": str(letter.case_id),
        "school": str(letter.school_id) if letter.school_id else None,
        "at": letter.sent_at.astimezone(UTC).isoformat(),
        "about": letter.about,
        "brings": dict(letter.brings),
    }


def unpacked(kept: Mapping[str, Any]) -> Letter:
    """The same, read again."""
    school = UUID(kept["school"]) if kept["school"] else None
    at = datetime.fromisoformat(kept["at"])
    return Letter(kept["name"], UUID(kept["case"]), school, at, kept["about"], kept["brings"])


def handing_over(letter: Letter, case_id: UUID, token: str, now: datetime, key: str, again: bool) -> Job:
    """The job that gives it to one wait. again: where that is over by then, another is looked for."""
    payload = {"name": letter.name, "payload": dict(letter.brings), "wait": token, "letter": packed(letter)}
    return Job(uuid4(), JobKind.MESSAGE, key, now, {**payload, "again": again}, case_id)


def sent_again(job: Job, now: datetime) -> Job | None:
    """The sending anew of a message that was on its way to a wait which is over."""
    return sending(JobKind.POST, unpacked(job.payload["letter"]), now) if job.payload.get("again") else None


def note_waits(run: CaseInHand, rest: Rest) -> None:
    """Write down which messages and signals the case waits for from now on, and fetch what is kept for them."""
    begun = [each for each in rest.awaited if each.token in rest.begun]
    renewed = [each for each in rest.awaited if each.about is not None and each.token not in rest.begun]
    if not (begun or renewed or rest.gone):
        return
    if begun or renewed:
        run.store.hold_post()
    run.store.save_awaited(run.case, begun, renewed, rest.gone, run.now)
    waits = [each for each in (*begun, *renewed) if each.trigger is Trigger.MESSAGE]
    _fetch(run, waits, run.store.kept_messages({each.name for each in waits}) if waits else [])


def _fetch(run: CaseInHand, waits: Iterable[Awaited], kept: list[KeptMessage]) -> None:
    for wait in waits:
        found = next((each for each in kept if _is_for(run, wait, each)), None)
        if found:
            kept.remove(found)
            run.store.drop_kept_message(found.id)
            key = f"message:{found.id}:{uuid4()}"
            run.writes.jobs.append(handing_over(found.letter, run.case.id, wait.token, run.now, key, again=True))


def _is_for(run: CaseInHand, wait: Awaited, kept: KeptMessage) -> bool:
    if wait.name != kept.name or wait.about != kept.about or kept.until <= run.now:
        return False
    return wait.about != "" if wait.about is not None else kept.school_id == run.case.school_id
