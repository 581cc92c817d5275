"""How tokens move: one step each in turn, oldest first."""

from __future__ import annotations

from typing import Any

from engine.bpmn.diagram.elements import Kind, Trigger
from tests.engine.bpmn.random_models.oracle.events import Events
from tests.engine.bpmn.random_models.oracle.gateways import Gateways
from tests.engine.bpmn.random_models.oracle.marks import Mark, Place, Stuck

MOST_PASSES = 3_000
ASKING = {"find_people"}


class Moving(Gateways, Events):
    """A case on its way."""

    def _run(self) -> None:
        passes = self._move(0)
        while self._look():
            passes = self._move(passes)
        waits = {mark.resting for mark in self.marks()}
        if self.top.marks and waits <= {"join", "gather", "inside"}:
            raise Stuck("nothing can move")

    def _move(self, passes: int) -> int:
        while self.moving or self._gather_up():
            mark = self.moving.popleft()
            passes += 1
            if passes > MOST_PASSES:
                raise Stuck("round and round")
            if mark in mark.place.marks and mark.resting is None:
                self._step(mark)
        return passes

    def _put(self, mark: Mark) -> None:
        mark.place.marks.append(mark)
        self.born.append(mark)
        kind, joins = mark.element.kind, len(self.diagram.incoming.get(mark.element.id, ())) > 1
        if kind is Kind.PARALLEL and joins:
            self._arrive(mark)
        elif kind is Kind.INCLUSIVE and joins:
            mark.resting = "gather"
        elif kind is Kind.USER and not self._whole(mark):
            self._rest(mark, "task")
        elif kind is Kind.RECEIVE and not self._whole(mark):
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
        if self._whole(mark):
            self._more_than_once(mark)
        elif element.kind is Kind.SUB:
            inner = Place(mark)
            mark.parts.append(inner)
            self._rest(mark, "inside")
            self._begin(inner)
        elif element.kind is Kind.EVENT_SUB:
            self._begin_by_itself(mark)
        elif element.kind in (Kind.SERVICE, Kind.SEND, Kind.CALL) and element.word:
            self._speak(mark)
        elif mark.armed or element.kind in (Kind.THROW, Kind.SEND, Kind.END):
            (self._arise if mark.armed else self._throw)(mark)
        else:
            self._interrupt(mark)
            if element.kind is Kind.SCRIPT:
                self._answers_of(mark.place)[element.result or ""] = self._value(element.script or "", mark.place)
            self._done(mark)

    def _interrupt(self, mark: Mark) -> None:
        if mark.host and mark.element.interrupting:
            self._gather(mark.host)
            self._drop(mark.host, but=mark)

    def _begin(self, place: Place, at: str | None = None) -> None:
        for armed in self._arms(place):
            self._put(armed)
        self._put(Mark(self.diagram.elements[at] if at else self._start_of(place.inside), place))

    def _arise(self, mark: Mark) -> None:
        """A block begins by itself, in the place that its start waited in."""
        place, block = mark.place, self.diagram.elements[mark.element.inside or ""]
        self.told.passed.append(mark.element.id)
        if mark.element.interrupting:
            self._clear(place)
        else:
            place.marks.remove(mark)
        self._put(Mark(block, place))

    def _begin_by_itself(self, mark: Mark) -> None:
        inner = Place(mark)
        mark.parts.append(inner)
        mark.resting = "inside"
        for armed in self._arms(inner):
            self._put(armed)
        flows = self.diagram.outgoing[self._start_of(mark.element.id).id]
        self.told.passed += [flow.id for flow in flows]
        for flow in flows:
            self._put(Mark(self.diagram.elements[flow.target], inner, by=flow.id))

    def _throw(self, mark: Mark) -> None:
        self._says(mark)
        if mark in mark.place.marks:
            self._done(mark)
        else:
            self.told.passed.append(mark.element.id)

    def _whole(self, mark: Mark) -> bool:
        """Whether this stands for all the times that a step is done."""
        return bool(mark.element.several or mark.element.repeat) and not mark.one_of_several

    def _more_than_once(self, mark: Mark) -> None:
        repeat = mark.element.repeat
        if not repeat:
            self._for_each(mark)
        elif repeat.looks_first and not self._once_more(mark):
            self._done(mark, silent=True)
        else:
            self._rest(mark, "inside")
            self._one_more(mark)

    def _one_more(self, mark: Mark) -> None:
        """Another item begins, or the step once more."""
        several = mark.element.several
        if several:
            item = mark.left.pop(0)
            own = {several.item: item} if several.item else {}
            mark.parts.append(Place(mark, number=mark.total - len(mark.left), own=own))
        else:
            mark.parts.append(Place(mark))
        self._put(Mark(mark.element, mark.parts[-1], one_of_several=True))

    def _once_more(self, mark: Mark) -> bool:
        """Whether a step that is repeated is done again."""
        repeat = mark.element.repeat
        if not repeat or mark.total >= (repeat.most or 1_000):
            return False
        if repeat.while_true is None:
            return repeat.most is not None
        return self._yes(self._value(repeat.while_true, mark.place, {"times_done": mark.total}))

    def _yes(self, value: object) -> bool:
        if value is not True and value is not False:
            raise Stuck("neither true nor false")
        return bool(value)

    def _one_is_done(self, mark: Mark, part: Place) -> None:
        """One item, or one time, is finished."""
        several = mark.element.several
        if mark.element.repeat:
            mark.total += 1
            if self._once_more(mark):
                self._one_more(mark)
        elif several:
            open_ = [each for each in mark.parts if each.marks]
            if several.until and (mark.left or open_) and self._early(mark, part, len(open_)):
                mark.left.clear()
                for each in open_:
                    for inner in list(each.marks):
                        self._drop(inner)
                    mark.parts.remove(each)
            elif several.in_turn and mark.left:
                self._one_more(mark)

    def _early(self, mark: Mark, part: Place, open_: int) -> bool:
        several = mark.element.several
        assert several
        more: dict[str, Any] = {"items_total": mark.total, "items_done": mark.total - len(mark.left) - open_}
        if several.collect:
            more[several.collect] = [dict(each.own or {}) for each in mark.parts if not each.marks]
        return self._yes(self._value(several.until or "", part, more))

    def _for_each(self, mark: Mark) -> None:
        several = mark.element.several
        items = self._value(several.each_of, mark.place) if several else None
        items = list(range(1, items + 1)) if isinstance(items, int) and not isinstance(items, bool) else items
        if not several or not isinstance(items, list):
            raise Stuck("not a list")
        if not items:
            self._done(mark, silent=True)
            return
        mark.left, mark.total = list(items), len(items)
        self._rest(mark, "inside")
        for _ in range(1 if several.in_turn else len(items)):
            self._one_more(mark)

    def _speak(self, mark: Mark) -> None:
        element = mark.element
        asks = element.word in ASKING or element.kind is Kind.CALL
        parameters = {name: self._text(text, mark.place) for name, text in element.parameters.items()}
        if element.kind is Kind.CALL:
            parameters["wait"] = True
        if element.hands_all:
            parameters["answers"] = {**self._answers_at(mark.place), **(parameters.get("answers") or {})}
        self.told.said.append((element.word or "", parameters, element.id, asks))
        if asks:
            self._rest(mark, "answer")
        else:
            self._done(mark)

    def _done(self, mark: Mark, silent: bool = False) -> None:
        """A token has finished where it stands: it leaves along its arrows, or was the last in its place."""
        element, place = mark.element, mark.place
        whole = self._whole(mark)
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
        if all(each.armed for each in place.marks):
            self._clear(place)
            self._over(place)

    def _over(self, place: Place) -> None:
        """Nothing is left in a place."""
        if place.of and place.of in place.of.place.marks:
            if self._whole(place.of):
                self._one_is_done(place.of, place)
            if self._finished(place.of):
                self._done(place.of)

    def _end(self, mark: Mark) -> None:
        element, place = mark.element, mark.place
        if element.is_event(Kind.END, Trigger.TERMINATE):
            for other in [each for each in place.marks if each is not mark]:
                self._drop(other)
        while place.of and place.of.element.kind is Kind.EVENT_SUB:
            place = place.of.place
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
