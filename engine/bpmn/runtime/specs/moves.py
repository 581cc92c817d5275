"""Steps, gateways and ends: SpiffWorkflow's own, each taught that tokens carry no history, no future and no data.

Taken over from the library: tasks and their states, what is manual, catching events, how a task goes through its hooks.
Replaced here: looking ahead (the library keeps every possible future, which doubles with each parallel block), joining
(it looks back into history and fires early in a loop), conditions, scripts and services (it runs Python).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from SpiffWorkflow.task import Task

from engine.bpmn.diagram.elements import Element, Flow
from engine.bpmn.diagram.leaving import asked, followed
from engine.errors import ExpressionStopped
from engine.rules.feel import Told
from engine.rules.texts import Expressions, question, value_of

NOTHING = Expressions((), frozenset())


class Moves:
    """What every step shares. Stands before the library's class."""

    element: Element
    leaving: tuple[Flow, ...] = ()
    edges: tuple[str, ...] = ()  # events on its edge
    question: Expressions = NOTHING  # what it asks of FEEL
    guarded: tuple[Flow, ...] = ()  # arrows whose condition decides whether they are followed
    deciding: Expressions = NOTHING  # these conditions
    counts_arrivals = False
    joins = False  # a token may wait here for others
    comes_from: frozenset[str] | None = None  # of a join that waits for those that can still come: where from
    keeps_alive = True  # the place it stands in lasts as long as it is there
    waited_for = True  # of an event: a token stands at it until it happens
    rests = False  # reached means waiting for somebody; otherwise it is run in its turn
    manual: bool

    def drawn_as(self, element: Element, leaving: tuple[Flow, ...], edges: tuple[str, ...]) -> None:
        """What the diagram says about it."""
        self.element, self.leaving, self.edges = element, leaving, edges
        self.guarded = asked(element, leaving)
        self.deciding = question([flow.condition or "null" for flow in self.guarded]) if self.guarded else NOTHING

    def test(self) -> None:
        """Publishing has checked how it is connected."""

    def _predict(self, my_task: Task, *args: Any, **kwargs: Any) -> None:
        """What follows is made when this is done, not before."""

    def _on_ready_hook(self, my_task: Task) -> None:
        super()._on_ready_hook(my_task)  # type: ignore[misc]
        if self.rests:
            self.watch(my_task)
        else:
            my_task.workflow.enqueue(my_task)

    def watch(self, my_task: Task) -> None:
        """It rests: let the events on its edge begin."""
        for edge in self.edges:
            if my_task.workflow.prepared.plan.task_specs[edge].waited_for:
                my_task.workflow.put(edge, my_task.parent, host=my_task.id)

    def _on_complete_hook(self, my_task: Task) -> None:
        super()._on_complete_hook(my_task)  # type: ignore[misc]
        my_task.workflow.passed.append(self.element.id)
        my_task.workflow.follow(my_task, self.ways(my_task))

    def one_done(self, my_task: Task, one: Task) -> None:
        """Something inside is finished: with the last of it, this is too."""
        if not my_task._children:
            my_task.complete()

    def ways(self, my_task: Task) -> tuple[Flow, ...]:
        """The arrows it leaves by; all conditions are worked out in one call.

        Raises ExpressionStopped when none fits and none is the default.
        """
        if not self.guarded:
            return self.leaving
        told = zip(self.guarded, my_task.workflow.work_out(my_task, self.deciding), strict=True)
        found = followed(self.element, self.leaving, self.fitting(told))
        if not found:
            raise ExpressionStopped(f"No arrow leaving “{self.called}” fits, and none of them is the default.")
        return found

    def fitting(self, told: Iterable[tuple[Flow, Told]]) -> frozenset[str]:
        """The arrows whose condition holds."""
        return frozenset(flow.id for flow, each in told if self.holds(flow, each))

    def holds(self, flow: Flow, told: Told) -> bool:
        """Whether an arrow's condition holds. Raises ExpressionStopped when it is neither true nor false."""
        what = f"At “{self.called}”, the condition of the arrow “{flow.name or flow.condition}”"
        value = value_of(told, what)
        if value is True or value is False:
            return bool(value)
        raise ExpressionStopped(f"{what} is neither true nor false.")

    @property
    def called(self) -> str:
        """Its name, for a sentence."""
        return self.element.name or self.element.id
