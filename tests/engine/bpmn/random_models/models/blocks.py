"""Random blocks, and blocks within blocks."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from engine.bpmn.diagram.elements import Kind, Several, Trigger
from tests.engine.bpmn.random_models.models.events import CAUGHT
from tests.engine.bpmn.random_models.models.gateways import Gateways
from tests.engine.bpmn.random_models.models.making import Part
from tests.engine.bpmn.random_models.models.steps import Steps


class Blocks(Gateways, Steps):
    """Sub-processes."""

    def _scope(self, inside: str | None, depth: int) -> None:
        begins = self.rng.choice((Trigger.NONE, Trigger.TIMER, Trigger.MESSAGE, Trigger.SIGNAL))
        said = {"cycle": "every Monday"} if begins is Trigger.TIMER else {"named": "news"}
        start = self._add(Kind.START, inside, **({"trigger": begins, **said} if inside is None else {}))
        if self.rng.random() < 0.7 and depth < 3:
            self._by_itself(inside, depth)
        body = self._chain(inside, depth)
        end = self._end(inside, 0.1)
        self._arrow(start, body.first)
        self._arrow(body.last, end)
        if inside is None and self.seed % 5 == 0:
            other, way = self._add(Kind.START, inside), self._chain(inside, depth)
            self._arrow(other, way.first)
            self._arrow(way.last, end)

    def _block(self, inside: str | None, depth: int) -> Part:
        id = self._add(Kind.SUB, inside, transaction=self.rng.random() < 0.45, **self._times())
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

    def _guarded(self, inside: str | None, depth: int) -> Part:
        """A block that can fail, be cancelled or call for help, and what is on its edge for that."""
        trigger = self.rng.choice((*CAUGHT, Trigger.CANCEL))
        whole = trigger is Trigger.CANCEL or self.rng.random() < 0.3
        id = self._add(Kind.SUB, inside, transaction=whole, **self._times())
        said = self._about(trigger)
        start, gate = self._add(Kind.START, id), self._add(Kind.EXCLUSIVE, id)
        body = self._chain(id, depth + 2)
        self._arrow(start, body.first)
        self._arrow(body.last, gate)
        thrown = self._add(Kind.END, id, **said)
        self._arrow(gate, thrown, self._condition())
        self.elements[gate] = replace(self.elements[gate], default_flow=self._arrow(gate, self._add(Kind.END, id)))
        ends = trigger is not Trigger.ESCALATION or self.rng.random() < 0.5
        edge = self._add(Kind.BOUNDARY, inside, attached_to=id, interrupting=ends, **said)
        self._arrow(edge, self._end(inside))
        return self._edged(id, depth)
