"""Letting a case run on: from a rest the runner returned to rows that everybody sees."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from engine.bpmn.diagram.elements import Kind, Trigger
from engine.bpmn.runtime import runner
from engine.bpmn.runtime.rest import Rest, Thrown, Timer, Waiting
from engine.casework import post
from engine.casework.confidentiality import named
from engine.casework.context import CaseInHand
from engine.casework.reminders import first_chase
from engine.casework.rounds import first_round
from engine.casework.words import carry_out
from engine.casework.words.roles import role_key
from engine.casework.write import write
from engine.errors import CaseStuck, at_step
from engine.model.calendar import CalendarEnds, due_at
from engine.model.casework import Case, CaseStatus, Entry, EntryKind, Job, JobKind, Task
from engine.model.people import Person
from engine.model.reminders import rows_for

ENDS_OTHERS = frozenset({Trigger.TERMINATE, Trigger.ERROR, Trigger.CANCEL})
MOST_SHOWN = 60  # characters of what is not a time


def settle(
    run: CaseInHand,
    rest: Rest,
    keep: Callable[[Case], None],
    done_token: str | None = None,
    fired_token: str | None = None,
) -> Case:
    """Answer what the case asks, then write down where it rests: state, tasks, timers, effects and journal.

    keep: how the case's own row is written (added or saved). done_token: the task just completed, written already.
    fired_token: the timer whose moment has come, its job taken out of the queue already.
    """
    run.called = carry_out.roles_called(run, rest)
    rest = carry_out.answer_all(run, rest)
    for said in rest.said:
        if said.answer_to is None:
            carry_out.carry_out(run, said)
    _milestones(run, rest)
    post.send_all(run, rest)
    ended = _ended(rest)
    case = replace(
        run.case,
        state=rest.state,
        answers=rest.answers,
        status=CaseStatus.ENDED if ended else CaseStatus.OPEN,
        ended_at=run.now if ended else None,
        end=rest.ended_at if ended else None,
        reason=None,
    )
    run.case = case
    run.writes.jobs = [job for job in run.writes.jobs if job.token not in rest.gone]  # asked for, then cut short
    tasks = new_tasks(run, rest)
    run.writes.jobs.extend(_timer_job(run, timer) for timer in rest.timers if timer.token in rest.begun)
    if ended:
        _end(run, rest)
    _say_escalated(run, rest)
    keep(case)
    _write(run, rest, tasks, rest.gone - {done_token, fired_token}, rest.gone - {fired_token})
    return case


def _milestones(run: CaseInHand, rest: Rest) -> None:
    """A line of the journal for each empty circle that the case went through."""
    elements = run.definition.diagram.elements
    for id in rest.passed:
        if (element := elements.get(id)) and element.is_milestone:
            run.writes.note(EntryKind.MILESTONE, f"Reached: {element.name}.", step=id)


def _ended(rest: Rest) -> bool:
    return rest.ended_at is not None


def _write(
    run: CaseInHand, rest: Rest, tasks: Sequence[Task], withdrawn: Collection[str], left_behind: Collection[str]
) -> None:
    """withdrawn, left_behind: the visits whose tasks, and whose timers and reminders, are nobody's any more."""
    if withdrawn:
        run.store.withdraw_tasks(run.case.id, withdrawn, run.now)
    if left_behind:
        run.store.drop_case_jobs(run.case.id, left_behind)
    if tasks:
        run.store.add_tasks(tasks)
    if run.definition.diagram.hears:
        post.note_waits(run, rest)
    _tell_called(run, rest)
    write(run)


def _cuts_short(run: CaseInHand, id: str) -> bool:
    """Whether passing an element can end what others wait for: an event that interrupts, an end of everything."""
    element = run.definition.diagram.elements.get(id)
    if element is None:
        return False
    return element.trigger in ENDS_OTHERS or (element.kind in (Kind.BOUNDARY, Kind.START) and element.interrupting)


def _tell_called(run: CaseInHand, rest: Rest) -> None:
    """A case that this one waited for and does not any more goes on by itself, and its journal says so."""
    if not run.definition.diagram.waits_for_procedures or not any(_cuts_short(run, id) for id in rest.passed):
        return
    for called in run.store.cases_waiting_on(run.case.id):
        if called.parent_token in rest.gone:
            sentence = f"{named(run.case)} does not wait for this case any more."
            run.store.add_entries([Entry(uuid4(), called.id, run.now, EntryKind.PROCEDURE, sentence)])


def _end(run: CaseInHand, rest: Rest) -> None:
    element = run.definition.diagram.elements.get(run.case.end or "")
    name = element.name if element else "the end"
    run.writes.note(EntryKind.ENDED, f"The case ended: {name}.", step=run.case.end)
    tell_parent(run, name, next((one for one in rest.thrown if one.trigger is Trigger.ERROR), None))


