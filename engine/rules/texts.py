"""FEEL as the runner asks it: everything one step needs worked out in one call, with only the names it reads."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from engine.errors import ExpressionStopped
from engine.model.calendar import LONDON
from engine.model.text import clean
from engine.rules import feel
from engine.rules.feel import Ask, Told

_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d(T\d\d:\d\d[\d:.]*)?|\d\d:\d\d[\d:.]*)(Z|[+-]\d\d:\d\d)?(@[\w/]+)?")


def is_rule(text: str) -> bool:
    """Whether a parameter holds FEEL, whole (leading "=") or in holes (`{{ }}`)."""
    return text.startswith("=") or "{{" in text


def holes(text: str) -> list[str]:
    """The FEEL in a text's `{{ }}`."""
    found: list[str] = []
    for piece in text.split("}}")[:-1]:  # one walk: a pattern that looks on from every "{{" takes quadratic time
        _, opened, rule = piece.partition("{{")
        if opened:
            found.append(rule.strip())
    return found


def tidy(text: str) -> str:
    """A text as drawn without what nobody can see. The FEEL in it stays as it is written."""
    if text.startswith("="):
        return text
    parts = (piece.partition("{{") for piece in text.split("}}"))
    return "}}".join(f"{clean(words)}{opened}{rule}" for words, opened, rule in parts)


@dataclass(frozen=True)
class Expressions:
    """Expressions asked together and the names they read."""

    asks: tuple[Ask, ...]
    reads: frozenset[str]


def question(expressions: Sequence[str]) -> Expressions:
    """Work out once, for a version, what a step asks."""
    reads: set[str] = set()
    for expression in expressions:
        reads.update(feel.names_in(expression))
    return Expressions(tuple(Ask(expression) for expression in expressions), frozenset(reads))


@dataclass(frozen=True)
class Text:
    """Words as drawn: plain, a rule as a whole ("=..."), or plain with rules in holes ("{{ ... }}")."""

    drawn: str

    @property
    def rules(self) -> list[str]:
        """The FEEL in it."""
        if self.drawn.startswith("="):
            return [self.drawn[1:].strip()]
        return holes(self.drawn)

    def filled(self, values: Sequence[Any]) -> Any:
        """The text with its rules worked out: values in the order of `rules`."""
        if self.drawn.startswith("="):
            return values[0]
        if not is_rule(self.drawn):
            return self.drawn
        found, rest = "", self.drawn
        for value in values:
            before, _, rest = rest.partition("{{")
            found += before + in_words(value)
            rest = rest.partition("}}")[2]
        return found + rest


def in_words(value: Any) -> str:
    """An answer as people read it."""
    if isinstance(value, list | tuple):
        return ", ".join(in_words(each) for each in value)
    if isinstance(value, dict):
        return in_words(label_of(value))
    if isinstance(value, str):
        return _moment_in_words(value) or value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{Decimal(repr(value)):f}".removesuffix(".0")
    return "" if value is None else str(value)


def _moment_in_words(text: str) -> str | None:
    """A date, time or both as FEEL gives them (ISO), the way people write them; None for any other text."""
    if not _MOMENT.fullmatch(text):
        return None
    text = text.partition("@")[0]  # the name of a zone; an offset, if any, stands before it
    with suppress(ValueError):
        return f"{time.fromisoformat(text):%H:%M}" if text[2] == ":" else _day(date.fromisoformat(text))
    with suppress(ValueError):
        moment = datetime.fromisoformat(text)
        moment = moment.astimezone(LONDON) if moment.tzinfo else moment
        return f"{_day(moment)} at {moment:%H:%M}"
    return None


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def label_of(value: dict[str, Any]) -> Any:
    """What stands for a context in a sentence: its label, name or title, else everything in it."""
    named = next((value[key] for key in ("label", "name", "title") if value.get(key)), None)
    return named if named is not None else list(value.values())


def value_of(told: Told, what: str) -> Any:
    """A value worked out, or ExpressionStopped saying which rule of which step could not be."""
    if told.fault is not None:
        raise ExpressionStopped(f"{what} could not be worked out: {told.fault}")
    return told.value
