"""The stretches of time that something can come round in: weeks, months, years, half-terms, terms and school years."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from engine.model.calendar import Calendar

DAY = timedelta(days=1)
LONGEST_HALF = timedelta(days=66)  # no half-term is longer: what is has its break entered as closed days, if at all
SHORTEST_BREAK = 4  # weekdays in a row that are shut inside a term make a half-term break
FIRST_SUMMER, FIRST_AUTUMN = 4, 8  # the months that terms of those names begin in at the earliest


@dataclass(frozen=True)
class Period:
    """One stretch. What falls between the one before and its first day is counted to it."""

    since: date
    first: date
    last: date


def periods(name: str, day: date, calendar: Calendar) -> Iterator[Period]:
    """The stretches of this name, from the one that `day` is counted to onwards. Those of terms end with the calendar.

    Raises OverflowError where dates end.
    """
    if name in _BY_CALENDAR:
        found = _BY_CALENDAR[name](calendar)
        yield from (period for period in _counted_on(found) if period.last >= day)
        return
    first = _FIRST[name](day)
    while True:
        following = _FIRST[name](first + _PAST[name])
        yield Period(first, first, following - DAY)
        first = following


def half_terms(calendar: Calendar) -> list[tuple[date, date]]:
    """Half-terms as entered; a whole term is parted where it is shut for a week."""
    return [half for term in calendar.terms for half in _halves(term, calendar)]


def terms(calendar: Calendar) -> list[tuple[date, date]]:
    """Autumn, spring and summer terms, each with its two halves as one."""
    return _joined(calendar, _season)


def school_years(calendar: Calendar) -> list[tuple[date, date]]:
    """From the first day of an autumn term to the last of the summer term after it."""
    return _joined(calendar, _school_year)


def _joined(calendar: Calendar, of: Callable[[date], tuple[int, int]]) -> list[tuple[date, date]]:
    grouped = (list(group) for _, group in groupby(calendar.terms, key=lambda term: of(term[0])))
    return [(group[0][0], group[-1][1]) for group in grouped]


def _season(first: date) -> tuple[int, int]:
    season = 0 if first.month >= FIRST_AUTUMN else 1 if first.month < FIRST_SUMMER else 2
    return _school_year(first)[0], season


def _school_year(first: date) -> tuple[int, int]:
    return first.year - (first.month < FIRST_AUTUMN), 0


def _halves(term: tuple[date, date], calendar: Calendar) -> list[tuple[date, date]]:
    first, last = term
    if last - first <= LONGEST_HALF:
        return [term]
    shut: list[date] = []
    day = first
    while day <= last:
        if day.weekday() < 5:
            shut = [] if calendar.is_school_day(day) else [*shut, day]
            if len(shut) == SHORTEST_BREAK:
                again = next((later for later in _days(day, last) if calendar.is_school_day(later)), None)
                return [(first, shut[0] - DAY), (again, last)] if again else [(first, shut[0] - DAY)]
        day += DAY
    return [term]


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _counted_on(found: list[tuple[date, date]]) -> Iterator[Period]:
    since = date.min
    for first, last in found:
        yield Period(since, first, last)
        since = last + DAY


_BY_CALENDAR: Mapping[str, Callable[[Calendar], list[tuple[date, date]]]] = {
    "half-term": half_terms,
    "term": terms,
    "school year": school_years,
}
_PAST = {"week": timedelta(days=7), "month": timedelta(days=32), "year": timedelta(days=366)}  # a day of the one after
_FIRST: Mapping[str, Callable[[date], date]] = {
    "week": lambda day: day - timedelta(days=day.weekday()),
    "month": lambda day: day.replace(day=1),
    "year": lambda day: day.replace(month=1, day=1),
}
