"""Decision tables: DMN 1.3 as dmn-js and the Camunda Modeler save it, every cell in FEEL, asked in one call into V8."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from functools import cached_property
from typing import Any

from engine.errors import ExpressionStopped
from engine.readers.xml import read_xml
from engine.rules import feel
from engine.rules.feel import Ask, Of, Told
from engine.rules.table_file import Reading

Row = dict[str, Any]
# What FEEL makes of an input so that cells can be compared with it: dates and lengths of time are kept as texts.
_MADE = {"date": "date({})", "time": "time({})", "dateTime": "date and time({})"}
_MADE |= dict.fromkeys(("dayTimeDuration", "yearMonthDuration"), "duration({})")
_KINDS: Mapping[str, tuple[str, tuple[type, ...]]] = {
    "string": ("a text", (str,)),
    "boolean": ("yes or no", (bool,)),
    **dict.fromkeys(("number", "integer", "long", "double"), ("a number", (int, float))),
}


def _sum(values: list[Any]) -> int | float:
    """As one would add them on paper: 0.1 and 0.2 are 0.3."""
    with localcontext(Context(prec=50)):
        total = sum((Decimal(repr(value)) for value in values), Decimal(0))
    return int(total) if total == total.to_integral_value() else float(total)


_AGGREGATES: Mapping[str, Callable[[list[Any]], Any]] = {"SUM": _sum, "MIN": min, "MAX": max}


@dataclass(frozen=True)
class Cell:
    """One cell of a rule."""

    id: str
    text: str


@dataclass(frozen=True)
class Input:
    """A column that is tested."""

    id: str
    label: str
    expression: str
    kind: str | None = None  # DMN's name for the type of its values

    @property
    def asked(self) -> str:
        """The expression, giving dates and lengths of time as such."""
        made = _MADE.get(self.kind or "")
        return made.format(f"{self.expression}\n") if made else self.expression


@dataclass(frozen=True)
class Output:
    """A column of results."""

    id: str
    name: str
    label: str
    kind: str | None = None


@dataclass(frozen=True)
class Rule:
    """One line: a test for every input, a result for every output."""

    id: str
    number: int  # as the modeller shows it, from 1
    tests: tuple[Cell, ...]
    results: tuple[Cell, ...]
    note: str = ""


@dataclass(frozen=True)
class Decision:
    """A decision table."""

    key: str
    name: str
    hit_policy: str  # UNIQUE, FIRST or COLLECT
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    aggregation: str | None = None  # of COLLECT: SUM, MIN, MAX or COUNT

    @cached_property
    def names(self) -> frozenset[str]:
        """Every name the table reads."""
        found = [feel.names_in(column.expression) for column in self.inputs]
        found += [feel.names_in(cell.text, unary=True) for rule in self.rules for cell in rule.tests]
        found += [feel.names_in(cell.text) for rule in self.rules for cell in rule.results]
        return frozenset().union(*found)

    @cached_property
    def asks(self) -> tuple[Ask, ...]:
        """The inputs, then line by line its tests and results."""
        asked = [Ask(column.asked) for column in self.inputs]
        for rule in self.rules:
            asked += [Ask(cell.text, Of(place)) for place, cell in enumerate(rule.tests)]
            asked += [Ask(cell.text) for cell in rule.results]
        return tuple(asked)

    @property
    def title(self) -> str:
        """How a sentence calls it."""
        return f"The decision table “{self.name or self.key}”"


def read(data: bytes) -> Decision:
    """The table in a file. Raises BadFile when it cannot be read or says what Headway does not do."""
    reading = Reading(read_xml(data, "This decision table"))
    return Decision(
        key=reading.key,
        name=reading.name,
        hit_policy=reading.hit_policy,
        inputs=tuple(Input(*each) for each in reading.inputs()),
        outputs=tuple(Output(*each) for each in reading.outputs()),
        rules=tuple(
            Rule(id, number, tuple(Cell(*test) for test in tests), tuple(Cell(*result) for result in results), note)
            for number, (id, tests, results, note) in enumerate(reading.rules(), 1)
        ),
        aggregation=reading.aggregation,
    )


def decide(decision: Decision, names: Mapping[str, Any]) -> Row | list[Row] | None:
    """What the table says: {output's name: value}, for COLLECT a list of them; when no rule applies None, or [].

    Raises ExpressionStopped, naming the rule, when a cell cannot be worked out or two rules of a UNIQUE table apply.
    """
    sent = {name: names[name] for name in decision.names if name in names}
    told = feel.evaluate(decision.asks, sent)
    inputs = told[: len(decision.inputs)]
    _check_inputs(decision, inputs)
    hits = list(_hits(decision, told[len(inputs) :]))
    if decision.hit_policy == "COLLECT":
        return _collected(decision, [_row(decision, rule, results) for rule, results in hits])
    if decision.hit_policy == "UNIQUE" and len(hits) > 1:
        numbers = " and ".join(str(rule.number) for rule, _ in hits)
        raise ExpressionStopped(f"{decision.title} allows one rule at a time, but rules {numbers} all apply.")
    return _row(decision, *hits[0]) if hits else None


def _check_inputs(decision: Decision, told: Sequence[Told]) -> None:
    for column, given in zip(decision.inputs, told, strict=True):
        if given.fault is not None:
            raise ExpressionStopped(f"{decision.title} could not be worked out at “{column.label}”: {given.fault}.")
        called, types = _KINDS.get(column.kind or "", ("", ()))
        scalar = given.value is not None and not isinstance(given.value, list)
        if types and scalar and type(given.value) not in types:
            raise ExpressionStopped(
                f"{decision.title} expects {called} for “{column.label}” and was given something else."
            )


def _hits(decision: Decision, told: Sequence[Told]) -> Iterator[tuple[Rule, Sequence[Told]]]:
    """The rules that apply, each with its results; of a FIRST table only the first."""
    width = len(decision.inputs) + len(decision.outputs)
    for rule in decision.rules:
        line = told[(rule.number - 1) * width : rule.number * width]
        tests, results = line[: len(decision.inputs)], line[len(decision.inputs) :]
        for column, test in zip(decision.inputs, tests, strict=True):
            _refuse_fault(decision, rule, column.label, test)
        if all(test.value is True for test in tests):
            yield rule, results
            if decision.hit_policy == "FIRST":
                return


def _row(decision: Decision, rule: Rule, results: Sequence[Told]) -> Row:
    for column, result in zip(decision.outputs, results, strict=True):
        _refuse_fault(decision, rule, column.label, result)
    return {column.name: result.value for column, result in zip(decision.outputs, results, strict=True)}


def _refuse_fault(decision: Decision, rule: Rule, label: str, told: Told) -> None:
    if told.fault is not None:
        where = f"in rule {rule.number} at “{label}”"
        raise ExpressionStopped(f"{decision.title} could not be worked out {where}: {told.fault}.")


def _collected(decision: Decision, rows: list[Row]) -> Row | list[Row]:
    if decision.aggregation is None:
        return rows
    name = decision.outputs[0].name
    values = [row[name] for row in rows]
    if decision.aggregation == "COUNT":
        return {name: len(values)}
    if any(type(value) not in (int, float) for value in values):
        raise ExpressionStopped(f"{decision.title} adds its results up, but one of them is not a number.")
    return {name: _AGGREGATES[decision.aggregation](values) if values else None}
