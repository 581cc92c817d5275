"""What a person does with a task: complete it, keep a draft, take it, hand it on, put it off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from engine import policy
from engine.bpmn import forms, runner
from engine.bpmn.forms import Form
from engine.commands.cases import by_question
from engine.commands.chasing import first_chase
from engine.commands.running import Run, prepare, settle
from engine.errors import AlreadyClaimed, AlreadyDone, BadDetails, CaseNotOpen, NeedsAReason, NotAllowed
from engine.model.calendar import LONDON, due_at
from engine.model.casework import (
    Case,
    CaseStatus,
    Draft,
    EntryKind,
    Evidence,
    Submission,
    Task,
    TaskStatus,
)
from engine.model.people import Me
from engine.ports import Store

Posted = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Opened:
    """A task as somebody opens it: nothing is held or written."""

    task: Task
    run: Run
    whose: UUID | None  # whose it is when this person does it; None: not theirs to do

    @property
    def case(self) -> Case:
        """The case it belongs to."""
        return self.run.case

    @cached_property
    def form(self) -> Form | None:
        """What it asks, None when it is done by saying so."""
        return self.run.drawn.form_of(self.task.step)

    @cached_property
    def names(self) -> dict[str, Any]:
        """Every name that a rule of its form may read."""
        return runner.names_for(self.run.drawn, self.case.answers, self.run.facts, self.task.scope)


def open_task(store: Store, me: Me, task_id: UUID, now: datetime) -> Opened:
    """A task with all that its page is made from. Whoever does it, did it or may give it to somebody else opens it."""
    task = store.task(task_id)
    run = prepare(store, store.case(task.case_id), now, me.person.id)
    if task.done_by != me.person.id and not policy.may_hand_over(me, task, run.school):
        raise NotAllowed("This task is with somebody else.")
    return Opened(task, run, policy.holder(me, task))


def complete_task(
    store: Store, me: Me, task_id: UUID, posted: Posted, now: datetime, files: Sequence[Evidence] = ()
) -> Case:
    """Record a person's answers and let the case run on to its next rest. files: sent together with the answers."""
    task, case = store.lock_task(task_id)
    whose = _may_do(store, me, task, case)
    run = prepare(store, case, now, me.person.id)
    _add(store, run.case, task, files)
    answers = _checked(run, task, posted)

    rest = runner.complete(run.drawn, case.state, case.answers, task.token, answers, run.facts)

    done = replace(
        task,
        status=TaskStatus.DONE,
        done_by=me.person.id,
        done_for=whose if whose != me.person.id else None,
        done_at=now,
    )
    store.save_task(done)
    store.add_submission(_submission(run, done, answers))
    store.drop_draft(task_id, me.person.id)
    run.writes.note(EntryKind.DONE, f"{me.person.name} completed “{task.title}”.", me.person.id, task.step)
    return settle(run, rest, store.save_case, task.token)


def _may_do(store: Store, me: Me, task: Task, case: Case) -> UUID:
    """Whose task it is when this person does it; refuses what is done, not theirs or not open."""
    whose = policy.holder(me, task)
    if whose is None and task.done_by != me.person.id:
        raise NotAllowed
    _refuse_closed(store, task)
    if case.status is CaseStatus.ATTENTION:
        raise CaseNotOpen("This case needs attention before anybody can go on. What you typed is kept.")
    if case.status is not CaseStatus.OPEN or whose is None:
        raise CaseNotOpen
    return whose


def _refuse_closed(store: Store, task: Task) -> None:
    if task.status is TaskStatus.DONE and task.done_by and task.done_at:
        name = store.person(task.done_by).name
        at = f"{task.done_at.astimezone(LONDON):%-d %B at %H:%M}"
        raise AlreadyDone(f"{name} completed this task on {at}. What you typed is kept.", by=name, at=task.done_at)
    if task.status is not TaskStatus.OPEN:
        raise CaseNotOpen("The case moved on, so this task is not needed any more. What you typed is kept.")


def _checked(run: Run, task: Task, posted: Posted) -> dict[str, Any]:
    form = run.drawn.form_of(task.step)
    if form is None:
        return {}
    names = runner.names_for(run.drawn, run.case.answers, run.facts, task.scope)
    return forms.check(form, posted, names, attached(run.store, form, task.id))


def attached(store: Store, form: Form, task_id: UUID) -> dict[str, list[str]]:
    """The ids of a task's files by the question they answer. A form without such questions costs nothing."""
    return by_question(store.evidence_of(task_id)) if form.files else {}


def _submission(run: Run, task: Task, answers: Mapping[str, Any]) -> Submission:
    several = collected_under(run, task)
    return Submission(uuid4(), run.case.id, task.id, task.step, task.done_by or task.id, run.now, answers, several)


def collected_under(run: Run, task: Task) -> str | None:
    """The answer that gathers this step's answers once all are in, when it is done for several people."""
    element = run.drawn.diagram.elements[task.step]
    while True:
        if element.several and element.several.collect:
            return element.several.collect
        if element.inside is None:
            return None
        element = run.drawn.diagram.elements[element.inside]


def save_draft(store: Store, me: Me, task_id: UUID, typed: Mapping[str, Any], now: datetime) -> None:
    """Keep what a person typed, as typed; also on a task that somebody else completed meanwhile."""
    task = store.task(task_id)
    if policy.holder(me, task) is None and not policy.may_manage(me, None):
        raise NotAllowed
    store.save_draft(Draft(task_id, me.person.id, typed, now))


