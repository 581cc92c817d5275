"""How long a procedure may take by its own deadlines: the longest way through, in school days.

Reckoned so: working days count as school days, "same day" and hours as none, calendar days as five in seven; of a
rule's outcomes the longest; steps side by side and items of a step for several together (one after the other by a
number: so many times; by a list, whose length nobody knows: once); every way back once; a timer on a step's edge from
the moment the step began. A block that begins by itself counts from its own start on. Messages, signals, rules that
become true and other procedures take no time that anybody could know.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.bpmn.diagram.elements import Diagram, Element, Kind
from engine.bpmn.diagram.graph import BLOCKS, Graph
from engine.model.calendar import Deadline, read_deadline
from engine.model.cycles import read_cycle

MOST_BACK = 6  # ways back in one block
_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
_OUTCOME = re.compile(r'(?:^|\b(?:then|else))\s*"((?:[^"\\]|\\.)*)"\s*(?=$|\belse\b|\))')


class TooManyBack(Exception):
    """A block has too many ways back to reckon with."""

    def __init__(self, scope: str | None) -> None:
        super().__init__()
        self.scope = scope


@dataclass(frozen=True)
class Way:
    """A way through, known by where it came from: each knows only what it adds."""

    days: int = 0
    before: Way | None = None
    added: Way | str | None = None  # what took time last: a step or timer, or the way through a block

    @property
    def stops(self) -> list[tuple[str, int]]:
        """The steps and timers that take time, in order, with their days."""
        found: list[tuple[str, int]] = []
        way: Way | None = self
        while way is not None:
            if isinstance(way.added, Way):
                found += way.added.stops[::-1]
            elif way.added:
                found.append((way.added, way.days - (way.before.days if way.before else 0)))
            way = way.before
        return found[::-1]

    def then(self, days: int, added: Way | str) -> Way:
        """This way, and something after it."""
        return Way(self.days + days, self, added) if days else self


def longest_way(diagram: Diagram) -> Way:
    """The longest way through a procedure. Raises TooManyBack."""
    return _Reckoning(Graph(diagram)).through(None)


def school_days(text: str | None) -> int:
    """A deadline or timer in school days; of a rule the longest outcome that can be read, 0 when there is none."""
    if not text:
        return 0
    if text.startswith("="):
        return max((school_days(found) for found in _LITERAL.findall(text)), default=0)
    try:
        return _days(read_deadline(text))
    except ValueError:
        return 0


def days_round(text: str) -> int:
    """How long the first moment of a cycle can be off, in school days, reckoned the same way."""
    if text.startswith("="):
        return max((days_round(found) for found in _LITERAL.findall(text)), default=0)
    try:
        return read_cycle(text).school_days
    except ValueError:
        return 0


def outcomes(rule: str) -> list[str]:
    """The texts that a rule gives as they stand: after then and else, or alone."""
    return _OUTCOME.findall(rule.removeprefix("=").strip())


def _days(deadline: Deadline) -> int:
    if deadline.count is not None:
        return deadline.count
    if deadline.after is None or deadline.after.days < 1:
        return 0
    return math.ceil(deadline.after.days * 5 / 7)


@dataclass(frozen=True)
class _Reckoning:
    graph: Graph

    def through(self, scope: str | None) -> Way:
        """The longest way through one block."""
        order, back = self.graph.forward(scope)
        if len(back) > MOST_BACK:
            raise TooManyBack(scope)
        bits = {step: 1 << number for number, step in enumerate(sorted(back))}
        taken = {id: self._takes(id) for id in order}
        # Reached with each set of ways back used up; a way back leads to a larger set, so one pass is enough.
        reached: list[dict[str, Way]] = [{} for _ in range(1 << len(bits))]
        reached[0] = {id: Way() for id in self.graph.begins(scope)}
        best = Way()
        for used, ways in enumerate(reached):
            for id in order:
                if id not in ways:
                    continue
                done = ways[id].then(*taken[id])
                best = max(best, done, key=lambda way: way.days)
                for other, way in self._onwards(id, ways[id], done):
                    bit = bits.get((id, other), 0)
                    if not used & bit:
                        _keep(reached[used | bit], other, way)
        return best

    def _onwards(self, id: str, before: Way, done: Way) -> Iterator[tuple[str, Way]]:
        yield from ((flow.target, done) for flow in self.graph.out[id])
        yield from ((timer, before) for timer in self.graph.timers.get(id, ()))

    def _takes(self, id: str) -> tuple[int, Way | str]:
        element = self.graph.diagram.elements.get(id)
        if element is None:
            return 0, id
        if element.kind in BLOCKS:
            inside = self.through(id)
            return inside.days * _rounds(element), inside
        if element.comes_round:
            return days_round(element.cycle or ""), id
        return _rounds(element) * school_days(element.due if element.kind is Kind.USER else element.timer), id


def _rounds(element: Element) -> int:
    """How many times one after the other a step is reckoned: as often as it says; repeated by a rule, twice."""
    if element.several and element.several.in_turn and element.several.each_of.isdecimal():
        return int(element.several.each_of)
    if element.repeat:
        return min(element.repeat.most or 2, 2) if element.repeat.while_true else element.repeat.most or 1
    return 1


def _keep(ways: dict[str, Way], id: str, way: Way) -> None:
    if id not in ways or ways[id].days < way.days:
        ways[id] = way
