"""What a run shows once it has come to rest."""

from __future__ import annotations

from SpiffWorkflow.task import Task

from engine.bpmn.runtime import state
from engine.bpmn.runtime.conditions import is_watched
from engine.bpmn.runtime.rest import Awaited, Rest, Timer, Waiting, Watched
from engine.bpmn.runtime.specs.tasks import UserTask, WordTask
from engine.bpmn.runtime.specs.waits import Heard, TimerDefinition, Waits
from engine.bpmn.runtime.workflow import ROOT, Workflow, scope_of
from engine.errors import CaseStuck


def open_tokens(run: Workflow) -> set[str]:
    """Whatever waits for somebody: a person, a moment, a message or an answer."""
    kinds = (UserTask, Waits, WordTask)
    return {task.id for task in run.tasks.values() if isinstance(task.task_spec, kinds)}


def rest_of(run: Workflow, before: set[str]) -> Rest:
    """Where a run has come to rest. before: what was open when it began.

    Raises CaseStuck when nothing that it waits for can come.
    """
    tasks = [task for task in run.tasks.values() if task.id != ROOT]
    after = open_tokens(run)
    if tasks and not after:
        name = tasks[-1].task_spec.element.name or "a joining gateway"
        raise CaseStuck(f"The case would wait at “{name}” for ever: what it waits for can no longer come.")
    waiting = tuple(_waiting(run, task) for task in tasks if isinstance(task.task_spec, UserTask))
    events = [task for task in tasks if isinstance(task.task_spec, Waits)]
    timers = tuple(_timer(task) for task in events if isinstance(task.task_spec.event_definition, TimerDefinition))
    awaited = tuple(_awaited(task) for task in events if isinstance(task.task_spec.event_definition, Heard))
    shown = {task.id for task in tasks if not isinstance(task.task_spec, WordTask)} & after
    asked = {said.answer_to for said in run.said if said.answer_to}  # and perhaps cut short in this very run
    return Rest(
        state=state.dump(run),
        answers=run.knows.kept(run.tasks),
        waiting=waiting,
        timers=timers,
        awaited=awaited,
        watched=tuple(Watched(task.id, task.task_spec.element.id) for task in events if is_watched(task)),
        said=tuple(run.said),
        thrown=tuple(run.thrown),
        begun=frozenset(shown - before),
        gone=frozenset((before | asked) - after),
        passed=tuple(run.passed),
        ended_at=None if tasks else run.ended_at or next(reversed(run.passed), None),
    )


def _waiting(run: Workflow, task: Task) -> Waiting:
    step, scope = task.task_spec.element.id, scope_of(task)
    if scope is None:
        return Waiting(task.id, step)
    one = task
    while "scope" not in one.internal_data:
        one = one.parent
    item = one.task_spec.element.several.item
    return Waiting(task.id, step, scope, run.knows.items[scope].get(item))


def _timer(task: Task) -> Timer:
    words: str = task.task_spec.event_definition.words(task)
    return Timer(task.id, task.task_spec.element.id, words, task.task_spec.element.comes_round)


def _awaited(task: Task) -> Awaited:
    element, heard = task.task_spec.element, task.task_spec.event_definition
    return Awaited(task.id, element.id, element.named or "", heard.trigger, heard.about_what(task))
