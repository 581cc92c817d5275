"""The terms that stories go by where something comes round with them and no school's calendar is at hand."""

from __future__ import annotations

from datetime import date

YEARS = 5
# First and last weekday of each half-term as most schools in England have them: months and days.
_HALVES = (((9, 2), (10, 23)), ((11, 2), (12, 18)), ((1, 4), (2, 12)), ((2, 22), (3, 26)), ((4, 12), (5, 28)),
           ((6, 7), (7, 21)))  # fmt: skip


def usual_terms(year: int) -> tuple[tuple[date, date], ...]:
    """Half-terms from the year before, for some years, sorted."""
    return tuple(
        sorted(
            (date(each, *first), date(each, *last))
            for each in range(year - 1, year - 1 + YEARS)
            for first, last in _HALVES
        )
    )
