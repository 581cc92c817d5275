"""What a case knows while it runs: its answers, those of single items, and every name a rule may read.

A step done for several keeps the answers of each item apart, under a scope key: "t5.2" is item 2 of the step that holds
token t5, "t5.2/t9.1" an item inside that item. An entry holds the item itself under its name and what it answered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from engine.model.casework import Answers

ITEM_NUMBER = "item_number"
# What the rule may read that is asked each time a step done for several, or again and again, was done once more.
ITEMS_DONE = "items_done"
ITEMS_TOTAL = "items_total"
TIMES_DONE = "times_done"
MOST_ITEMS = 1_000  # that one step is done for, or times that it is done


def chain(scope: str | None) -> list[str]:
    """A scope key with those it stands in, outermost first."""
    if not scope:
        return []
    parts = scope.split("/")
    return ["/".join(parts[: length + 1]) for length in range(len(parts))]


def number_of(scope: str) -> int:
    """Which item of its list a scope is, counted from 1."""
    return int(scope.rpartition(".")[2])


class Variables:
    """The answers of one case during one run. Answers given are never changed in place."""

    def __init__(self, known: Mapping[str, None], answers: Answers, facts: Mapping[str, Any]) -> None:
        """known: every name the procedure declares, each with None."""
        self._known, self._facts = known, facts
        self.values = dict(answers.values)
        self.items = {scope: dict(own) for scope, own in answers.items.items()}
        self.written = 0  # times that anything was

    def write(self, scope: str | None, new: Mapping[str, Any]) -> None:
        """Take in answers: those of an item stay with it, others are the case's. The last value wins."""
        self.written += 1
        into = self.items.setdefault(scope, {}) if scope else self.values
        into.update(new)

    def names(self, scope: str | None = None) -> dict[str, Any]:
        """Every name and its value: nothing known is ever missing, what is unanswered is None."""
        found: dict[str, Any] = dict(self._known)
        found.update(self.values)
        for key in chain(scope):
            found.update(self.items.get(key, {}))
            found[ITEM_NUMBER] = number_of(key)
        return found | dict(self._facts)

    def answered(self, scope: str | None = None) -> dict[str, Any]:
        """Every answer given so far, those of the item on top."""
        found = dict(self.values)
        for key in chain(scope):
            found.update(self.items.get(key, {}))
        return found

    def some(self, names: Iterable[str], scope: str | None = None) -> dict[str, Any]:
        """As names(), but only these: what a rule reads is all that is sent to V8."""
        layers: list[Mapping[str, Any]] = [self._facts]
        for key in reversed(chain(scope)):
            layers += [{ITEM_NUMBER: number_of(key)}, self.items.get(key, {})]
        layers += [self.values, self._known]
        found = {}
        for name in names:
            layer = next((layer for layer in layers if name in layer), None)
            if layer is not None:
                found[name] = layer[name]
        return found

    def own(self, names: Iterable[str], scope: str | None) -> dict[str, Any]:
        """Of these names, what only the item knows. None of it hides a fact."""
        found: dict[str, Any] = {}
        for key in chain(scope):
            found.update(self.items.get(key, {}))
            found[ITEM_NUMBER] = number_of(key)
        return {name: found[name] for name in names if name in found and name not in self._facts}

    def forget(self, scope: str) -> None:
        """An item that is not done after all."""
        for key in [key for key in self.items if key == scope or key.startswith(f"{scope}/")]:
            del self.items[key]

    def items_of(self, step: str, within: str | None) -> list[str]:
        """The scope keys of a step's items, in their list's order. step: the token that runs the step for several."""
        prefix = f"{within}/{step}." if within else f"{step}."
        found = [scope for scope in self.items if scope.startswith(prefix) and "/" not in scope[len(prefix) :]]
        return sorted(found, key=number_of)

    def kept(self, tokens: Collection[str]) -> Answers:
        """The answers as the case keeps them: items whose step has ended are dropped."""
        items = {
            scope: own
            for scope, own in self.items.items()
            if all(part.partition(".")[0] in tokens for part in scope.split("/"))
        }
        return Answers(self.values, items)
