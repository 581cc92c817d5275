"""Answers in plain words: for the story of a case, for questions that only show, for texts with placeholders."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from engine.forms.drawn.model import Component, Form, Group, Listing, Question, QuestionKind, spoken
from engine.forms.filled.values import as_text, moment_of

NOT_ANSWERED = "Not answered"
# Dates and times as answers keep them. Other texts stay as they are.
_DAY, _CLOCK = r"[0-9]{4}-[0-9]{2}-[0-9]{2}", r"[0-9]{2}:[0-9]{2}:[0-9]{2}"
_MOMENT = re.compile(rf"{_DAY}(?:T[0-9]{{2}}:[0-9]{{2}}[0-9:.+Z-]{{0,20}})?|{_CLOCK}", re.ASCII)


def in_words(value: Any) -> str:
    """Any value as it reads in a sentence: `3 December 2026`, `yes`, `1,250`, `desk and site`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:,.15g}" if abs(value) < 1e15 else as_text(value)
    if isinstance(value, date | datetime | time) or (isinstance(value, str) and _MOMENT.fullmatch(value)):
        return _moment_in_words(value)
    if isinstance(value, Mapping):
        return in_words(value.get("label") or value.get("name") or value.get("title") or list(value.values()))
    if isinstance(value, list | tuple):
        return _listed([in_words(item) for item in value if item is not None])
    return str(value)


def _moment_in_words(value: Any) -> str:
    day, clock = moment_of(value)
    hour = f"{clock:%I:%M%p}".lstrip("0").lower().replace(":00", "") if clock else ""
    if day and hour:
        return f"{day.day} {day:%B %Y} at {hour}"
    return f"{day.day} {day:%B %Y}" if day else hour or str(value)


def _listed(items: list[str]) -> str:
    return f"{', '.join(items[:-1])} and {items[-1]}" if len(items) > 1 else "".join(items)


def tell_answers(form: Form, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What was answered, in the form's order, as (question, answer). Questions that were hidden are left out."""
    return list(_told(form.parts, answers))


def _told(parts: tuple[Component, ...], answers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for part in parts:
        if isinstance(part, Group):
            inside = answers.get(part.key) if part.key else answers
            yield from _told(part.parts, inside) if isinstance(inside, Mapping) else ()
        elif isinstance(part, Question) and part.key in answers:
            yield title_of(part), tell_answer(part, answers[part.key])
        elif isinstance(part, Listing) and part.key in answers:
            yield title_of(part), _tell_rows(part, answers[part.key])


def title_of(part: Question | Group | Listing) -> str:
    """What a question is called when nobody can fill its placeholders."""
    return part.title or spoken(part.key)


def tell_answer(question: Question, answer: Any) -> str:
    """One answer, with the labels of its options."""
    if answer is None or answer == "" or answer == []:
        return NOT_ANSWERED
    if question.kind is QuestionKind.FILES:
        return _files(answer)
    labels = {as_text(option.value): option.label for option in question.choices.fixed}
    if question.kind is QuestionKind.TICKS and isinstance(answer, list):
        return _listed([labels.get(as_text(item), in_words(item)) for item in answer])
    if question.kind in (QuestionKind.RADIO, QuestionKind.SELECT):
        return labels.get(as_text(answer), in_words(answer))
    return _with_units(question, in_words(answer))


def _files(answer: Any) -> str:
    count = len(answer) if isinstance(answer, list) else 1
    return "1 file" if count == 1 else f"{count} files"


def _with_units(question: Question, text: str) -> str:
    if question.kind is QuestionKind.TICK:
        return text.capitalize()
    units = (question.prefix, question.suffix)
    before, after = ("".join(part for part in unit if isinstance(part, str)) for unit in units)
    joined = f"{before}{text}"
    return f"{joined} {after}" if after.strip().isalpha() else f"{joined}{after}"


def _tell_rows(listing: Listing, rows: Any) -> str:
    """A line for each row: `1. Cause: Phonics gaps; Confidence: High`."""
    lines = []
    for number, row in enumerate(rows if isinstance(rows, list) else [], start=1):
        told = _told(listing.parts, row) if isinstance(row, Mapping) else iter(())
        lines.append(f"{number}. " + "; ".join(f"{label}: {text}" for label, text in told))
    return "\n".join(lines) or "None"