def claim(store: Store, me: Me, task_id: UUID, now: datetime) -> Task:
    """Take a task off its list, so that colleagues see that it is being done."""
    task, case = store.lock_task(task_id)
    _refuse_closed(store, task)
    if task.person_id not in (None, me.person.id):
        raise AlreadyClaimed
    if policy.holder(me, task) is None:
        raise NotAllowed
    taken = replace(task, person_id=me.person.id)
    return _handed(store, me, case, taken, now, f"{me.person.name} took “{task.title}”.")


def release(store: Store, me: Me, task_id: UUID, now: datetime) -> Task:
    """Put a task back on its list."""
    task, case = store.lock_task(task_id)
    _refuse_closed(store, task)
    if not policy.may_release(me, task):
        raise NotAllowed
    freed = replace(task, person_id=None)
    return _handed(store, me, case, freed, now, f"{me.person.name} put “{task.title}” back.")


def hand_over(store: Store, me: Me, task_id: UUID, to: UUID, reason: str, now: datetime) -> Task:
    """Give a task to a colleague. The case keeps who gave it to whom and why."""
    task, case = store.lock_task(task_id)
    _refuse_closed(store, task)
    run = prepare(store, case, now, me.person.id)
    if not policy.may_hand_over(me, task, run.school):
        raise NotAllowed
    person = store.person(to)
    if not person.active:
        raise BadDetails({"to": "Choose somebody who works here at the moment"})
    if not reason.strip():
        raise NeedsAReason
    run.writes.tell(to, f"A task for you: {task.title}", f"{me.person.name} handed you this: {reason.strip()}", task.id)
    text = f"{me.person.name} handed “{task.title}” to {person.name}: {reason.strip()}"
    run.writes.note(EntryKind.HANDED, text, me.person.id, task.step)
    handed = replace(task, person_id=to)
    store.save_task(handed)
    run.writes.flush(store)
    return handed


def _handed(store: Store, me: Me, case: Case, task: Task, now: datetime, text: str) -> Task:
    run = prepare(store, case, now, me.person.id)
    run.writes.note(EntryKind.HANDED, text, me.person.id, task.step)
    store.save_task(task)
    run.writes.flush(store)
    return task


def extend(store: Store, me: Me, task_id: UUID, until: str, reason: str, now: datetime) -> Task:
    """Give a task a later deadline, for a reason. until: a date (2026-12-03) or words (“3 school days”)."""
    task, case = store.lock_task(task_id)
    _refuse_closed(store, task)
    run = prepare(store, case, now, me.person.id)
    if not policy.may_extend(me, task, run.school):
        raise NotAllowed("You have extended this task once. Ask your director to extend it again.")
    if not reason.strip():
        raise NeedsAReason
    later = replace(task, due_at=_later(run, task, until), extended=task.extended + 1)
    store.save_task(later)
    store.drop_jobs([f"chase:{task.id}"])
    job = first_chase(later, run.table, run.calendar, after=now)
    run.writes.jobs.extend([job] if job else [])
    text = f"{me.person.name} extended “{task.title}” to {_day(later)}: {reason.strip()}"
    run.writes.note(EntryKind.DEADLINE, text, me.person.id, task.step)
    run.writes.flush(store)
    return later


def _later(run: Run, task: Task, until: str) -> datetime:
    try:
        moment = due_at(until, run.now, run.calendar)
    except ValueError as error:
        raise BadDetails({"until": "Enter a date, like 3 12 2026"}) from error
    if moment <= run.now:
        raise BadDetails({"until": "The new date must be after today"})
    if task.due_at and moment <= task.due_at:
        raise BadDetails({"until": f"The new date must be after {_day(task)}, when it is due now"})
    return moment


def _day(task: Task) -> str:
    return f"{task.due_at.astimezone(LONDON):%-d %B}" if task.due_at else "later"


def attach(store: Store, me: Me, task_id: UUID, files: Sequence[Evidence]) -> None:
    """Keep files with a task that is still open."""
    task, case = store.lock_task(task_id)
    _may_do(store, me, task, case)
    _add(store, case, task, files)


def _add(store: Store, case: Case, task: Task, files: Sequence[Evidence]) -> None:
    for evidence in files:
        store.add_evidence(replace(evidence, case_id=case.id, task_id=task.id))


def detach(store: Store, me: Me, evidence_id: UUID) -> Evidence:
    """Take back a file from a task that is still open."""
    evidence = store.evidence(evidence_id)
    if evidence.task_id is None or evidence.by != me.person.id:
        raise NotAllowed
    task, case = store.lock_task(evidence.task_id)
    _may_do(store, me, task, case)
    store.drop_evidence(evidence_id)
    return evidence


def complete_action(store: Store, me: Me, action_id: UUID, outcome: str, now: datetime) -> None:
    """Tick off an action, saying what came of it."""
    action = store.action(action_id)
    if not policy.may_do_action(me, action):
        raise NotAllowed
    if action.done_at and action.done_by:
        raise AlreadyDone(
            "Somebody has ticked this off already.", by=store.person(action.done_by).name, at=action.done_at
        )
    run = prepare(store, store.lock_case(action.case_id), now, me.person.id)
    came_of_it = outcome.strip()
    note = "\n\n".join(part for part in (action.note, came_of_it) if part)
    store.save_action(replace(action, done_at=now, done_by=me.person.id, note=note or None))
    told = f" {came_of_it}" if came_of_it else ""
    run.writes.note(EntryKind.ACTION, f"{me.person.name} did the action: {action.title}.{told}", me.person.id)
    run.writes.flush(store)
