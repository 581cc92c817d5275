"""Starts, ends, timers and messages. Nothing here knows the time: a timer fires when the runner is told that its
moment has come.
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent, IntermediateCatchEvent
from SpiffWorkflow.bpmn.specs.event_definitions import (
    MessageEventDefinition,
    NoneEventDefinition,
    TerminateEventDefinition,
)
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.runtime.plan import ProcedureSpec
from engine.bpmn.runtime.specs.blocks import MultiInstance
from engine.bpmn.runtime.specs.moves import Moves
from engine.bpmn.runtime.workflow import Workflow
from engine.errors import ExpressionStopped
from engine.model.calendar import read_deadline
from engine.model.cycles import read_cycle
from engine.rules.texts import Text, value_of


class StartEvent(Moves, defaults.StartEvent):
    """Where the case or a block begins."""

    def __init__(self, plan: ProcedureSpec, name: str) -> None:
        super().__init__(plan, name, NoneEventDefinition())


class EndEvent(Moves, defaults.EndEvent):
    """An end; a terminating one empties the block, or the case, it stands in."""

    def __init__(self, plan: ProcedureSpec, name: str, everything: bool) -> None:
        super().__init__(plan, name, TerminateEventDefinition() if everything else NoneEventDefinition())
        self.everything = everything

    def _run_hook(self, my_task: Task) -> bool:
        return True

    def _on_complete_hook(self, my_task: Task) -> None:
        run: Workflow = my_task.workflow
        run.passed.append(self.element.id)
        if self.everything:
            for other in my_task.parent.children:
                if other is not my_task and other.id in run.tasks:
                    run.drop(other)
        if my_task.parent is run.task_tree:
            run.ended_at = self.element.id


class TimerDefinition(TimerEventDefinition):
    """A wish to be woken. Fires only when told; the library's timers read the clock."""

    def __init__(self, name: str, words: str) -> None:
        super().__init__(name, words)
        self.text = Text(words)

    def words(self, task: Task) -> str:
        """When, in words: as drawn, or as its rule gave it when the timer began."""
        return str(task.internal_data.get("words") or self.expression)


class Waits(Moves):
    """What timers and messages share: they rest, and are rung by the runner."""

    rests = True

    def ring(self, my_task: Task) -> None:
        """The moment or the message has come."""
        my_task.workflow.win(my_task)
        my_task._set_internal_data(event_fired=True)
        self._update(my_task)  # type: ignore[attr-defined]

    def _on_ready_hook(self, my_task: Task) -> None:
        my_task.workflow.enqueue(my_task)

    def _run_hook(self, my_task: Task) -> bool:
        return True


class Timed(Waits):
    """A wait whose moment may be worked out by FEEL when it begins."""

    event_definition: TimerDefinition

    def _update_hook(self, my_task: Task) -> bool | None:
        if self.question.asks and "words" not in my_task.internal_data:
            my_task.internal_data["words"] = self._worked_out(my_task)
        fired: bool | None = super()._update_hook(my_task)  # type: ignore[misc]
        return fired

    def _worked_out(self, my_task: Task) -> str:
        what = f"When “{self.element.name or self.element.id}” is to happen"
        told = my_task.workflow.work_out(my_task, self.question)
        words = self.event_definition.text.filled([value_of(each, what) for each in told])
        return cycle(words, what) if self.element.comes_round else moment(words, what)


def cycle(value: Any, what: str) -> str:
    """A cycle that FEEL gave: words such as "every Monday". Raises ExpressionStopped for anything else."""
    if not isinstance(value, str):
        raise ExpressionStopped(f"{what} is not known: the rule does not give words like “every Monday”.")
    try:
        read_cycle(value)
    except ValueError as error:
        raise ExpressionStopped(f"{what} cannot be read. {error}") from error
    return value


def moment(value: Any, what: str) -> str:
    """A moment that FEEL gave: words such as "3 school days", or a date or duration in ISO.

    Raises ExpressionStopped for anything else.
    """
    if not isinstance(value, str):
        raise ExpressionStopped(f"{what} is not known: the rule gives neither a date nor words like “3 school days”.")
    try:
        read_deadline(value)
    except ValueError as error:
        raise ExpressionStopped(f"{what} cannot be read. {error}") from error
    return value


class TimerCatch(Timed, IntermediateCatchEvent):
    """The case waits for a moment."""

    def __init__(self, plan: ProcedureSpec, name: str, words: str) -> None:
        super().__init__(plan, name, TimerDefinition(name, words))


class MessageCatch(Waits, IntermediateCatchEvent):
    """The case waits for a message."""

    def __init__(self, plan: ProcedureSpec, name: str, message: str) -> None:
        super().__init__(plan, name, MessageEventDefinition(message))


class ReceiveTask(MessageCatch):
    """A step at which the case waits for a message. Unlike an event it may have events on its edge."""

    def _update_hook(self, my_task: Task) -> bool | None:
        begins = my_task.state == TaskState.FUTURE
        come: bool | None = super()._update_hook(my_task)
        if begins:
            self.watch(my_task)
        return come


class BoundaryTimer(Timed, BoundaryEvent):
    """A timer on the edge of a step or a block: it ends it, or starts something beside it."""

    def __init__(self, plan: ProcedureSpec, name: str, words: str, interrupting: bool) -> None:
        super().__init__(plan, name, TimerDefinition(name, words), cancel_activity=interrupting)

    def ring(self, my_task: Task) -> None:
        """Its moment has come. One that comes round stays on the edge until it has come as often as drawn."""
        if self.cancel_activity or not self.element.comes_round:
            super().ring(my_task)
            return
        run: Workflow = my_task.workflow
        rung = my_task.internal_data.get("rung", 0) + 1
        my_task._set_internal_data(rung=rung)
        run.passed.append(self.element.id)
        run.follow(my_task, self.ways(my_task))
        if rung == read_cycle(self.event_definition.words(my_task)).times:
            run.drop(my_task)

    def _on_complete_hook(self, my_task: Task) -> None:
        run = my_task.workflow
        host = run.tasks.get(my_task.internal_data["host"])
        if self.cancel_activity and host is not None:
            if isinstance(host.task_spec, MultiInstance):
                host.task_spec.gather(host)
            del my_task.internal_data["host"]  # else it would go with its host
            run.drop(host)
        super()._on_complete_hook(my_task)
