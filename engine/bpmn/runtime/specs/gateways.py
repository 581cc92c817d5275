"""Diamonds: where ways part and meet."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.diagram.elements import Flow
from engine.bpmn.runtime.specs.moves import Moves
from engine.errors import ExpressionStopped
from engine.rules.texts import value_of


class ExclusiveGateway(Moves, defaults.ExclusiveGateway):
    """Takes the first arrow whose condition is true, else its default. All conditions are worked out in one call."""

    conditional: tuple[Flow, ...] = ()

    def _run_hook(self, my_task: Task) -> bool:
        return True

    def ways(self, my_task: Task) -> tuple[Flow, ...]:
        """The one arrow that fits. Raises ExpressionStopped when none does and none is the default."""
        if len(self.leaving) < 2:
            return self.leaving
        for flow, told in zip(self.conditional, my_task.workflow.work_out(my_task, self.question), strict=True):
            if self._holds(flow, told):
                return (flow,)
        default = tuple(flow for flow in self.leaving if flow.id == self.element.default_flow)
        if not default:
            raise ExpressionStopped(f"No arrow leaving “{self._name}” fits, and none of them is the default.")
        return default

    def _holds(self, flow: Flow, told: Any) -> bool:
        what = f"At “{self._name}”, the condition of the arrow “{flow.name or flow.condition}”"
        value = value_of(told, what)
        if value is True or value is False:
            return bool(value)
        raise ExpressionStopped(f"{what} is neither true nor false.")

    @property
    def _name(self) -> str:
        return self.element.name or self.element.id


class ParallelGateway(Moves, defaults.ParallelGateway):
    """Goes on along every arrow out once a token has come along every arrow in. One token of each arrow is used up."""

    entering: int = 1

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
