"""Steps, gateways and ends: SpiffWorkflow's own, each taught that tokens carry no history, no future and no data.

Taken over from the library: tasks and their states, what is manual, catching events, how a task goes through its hooks.
Replaced here: looking ahead (the library keeps every possible future, which doubles with each parallel block), joining
(it looks back into history and fires early in a loop), conditions, scripts and services (it runs Python).
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.task import Task

from engine.bpmn.diagram.elements import Element, Flow
from engine.rules.texts import Expressions

NOTHING = Expressions((), frozenset())


class Moves:
    """What every step shares. Stands before the library's class."""

    element: Element
    leaving: tuple[Flow, ...] = ()
    edges: tuple[str, ...] = ()  # timers on its edge
    question: Expressions = NOTHING  # what it asks of FEEL
    counts_arrivals = False
    rests = False  # reached means waiting for somebody; otherwise it is run in its turn
    manual: bool

    def drawn_as(self, element: Element, leaving: tuple[Flow, ...], edges: tuple[str, ...]) -> None:
        """What the diagram says about it."""
        self.element, self.leaving, self.edges = element, leaving, edges

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
        """It rests: let the timers on its edge begin."""
        for edge in self.edges:
            my_task.workflow.put(edge, my_task.parent, host=my_task.id)

    def _on_complete_hook(self, my_task: Task) -> None:
        super()._on_complete_hook(my_task)  # type: ignore[misc]
        my_task.workflow.passed.append(self.element.id)
        my_task.workflow.follow(my_task, self.ways(my_task))

    def ways(self, my_task: Task) -> tuple[Flow, ...]:
        """The arrows it leaves by."""
        return self.leaving
