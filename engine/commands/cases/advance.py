"""Starting, waking, pausing and stopping cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from engine.bpmn.diagram.elements import Trigger
from engine.bpmn.runtime import runner
from engine.casework.confidentiality import named
from engine.casework.context import CaseInHand, prepare
from engine.casework.held_jobs import RESTING, held
from engine.casework.rounds import next_round
from engine.casework.settle import settle
from engine.casework.write import write
from engine.commands.cases.manage import managed, reason_of
from engine.errors import CaseNotOpen, NotFound
from engine.model.casework import (
    LIVE,
    Case,
    CaseStatus,
    EntryKind,
    Job,
    JobKind,
)
from engine.model.people import Me
from engine.model.post import Letter
from engine.ports import Store


def wake(store: Store, case: Case, token: str, now: datetime, job: Job | None = None) -> Case:
    """A moment the case waited for has come. job: what waited for it, and does again where it comes round."""
    run = prepare(store, _open(case), now, None)
    rest = runner.wake(run.definition, run.state, case.answers, token, run.facts)
    if job and any(timer.token == token for timer in rest.timers):
        run.writes.jobs.append(next_round(job, run.calendar, now))
    named = next((run.definition.diagram.elements[step].name for step in rest.passed if step in _timers(run)), "")
    run.writes.note(EntryKind.WOKE, f"Time passed: {named or 'a moment the case waited for'}.")
    return settle(run, rest, store.save_case, fired_token=token)


def _timers(run: CaseInHand) -> set[str]:
    return {element.id for element in run.definition.diagram.elements.values() if element.moment}


def send_message(store: Store, case_id: UUID, name: str, payload: Mapping[str, Any], now: datetime) -> Case:
    """Give a message to the step of a case that has waited longest for it. Raises NotFound when none does.

    While the case rests the message is kept, and given when it goes on. Raises CaseNotOpen when the case has ended.
    """
    case = store.lock_case(case_id)
    if case.status not in LIVE:
        raise CaseNotOpen
    return _arrives(prepare(store, case, now, None), name, payload, f"“{name}” arrived")


def say_arrived(store: Store, me: Me, case_id: UUID, name: str, reason: str, now: datetime) -> Case:
    """What a case waits for has come: so says somebody who manages it, with what came and where it is kept."""
    run = managed(store, me, case_id, reason, now, LIVE)
    return _arrives(run, name, {}, f"“{name}” arrived, says {me.person.name}: {reason_of(reason).rstrip('.')}")


def _arrives(run: CaseInHand, name: str, payload: Mapping[str, Any], said: str) -> Case:
    waiting = run.store.awaiting(run.case.id, name)
    if not waiting:
        raise NotFound(f"This case is not waiting for “{name}”.")
    if run.case.status in RESTING:
        run.writes.jobs.append(_kept_message(run, name, payload))
        run.writes.note(EntryKind.MESSAGE, f"{said}. It is kept until the case goes on.", run.by)
        write(run)
        return run.case
    oldest = min(waiting, key=lambda each: int(each.token[1:]))
    rest = runner.message(run.definition, run.state, run.case.answers, oldest.token, payload, run.facts)
    run.writes.note(EntryKind.MESSAGE, f"{said}.", run.by, step=oldest.step)
    return settle(run, rest, run.store.save_case)


def hear(store: Store, case: Case, token: str, letter: Letter, now: datetime) -> Case:
    """What another case sent has come to where this one waits. Raises CaseMovedOn when it does not any more."""
    run = prepare(store, _open(case), now, None)
    known = {name: value for name, value in letter.brings.items() if name in runner.plan_of(run.definition).known}
    rest = runner.message(run.definition, run.state, case.answers, token, known, run.facts)
    step = next((each for each in rest.passed if each in run.definition.diagram.elements), None)
    run.writes.note(EntryKind.MESSAGE, f"“{letter.name}” came from {named(store.case(letter.case_id))}.", step=step)
    return settle(run, rest, store.save_case)


def _kept_message(run: CaseInHand, name: str, payload: Mapping[str, Any]) -> Job:
    kept = {"name": name, "payload": dict(payload)}
    return held(Job(uuid4(), JobKind.MESSAGE, f"message:{uuid4()}", run.now, kept, run.case.id))


def give_answer(store: Store, case: Case, token: str, value: Any, sentence: str, now: datetime) -> Case:
    """Answer an asking word that had to wait, e.g. because another case had to end first."""
    run = prepare(store, _open(case), now, None)
    rest = runner.answer(run.definition, run.state, case.answers, token, value, run.facts)
    run.writes.note(EntryKind.PROCEDURE, sentence)
    return settle(run, rest, store.save_case)


def reconsider(store: Store, case: Case, now: datetime) -> None:
    """Answers of the case were put right: the rules that events wait for are looked at again."""
    run = prepare(store, case, now, None)
    if case.status is CaseStatus.OPEN and run.definition.diagram.looks:
        rest = runner.reconsider(run.definition, run.state, case.answers, run.facts)
        settle(run, rest, store.save_case)


def fail_call(store: Store, case: Case, token: str, trigger: Trigger, name: str, sentence: str, now: datetime) -> Case:
    """What a case waits for ended with an error, or said an escalation: caught on the step's edge or further out."""
    run = prepare(store, _open(case), now, None)
    rest = runner.fail(run.definition, run.state, case.answers, token, trigger, name, run.facts)
    run.writes.note(EntryKind.PROCEDURE, sentence)
    return settle(run, rest, store.save_case)


def _open(case: Case) -> Case:
    if case.status is not CaseStatus.OPEN:
        raise CaseNotOpen
    return case