def _say_escalated(run: CaseInHand, rest: Rest) -> None:
    """Let the case that waits for this one hear what nobody here has caught, while this one goes on."""
    for one in rest.thrown:
        if one.trigger is Trigger.ESCALATION:
            tell_parent(run, one.name, one)


def tell_parent(run: CaseInHand, outcome: str, threw: Thrown | None = None) -> None:
    """Let the case that asked for this one go on. threw: an error that ended this one, or an escalation."""
    if run.case.parent_id and run.case.parent_token:
        payload: dict[str, Any] = {"token": run.case.parent_token, "child": str(run.case.id)}
        payload |= {"ref": run.case.ref, "end": outcome}
        if threw:
            payload["threw"] = {"trigger": threw.trigger.value, "name": threw.name}
        key = f"return:{run.case.id}"
        if threw and threw.trigger is Trigger.ESCALATION:
            key = f"{key}:{uuid4()}"
        run.writes.jobs.append(Job(uuid4(), JobKind.RETURN, key, run.now, payload, run.case.parent_id))


def _timer_job(run: CaseInHand, timer: Timer) -> Job:
    if timer.cycle:
        return _cycle_job(run, timer)
    with at_step(timer.step):
        at = when(run, timer.words, run.definition.diagram.elements[timer.step].name)
    key = f"wake:{run.case.id}:{timer.token}"
    payload = {"words": timer.words, "from": run.now.astimezone(UTC).isoformat()}
    return Job(uuid4(), JobKind.WAKE, key, at, payload, run.case.id, timer.token)


def _cycle_job(run: CaseInHand, timer: Timer) -> Job:
    """A timer at the first moment that its words come round. Where the calendar knows none it waits for one."""
    key = f"wake:{run.case.id}:{timer.token}"
    payload = {"words": timer.words, "from": run.now.astimezone(UTC).isoformat()}
    wanted = Job(uuid4(), JobKind.WAKE, key, run.now, payload, run.case.id, timer.token)
    return first_round(wanted, run.calendar, run.now)


def when(run: CaseInHand, words: str, what: str) -> datetime:
    """The moment that a deadline or a timer comes to; a rule may have made its words from anything.

    Raises CaseStuck where they cannot be read, or the calendar cannot tell.
    """
    try:
        return due_at(words, run.now, run.calendar)
    except CalendarEnds as error:
        why = "the calendar has too few open days ahead"
        raise CaseStuck(f"When “{what}” is due ({words}) could not be worked out: {why}.") from error
    except ValueError as error:
        shown = words if len(words) <= MOST_SHOWN else f"{words[:MOST_SHOWN]}…"
        raise CaseStuck(f"When “{what}” is due could not be worked out: “{shown}” is not a time.") from error


def new_tasks(run: CaseInHand, rest: Rest) -> list[Task]:
    """The tasks that begin with this rest, each with its people, deadline and first reminder."""
    begun = [waiting for waiting in rest.waiting if waiting.token in rest.begun]
    if not begun:
        return []
    details = runner.details(run.definition, begun, rest.answers, run.facts)
    known = _known(run, details)
    tasks = [_task(run, waiting, detail, known) for waiting, detail in zip(begun, details, strict=True)]
    for task in tasks:
        job = first_chase(task, rows_for(run.table, run.near.roles.get(task.role)), run.calendar)
        if job:
            run.writes.jobs.append(job)
    return tasks


def _known(run: CaseInHand, details: Sequence[runner.Details]) -> dict[str, Person]:
    """The people whom rules have named, by what they gave: whom a task is for, and whom it is about."""
    said = {text for detail in details for text in (detail.assignee, detail.item_text) if text}
    ids = {text: found for text in said if (found := _as_id(text))}
    people = run.store.people(set(ids.values())) if ids else {}
    return {text: people[found] for text, found in ids.items() if found in people}


def _as_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _task(run: CaseInHand, waiting: Waiting, detail: runner.Details, known: Mapping[str, Person]) -> Task:
    """Whoever is named but does not work here any more has no task: it waits on its list."""
    person, about = known.get(detail.assignee or ""), known.get(detail.item_text or "")
    element = run.definition.diagram.elements[waiting.step]
    role = role_key(run, element.role or "")
    found = run.near.find(role)
    with at_step(waiting.step):
        due_at = when(run, detail.due, element.name) if detail.due else None
    return Task(
        id=uuid4(),
        case_id=run.case.id,
        step=waiting.step,
        title=element.name,
        role=role,
        pool=found.pool,
        token=waiting.token,
        ready_at=run.now,
        due_at=due_at,
        due_words=detail.due,
        scope=waiting.scope,
        item=about.name if about else detail.item_text,
        person_id=person.id if person and person.active else None,
        fallen=found.fallen,
    )
