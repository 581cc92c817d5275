"""What a person does with a task: complete it, keep a draft, take it, hand it on, put it off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from engine import forms, policy
from engine.bpmn.runtime import runner
from engine.casework.confidentiality import sensitivity_in
from engine.casework.context import CaseInHand, prepare
from engine.casework.evidence import attached, refuse_other_files
from engine.casework.reminders import chase_key, first_chase
from engine.casework.settle import settle
from engine.casework.write import write
from engine.commands.cases.manage import reason_of
from engine.errors import AlreadyClaimed, AlreadyDone, BadDetails, CaseNotOpen, NotAllowed
from engine.model.calendar import LONDON, due_at
from engine.model.casework import (
    Case,
    CaseStatus,
    Draft,
    EntryKind,
    Evidence,
    Sensitivity,
    Submission,
    Task,
    TaskStatus,
)
from engine.model.people import Me, Person
from engine.model.reminders import rows_for
from engine.model.text import several_lines, too_long
from engine.model.wording import day_of_month
from engine.ports import Store

LONGEST_OUTCOME = 5000  # characters
FURTHEST = timedelta(days=731)  # that a deadline is put off to
OPEN_TO = {Sensitivity.STAFF: "staff", Sensitivity.LEADERS: "leaders", Sensitivity.NAMED: "named people"}
Posted = Mapping[str, Sequence[str]]


def complete_task(
    store: Store, me: Me, task_id: UUID, posted: Posted, now: datetime, files: Sequence[Evidence] = ()
) -> Case:
    """Record a person's answers and let the case run on to its next rest. files: sent together with the answers."""
    task, case = store.lock_task(task_id)
    whose = _may_do(store, me, task, case)
    run = prepare(store, case, now, me.person.id)
    _add(store, run.case, task, files)
    answers = _checked(run, task, posted)

    rest = runner.complete(run.definition, run.state, case.answers, task.token, answers, run.facts)

    _keep_sensitivity(run, task, answers)
    done = replace(
        task,
        status=TaskStatus.DONE,
        done_by=me.person.id,
        done_for=whose if whose != me.person.id else task.done_for,
        done_at=now,
    )
    store.save_task(done)
    store.add_submission(_submission(run, done, answers))
    store.drop_draft(task_id, me.person.id)
    run.writes.note(EntryKind.DONE, f"{me.person.name} completed “{task.title}”.", me.person.id, task.step)
    return settle(run, rest, store.save_case, task.token)


def _keep_sensitivity(run: CaseInHand, task: Task, answers: Mapping[str, Any]) -> None:
    """A form that asks who may read the case decides it, as the form of the start does."""
    asked = sensitivity_in(answers) if task.scope is None else None
    if asked and asked is not run.case.sensitivity:
        run.case = replace(run.case, sensitivity=asked)
        run.writes.note(EntryKind.DONE, f"The case is open to {OPEN_TO[asked]} from here on.", run.by, task.step)


def _may_do(store: Store, me: Me, task: Task, case: Case) -> UUID:
    """Whose task it is when this person does it; refuses what is done, not theirs or not open."""
    if not policy.is_involved(me, task):
        raise NotAllowed
    _refuse_closed(store, task)
    if case.status is CaseStatus.ATTENTION:
        raise CaseNotOpen("This case needs attention before anybody can go on. What you typed is kept.")
    if case.status is not CaseStatus.OPEN:
        raise CaseNotOpen
    whose = policy.holder(me, task)
    if whose is None:
        raise AlreadyClaimed
    return whose


def _refuse_closed(store: Store, task: Task) -> None:
    if task.status is TaskStatus.DONE and task.done_by and task.done_at:
        name = store.person(task.done_by).name
        done = task.done_at.astimezone(LONDON)
        at = f"{day_of_month(done)} at {done:%H:%M}"
        raise AlreadyDone(f"{name} completed this task on {at}. What you typed is kept.", by=name, at=task.done_at)
    if task.status is not TaskStatus.OPEN:
        raise CaseNotOpen("The case moved on, so this task is not needed any more. What you typed is kept.")


