"""Blocks (sub-processes) and steps done for several: a task that stays until everything inside it is done."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.task import Task

from engine.bpmn.diagram.elements import Repeat, Several
from engine.bpmn.runtime.specs.moves import NOTHING, Moves
from engine.bpmn.runtime.variables import ITEMS_DONE, ITEMS_TOTAL, MOST_ITEMS, TIMES_DONE
from engine.bpmn.runtime.workflow import Workflow, scope_of
from engine.errors import ExpressionStopped
from engine.rules import feel
from engine.rules.texts import Expressions, value_of


class SubProcess(Moves, BpmnSpecMixin):
    """An embedded sub-process. Its tokens stand inside the task that is this visit to it."""

    begins: str = ""  # its start

    def _run_hook(self, my_task: Task) -> bool | None:
        self.watch(my_task)
        if not self.begins:
            return True
        my_task.workflow.begin(my_task, self.element.id)
        self.begin(my_task)
        return None

    def begin(self, my_task: Task) -> None:
        """Let its first step begin."""
        my_task.workflow.put(self.begins, my_task)


class OneByOne(Moves, BpmnSpecMixin):
    """What a step done more than once shares: the token that stays until all is done, and asks after each time."""

    each: str = ""  # what is done one time
    asking: Expressions = NOTHING  # asked after each time: whether the rest is left out, or whether it is done again

    def one_done(self, my_task: Task, one: Task) -> None:
        """One of them is finished."""
        if self.goes_on(my_task, one):
            self.begin_next(my_task)
        elif not my_task._children:
            my_task.complete()

    def goes_on(self, my_task: Task, one: Task) -> bool:
        """Whether another one begins now."""
        raise NotImplementedError

    def begin_next(self, my_task: Task) -> None:
        """Begin another one."""
        raise NotImplementedError

    def holds_now(self, my_task: Task, scope: str | None, counts: Mapping[str, Any]) -> bool:
        """Whether the rule asked after each time is true. Raises ExpressionStopped when it is neither."""
        names = {**my_task.workflow.knows.some(self.asking.reads, scope), **counts}
        what = f"After each time, the rule of “{self.called}”"
        value = value_of(next(iter(feel.evaluate(self.asking.asks, names))), what)
        if value is True or value is False:
            return bool(value)
        raise ExpressionStopped(f"{what} is neither true nor false.")


class MultiInstance(OneByOne):
    """A step or block done once for each item of a list, or a number of times: side by side, or one after the other.

    No item, or none times, passes straight on.
    """

    several: Several

    def _run_hook(self, my_task: Task) -> bool | None:
        items = self._items(my_task)
        if not items:
            return True
        self.watch(my_task)
        if self.several.in_turn or self.asking.asks:
            my_task.internal_data["total"] = len(items)
        if self.several.in_turn:
            my_task.internal_data["left"] = items
            self.begin_next(my_task)
        else:
            for number, item in enumerate(items, 1):
                self._begin(my_task, number, item)
        return None

    def begin_next(self, my_task: Task) -> None:
        """The next of those that are left."""
        item, *left = my_task.internal_data["left"]
        my_task.internal_data["left"] = left
        self._begin(my_task, my_task.internal_data["total"] - len(left), item)

    def _begin(self, my_task: Task, number: int, item: Any) -> None:
        run: Workflow = my_task.workflow
        within = scope_of(my_task)
        scope = f"{within}/{my_task.id}.{number}" if within else f"{my_task.id}.{number}"
        run.knows.write(scope, {self.several.item: item} if self.several.item else {})
        run.put(self.each, my_task, scope=scope)

    def goes_on(self, my_task: Task, one: Task) -> bool:
        """Whether the next begins; once the rule that ends it early is true, those not finished are left out."""
        left = my_task.internal_data.get("left", [])
        if not self.asking.asks or not (left or my_task._children):
            return bool(left)
        if not self.holds_now(my_task, one.internal_data["scope"], self._counts(my_task, len(left))):
            return bool(left)
        my_task.internal_data["left"] = []
        for child in list(my_task.children):
            my_task.workflow.drop(child)
            my_task.workflow.knows.forget(child.internal_data["scope"])
        return False

    def _counts(self, my_task: Task, left: int) -> dict[str, Any]:
        total = my_task.internal_data.get("total", 0)
        found = {ITEMS_TOTAL: total, ITEMS_DONE: total - left - len(my_task.children)}
        return {**found, self.several.collect: self._gathered(my_task)} if self.several.collect else found

    def _items(self, my_task: Task) -> list[Any]:
        what = f"The list that “{self.element.name}” is done for"
        value = value_of(my_task.workflow.work_out(my_task, self.question)[0], what)
        items = range(1, int(value) + 1) if _is_count(value) else value
        if not isinstance(items, list | range):
            raise ExpressionStopped(f"{what} is not a list.")
        if len(items) > MOST_ITEMS:
            how = "one after the other" if self.several.in_turn else "side by side"
            raise ExpressionStopped(f"{what} has {len(items)} items. At most {MOST_ITEMS} can be done {how}.")
        return list(items)

    def _on_complete_hook(self, my_task: Task) -> None:
        self.gather(my_task)
        my_task.workflow.follow(my_task, self.ways(my_task))

    def gather(self, my_task: Task) -> None:
        """Put the answers of the items that are finished together, in the list's order."""
        if self.several.collect:
            my_task.workflow.knows.write(scope_of(my_task), {self.several.collect: self._gathered(my_task)})

    def _gathered(self, my_task: Task) -> list[dict[str, Any]]:
        run: Workflow = my_task.workflow
        unfinished = {child.internal_data["scope"] for child in my_task.children}
        scopes = run.knows.items_of(my_task.id, scope_of(my_task))
        return [dict(run.knows.items[scope]) for scope in scopes if scope not in unfinished]


class Repeating(OneByOne):
    """A step or block done again as long as a rule is true."""

    repeat: Repeat

    def _run_hook(self, my_task: Task) -> bool | None:
        if self.repeat.looks_first and not self._again(my_task, 0):
            return True
        self.watch(my_task)
        self.begin_next(my_task)
        return None

    def begin_next(self, my_task: Task) -> None:
        """Once more."""
        my_task.workflow.put(self.each, my_task)

    def goes_on(self, my_task: Task, one: Task) -> bool:
        """Whether it is done again."""
        done = my_task.internal_data["done"] = my_task.internal_data.get("done", 0) + 1
        return self._again(my_task, done)

    def _again(self, my_task: Task, done: int) -> bool:
        if done >= (self.repeat.most or MOST_ITEMS):
            return False
        if not self.asking.asks:
            return self.repeat.most is not None
        return self.holds_now(my_task, scope_of(my_task), {TIMES_DONE: done})

    def _on_complete_hook(self, my_task: Task) -> None:
        my_task.workflow.follow(my_task, self.ways(my_task))


def _is_count(value: Any) -> bool:
    """Whether this is a whole number of times."""
    number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    return number and value >= 0 and value == int(value)
