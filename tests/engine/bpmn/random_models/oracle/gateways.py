"""Which arrows a token leaves by, and what a join waits for."""

from __future__ import annotations

from collections.abc import Sequence

from engine.bpmn.diagram.elements import Element, Flow, Kind, Trigger
from tests.engine.bpmn.random_models.oracle.knowing import Knowing
from tests.engine.bpmn.random_models.oracle.marks import Mark, Place, Stuck

CAUGHT = (Trigger.ERROR, Trigger.ESCALATION, Trigger.CANCEL)


class Gateways(Knowing):
    """Where ways part and meet."""

    def _arrive(self, mark: Mark) -> None:
        mark.resting = "join"
        here = [each for each in mark.place.marks if each.element is mark.element and each.resting == "join"]
        oldest: dict[str | None, Mark] = {}
        for each in here:
            oldest.setdefault(each.by, each)
        if len(oldest) == len(self.diagram.incoming[mark.element.id]):
            for each in oldest.values():
                if each is not mark:
                    each.place.marks.remove(each)
            mark.resting = None
            self.moving.append(mark)

    def _ways(self, mark: Mark) -> Sequence[Flow]:
        flows, element = self.diagram.outgoing.get(mark.element.id, ()), mark.element
        if len(flows) < 2 or element.kind in (Kind.PARALLEL, Kind.EVENT_CHOICE):
            return flows
        true, unasked = [], []
        for flow in flows:
            if flow.id == element.default_flow:
                continue
            if flow.condition is None and element.kind is not Kind.EXCLUSIVE:
                unasked.append(flow)
            elif self._holds(flow, mark):
                true.append(flow)
                if element.kind is Kind.EXCLUSIVE:
                    return true
        chosen = [*true, *unasked] if true else [*unasked, *(flow for flow in flows if flow.id == element.default_flow)]
        if not chosen:
            raise Stuck("no arrow fits")
        return sorted(chosen, key=flows.index)

    def _holds(self, flow: Flow, mark: Mark) -> bool:
        holds = self._value(flow.condition or "", mark.place)
        if holds is not True and holds is not False:
            raise Stuck("neither true nor false")
        return bool(holds)

    def _first(self, mark: Mark) -> None:
        """What a token waited for has come: those that raced it are withdrawn."""
        rivals = [each for each in mark.place.marks if mark.race and each.race is mark.race and each is not mark]
        for other in rivals:
            other.place.marks.remove(other)

    # The join that waits for what can still come.

    def _gather_up(self) -> bool:
        """Nothing moves: the oldest such join goes on to which nothing can come any more."""
        waiting = sorted((mark for mark in self.marks() if mark.resting == "gather"), key=self.born.index)
        free = [mark for mark in waiting if not any(self._may_come(other, mark) for other in mark.place.marks)]
        free = free or [mark for mark in waiting if not self._alive(mark.place)]
        if free:
            first = free[0]
            for other in [each for each in waiting if each.element is first.element and each.place is first.place]:
                if other is not first:
                    other.place.marks.remove(other)
            first.resting = None
            self.moving.append(first)
        return bool(free)

    def _may_come(self, other: Mark, join: Mark) -> bool:
        if other.element is join.element:
            return False
        elements = self.diagram.elements
        on_edges: dict[str, list[Element]] = {}
        for edge in elements.values():
            on_edges.setdefault(edge.attached_to or "", []).append(edge)
        thrown = [edge.id for edge in on_edges.get(other.element.id, ()) if edge.trigger in CAUGHT]
        left = [*thrown, *(flow.target for flow in self.diagram.outgoing.get(other.element.id, ()))]
        seen: set[str] = set()
        while left:
            id = left.pop()
            if id in seen:
                continue
            seen.add(id)
            left += [flow.target for flow in self.diagram.outgoing.get(id, ())]
            left += [edge.id for edge in on_edges.get(id, ())]
        return join.element.id in seen

    def _alive(self, place: Place) -> bool:
        """Whether something in a place may move without anything else having to come to it."""
        for mark in place.marks:
            if mark.resting == "inside":
                if any(self._alive(part) for part in mark.parts):
                    return True
            elif mark.resting not in ("join", "gather"):
                return True
        return False