def _checked(run: CaseInHand, task: Task, posted: Posted) -> dict[str, Any]:
    form = run.definition.form_of(task.step)
    if form is None:
        return {}
    names = runner.names_for(run.definition, run.case.answers, run.facts, task.scope)
    return forms.check(form, posted, names, attached(run.store, form, task.id, run.by or task.id))


def _submission(run: CaseInHand, task: Task, answers: Mapping[str, Any]) -> Submission:
    several = collected_under(run, task)
    return Submission(uuid4(), run.case.id, task.id, task.step, task.done_by or task.id, run.now, answers, several)


def collected_under(run: CaseInHand, task: Task) -> str | None:
    """The answer that gathers this step's answers once all are in, when it is done for several people."""
    element = run.definition.diagram.elements[task.step]
    while True:
        if element.several and element.several.collect:
            return element.several.collect
        if element.inside is None:
            return None
        element = run.definition.diagram.elements[element.inside]


def save_draft(store: Store, me: Me, task_id: UUID, typed: Mapping[str, Any], now: datetime) -> None:
    """Keep what a person typed, as typed; also on a task that somebody else completed meanwhile.

    Raises NotAllowed for a stranger to the task.
    """
    task = store.task(task_id)
    if not policy.is_involved(me, task):
        raise NotAllowed
    store.save_draft(Draft(task_id, me.person.id, typed, now))


def claim(store: Store, me: Me, task_id: UUID, now: datetime) -> Task:
    """Take a task off its list, so that colleagues see that it is being done. Whoever covers takes it for the other.

    Raises AlreadyClaimed when somebody else has it, and NotAllowed for a stranger to the task.
    """
    task, case = store.lock_task(task_id)
    _refuse_closed(store, task)
    if task.person_id == me.person.id:
        return task
    if not policy.is_involved(me, task):
        raise NotAllowed
    if not policy.may_claim(me, task):
        raise AlreadyClaimed
    whose = policy.holder(me, task)
    taken = replace(task, person_id=me.person.id, done_for=whose if whose != me.person.id else None)
    return _handed(store, me, case, taken, now, f"{me.person.name} took “{task.title}”.")


def release(store: Store, me: Me, task_id: UUID, now: datetime) -> Task:
    """Put a task back on its list. Raises NotAllowed when it is not theirs to put back."""
    task, case = store.lock_task(task_id)
    _refuse_closed(store, task)
    run = prepare(store, case, now, me.person.id)
    if not policy.may_release(me, task, run.school):
        raise NotAllowed
    if task.person_id is None:
        return task
    freed = replace(task, person_id=None, done_for=None)
    return _handed(store, me, case, freed, now, f"{me.person.name} put “{task.title}” back.")


def hand_over(store: Store, me: Me, task_id: UUID, to: UUID, reason: str, now: datetime) -> Task:
    """Give a task to a colleague, who may read the case from then on. The case keeps who gave it to whom and why.

    Raises NotAllowed when it is not theirs to give.
    """
    task, case = store.lock_task(task_id)
    _refuse_closed(store, task)
    run = prepare(store, case, now, me.person.id)
    if not policy.may_hand_over(me, task, run.school):
        raise NotAllowed
    person = _colleague(store, task, to)
    reason = reason_of(reason)
    run.writes.tell(to, f"A task for you: {task.title}", f"{me.person.name} handed you this: {reason}", task.id)
    text = f"{me.person.name} handed “{task.title}” to {person.name}: {reason}"
    run.writes.note(EntryKind.HANDED, text, me.person.id, task.step)
    handed = replace(task, person_id=to, done_for=None)
    store.save_task(handed)
    write(run)
    return handed


def _colleague(store: Store, task: Task, to: UUID) -> Person:
    if to == task.person_id:
        raise BadDetails({"to": "They have this task already"})
    person = store.people([to]).get(to)
    if person is None or not person.active:
        raise BadDetails({"to": "Choose somebody who works here at the moment"})
    return person


def _handed(store: Store, me: Me, case: Case, task: Task, now: datetime, text: str) -> Task:
    run = prepare(store, case, now, me.person.id)
    run.writes.note(EntryKind.HANDED, text, me.person.id, task.step)
    store.save_task(task)
    write(run)
    return task


