"""Faults in what a question lets people answer: its options, limits, pattern and default."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from engine.forms.drawn.model import AnswerLimits, Question, QuestionKind
from engine.forms.drawn.pattern import BadPattern, pattern
from engine.forms.drawn.texts import Feel
from engine.forms.filled.values import LONGEST_TEXT, Unreadable, as_text, option_key, read_typed, to_typed
from engine.model.wording import quoted

_CHOOSES = (QuestionKind.TICKS, QuestionKind.RADIO, QuestionKind.SELECT)


def limit_faults(question: Question) -> Iterator[str]:
    """Every fault of one question's limits, a sentence each."""
    limits = question.limits
    yield from _out_of_order(limits.least, limits.most, "The smallest number is larger than the largest.")
    yield from _out_of_order(limits.shortest, limits.longest, "The shortest text is longer than the longest.")
    if isinstance(limits.longest, Decimal) and not 1 <= limits.longest <= LONGEST_TEXT:
        yield f"“Maximum length” must be from 1 to {LONGEST_TEXT:,} characters."
    if limits.step is not None and limits.step <= 0:
        yield "“Increment” must be more than 0."
    if limits.pattern:
        yield from _of_pattern(limits)
    if question.kind in _CHOOSES:
        yield from _of_choices(question)
    yield from _of_default(question)


def _out_of_order(low: Any, high: Any, sentence: str) -> Iterator[str]:
    if isinstance(low, Decimal) and isinstance(high, Decimal) and low > high:
        yield f"{sentence} Nobody could answer. Change one of them."


def _of_pattern(limits: AnswerLimits) -> Iterator[str]:
    longest = limits.longest
    try:
        pattern(limits.pattern or "", int(longest) if isinstance(longest, Decimal) and longest >= 1 else None)
    except BadPattern as error:
        yield str(error)


def _of_choices(question: Question) -> Iterator[str]:
    choices = question.choices
    sources = [bool(choices.fixed), choices.key is not None, choices.rule is not None]
    if not any(sources):
        yield "There is nothing to choose. Add the answers, or say which answer of an earlier form holds them."
    if sum(sources) > 1:
        yield "The answers to choose come from two places. Keep one of them."
    if any(option_key(as_text(option.value)) == "" for option in choices.fixed):
        yield "One of the answers to choose has no value. Give it one."
    for text, count in Counter(option_key(as_text(option.value)) for option in choices.fixed).items():
        if count > 1:
            yield f"Two of the answers to choose have the value {quoted(text)}. Give each its own."


def _of_default(question: Question) -> Iterator[str]:
    default = question.default
    if default is None or isinstance(default, Feel) or default == "":
        return
    if question.kind in (QuestionKind.FILES, QuestionKind.WORKED_OUT):
        yield "A default cannot be given here. Take it out."
        return
    if not _fits(question, default):
        yield f"The default {quoted(as_text(default))} is no answer to this question. Change it or take it out."


def _fits(question: Question, default: Any) -> bool:
    """Whether the default, typed by a person, would be read as the same answer."""
    if question.kind is QuestionKind.TICK:
        return isinstance(default, bool)
    try:
        found = read_typed(question, to_typed(question, default))
    except Unreadable:
        return False
    if question.kind in _CHOOSES and question.choices.fixed:
        values = {option_key(as_text(option.value)) for option in question.choices.fixed}
        return values.issuperset(map(option_key, found if isinstance(found, list) else [found]))
    return found is not None
