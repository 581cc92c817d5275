"""A month as a table: which days count, in a word each."""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass
from datetime import date, timedelta

from engine.model.calendar import Calendar

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


@dataclass(frozen=True)
class Day:
    """One weekday of the month."""

    day: date
    word: str  # “School”, “No school”, “Closed”, “Holiday”
    school: bool
    working: bool

    @property
    def sentence(self) -> str:
        """What it counts for, for whoever hears the table read."""
        if self.school:
            return "a school day and a working day"
        return "a working day, no school day" if self.working else "neither a school day nor a working day"


@dataclass(frozen=True)
class Month:
    """Weeks from Monday to Friday; None for days of another month. Saturdays and Sundays never count."""

    first: date
    weeks: tuple[tuple[Day | None, ...], ...]

    @property
    def title(self) -> str:
        """“November 2026”."""
        return f"{self.first:%B %Y}"

    @property
    def last(self) -> date:
        """Its last weekday."""
        return max(day.day for day in self.weeks[-1] if day)

    @property
    def before(self) -> str:
        """The month before, as addresses say it."""
        return f"{self.first - timedelta(days=1):%Y-%m}"

    @property
    def after(self) -> str:
        """The month after."""
        return f"{self.first + timedelta(days=31):%Y-%m}"

    @property
    def school_days(self) -> int:
        """How many of its days are school days."""
        return sum(day.school for week in self.weeks for day in week if day)


def read_month(text: str, today: date) -> date:
    """The first day of the month an address asks for, or of this one."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return first if 2000 <= first.year <= 2100 else today.replace(day=1)


def month_of(first: date, days: Calendar) -> Month:
    """The month that begins on this day."""
    weeks = months.Calendar().monthdatescalendar(first.year, first.month)
    rows = (tuple(_day(day, days) if day.month == first.month else None for day in week[:5]) for week in weeks)
    return Month(first, tuple(row for row in rows if any(row)))


def _day(day: date, days: Calendar) -> Day:
    return Day(day, _word(day, days), days.is_school_day(day), days.is_working_day(day))


def _word(day: date, days: Calendar) -> str:
    if day in days.holidays:
        return "Holiday"
    if days.is_school_day(day):
        return "School"
    return "Closed" if day in days.closed else "No school"
