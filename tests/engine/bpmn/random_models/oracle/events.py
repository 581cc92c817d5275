"""What waits for a time, a message, a signal or a rule, and what is said."""

from __future__ import annotations

import re

from engine.bpmn.diagram.elements import Element, Kind, Trigger
from tests.engine.bpmn.random_models.oracle.knowing import Knowing
from tests.engine.bpmn.random_models.oracle.marks import Mark, Place, Stuck

RESTS = {
    Trigger.TIMER: "timer",
    Trigger.MESSAGE: "message",
    Trigger.SIGNAL: "message",
    Trigger.CONDITION: "rule",
}
SENT = (Trigger.MESSAGE, Trigger.SIGNAL)


class Events(Knowing):
    """Events on the way, on the edge, and at the start of blocks that begin by themselves."""

    def _awaits(self, mark: Mark) -> bool:
        """Whether an event has begun to wait here."""
        element = mark.element
        waits = element.kind in (Kind.CATCH, Kind.BOUNDARY) or mark.armed
        if mark.happened or not waits or element.trigger not in RESTS:
            return False
        if element.trigger is Trigger.TIMER:
            mark.words = self._text(element.timer or element.cycle or "", mark.place)
        mark.resting = RESTS[element.trigger]
        return True

    def about(self, mark: Mark) -> str | None:
        """What a wait is about."""
        return self._about(mark.element, mark.place)

    def _about(self, element: Element, place: Place) -> str | None:
        name = element.properties.get("trust:about")
        if not name:
            return None
        value = self._known(place)[name]
        return "" if value is None else str(value)

    def _comes_again(self, mark: Mark) -> bool:
        """Whether a timer stays when its moment has come: one that comes round, as often as it says."""
        if mark.element.timer or not mark.element.cycle:
            return False
        mark.rung += 1
        most = re.match(r"R(\d+)/|.*?(\d+) times$", mark.words or "")
        return most is None or mark.rung < int(most[1] or most[2])

    def _edges(self, mark: Mark) -> list[Mark]:
        """What waits on the edge of a step that has begun."""
        return [
            Mark(edge, mark.place, host=mark)
            for edge in self.diagram.elements.values()
            if edge.kind is Kind.BOUNDARY and edge.attached_to == mark.element.id and edge.trigger in RESTS
        ]

    def _arms(self, place: Place) -> list[Mark]:
        """What waits in a place as long as it lasts."""
        return [Mark(start, place, armed=True) for start in self._by_themselves(place) if start.trigger in RESTS]

    def _by_themselves(self, place: Place) -> list[Element]:
        """The starts of the blocks that begin by themselves in a place."""
        elements = self.diagram.elements
        blocks = [each.id for each in elements.values() if each.kind is Kind.EVENT_SUB and each.inside == place.inside]
        return [self._start_of(block) for block in blocks]

    def _start_of(self, inside: str | None) -> Element:
        found = self.diagram.elements.values()
        return next(each for each in found if each.kind is Kind.START and each.inside == inside)

    def _happens(self, mark: Mark) -> None:
        """An event has come. One that ends nothing stays, but for a moment that comes once."""
        self._first(mark)
        element = mark.element
        beside = element.kind is not Kind.CATCH and not element.interrupting
        if beside and (element.trigger is not Trigger.TIMER or self._comes_again(mark)):
            self._put(Mark(element, mark.place, happened=True, armed=mark.armed))
        else:
            mark.resting = None
            self.moving.append(mark)

    def _look(self) -> bool:
        """Look at every rule that is waited for. Whether any has become true."""
        watched = self.open("rule")
        values = [self._value(mark.element.condition or "", mark.place) for mark in watched]
        happened = False
        for mark, value in zip(watched, values, strict=True):
            if mark not in mark.place.marks:
                continue
            if value not in (None, True, False):
                raise Stuck("neither true nor false")
            before, mark.held = mark.held, bool(value)
            if mark.held and not before:
                self._happens(mark)
                happened = True
        return happened

    def _says(self, mark: Mark) -> None:
        """Something is sent, or thrown to whoever catches it further out."""
        element = mark.element
        if element.trigger in SENT:
            self.told.thrown.append((element.trigger, element.named, element.id, self._about(element, mark.place)))
        elif element.trigger in (Trigger.ERROR, Trigger.ESCALATION, Trigger.CANCEL) and not self._caught(mark):
            self.told.thrown.append((element.trigger, element.named, element.id, None))
            if element.trigger is not Trigger.ESCALATION:
                self._clear(self.top)
                self.ended = element.id

    def _caught(self, mark: Mark) -> bool:
        place, came_out_of = mark.place, None
        while True:
            if not self._interrupted(place):
                starts = [each for each in self._by_themselves(place) if each.inside != came_out_of]
                if start := _takes(starts, mark.element):
                    if start.interrupting:
                        self._clear(place)
                    self._put(Mark(start, place, happened=True, armed=True))
                    return True
            if place.of is None:
                return False
            host = place.of.place.of if place.of.one_of_several else place.of
            assert host is not None
            on_it = [each for each in self.diagram.elements.values() if each.attached_to == host.element.id]
            if edge := _takes(on_it, mark.element):
                if edge.interrupting:
                    self._gather(host)
                    self._drop(host)
                self._put(Mark(edge, host.place, happened=True))
                return True
            place, came_out_of = host.place, host.element.id

    def _interrupted(self, place: Place) -> bool:
        blocks = [mark.element.id for mark in place.marks if mark.element.kind is Kind.EVENT_SUB]
        return any(self._start_of(block).interrupting for block in blocks)

    def _clear(self, place: Place, but: Mark | None = None) -> None:
        for mark in list(place.marks):
            if mark is not but:
                self._drop(mark)

    # How the rest of the oracle moves tokens.

    def _first(self, mark: Mark) -> None:
        raise NotImplementedError

    def _put(self, mark: Mark) -> None:
        raise NotImplementedError

    def _drop(self, mark: Mark, but: Mark | None = None) -> None:
        raise NotImplementedError

    def _gather(self, mark: Mark) -> None:
        raise NotImplementedError


def _takes(events: list[Element], thrown: Element) -> Element | None:
    """Of these events the one that names what is thrown, else one that takes any."""
    fitting = [each for each in events if each.trigger is thrown.trigger]
    named = [each for each in fitting if each.named == thrown.named]
    return next(iter([*named, *(each for each in fitting if not each.named)]), None)
