"""Every decision table tried: cells that would stop a case or never apply, rules in each other's way, results that do
not fit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import product
from math import prod
from typing import Any

from engine.bpmn.check.names import Names
from engine.bpmn.diagram.elements import Element, Kind
from engine.bpmn.trying.domains import FACTS, MOST_VALUES, Domain, Sort, of_values
from engine.bpmn.trying.knowledge import Tried
from engine.bpmn.trying.rules import none_of, stops, told_fault
from engine.bpmn.trying.simple import is_simple
from engine.model.fault import Fault
from engine.model.wording import quoted, short
from engine.rules import feel
from engine.rules.feel import Ask, Told
from engine.rules.literals import is_plain, outside_texts, plain_value, texts_in
from engine.rules.misread import NUMBERS, misread_cell
from engine.rules.table_faults import called
from engine.rules.tables import Cell, Decision, Input, Output, Rule

MOST_WAYS = 3_000  # to answer all inputs of a table together
_TYPES = {
    "string": ("texts", str),
    "boolean": ("yes or no", bool),
    **dict.fromkeys(NUMBERS, ("numbers", (int, float))),
}
_NAMED = {Sort.NUMBER: "number", Sort.TEXT: "string", Sort.YES_NO: "boolean"}
_LISTED = re.compile(r'(?:not\s*\()?\s*"_*"(?:\s*,\s*"_*")*\s*\)?')
_ADDED = ("SUM", "MIN", "MAX")


def faults(tried: Tried, names: Names) -> Iterator[Fault]:
    """The faults of every table that a step uses and whose texts can be read."""
    done: set[str] = set()
    for element in tried.view.diagram.elements.values():
        key = element.decision or ""
        if element.kind is Kind.RULE and key in tried.view.decisions and key not in done and names.complete:
            done.add(key)
            yield from _Table(tried, element, tried.view.decisions[key], names.at(element.id)).faults()


@dataclass(frozen=True)
class _Column:
    """An input with the values it is tried with."""

    drawn: Input
    values: tuple[Any, ...]
    domain: Domain
    complete: bool


@dataclass(frozen=True)
class _Table:
    tried: Tried
    place: Element
    decision: Decision
    known: frozenset[str]

    def faults(self) -> Iterator[Fault]:
        """All of them, one for each mistake."""
        if any(self._unread(column.expression) for column in self.decision.inputs):
            return
        wrong = [fault for column in self.columns if (fault := self._of_column(column))]
        yield from wrong
        if wrong:
            return
        found = [*self._of_cells()]
        yield from found
        yield from self._of_results()
        if not found and not self._slips:
            yield from self._of_rules()

    @cached_property
    def columns(self) -> list[_Column]:
        """The inputs, each with what it may be."""
        return [self._column(place, column) for place, column in enumerate(self.decision.inputs)]

    def _column(self, place: int, column: Input) -> _Column:
        cells = [
            rule.tests[place].text for rule in self.decision.rules if not self._unread(rule.tests[place].text, True)
        ]
        if column.expression.isidentifier() and column.expression in self.known:
            domain = self.tried.domain(column.expression)
        else:
            trial = self.tried.trial([column.expression], self.place.id)
            domain = of_values([one.told[0].value for one in trial.tries], open=not trial.complete)
        values = domain.tried(cells)
        few = len(values) < MOST_VALUES and sum(len(texts_in(cell)) for cell in cells) <= 8 * max(1, len(cells))
        closed = not domain.open or (domain.sort is not Sort.ANYTHING and is_simple(cells))
        return _Column(column, values, domain, few and closed)

    def _unread(self, text: str, unary: bool = False) -> bool:
        """Whether something is wrong with a text by itself: that is told elsewhere."""
        if is_plain(text):
            return False
        return bool(feel.parse_fault(text, unary) or feel.unknown_names(text, self.known, unary))

    @cached_property
    def _slips(self) -> bool:
        """Whether a cell cannot be read, or reads otherwise than it is written."""
        return any(
            self._unread(cell.text, True) or misread_cell(cell.text, column.kind)
            for rule in self.decision.rules
            for cell, column in zip(rule.tests, self.decision.inputs, strict=True)
        )

    def _fault(self, element: str, name: str, sentence: str) -> Fault:
        return Fault(f"decisions/{self.place.decision}.dmn", element or None, name, sentence)

    def _of_column(self, column: _Column) -> Fault | None:
        drawn = column.drawn
        tests, types = _TYPES.get(drawn.kind or "", ("", object))
        strange = next((value for value in column.values if not _fits(value, types)), None)
        if not tests or strange is None or isinstance(strange, list):
            return None
        named = _NAMED.get(column.domain.sort)
        how = f"Choose “{named}” as the column's type." if named else "Choose another type for the column."
        sentence = f"This column tests {tests}, and {quoted(drawn.expression)} is {column.domain.sort}. {how}"
        return self._fault(drawn.id, short(drawn.label), sentence)

    def _of_cells(self) -> Iterator[Fault]:
        for place, column in enumerate(self.columns):
            told: dict[str, str | None] = {}
            for rule in self.decision.rules:
                cell = rule.tests[place]
                if cell.text.strip() == "-" or misread_cell(cell.text, column.drawn.kind):
                    continue
                if cell.text not in told:
                    told[cell.text] = self._of_cell(cell, column)
                if sentence := told[cell.text]:
                    yield self._fault(cell.id, called(rule.number, column.drawn.label), sentence)

    def _of_cell(self, cell: Cell, column: _Column) -> str | None:
        if self._unread(cell.text, True):
            return None
        if column.drawn.kind in (None, "Any") and (misread := misread_cell(cell.text, _NAMED.get(column.domain.sort))):
            return misread
        if (sentence := _strange(cell.text, column)) is not None:
            return sentence
        values = column.domain.tried([cell.text]) if column.domain.open else column.values
        spent = self.tried.bench.left <= 0
        values = values[:1] if spent else values
        told = self._test(cell.text, column.drawn, values)
        wrong = next(((value, one) for value, one in zip(values, told, strict=True) if one.fault), None)
        if wrong:
            value = (
                "" if isinstance(wrong[0], list | dict) else f" when {quoted(column.drawn.label)} is {quoted(wrong[0])}"
            )
            return f"{quoted(cell.text)} would stop the case{value}: {wrong[1].fault}."
        if spent or not values or any(one.value is True for one in told) or not self._is_all(cell, column):
            return None
        if self._test(cell.text, column.drawn, [None])[0].value is True:
            return None
        return f"{quoted(cell.text)} never applies, whatever is answered to {quoted(column.drawn.label)}. Change it."

    def _is_all(self, cell: Cell, column: _Column) -> bool:
        reads_others = bool(feel.names_in(cell.text, unary=True) - {"?"})
        if reads_others or column.domain.sort is Sort.ANYTHING:
            return False
        return not column.domain.open or is_simple([cell.text])

    def _test(self, cell: str, column: Input, values: Sequence[Any]) -> list[Told]:
        read = (feel.names_in(cell, unary=True) & self.known) - FACTS.keys()
        others = {name: next(iter(self.tried.domain(name).tried([cell])), None) for name in read}
        return self.tried.bench.work_out([(Ask(cell, _made(value, column.kind)), others) for value in values])

    def _of_results(self) -> Iterator[Fault]:
        for rule in self.decision.rules:
            for cell, column in zip(rule.results, self.decision.outputs, strict=True):
                if sentence := self._of_result(cell, column):
                    yield self._fault(cell.id, called(rule.number, column.label), sentence)

    def _of_result(self, cell: Cell, column: Output) -> str | None:
        if is_plain(cell.text):
            return self._misfit(plain_value(cell.text), column)
        if self._unread(cell.text):
            return None
        trial = self.tried.trial([cell.text], self.place.id)
        return stops(trial, told_fault, f"The result {quoted(cell.text)}")

    def _misfit(self, value: Any, column: Output) -> str | None:
        if self.decision.aggregation in _ADDED and not isinstance(value, int | float):
            return "This table adds its results up, so each must be a number. Write one, or choose another hit policy."
        tests, types = _TYPES.get(column.kind or "", ("", object))
        if not isinstance(value, str) or column.kind == "string" or _fits(value, types):
            return None
        how = "Write it without quotation marks, or choose “string” as the column's type."
        return f"This column gives {tests}, and {quoted(value)} is a text. {how}"

    def _of_rules(self) -> Iterator[Fault]:
        """Rules of which two apply where one may, and rules that an earlier one always comes before."""
        sizes = prod(len(column.values) + 1 for column in self.columns)
        if self.decision.hit_policy not in ("UNIQUE", "FIRST") or sizes > MOST_WAYS or self._reads_others:
            return
        if self.tried.bench.left < len(self.decision.rules) * sum(len(column.values) + 1 for column in self.columns):
            return
        masks = [self._masks(place, column) for place, column in enumerate(self.columns)]
        first: set[int] = set()
        for way in product(*(range(len(mask)) for mask in masks)):
            hits = (1 << len(self.decision.rules)) - 1
            for mask, number in zip(masks, way, strict=True):
                hits &= mask[number]
            if self.decision.hit_policy == "UNIQUE" and hits.bit_count() > 1 and self._is_answered(way):
                yield self._both(hits, way)
                return
            if hits:
                first.add((hits & -hits).bit_length() - 1)
        if self.decision.hit_policy == "FIRST" and all(column.complete for column in self.columns):
            yield from (self._covered(rule) for rule in self.decision.rules if rule.number - 1 not in first)

    @property
    def _reads_others(self) -> bool:
        cells = {cell.text for rule in self.decision.rules for cell in rule.tests}
        return any(not is_plain(cell) and feel.names_in(cell, unary=True) & self.known for cell in cells)

    def _masks(self, place: int, column: _Column) -> list[int]:
        """For each value, the last being none, the rules whose cell fits it: a bit each."""
        values = (*column.values, None)
        found = [0] * len(values)
        fits: dict[str, list[bool]] = {}
        for number, rule in enumerate(self.decision.rules):
            text = rule.tests[place].text
            if text not in fits:
                fits[text] = [one.value is True for one in self._test(text, column.drawn, values)]
            for at, fit in enumerate(fits[text]):
                found[at] |= fit << number
        return found

    def _is_answered(self, way: Sequence[int]) -> bool:
        return all(number < len(column.values) for number, column in zip(way, self.columns, strict=True))

    def _both(self, hits: int, way: Sequence[int]) -> Fault:
        one = self.decision.rules[(hits & -hits).bit_length() - 1]
        other = self.decision.rules[(hits & (hits - 1)).bit_length() - 1]
        asked = [
            f"{quoted(column.drawn.label)} is {quoted(_said(column.values[number]))}"
            for number, column in list(zip(way, self.columns, strict=True))[:4]
        ]
        sentence = (
            f"Rules {one.number} and {other.number} both apply when {' and '.join(asked)}, and the case would stop:"
            " this table allows one. Make them exclude each other, or choose “First” as the hit policy."
        )
        return self._fault(other.id, f"Rule {other.number}", sentence)

    def _covered(self, rule: Rule) -> Fault:
        sentence = "This rule never applies: a rule above it always comes first. Move it up, or take it out."
        return self._fault(rule.id, f"Rule {rule.number}", sentence)


def _strange(cell: str, column: _Column) -> str | None:
    """A sentence when a cell that lists texts holds one that is none of the answers there are to choose."""
    options = column.domain.options
    if not options or column.domain.open or not _LISTED.fullmatch(outside_texts(cell).strip()):
        return None
    strange = next((text for text in texts_in(cell) if text not in options), None)
    return f"This never applies: {none_of(strange, column.drawn.label, options)}" if strange is not None else None


def _fits(value: Any, types: Any) -> bool:
    return value is None or (
        isinstance(value, types) and (types is bool or types is object or not isinstance(value, bool))
    )


def _said(value: Any) -> Any:
    return {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value


def _made(value: Any, kind: str | None) -> Any:
    """A value as the table makes it of an input: dates of forms are texts."""
    if kind != "date" or not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None
