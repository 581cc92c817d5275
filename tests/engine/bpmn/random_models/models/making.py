"""What random procedures are made of: elements, arrows, and a few rules in FEEL, each with what it means in Python."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.bpmn.diagram.elements import Element, Flow, Kind

NAMES = ("a", "b", "c")
Means = Callable[[Mapping[str, Any]], Any]


def _every_day_or_week(names: Mapping[str, Any]) -> str:
    return "R2/P1D" if names["a"] == 1 else "every week, 3 times"


@dataclass
class Part:
    """A piece with one way in and one way out."""

    first: str
    last: str


@dataclass
class Making:
    """A procedure being made. Pieces are made by the classes that stand on this one."""

    seed: int
    size: int | None = None
    elements: dict[str, Element] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)
    meanings: dict[str, Means] = field(default_factory=dict)
    extra: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.left = self.size or self.rng.randint(2, 9)

    def _chain(self, inside: str | None, depth: int) -> Part:
        """Some pieces one after the other."""
        raise NotImplementedError

    def _wait(self, inside: str | None, depth: int) -> Part:
        """A wait for a time."""
        raise NotImplementedError

    def _user(self, inside: str | None, depth: int) -> Part:
        """A person's step."""
        raise NotImplementedError

    def _add(self, kind: Kind, inside: str | None, **said: Any) -> str:
        id = f"{kind.value[:4]}{len(self.elements)}"
        self.elements[id] = Element(id, kind, id.upper(), inside=inside, **said)
        return id

    def _arrow(self, source: str, target: str, condition: str | None = None) -> str:
        id = f"f{len(self.flows)}"
        self.flows.append(Flow(id, source, target, condition=condition, inside=self.elements[source].inside))
        return id

    def _name(self) -> str:
        self.extra.append(f"n{len(self.extra)}")
        return self.extra[-1]

    def _rule(self, text: str, means: Means) -> str:
        self.meanings[text] = means
        return text

    def _condition(self) -> str:
        name, number = self.rng.choice(NAMES), self.rng.randint(0, 2)
        return self.rng.choice(
            [
                self._rule(f"{name} = {number}", lambda names: names[name] == number),
                self._rule(f"not({name} = {number})", lambda names: names[name] != number),
                self._rule(f"{name} = null", lambda names: names[name] is None),
                self._rule("item_number = 1", lambda names: names["item_number"] == 1),
            ]
        )

    def _number(self) -> str:
        name, number = self.rng.choice(NAMES), self.rng.randint(0, 2)
        return self._rule(f"if {name} = {number} then 1 else 2", lambda names: 1 if names[name] == number else 2)

    def _list(self) -> str:
        name, number = self.rng.choice(NAMES), self.rng.randint(0, 2)
        text = f'if {name} = {number} then [] else ["x", "y", "z"]'
        return self.rng.choice(
            [
                self._rule('["x", "y"]', lambda names: ["x", "y"]),
                self._rule('["x"]', lambda names: ["x"]),
                self._rule(text, lambda names: [] if names[name] == number else ["x", "y", "z"]),
            ]
        )

    def _moment(self) -> str:
        if self.rng.random() < 0.7:
            return "3 school days"
        name = self.rng.choice(NAMES)
        text = f'if {name} = 1 then "same day" else "2 school days"'
        return "=" + self._rule(text, lambda names: "same day" if names[name] == 1 else "2 school days")

    def _when(self, often: float) -> dict[str, str]:
        """What a timer says; `often`: how often it is one that comes round."""
        if self.rng.random() >= often:
            return {"timer": self._moment()}
        rule = self._rule('if a = 1 then "R2/P1D" else "every week, 3 times"', _every_day_or_week)
        return {"cycle": self.rng.choice(["every Monday", "R3/P1W", "R/P1D", f"={rule}"])}

    def _end(self, inside: str | None, whole: float = 0.3) -> str:
        """An end; `whole`: how often it is one that stops everything."""
        raise NotImplementedError
