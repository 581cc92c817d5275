"""Where everything is in a case, and what a token knows there."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.bpmn.diagram.elements import Diagram
from tests.engine.bpmn.random_models.oracle.marks import Mark, Meaning, Place, Told


class Knowing:
    """A case as it stands."""

    def __init__(self, diagram: Diagram, value_of: Meaning, known: Sequence[str]) -> None:
        self.diagram, self.value_of, self.known = diagram, value_of, known
        self.values: dict[str, Any] = {}
        self.top = Place(None)
        self.moving: deque[Mark] = deque()
        self.born: list[Mark] = []
        self.told = Told()
        self.ended: str | None = None

    # What it offers, oldest first.

    def open(self, resting: str) -> list[Mark]:
        """Every token resting in this way."""
        return sorted((mark for mark in self.marks() if mark.resting == resting), key=self.born.index)

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

    def _answers_at(self, place: Place) -> dict[str, Any]:
        """Every answer given so far that is known here."""
        found = dict(self.values)
        for around in self._around(place):
            found.update(around.own or {})
        return found

    def _value(self, expression: str, place: Place, more: Mapping[str, Any] | None = None) -> Any:
        return self.value_of(expression, {**self._known(place), **(more or {})})

    def _known(self, place: Place) -> dict[str, Any]:
        names: dict[str, Any] = dict.fromkeys(self.known)
        names.update(self.values)
        for around in self._around(place):
            if around.own is not None:
                names.update(around.own, item_number=around.number)
        return names

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

    def marks(self) -> list[Mark]:
        """Every token."""
        return [mark for place in self._places() for mark in place.marks]

    def _numbers(self, place: Place) -> tuple[int, ...]:
        return tuple(around.number for around in self._around(place) if around.number is not None)
