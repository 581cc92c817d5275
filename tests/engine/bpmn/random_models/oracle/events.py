"""What waits for a time or a message, and ends."""

from __future__ import annotations

import re

from engine.bpmn.diagram.elements import Kind, Trigger
from tests.engine.bpmn.random_models.oracle.knowing import Knowing
from tests.engine.bpmn.random_models.oracle.marks import Mark


class Events(Knowing):
    """Events on the way and on the edge."""

    def _awaits(self, mark: Mark) -> bool:
        """Whether an event has begun to wait here."""
        element = mark.element
        if element.kind in (Kind.CATCH, Kind.BOUNDARY) and element.trigger is Trigger.TIMER:
            mark.words = self._text(element.timer or element.cycle or "", mark.place)
            mark.resting = "timer"
        elif element.kind is Kind.CATCH and element.trigger is Trigger.MESSAGE:
            mark.resting = "message"
        return mark.resting is not None

    def _comes_again(self, mark: Mark) -> bool:
        """Whether a timer stays on its edge when its moment has come: one that comes round, as often as it says."""
        if mark.element.timer or not mark.element.cycle or mark.element.interrupting or not mark.host:
            return False
        mark.rung += 1
        most = re.match(r"R(\d+)/|.*?(\d+) times$", mark.words or "")
        return most is None or mark.rung < int(most[1] or most[2])

    def _edges(self, mark: Mark) -> list[Mark]:
        """What waits on the edge of a step that has begun."""
        return [
            Mark(edge, mark.place, host=mark)
            for edge in self.diagram.elements.values()
            if edge.kind is Kind.BOUNDARY and edge.attached_to == mark.element.id
        ]