def extend(store: Store, me: Me, task_id: UUID, until: str, reason: str, now: datetime) -> Task:
    """Give a task a later deadline, for a reason. until: a date (2026-12-03) or words (“3 school days”).

    Raises NotAllowed for a second time or a stranger, and CaseNotOpen while the case is paused.
    """
    task, case = store.lock_task(task_id)
    _refuse_closed(store, task)
    run = prepare(store, case, now, me.person.id)
    if not policy.may_extend(me, task, run.school):
        held = policy.holder(me, task) is not None
        raise NotAllowed("You have extended this task once. Ask your director to extend it again." if held else "")
    if case.status is CaseStatus.PAUSED:
        raise CaseNotOpen("This case is paused: its deadlines move by themselves when it goes on.")
    reason = reason_of(reason)
    later = replace(task, due_at=_later(run, task, until), extended=task.extended + 1)
    store.save_task(later)
    store.drop_jobs([chase_key(task)])
    job = first_chase(later, rows_for(run.table, store.roles().get(task.role)), run.calendar, after=now)
    run.writes.jobs.extend([job] if job else [])
    text = f"{me.person.name} extended “{task.title}” to {_day(later)}: {reason}"
    run.writes.note(EntryKind.DEADLINE, text, me.person.id, task.step)
    write(run)
    return later


def _later(run: CaseInHand, task: Task, until: str) -> datetime:
    try:
        moment = due_at(until, run.now, run.calendar)
    except ValueError as error:
        raise BadDetails({"until": "Enter a date, like 3 12 2026"}) from error
    if moment <= run.now:
        raise BadDetails({"until": "The new date must be after today"})
    if moment > run.now + FURTHEST:
        raise BadDetails({"until": "The new date must be within two years"})
    if task.due_at and moment <= task.due_at:
        raise BadDetails({"until": f"The new date must be after {_day(task)}, when it is due now"})
    return moment


def _day(task: Task) -> str:
    return day_of_month(task.due_at.astimezone(LONDON)) if task.due_at else "later"


def attach(store: Store, me: Me, task_id: UUID, files: Sequence[Evidence]) -> None:
    """Keep files with a task that is still open."""
    task, case = store.lock_task(task_id)
    _may_do(store, me, task, case)
    _add(store, case, task, files)


def _add(store: Store, case: Case, task: Task, files: Sequence[Evidence]) -> None:
    if files:
        refuse_other_files(store.definition(case.version_id).form_of(task.step), files)
    for evidence in files:
        store.add_evidence(replace(evidence, case_id=case.id, task_id=task.id))


def detach(store: Store, me: Me, evidence_id: UUID) -> Evidence:
    """Take back a file from a task that is still open. Raises NotAllowed unless they attached it themselves."""
    evidence = store.evidence(evidence_id)
    if evidence.task_id is None or evidence.by != me.person.id:
        raise NotAllowed
    task, case = store.lock_task(evidence.task_id)
    _may_do(store, me, task, case)
    store.drop_evidence(evidence_id)
    return evidence


def complete_action(store: Store, me: Me, action_id: UUID, outcome: str, now: datetime) -> None:
    """Tick off an action, saying what came of it. Raises NotAllowed, AlreadyDone, BadDetails.

    Raises AlreadyDone when somebody has, and NotAllowed when it is not on a list of theirs.
    """
    action = store.action(action_id)
    if not policy.may_do_action(me, action):
        raise NotAllowed
    if action.done_at and action.done_by:
        raise AlreadyDone(
            "Somebody has ticked this off already.", by=store.person(action.done_by).name, at=action.done_at
        )
    run = prepare(store, store.lock_case(action.case_id), now, me.person.id)
    came_of_it = several_lines(outcome)
    if wrong := too_long("What came of it", came_of_it, LONGEST_OUTCOME):
        raise BadDetails({"outcome": wrong})
    note = "\n\n".join(part for part in (action.note, came_of_it) if part)
    store.save_action(replace(action, done_at=now, done_by=me.person.id, note=note or None))
    told = f" {came_of_it}" if came_of_it else ""
    run.writes.note(EntryKind.ACTION, f"{me.person.name} did the action: {action.title}.{told}", me.person.id)
    write(run)
