"""How tokens move: one step each in turn, oldest first."""

from __future__ import annotations

from engine.bpmn.diagram.elements import Kind, Trigger
from tests.engine.bpmn.random_models.oracle.events import Events
from tests.engine.bpmn.random_models.oracle.gateways import Gateways
from tests.engine.bpmn.random_models.oracle.marks import Mark, Place, Stuck

MOST_PASSES = 3_000
ASKING = {"find_people"}


class Moving(Gateways, Events):
    """A case on its way."""

    def _run(self) -> None:
        passes = 0
        while self.moving or self._gather_up():
            mark = self.moving.popleft()
            passes += 1
            if passes > MOST_PASSES:
                raise Stuck("round and round")
            if mark in mark.place.marks and mark.resting is None:
                self._step(mark)
        waits = {mark.resting for mark in self._all()}
        if self.top.marks and waits <= {"join", "gather", "inside"}:
            raise Stuck("nothing can move")

    def _put(self, mark: Mark) -> None:
        mark.place.marks.append(mark)
        self.born.append(mark)
        kind, joins = mark.element.kind, len(self.diagram.incoming.get(mark.element.id, ())) > 1
        if kind is Kind.PARALLEL and joins:
            self._arrive(mark)
        elif kind is Kind.INCLUSIVE and joins:
            mark.resting = "gather"
        elif kind is Kind.USER and (mark.one_of_several or not mark.element.several):
            self._rest(mark, "task")
        elif kind is Kind.RECEIVE and (mark.one_of_several or not mark.element.several):
            self._rest(mark, "message")
        elif not self._awaits(mark):
            self.moving.append(mark)

    def _rest(self, mark: Mark, how: str) -> None:
        mark.resting = how
        if mark.one_of_several:
            return
        for edge in self._edges(mark):
            self._put(edge)

    def _step(self, mark: Mark) -> None:
        element = mark.element
        if element.several and not mark.one_of_several:
            self._for_each(mark)
        elif element.kind is Kind.SUB:
            inner = Place(mark)
            mark.parts.append(inner)
            self._rest(mark, "inside")
            self._begin(inner, element.id)
        elif element.kind in (Kind.SERVICE, Kind.SEND):
            self._speak(mark)
        else:
            if element.kind is Kind.SCRIPT:
                self._answers_of(mark.place)[element.result or ""] = self._value(element.script or "", mark.place)
            self._done(mark)

    def _begin(self, place: Place, inside: str | None) -> None:
        starts = [each for each in self.diagram.elements.values() if each.kind is Kind.START and each.inside == inside]
        self._put(Mark(starts[0], place))

    def _for_each(self, mark: Mark) -> None:
        several = mark.element.several
        items = self._value(several.each_of, mark.place) if several else None
        if not several or not isinstance(items, list):
            raise Stuck("not a list")
        for number, item in enumerate(items, 1):
            mark.parts.append(Place(mark, number=number, own={several.item: item} if several.item else {}))
        if not items:
            self._done(mark, silent=True)
            return
        self._rest(mark, "inside")
        for part in mark.parts:
            self._put(Mark(mark.element, part, one_of_several=True))

    def _speak(self, mark: Mark) -> None:
        element = mark.element
        asks = element.word in ASKING
        parameters = {name: self._text(text, mark.place) for name, text in element.parameters.items()}
        self.told.said.append((element.word or "", parameters, element.id, asks))
        if asks:
            self._rest(mark, "answer")
        else:
            self._done(mark)

    def _done(self, mark: Mark, silent: bool = False) -> None:
        """A token has finished where it stands: it leaves along its arrows, or was the last in its place."""
        element, place = mark.element, mark.place
        whole = bool(element.several) and not mark.one_of_several
        if not (whole or silent):
            self.told.passed.append(element.id)
        if whole:
            self._gather(mark)
        ways = () if mark.one_of_several else self._ways(mark)
        for flow in ways:
            self.told.passed.append(flow.id)
        self._end(mark)
        self._drop(mark)
        for flow in ways:
            race = mark if element.kind is Kind.EVENT_CHOICE else None
            self._put(Mark(self.diagram.elements[flow.target], place, by=flow.id, race=race))
        if not place.marks and place.of and place.of in place.of.place.marks and self._finished(place.of):
            self._done(place.of)

    def _begin_beside(self, mark: Mark) -> None:
        """What an event on the edge starts that stays there itself."""
        ways = self._ways(mark)
        self.told.passed += [mark.element.id, *(flow.id for flow in ways)]
        for flow in ways:
            self._put(Mark(self.diagram.elements[flow.target], mark.place, by=flow.id))

    def _end(self, mark: Mark) -> None:
        element, place = mark.element, mark.place
        if element.is_event(Kind.END, Trigger.TERMINATE):
            for other in [each for each in place.marks if each is not mark]:
                self._drop(other)
        if element.kind is Kind.END and place is self.top:
            self.ended = element.id

    def _finished(self, mark: Mark) -> bool:
        return mark.resting == "inside" and not any(part.marks for part in mark.parts)

    def _drop(self, mark: Mark, but: Mark | None = None) -> None:
        for part in mark.parts:
            for inner in list(part.marks):
                self._drop(inner)
        for edge in [each for each in mark.place.marks if each.host is mark and each is not but]:
            edge.place.marks.remove(edge)
        if mark in mark.place.marks:
            mark.place.marks.remove(mark)

    def _gather(self, mark: Mark) -> None:
        several = mark.element.several
        if several and several.collect and not mark.one_of_several:
            found = [dict(part.own or {}) for part in mark.parts if not part.marks]
            self._answers_of(mark.place)[several.collect] = found
