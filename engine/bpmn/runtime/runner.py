"""Run a case from one rest to the next: values in, values out. No clock, no database, no request.

Each function starts from the state and answers a case rests with and returns where it comes to rest again. They raise
ExpressionStopped, WordRefused, CaseStuck, and CaseMovedOn for a token that is no longer open; nothing given is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from SpiffWorkflow.task import Task

from engine.bpmn.definition import Definition
from engine.bpmn.diagram.elements import Trigger
from engine.bpmn.runtime import build, catching
from engine.bpmn.runtime.come_to_rest import open_tokens, rest_of
from engine.bpmn.runtime.conditions import run_on
from engine.bpmn.runtime.library_errors import guarded
from engine.bpmn.runtime.plan import Prepared
from engine.bpmn.runtime.rest import Rest, Waiting
from engine.bpmn.runtime.specs.tasks import UserTask, WordTask
from engine.bpmn.runtime.specs.waits import Heard, TimerDefinition, Waits, moment
from engine.bpmn.runtime.state import load
from engine.bpmn.runtime.variables import Variables, number_of
from engine.bpmn.runtime.workflow import Workflow, scope_of
from engine.errors import CaseMovedOn, Refused, at_step
from engine.model.casework import Answers
from engine.rules import feel
from engine.rules.texts import in_words, value_of

_plans: WeakKeyDictionary[Definition, Prepared] = WeakKeyDictionary()
_planning = Lock()


@dataclass(frozen=True)
class Details:
    """What a task's place in the list needs, FEEL worked out."""

    due: str | None  # words such as "3 school days", or an ISO date
    assignee: str | None  # a person's id
    item_text: str | None  # what it is about, when the step is done for several


def plan_of(definition: Definition) -> Prepared:
    """What running a version takes: worked out once, and kept as long as the version is."""
    with _planning:  # the library's steps are put together by changing them, so one thread does it
        found = _plans.get(definition)
        if found is None:
            found = _plans[definition] = guarded(lambda: build.prepare(definition))
    return found


def start(definition: Definition, answers: Answers, facts: Mapping[str, Any], at: str | None = None) -> Rest:
    """Begin a case. at: the start it begins by, where it has several."""

    def begin(run: Workflow) -> None:
        run.begin(run.task_tree, None)
        run.put(at or run.prepared.begins, run.task_tree)

    return _run_on(definition, b"", answers, facts, begin)


def complete(
    definition: Definition, state: bytes, answers: Answers, token: str, new: Mapping[str, Any], facts: Mapping[str, Any]
) -> Rest:
    """A person has done a task. new: the answers of its form, cleaned."""

    def done(run: Workflow) -> None:
        task = _open(run, token, UserTask)
        run.knows.write(scope_of(task), new)
        task.run()

    return _run_on(definition, state, answers, facts, done)


def wake(definition: Definition, state: bytes, answers: Answers, token: str, facts: Mapping[str, Any]) -> Rest:
    """A timer's moment has come. Only that timer fires."""
    return _run_on(definition, state, answers, facts, lambda run: _ring(run, token, TimerDefinition))


def message(
    definition: Definition,
    state: bytes,
    answers: Answers,
    token: str,
    payload: Mapping[str, Any],
    facts: Mapping[str, Any],
) -> Rest:
    """A message or a signal has come. payload: answers it brings."""

    def heard(run: Workflow) -> None:
        run.knows.write(scope_of(_open(run, token, Waits)), payload)
        _ring(run, token, Heard)

    return _run_on(definition, state, answers, facts, heard)


def fail(
    definition: Definition,
    state: bytes,
    answers: Answers,
    token: str,
    trigger: Trigger,
    name: str,
    facts: Mapping[str, Any],
) -> Rest:
    """What a step has waited for ended with an error, or said an escalation, that nobody there has caught.

    Caught on the step's edge or further out; an error that nobody catches ends this case with it.
    """

    def failed(run: Workflow) -> None:
        task = run.tasks.get(token)
        if task is None:
            raise CaseMovedOn
        run.at_task(task)
        if not catching.caught_at(run, task, trigger, name):
            run.uncaught(task, trigger, name)

    return _run_on(definition, state, answers, facts, failed)


