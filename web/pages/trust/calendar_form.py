"""The calendar as a form: terms row by row, closed days line by line, bank holidays to tick."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from engine.commands.trust.calendars import MOST_TERMS, wrong_terms
from engine.model.calendar import Calendar
from web.parts.sent_fields import SentForm, Typed, read_day, read_days

Term = tuple[date, date]
SEPTEMBER = 9
MOST_ROWS = 60


def written(day: date) -> str:
    """“1 September 2026”, as it stands in a box."""
    return f"{day.day} {day:%B %Y}"


def school_year(today: date) -> date:
    """The first day of the school year: 1 September."""
    return date(today.year if today.month >= SEPTEMBER else today.year - 1, SEPTEMBER, 1)


def filled(calendar: Calendar, today: date) -> dict[str, str]:
    """The fields as they stand for a calendar, from this school year on. What is past stays as it was."""
    since = school_year(today)
    found = {"closed": "\n".join(f"{day:%A} {written(day)}" for day in sorted(calendar.closed) if day >= since)}
    shown = [term for term in calendar.terms if term[1] >= since]
    for number, (first, last) in enumerate(shown):
        found |= {f"from-{number}": written(first), f"to-{number}": written(last)}
    return found | {"rows": str(max(MOST_TERMS, len(shown)))}


def rows(typed: Typed) -> range:
    """The rows of terms that a form has."""
    count = typed["rows"]
    return range(min(int(count), MOST_ROWS) if count.isascii() and count.isdigit() else MOST_TERMS)


@dataclass(frozen=True)
class Holiday:
    """A bank holiday that may be taken out."""

    day: date
    checked: bool


def holidays(
    calendar: Calendar, today: date, asked: SentForm | None, ticked: Iterable[str]
) -> list[tuple[int, list[Holiday]]]:
    """Those of this year and later, year by year. asked: the form was sent, with these ticked."""
    kept = set(ticked)
    shown = sorted(day for day in calendar.holidays if day.year >= today.year)
    rows = [Holiday(day, asked is None or day.isoformat() in kept) for day in shown]
    return [(year, list(days)) for year, days in groupby(rows, key=lambda row: row.day.year)]


def read(asked: SentForm, before: Calendar, today: date, ticked: Iterable[str], shown: Iterable[str]) -> Calendar:
    """The calendar that was sent; what is wrong stands in asked.messages. What the form did not show stays."""
    closed, fault = read_days(asked.typed["closed"])
    if fault:
        asked.messages["closed"] = fault
    more, fault = read_days(asked.typed["more"])
    if fault:
        asked.messages["more"] = fault
    taken_out = _dates(shown) - _dates(ticked)
    since = school_year(today)
    past = frozenset(day for day in before.closed if day < since)
    terms = _read_terms(asked, [term for term in before.terms if term[1] < since])
    return Calendar(terms, closed | past, (before.holidays - taken_out) | more)


def _read_terms(asked: SentForm, past: list[Term]) -> tuple[Term, ...]:
    """The rows that were filled in beside the terms that are past, in order of time."""
    sent = {number: term for number in rows(asked.typed) if (term := _term(asked, number))}
    terms = [*past, *sent.values()]
    for index, sentence in wrong_terms(terms).items():
        if index >= len(past):
            asked.messages[f"to-{list(sent)[index - len(past)]}"] = sentence
    return tuple(sorted(terms))


def _term(asked: SentForm, number: int) -> Term | None:
    """One row; empty rows are none."""
    typed = {end: asked.text(f"{end}-{number}") for end in ("from", "to")}
    if not any(typed.values()):
        return None
    days = {}
    for end, what in (("from", "first"), ("to", "last")):
        try:
            days[end] = read_day(typed[end]) if typed[end] else None
        except ValueError as error:
            asked.messages[f"{end}-{number}"] = str(error)
            continue
        if days[end] is None:
            asked.messages[f"{end}-{number}"] = f"Enter the {what} day of term {number + 1}"
    first, last = days.get("from"), days.get("to")
    return (first, last) if first and last else None


def _dates(texts: Iterable[str]) -> set[date]:
    found = set()
    for text in texts:
        try:
            found.add(date.fromisoformat(text))
        except ValueError:
            continue  # no box of ours carries it
    return found
