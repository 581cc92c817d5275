"""What the oracle moves: tokens, and the places where they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.bpmn.diagram.elements import Element, Trigger

Meaning = Callable[[str, Mapping[str, Any]], Any]  # (FEEL, names) -> its value


class Stuck(Exception):
    """The case cannot go on: a rule gave neither true nor false, or nothing could ever move again."""


@dataclass(eq=False)
class Mark:
    """A token: where something moves or waits."""

    element: Element
    place: Place
    by: str | None = None  # the arrow it came along
    host: Mark | None = None  # for an event on the edge: the step it is on
    race: Mark | None = None  # the diamond behind which it waits to be first
    armed: bool = False  # the start of a block that begins by itself
    happened: bool = False  # an event that has come
    held: bool = False  # the rule it waits for was true
    one_of_several: bool = False  # or one time of many
    left: list[Any] = field(default_factory=list)  # items that have not begun
    total: int = 0  # items, or times done
    parts: list[Place] = field(default_factory=list)  # what goes on inside it: a block, or the items of a step
    resting: str | None = None  # task, timer, message, answer, rule, join, inside; None while it moves
    words: str | None = None
    rung: int = 0  # how often a timer that comes round has come


@dataclass(eq=False)
class Place:
    """Where tokens are: the case, one visit to a block, or one item of a step done for several."""

    of: Mark | None
    marks: list[Mark] = field(default_factory=list)
    number: int | None = None  # of the item
    own: dict[str, Any] | None = None  # the item's own answers

    @property
    def inside(self) -> str | None:
        """The block that this is a visit to; empty for an item."""
        return self.of.element.id if self.of and self.number is None else None if self.of is None else ""


@dataclass
class Told:
    """What one run said and passed."""

    said: list[tuple[str, dict[str, Any], str, bool]] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)
    thrown: list[tuple[Trigger, str | None, str, str | None]] = field(default_factory=list)