def reconsider(definition: Definition, state: bytes, answers: Answers, facts: Mapping[str, Any]) -> Rest:
    """Answers were changed from outside: the rules that events wait for are looked at again."""
    return _run_on(definition, state, answers, facts, lambda run: None)


def answer(
    definition: Definition, state: bytes, answers: Answers, token: str, value: Any, facts: Mapping[str, Any]
) -> Rest:
    """An asking word is answered. value: JSON, kept as the answer the step names."""

    def answered(run: Workflow) -> None:
        task = _open(run, token, WordTask)
        run.knows.write(scope_of(task), task.task_spec.answered(task, value))
        task.complete()

    return _run_on(definition, state, answers, facts, answered)


def look(definition: Definition, state: bytes, answers: Answers, facts: Mapping[str, Any]) -> Rest:
    """What a case offers as it rests. Nothing happens; nothing is said, begun or passed."""
    return guarded(lambda: _resting(load(plan_of(definition), state, answers, facts)))


def _resting(run: Workflow) -> Rest:
    return rest_of(run, open_tokens(run))


def names_for(
    definition: Definition, answers: Answers, facts: Mapping[str, Any], scope: str | None = None
) -> dict[str, Any]:
    """Every name FEEL sees at a task: all declared ones (None until answered), the item's on top, and the facts."""
    return Variables(plan_of(definition).known, answers, facts).names(scope)


def details(
    definition: Definition, waits: Sequence[Waiting], answers: Answers, facts: Mapping[str, Any]
) -> list[Details]:
    """What the list of tasks shows of these steps, all their FEEL in one call."""
    knows = Variables(plan_of(definition).known, answers, facts)
    asked = [plan_of(definition).shown[waiting.step].question for waiting in waits]
    asks = [ask for question in asked for ask in question.asks]
    shared = knows.some(frozenset().union(*(question.reads for question in asked)))
    scopes = [
        knows.own(question.reads, waiting.scope)
        for question, waiting in zip(asked, waits, strict=True)
        for _ in question.asks
    ]
    told = iter(feel.evaluate(asks, shared, scopes) if asks else [])
    found = []
    for waiting in waits:
        with at_step(waiting.step):
            found.append(_details(definition, waiting, told))
    return found


def _details(definition: Definition, waiting: Waiting, told: Any) -> Details:
    shown, name = plan_of(definition).shown[waiting.step], definition.diagram.elements[waiting.step].name
    due = shown.due.filled([value_of(next(told), f"When “{name}” is due") for _ in shown.due.rules])
    whom = shown.assignee.filled([value_of(next(told), f"Who does “{name}”") for _ in shown.assignee.rules])
    return Details(
        due=moment(due, f"When “{name}” is due") if due not in ("", None) else None,
        assignee=str(whom) if whom else None,
        item_text=(in_words(waiting.item) or f"Number {number_of(waiting.scope)}") if waiting.scope else None,
    )


def _run_on(
    definition: Definition, state: bytes, answers: Answers, facts: Mapping[str, Any], act: Callable[[Workflow], None]
) -> Rest:
    def work() -> Rest:
        run = load(plan_of(definition), state, answers, facts)
        before = open_tokens(run)
        try:
            act(run)
            run_on(run)
            return rest_of(run, before)
        except Refused as refusal:
            refusal.step = refusal.step or run.at
            raise

    return guarded(work)


def _open(run: Workflow, token: str, kind: type) -> Task:
    """The task a token names, still open and of this kind."""
    task: Task | None = run.tasks.get(token)
    if task is None or not isinstance(task.task_spec, kind):
        raise CaseMovedOn
    run.at_task(task)
    return task


def _ring(run: Workflow, token: str, kind: type) -> None:
    task = _open(run, token, Waits)
    if not isinstance(task.task_spec.event_definition, kind):
        raise CaseMovedOn
    task.task_spec.ring(task)
