"""Random blocks, and blocks within blocks."""

from __future__ import annotations

from itertools import pairwise

from engine.bpmn.diagram.elements import Kind, Several, Trigger
from tests.engine.bpmn.random_models.models.gateways import Gateways
from tests.engine.bpmn.random_models.models.making import Part
from tests.engine.bpmn.random_models.models.steps import Steps


class Blocks(Gateways, Steps):
    """Sub-processes."""

    def _scope(self, inside: str | None, depth: int) -> None:
        by_clock = inside is None and self.seed % 4 == 0
        start = self._add(
            Kind.START, inside, **({"trigger": Trigger.TIMER, "cycle": "every Monday"} if by_clock else {})
        )
        body = self._chain(inside, depth)
        end = self._end(inside, 0.1)
        self._arrow(start, body.first)
        self._arrow(body.last, end)
        if inside is None and self.seed % 5 == 0:
            other, way = self._add(Kind.START, inside), self._chain(inside, depth)
            self._arrow(other, way.first)
            self._arrow(way.last, end)

    def _block(self, inside: str | None, depth: int) -> Part:
        id = self._add(Kind.SUB, inside, **self._times())
        self._scope(id, depth + 1)
        return self._edged(id, depth)

    def _nest(self, inside: str | None, depth: int) -> Part:
        """Items within items, with a choice that reads them."""
        outer = self._add(Kind.SUB, inside, several=Several(self._list(), self._name(), self._gathered()))
        start, end = self._add(Kind.START, outer), self._add(Kind.END, outer)
        inner = self._add(Kind.SUB, outer, several=Several(self._list(), self._name(), self._gathered()))
        self._arrow(start, inner)
        self._arrow(inner, end)
        first, last = self._add(Kind.START, inner), self._add(Kind.END, inner)
        script = self._script(inner, depth)
        choice = self._choice(inner, depth + 2)
        for one, other in pairwise([first, script.first, choice.first]):
            self._arrow(one, other)
        self._arrow(choice.last, last)
        return self._edged(outer, depth)
