"""Which arrows a token leaves by, and what a join waits for."""

from __future__ import annotations

from collections.abc import Sequence

from engine.bpmn.diagram.elements import Flow, Kind
from tests.engine.bpmn.random_models.oracle.knowing import Knowing
from tests.engine.bpmn.random_models.oracle.marks import Mark, Stuck


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
        flows = self.diagram.outgoing.get(mark.element.id, ())
        if mark.element.kind is not Kind.EXCLUSIVE or len(flows) < 2:
            return flows
        for flow in flows:
            if flow.id == mark.element.default_flow:
                continue
            holds = self._value(flow.condition or "", mark.place)
            if holds is not True and holds is not False:
                raise Stuck("neither true nor false")
            if holds:
                return [flow]
        return [flow for flow in flows if flow.id == mark.element.default_flow]
