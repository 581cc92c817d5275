"""Diamonds: where ways part and meet."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.diagram.elements import Flow
from engine.bpmn.runtime.specs.moves import Moves
from engine.bpmn.runtime.workflow import Workflow
from engine.rules.feel import Told


class ExclusiveGateway(Moves, defaults.ExclusiveGateway):
    """Takes the first arrow whose condition is true, else its default. All conditions are worked out in one call."""

    def _run_hook(self, my_task: Task) -> bool:
        return True

    def fitting(self, told: Iterable[tuple[Flow, Told]]) -> frozenset[str]:
        """The first arrow that fits; those after it need be neither true nor false."""
        return frozenset(islice((flow.id for flow, each in told if self.holds(flow, each)), 1))


class ParallelGateway(Moves, defaults.ParallelGateway):
    """Goes on along every arrow out once a token has come along every arrow in. One token of each arrow is used up."""

    entering: int = 1

    @property
    def joins(self) -> bool:  # type: ignore[override]
        """Whether it waits for others."""
        return self.entering > 1

    def _update_hook(self, my_task: Task) -> bool:
        first: dict[str | None, Task] = {}
        for other in my_task.parent.children:
            if other.task_spec is self and (other is my_task or other.state == TaskState.WAITING):
                first.setdefault(other.internal_data.get("by"), other)
        if len(first) < self.entering:
            my_task._set_state(TaskState.WAITING)
            return False
        for used in first.values():
            if used is not my_task:
                my_task.workflow.drop(used)
        return True

    def _run_hook(self, my_task: Task) -> bool:
        return True


class EventGateway(Moves, defaults.ParallelGateway):
    """The case waits at everything its arrows lead to, and goes on from whichever comes first."""

    def _update_hook(self, my_task: Task) -> bool:
        return True

    def _run_hook(self, my_task: Task) -> bool:
        return True

    def _on_complete_hook(self, my_task: Task) -> None:
        run: Workflow = my_task.workflow
        run.passed.append(self.element.id)
        run.follow(my_task, self.leaving, race=int(my_task.id[1:]))


class InclusiveGateway(Moves, defaults.ParallelGateway):
    """Goes on along every arrow that fits. Where ways meet it waits for those that can still come.

    When it goes on is for the run as a whole to say, once nothing moves: Workflow.gather.
    """

    def _update_hook(self, my_task: Task) -> bool:
        if self.joins:
            my_task._set_state(TaskState.WAITING)
        return not self.joins

    def _run_hook(self, my_task: Task) -> bool:
        return True
