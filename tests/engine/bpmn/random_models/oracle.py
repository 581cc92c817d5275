"""What a diagram means, told a second time: a token interpreter of the dialect that shares no code with the runner.

Rules. Tokens move one step each in turn, oldest first. A step that waits for nobody is done at once. A gateway that
chooses takes the first arrow that is true, else its default. A gateway that joins needs one token on every arrow into
it and takes the oldest of each. A block is done when nothing moves or waits in it. A step for several runs once an
item, each with answers of its own, and gathers those of the items that finished. A timer on the edge that interrupts
ends its step or block; one that does not starts a token beside it. A terminating end empties the block, or the case,
it stands in.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.bpmn.diagram.elements import Diagram, Element, Flow, Kind, Trigger

MOST_PASSES = 3_000
ASKING = {"find_people"}

Meaning = Callable[[str, Mapping[str, Any]], Any]  # (FEEL, names) -> its value


class Stuck(Exception):
    """The case cannot go on: a rule gave neither true nor false, or nothing could ever move again."""


@dataclass(eq=False)
class Mark:
    """A token: where something moves or waits."""

    element: Element
    place: Place
    by: str | None = None  # the arrow it came along
    host: Mark | None = None  # for a timer on the edge: the step it is on
    one_of_several: bool = False
    parts: list[Place] = field(default_factory=list)  # what goes on inside it: a block, or the items of a step
    resting: str | None = None  # task, timer, message, answer, join, inside; None while it moves
    words: str | None = None


@dataclass(eq=False)
class Place:
    """Where tokens are: the case, one visit to a block, or one item of a step done for several."""

    of: Mark | None
    marks: list[Mark] = field(default_factory=list)
    number: int | None = None  # of the item
    own: dict[str, Any] | None = None  # the item's own answers


@dataclass
class Told:
    """What one run said and passed."""

    said: list[tuple[str, dict[str, Any], str, bool]] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)


class Oracle:
    """One case of a diagram."""

    def __init__(self, diagram: Diagram, value_of: Meaning, known: Sequence[str]) -> None:
        self.diagram, self.value_of, self.known = diagram, value_of, known
        self.values: dict[str, Any] = {}
        self.top = Place(None)
        self.moving: deque[Mark] = deque()
        self.told = Told()
        self.ended: str | None = None

    # What the case offers, oldest first.

    def open(self, resting: str) -> list[Mark]:
        """Every token resting in this way."""
        return sorted((mark for mark in self._all() if mark.resting == resting), key=self.born.index)

    def where(self, mark: Mark) -> tuple[int, ...]:
        """The numbers of the items a token stands in, outermost first."""
        return self._numbers(mark.place)

    def item(self, mark: Mark) -> Any:
        """The item a token is about, or None."""
        inmost = next((place for place in reversed(self._around(mark.place)) if place.own is not None), None)
        name = inmost.of.element.several.item if inmost and inmost.of and inmost.of.element.several else None
        return inmost.own.get(name) if inmost and inmost.own is not None and name else None

    def own_answers(self) -> list[tuple[tuple[int, ...], dict[str, Any]]]:
        """What items know that have not been gathered, with their numbers, outermost first."""
        return [(self._numbers(place), dict(place.own)) for place in self._places() if place.own is not None]

    # What can happen to it.

    def start(self, answers: Mapping[str, Any]) -> None:
        """Begin."""
        self.values.update(answers)
        self.born: list[Mark] = []
        self._begin(self.top, None)
        self._run()

    def complete(self, mark: Mark, new: Mapping[str, Any]) -> None:
        """Somebody did a task, a message came, or a word was answered."""
        self._fresh()
        self._answers_of(mark.place).update(new)
        self._done(mark)
        self._run()

    def answer(self, mark: Mark, value: Any) -> None:
        """An asking word got its answer."""
        self.complete(mark, {mark.element.result: value} if mark.element.result else {})

    def wake(self, mark: Mark) -> None:
        """A timer's moment came."""
        self._fresh()
        if mark.host and mark.element.interrupting:
            self._gather(mark.host)
            self._drop(mark.host, but=mark)
        self._done(mark)
        self._run()

    # How tokens move.

    def _fresh(self) -> None:
        self.told = Told()

    def _run(self) -> None:
        passes = 0
        while self.moving:
            mark = self.moving.popleft()
            passes += 1
            if passes > MOST_PASSES:
                raise Stuck("round and round")
            if mark in mark.place.marks and mark.resting is None:
                self._step(mark)
        waits = {mark.resting for mark in self._all()}
        if self.top.marks and waits <= {"join", "inside"}:
            raise Stuck("nothing can move")

    def _put(self, mark: Mark) -> None:
        mark.place.marks.append(mark)
        self.born.append(mark)
        kind = mark.element.kind
        if kind is Kind.PARALLEL and len(self.diagram.incoming.get(mark.element.id, ())) > 1:
            self._arrive(mark)
        elif kind is Kind.USER and (mark.one_of_several or not mark.element.several):
            self._rest(mark, "task")
        elif kind in (Kind.CATCH, Kind.BOUNDARY) and mark.element.trigger is Trigger.TIMER:
            mark.words = self._text(mark.element.timer or "", mark.place)
            mark.resting = "timer"
        elif kind is Kind.CATCH and mark.element.trigger is Trigger.MESSAGE:
            mark.resting = "message"
        else:
            self.moving.append(mark)

    def _rest(self, mark: Mark, how: str) -> None:
        mark.resting = how
        if mark.one_of_several:
            return
        for edge in self.diagram.elements.values():
            if edge.kind is Kind.BOUNDARY and edge.attached_to == mark.element.id:
                self._put(Mark(edge, mark.place, host=mark))

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
            self._put(Mark(self.diagram.elements[flow.target], place, by=flow.id))
        if not place.marks and place.of and place.of in place.of.place.marks and self._finished(place.of):
            self._done(place.of)

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

    # What a token knows.

    def _around(self, place: Place) -> list[Place]:
        found = [place]
        while place.of:
            place = place.of.place
            found.insert(0, place)
        return found

    def _answers_of(self, place: Place) -> dict[str, Any]:
        found = self.values
        for around in self._around(place):
            found = found if around.own is None else around.own
        return found

    def _value(self, expression: str, place: Place) -> Any:
        names: dict[str, Any] = dict.fromkeys(self.known)
        names.update(self.values)
        for around in self._around(place):
            if around.own is not None:
                names.update(around.own, item_number=around.number)
        return self.value_of(expression, names)

    def _text(self, text: str, place: Place) -> Any:
        if text.startswith("="):
            return self._value(text[1:], place)
        return re.sub(r"\{\{(.*?)\}\}", lambda hole: self._hole(hole[1].strip(), place), text)

    def _hole(self, expression: str, place: Place) -> str:
        value = self._value(expression, place)
        return "" if value is None else str(value)

    def _places(self, place: Place | None = None) -> Iterator[Place]:
        place = place or self.top
        yield place
        for mark in place.marks:
            for part in mark.parts:
                yield from self._places(part)

    def _all(self) -> list[Mark]:
        return [mark for place in self._places() for mark in place.marks]

    def _numbers(self, place: Place) -> tuple[int, ...]:
        return tuple(around.number for around in self._around(place) if around.number is not None)
