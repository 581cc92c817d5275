"""Every rule of a diagram tried: conditions, deadlines, who does a step, lists, scripts and what a word is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from engine.bpmn.check.names import Names
from engine.bpmn.check.spelling import nearest
from engine.bpmn.diagram.elements import Element, Flow, Kind
from engine.bpmn.runtime.variables import MOST_ITEMS
from engine.bpmn.trying.domains import TEXT
from engine.bpmn.trying.knowledge import Trial, Tried, Try
from engine.bpmn.words import registry
from engine.errors import WordRefused
from engine.model.calendar import read_deadline
from engine.model.cycles import read_cycle
from engine.model.fault import Fault
from engine.model.wording import in_a_row, quoted
from engine.rules import feel
from engine.rules.misread import misread_rule
from engine.rules.texts import Text

# What is wrong with what one try gave; None: nothing.
Judge = Callable[[Try], str | None]
_NO_TIMES = f"would stop the case, or do nothing: it gives no whole number from 1 to {MOST_ITEMS:,}."
MOST_RULES = 12  # in one text


def faults(tried: Tried, names: Names) -> Iterator[Fault]:
    """Every rule that would stop a case, never holds or always holds, one fault each."""
    for element in tried.view.diagram.elements.values():
        if element.kind is not Kind.PARALLEL:
            yield from _choice(tried, names, element)
        for text, judge in _worked_out(element):
            yield from _of_text(tried, names, element.id, Text(text), judge)
        if element.word in registry.WORDS and element.kind in (Kind.SERVICE, Kind.SEND, Kind.CALL):
            yield from _word(tried, names, element)


def _choice(tried: Tried, names: Names, element: Element) -> Iterator[Fault]:
    for flow in tried.view.graph.out[element.id]:
        if flow.condition and flow.id != element.default_flow and _reads(names, [flow.condition], flow.inside):
            yield from _condition(tried, flow, flow.condition, element.kind is Kind.EXCLUSIVE)


def _reads(names: Names, rules: Sequence[str], inside: str | None) -> bool:
    """Whether rules can be read and name only what is known: else this is told already."""
    known = names.at(inside)
    return names.complete and all(
        rule and not feel.parse_fault(rule) and not feel.unknown_names(rule, known) and not misread_rule(rule)
        for rule in rules
    )


def _condition(tried: Tried, flow: Flow, rule: str, only_one: bool) -> Iterator[Fault]:
    trial = tried.trial([rule], flow.id)
    said = f"The rule {quoted(rule)}"
    if sentence := no_answer(tried, [rule]):
        yield tried.view.fault(flow.id, f"{said} compares with what nobody can answer: {sentence}")
    elif sentence := stops(trial, _is_condition, said):
        yield tried.view.fault(flow.id, sentence)
    elif feel.names_in(rule) and trial.complete and trial.tries and (held := never_or_always(trial, said, only_one)):
        yield tried.view.fault(flow.id, held)


def never_or_always(trial: Trial, said: str, only_one: bool = True) -> str | None:
    """A sentence when a rule gives the same whatever is answered. only_one: at most one way is taken."""
    values = {one.told[0].value for one in trial.tries}
    if True not in values:
        return f"{said} never holds, whatever is answered. Compare it with the answers there are, or take it out."
    if values == {True} and only_one:
        return f"{said} always holds, so no other way is ever taken. Change it, or take the other ways out."
    if values == {True}:
        return f"{said} always holds, so this way is always taken. Change it, or leave it out."
    return None


def stops(trial: Trial, judge: Judge, said: str) -> str | None:
    """A sentence when something stops with what people answer; failing that, with a question left empty."""
    answered = sorted((one for one in trial.tries if not one.empty), key=lambda one: repr(one.names))
    wrong = next((sentence for one in answered if (sentence := judge(one))), None)
    if wrong:
        return f"{said} {wrong}"
    for one in sorted(trial.tries, key=lambda one: len(one.empty)):
        if one.empty and (sentence := judge(one)):
            return _when_empty(one.empty, said, sentence)
    return None


def _when_empty(empty: list[str], said: str, sentence: str) -> str:
    named = in_a_row([quoted(name) for name in empty], most=4)
    are, it = ("is", "it is") if len(empty) == 1 else ("are", "they are")
    shown = f"{said[:1].lower()}{said[1:]}" if said.startswith("The ") else said
    how = (
        f"Make the question required, or say what holds when {it} empty, such as {quoted(f'{empty[0]} != null and …')}."
    )
    return f"When {named} {are} left empty, {shown} {sentence.partition('. ')[0].rstrip('.')}. {how}"


def told_fault(one: Try) -> str | None:
    """What went wrong with a rule, and what would come of it."""
    fault = next((told.fault for told in one.told if told.fault is not None), None)
    if fault is None:
        return None
    hint = ""
    if {"a number", "a text"} <= set(fault.replace("compares ", "compares|").replace(" with ", "|").split("|")):
        hint = " Write a number without quotation marks, and a text with them."
    return f"would stop the case: {fault}.{hint}"


_COMPARED = (
    re.compile(r'(?<![\w."])([A-Za-z_]\w*)\s*(?:!=|=)\s*"([^"\\]*)"'),
    re.compile(r'()"([^"\\]*)"\s*(?:!=|=)\s*([A-Za-z_]\w*)(?![\w.(])'),
    re.compile(r'list contains\(\s*([A-Za-z_]\w*)\s*,\s*"([^"\\]*)"'),
)


def no_answer(tried: Tried, rules: Sequence[str]) -> str | None:
    """A sentence when a rule compares an answer with a text that is none of those there are to choose."""
    for rule in rules:
        for pattern in _COMPARED:
            for found in pattern.finditer(rule):
                name, text = (found[1] or found[3]), found[2]
                domain = tried.domain(name) if name in tried.read_by([rule]) else None
                if domain and domain.options and not domain.open and text and text not in domain.options:
                    return none_of(text, name, domain.options)
    return None


def none_of(text: str, name: str, options: Sequence[str]) -> str:
    """What to write in place of a text that is no answer."""
    close = nearest(text, options, 0.6)
    how = f"Did you mean {quoted(close)}?" if close else f"There are {in_a_row(map(quoted, options), most=8)}."
    return f"{quoted(text)} is none of the answers to {quoted(name)}. {how}"


def _is_condition(one: Try) -> str | None:
    if wrong := told_fault(one):
        return wrong
    value = one.told[0].value
    if isinstance(value, bool):
        return None
    if value is None:
        return "would stop the case: it is neither true nor false. Write a comparison, such as n > 5."
    how = "Say what it is compared with, such as n > 5."
    return f"would stop the case: it gives {_called(value)} and not yes or no. {how}"


def _called(value: Any) -> str:
    if isinstance(value, bool):
        return "yes or no"
    if isinstance(value, str):
        return "a text"
    return "a list" if isinstance(value, list) else "a group of answers" if isinstance(value, dict) else "a number"


def _worked_out(element: Element) -> Iterator[tuple[str, Callable[[Text], Judge]]]:
    if element.due and element.kind is Kind.USER:
        yield element.due, _is_deadline
    if element.moment:
        yield element.moment, _is_cycle if element.comes_round else _is_time
    if element.assignee and element.kind is Kind.USER:
        yield f"={element.assignee}", _is_person
    if element.several and element.several.each_of:
        yield f"={element.several.each_of}", _is_list
    if element.script and element.kind is Kind.SCRIPT:
        yield f"={element.script}", _is_anything
    yield from _asked_again(element)


def _asked_again(element: Element) -> Iterator[tuple[str, Callable[[Text], Judge]]]:
    """Rules that are true or false: when a step is done no more, or again, and what an event waits for."""
    if element.several and element.several.until:
        yield f"={element.several.until}", _is_true_or_false
    if element.repeat and element.repeat.while_true:
        yield f"={element.repeat.while_true}", _is_true_or_false
    if element.condition:
        yield f"={element.condition}", _is_awaited


def _of_text(tried: Tried, names: Names, id: str, text: Text, judge: Callable[[Text], Judge]) -> Iterator[Fault]:
    rules = text.rules[:MOST_RULES]
    if rules and _reads(names, rules, id):
        said = f"The rule {quoted(rules[0])}" if len(rules) == 1 else f"The text {quoted(text.drawn)}"
        if sentence := no_answer(tried, rules):
            yield tried.view.fault(id, f"{said} compares with what nobody can answer: {sentence}")
        elif sentence := stops(tried.trial(rules, id), judge(text), said):
            yield tried.view.fault(id, sentence)


def _filled(text: Text, one: Try) -> Any:
    return text.filled([told.value for told in one.told])


def _is_time(text: Text) -> Judge:
    def judge(one: Try) -> str | None:
        how = "Give words such as “3 school days”, or a date."
        return told_fault(one) or _no_time(_filled(text, one), read_deadline, how)

    return judge


def _is_cycle(text: Text) -> Judge:
    def judge(one: Try) -> str | None:
        how = "Give words such as “every Monday” or “every 2 weeks”."
        return told_fault(one) or _no_time(_filled(text, one), read_cycle, how)

    return judge


def _no_time(value: Any, read: Callable[[str], object], how: str) -> str | None:
    if not isinstance(value, str) or not value.strip():
        given = "nothing" if value is None or value == "" else _called(value)
        return f"gives no time but {given}. {how}"
    try:
        read(value)
    except ValueError:
        return None if value.startswith(str(TEXT.values[0])) else f"gives {quoted(value)}, which is no time. {how}"
    return None


def _is_deadline(text: Text) -> Judge:
    """A step that gets no time has none: no case stops, so only what is answered counts."""
    judge = _is_time(text)
    return lambda one: None if one.empty and _filled_in(text, one) in (None, "") else judge(one)


def _filled_in(text: Text, one: Try) -> Any:
    return None if told_fault(one) else _filled(text, one)


def _is_person(text: Text) -> Judge:
    """A text that is nobody's leaves the step to everybody it may fall to; anything else was never meant."""

    def judge(one: Try) -> str | None:
        if wrong := told_fault(one):
            return wrong
        value = one.told[0].value
        if value is None or isinstance(value, str):
            return None
        return f"gives {_called(value)} and not a person. Name an answer that holds somebody found earlier."

    return judge


