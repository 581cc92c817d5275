"""Every fault of a decision table at once, in the words of the person who drew it, saying what to do instead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator

from engine.model.wording import quoted, short
from engine.rules import feel
from engine.rules.literals import is_plain
from engine.rules.misread import misread_cell
from engine.rules.tables import Decision

Told = tuple[str | None, str | None, str]  # id of the column, rule or cell; what people call it; what is wrong


def faults(decision: Decision, known_names: Container[str]) -> list[Told]:
    """What stops this table from being published. Empty: nothing."""
    return [*_shape_faults(decision), *_text_faults(decision, known_names)]


def _shape_faults(decision: Decision) -> Iterator[Told]:
    if not decision.rules:
        yield None, decision.name, "The table has no rules, so it never decides anything. Add one."
    times = Counter(column.name for column in decision.outputs)
    for column in decision.outputs:
        if not column.name.isidentifier():
            sentence = "Give this result a name of letters, digits and “_”, without spaces."
            yield column.id or None, column.label or None, sentence
        elif times[column.name] > 1:
            sentence = f"Two results are called {quoted(column.name)}. Rename one of them."
            yield column.id or None, column.label or None, sentence
    if decision.aggregation and len(decision.outputs) > 1:
        yield None, decision.name, "A table that adds its results up can have only one. Take the other results out."


def _text_faults(decision: Decision, known: Container[str]) -> Iterator[Told]:
    for column in decision.inputs:
        yield from _fault_of(column.id, column.label, column.expression, known, unary=False)
    for rule in decision.rules:
        for cell, column in zip(rule.tests, decision.inputs, strict=True):
            label = called(rule.number, column.label)
            if sentence := misread_cell(cell.text, column.kind):
                yield cell.id or None, label, sentence
            else:
                yield from _fault_of(cell.id, label, cell.text, known, unary=True)
        for cell, result in zip(rule.results, decision.outputs, strict=True):
            yield from _fault_of(cell.id, called(rule.number, result.label), cell.text, known, unary=False)


def called(number: int, column: str) -> str:
    """What people call a cell."""
    return f"Rule {number}, {short(column)}"


def _fault_of(id: str, label: str, text: str, known: Container[str], *, unary: bool) -> Iterator[Told]:
    if is_plain(text):
        return
    if fault := feel.parse_fault(text, unary):
        yield id or None, label, f"{quoted(text)} {fault}. Write it again; a text stands in quotes."
    for name in feel.unknown_names(text, known, unary):
        sentence = f"{quoted(name)} is not a name this procedure knows. Check its spelling; a text stands in quotes."
        yield id or None, label, sentence
