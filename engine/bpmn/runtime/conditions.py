"""Looking at the rules that events wait for: all in one call, whenever a case has moved and answers may be others."""

from __future__ import annotations

from SpiffWorkflow.task import Task

from engine.bpmn.runtime.specs.waits import Condition
from engine.bpmn.runtime.workflow import Workflow, scope_of
from engine.errors import ExpressionStopped
from engine.rules import feel
from engine.rules.feel import Told
from engine.rules.texts import value_of

HELD = "held"  # kept by an event whose rule was true already


def run_on(run: Workflow) -> None:
    """Run on until only people, times, messages and answers are awaited, and no rule that is waited for is true."""
    run.go()
    looked: object = None
    while run.prepared.looks:
        watched = [task for task in run.tasks.values() if is_watched(task)]
        now = (run.knows.written, [task.id for task in watched])
        if not watched or now == looked:
            return
        looked = now
        _look(run, watched)
        run.go()


def is_watched(task: Task) -> bool:
    """Whether this waits for a rule to become true."""
    return isinstance(getattr(task.task_spec, "event_definition", None), Condition)


def _look(run: Workflow, watched: list[Task]) -> None:
    for task, told in zip(watched, _told(run, watched), strict=True):
        if run.tasks.get(task.id) is not task:
            continue
        run.at_task(task)
        held = _holds(task, told)
        if held and not task.internal_data.get(HELD):
            task.internal_data[HELD] = True
            task.task_spec.ring(task)
        elif not held:
            task.internal_data.pop(HELD, None)


def _told(run: Workflow, watched: list[Task]) -> list[Told]:
    asked = [task.task_spec.question for task in watched]
    shared = run.knows.some(frozenset().union(*(question.reads for question in asked)))
    own = [run.knows.own(question.reads, scope_of(task)) for question, task in zip(asked, watched, strict=True)]
    return list(feel.evaluate([ask for question in asked for ask in question.asks], shared, own))


def _holds(task: Task, told: Told) -> bool:
    """Whether the rule is true. One that is empty is not: what it reads has not been answered."""
    what = f"The rule that “{task.task_spec.element.name or task.task_spec.element.id}” waits for"
    value = value_of(told, what)
    if value is None or value is True or value is False:
        return bool(value)
    raise ExpressionStopped(f"{what} is neither true nor false.")
