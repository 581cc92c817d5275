"""Events a case waits for: a moment, a message, a signal, a rule that becomes true.

In the middle of the way, on the edge of a step, or as the start of a block that begins by itself, all rest and are rung
alike.

Nothing here knows the time, and nothing hears: an event happens when the runner is told so. An event that interrupts
nothing stays, and happens again when it comes again; a moment only when it comes round.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent, IntermediateCatchEvent
from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.diagram.elements import Trigger
from engine.bpmn.runtime.catching import interrupt
from engine.bpmn.runtime.plan import ProcedureSpec
from engine.bpmn.runtime.rest import as_subject
from engine.bpmn.runtime.specs.blocks import SubProcess
from engine.bpmn.runtime.specs.moves import Moves
from engine.bpmn.runtime.workflow import Workflow, scope_of
from engine.errors import ExpressionStopped
from engine.model.calendar import read_deadline
from engine.model.cycles import read_cycle
from engine.rules.texts import Text, value_of


class TimerDefinition(TimerEventDefinition):
    """A wish to be woken. Fires only when told; the library's timers read the clock."""

    def __init__(self, name: str, words: str) -> None:
        super().__init__(name, words)
        self.text = Text(words)

    def words(self, task: Task) -> str:
        """When, in words: as drawn, or as its rule gave it when the timer began."""
        return str(task.internal_data.get("words") or self.expression)


class Heard(EventDefinition):
    """A message or a signal. `about`: the answer that says which of several waits one is meant for."""

    def __init__(self, trigger: Trigger, heard: str, about: str) -> None:
        super().__init__(heard)
        self.trigger, self.heard, self.about = trigger, heard, about

    def about_what(self, task: Task) -> str | None:
        """What this wait is about, empty while it is not known; None for one that is about its school."""
        if not self.about:
            return None
        return as_subject(task.workflow.knows.some([self.about], scope_of(task)).get(self.about))


class Condition(EventDefinition):
    """A rule that is looked at whenever the case has moved: it happens once the rule is true."""


class Caught(EventDefinition):
    """An error, an escalation, a cancelled block: nothing waits for it; whoever throws it finds it."""


Definition = TimerDefinition | Heard | Condition | Caught


class Waits(Moves):
    """What every event that is waited for shares: it rests, and is rung by the runner."""

    rests = True
    event_definition: Definition

    def ring(self, my_task: Task) -> None:
        """It has come. Whatever raced it to be first is withdrawn."""
        my_task.workflow.win(my_task)
        if not self.ends_its_wait(my_task) and self._comes_again(my_task):
            my_task.workflow.put(my_task.task_spec.name, my_task.parent, event_fired=True)
            return
        my_task._set_internal_data(event_fired=True)
        self._update(my_task)  # type: ignore[attr-defined]

    def _comes_again(self, my_task: Task) -> bool:
        """Whether it may come once more: a moment only when it comes round, as often as drawn."""
        definition = self.event_definition
        if not isinstance(definition, TimerDefinition):
            return True
        if not self.element.comes_round:
            return False
        rung = my_task.internal_data.get("rung", 0) + 1
        my_task._set_internal_data(rung=rung)
        return bool(rung != read_cycle(definition.words(my_task)).times)

    def ends_its_wait(self, my_task: Task) -> bool:
        """Whether nothing is waited for any more once it has come."""
        return True

    def _update_hook(self, my_task: Task) -> bool | None:
        timed = isinstance(self.event_definition, TimerDefinition)
        if timed and self.question.asks and "words" not in my_task.internal_data:
            my_task.internal_data["words"] = self._worked_out(my_task)
        fired: bool | None = super()._update_hook(my_task)  # type: ignore[misc]
        return fired

    def _worked_out(self, my_task: Task) -> str:
        what = f"When “{self.element.name or self.element.id}” is to happen"
        told = my_task.workflow.work_out(my_task, self.question)
        text: Text = self.event_definition.text
        words = text.filled([value_of(each, what) for each in told])
        return cycle(words, what) if self.element.comes_round else moment(words, what)

    def _on_ready_hook(self, my_task: Task) -> None:
        my_task.workflow.enqueue(my_task)

    def _run_hook(self, my_task: Task) -> bool:
        return True


def cycle(value: Any, what: str) -> str:
    """A cycle that FEEL gave: words such as "every Monday". Raises ExpressionStopped for anything else."""
    return _words(value, what, read_cycle, "the rule does not give words like “every Monday”")


def moment(value: Any, what: str) -> str:
    """A moment that FEEL gave: words such as "3 school days", or a date or duration in ISO.

    Raises ExpressionStopped for anything else.
    """
    return _words(value, what, read_deadline, "the rule gives neither a date nor words like “3 school days”")


def _words(value: Any, what: str, read: Callable[[str], object], why_not: str) -> str:
    if not isinstance(value, str):
        raise ExpressionStopped(f"{what} is not known: {why_not}.")
    try:
        read(value)
    except ValueError as error:
        raise ExpressionStopped(f"{what} cannot be read. {error}") from error
    return value


class CatchEvent(Waits, IntermediateCatchEvent):
    """The case waits in the middle of the way."""

    def __init__(self, plan: ProcedureSpec, name: str, definition: Definition) -> None:
        super().__init__(plan, name, definition)


class ReceiveTask(CatchEvent):
    """A step at which the case waits for a message. Unlike an event it may have events on its edge."""

    def _update_hook(self, my_task: Task) -> bool | None:
        begins = my_task.state == TaskState.FUTURE
        come = super()._update_hook(my_task)
        if begins:
            self.watch(my_task)
        return come


class EdgeEvent(Waits, BoundaryEvent):
    """An event on the edge of a step or a block: it ends it, or starts something beside it."""

    def __init__(self, plan: ProcedureSpec, name: str, definition: Definition, interrupting: bool) -> None:
        super().__init__(plan, name, definition, cancel_activity=interrupting)
        self.waited_for = not isinstance(definition, Caught)

    def ends_its_wait(self, my_task: Task) -> bool:
        """One that interrupts goes with its step."""
        return bool(self.cancel_activity)

    def _on_complete_hook(self, my_task: Task) -> None:
        run: Workflow = my_task.workflow
        host = run.tasks.get(my_task.internal_data.get("host", ""))
        if self.cancel_activity and host is not None:
            del my_task.internal_data["host"]  # else it would go with its host
            interrupt(run, host)
        super()._on_complete_hook(my_task)


class EventStart(Waits, IntermediateCatchEvent):
    """The start of a block that begins by itself: it stands in the place the block is drawn in, while that lasts."""

    keeps_alive = False
    block: str = ""  # what it begins

    def __init__(self, plan: ProcedureSpec, name: str, definition: Definition, interrupting: bool) -> None:
        super().__init__(plan, name, definition)
        self.interrupting = interrupting
        self.waited_for = not isinstance(definition, Caught)

    def ends_its_wait(self, my_task: Task) -> bool:
        """One that interrupts ends everything else in its place, other waits included."""
        return self.interrupting

    def _on_complete_hook(self, my_task: Task) -> None:
        run: Workflow = my_task.workflow
        run.passed.append(self.element.id)
        if self.interrupting:
            run.empty(my_task.parent, but=my_task)
        run.put(self.block, my_task.parent)


class EventSubProcess(SubProcess):
    """A block that begins by itself, once its start has happened."""

    def begin(self, my_task: Task) -> None:
        """Go on along the arrows of its start."""
        run: Workflow = my_task.workflow
        run.hand_on(my_task, run.prepared.plan.task_specs[self.begins].leaving)
