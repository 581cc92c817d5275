"""Blocks (sub-processes) and steps done for several: a task that stays until everything inside it is done."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.task import Task

from engine.bpmn.diagram.elements import Several
from engine.bpmn.runtime.specs.moves import Moves
from engine.bpmn.runtime.workflow import Workflow, scope_of
from engine.errors import ExpressionStopped
from engine.rules.texts import value_of

MOST_ITEMS = 1_000


class SubProcess(Moves, BpmnSpecMixin):
    """An embedded sub-process. Its tokens stand inside the task that is this visit to it."""

    begins: str = ""  # its start

    def _run_hook(self, my_task: Task) -> bool | None:
        self.watch(my_task)
        if not self.begins:
            return True
        my_task.workflow.put(self.begins, my_task)
        return None


class MultiInstance(Moves, BpmnSpecMixin):
    """A step or block done once for each item of a list, side by side. An empty list passes straight on."""

    each: str = ""  # what is done for one item
    several: Several

    def _run_hook(self, my_task: Task) -> bool | None:
        run: Workflow = my_task.workflow
        items = self._items(my_task)
        if not items:
            return True
        self.watch(my_task)
        within = scope_of(my_task)
        base = f"{within}/{my_task.id}" if within else my_task.id
        for number, item in enumerate(items, 1):
            scope = f"{base}.{number}"
            run.knows.write(scope, {self.several.item: item} if self.several.item else {})
            run.put(self.each, my_task, scope=scope)
        return None

    def _items(self, my_task: Task) -> list[Any]:
        what = f"The list that “{self.element.name}” is done for"
        items = value_of(my_task.workflow.work_out(my_task, self.question)[0], what)
        if not isinstance(items, list):
            raise ExpressionStopped(f"{what} is not a list.")
        if len(items) > MOST_ITEMS:
            raise ExpressionStopped(f"{what} has {len(items)} items. At most {MOST_ITEMS} can be done side by side.")
        return items

    def _on_complete_hook(self, my_task: Task) -> None:
        self.gather(my_task)
        my_task.workflow.follow(my_task, self.ways(my_task))

    def gather(self, my_task: Task) -> None:
        """Put the answers of the items that are finished together, in the list's order."""
        if not self.several.collect:
            return
        run: Workflow = my_task.workflow
        within = scope_of(my_task)
        unfinished = {child.internal_data["scope"] for child in my_task.children}
        scopes = run.knows.items_of(my_task.id, within)
        found = [dict(run.knows.items[scope]) for scope in scopes if scope not in unfinished]
        run.knows.write(within, {self.several.collect: found})