def _is_list(text: Text) -> Judge:
    def judge(one: Try) -> str | None:
        if wrong := told_fault(one):
            return wrong
        value = one.told[0].value
        if isinstance(value, list):
            return None
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            return None if value == int(value) and 0 < value <= MOST_ITEMS else _NO_TIMES
        given = "nothing" if value is None else _called(value)
        return f"would stop the case: it gives {given} and not a list. Name an answer that holds a list."

    return judge


def _is_true_or_false(text: Text) -> Judge:
    return _is_condition


def _is_awaited(text: Text) -> Judge:
    """A rule that an event waits for may be empty: what it reads has not been answered yet."""

    def judge(one: Try) -> str | None:
        empty = told_fault(one) is None and one.told[0].value is None
        return None if empty else _is_condition(one)

    return judge


def _is_anything(text: Text) -> Judge:
    return told_fault


def _word(tried: Tried, names: Names, element: Element) -> Iterator[Fault]:
    """The parameters of a word, as they would be carried out."""
    drawn = registry.spelt_out(element.word, element.parameters)
    texts = {name: Text(text) for name, text in drawn.items()}
    rules = [rule for text in texts.values() for rule in text.rules]
    if not rules or len(rules) > MOST_RULES or not _reads(names, rules, element.id):
        return
    if registry.faults(element.word or "", element.parameters):
        return

    def judge(one: Try) -> str | None:
        if wrong := told_fault(one):
            return wrong
        values = iter(told.value for told in one.told)
        filled = {name: text.filled([next(values) for _ in text.rules]) for name, text in texts.items()}
        try:
            registry.load(element.word or "", filled)
        except WordRefused as refused:
            return _refused(refused, [told.value for told in one.told])
        return None

    if sentence := no_answer(tried, rules):
        yield tried.view.fault(
            element.id, f"A text of {quoted(element.name)} compares with what nobody can answer: {sentence}"
        )
    elif sentence := stops(tried.trial(rules, element.id), judge, f"The block {quoted(element.name)}"):
        yield tried.view.fault(element.id, sentence)


def _refused(refused: WordRefused, values: list[Any]) -> str | None:
    """What the word said. A text that anybody might type instead may well be read."""
    if any(value in TEXT.values for value in values if isinstance(value, str)):
        return None
    sentence = refused.sentence.partition("could not be carried out. ")[2] or refused.sentence
    return f"would stop the case: {sentence}"
