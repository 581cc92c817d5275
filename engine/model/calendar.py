"""School days, working days and deadlines in words. All arithmetic is in Europe/London; nothing reads a clock."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import TypeVar
from zoneinfo import ZoneInfo

from engine.model.wording import quoted

LONDON = ZoneInfo("Europe/London")
CLOSE_OF_DAY = time(17, 0)
LAST_CALL = time(15, 0)  # "same day" after this means the next open day
FAR = 800  # days to look ahead before a calendar counts as unable to answer

Day = TypeVar("Day", bound=date)  # or a moment


class CalendarEnds(ValueError):
    """The calendar has too few school days ahead to answer, or there are no such dates."""


@dataclass(frozen=True)
class Calendar:
    """The days of one school (or of the trust, for work that is about no school).

    terms: first and last school day of each term or half-term, both included, sorted.
    closed: weekdays inside a term on which the school is shut (INSET, closures).
    holidays: bank holidays.
    A day outside every known term is not a school day. Where no terms are known ahead of a day, weekdays that are
    not holidays count as school days, so that a missing calendar delays nobody.
    """

    terms: tuple[tuple[date, date], ...] = ()
    closed: frozenset[date] = frozenset()
    holidays: frozenset[date] = frozenset()

    @cached_property
    def _starts(self) -> list[date]:
        return [start for start, _ in self.terms]

    def is_working_day(self, day: date) -> bool:
        """Monday to Friday, not a bank holiday."""
        return day.weekday() < 5 and day not in self.holidays

    def is_school_day(self, day: date) -> bool:
        """In term, open, a working day."""
        if not self.is_working_day(day) or day in self.closed:
            return False
        if not self.terms or day > self.terms[-1][1]:
            return True
        found = bisect_right(self._starts, day)
        return found > 0 and day <= self.terms[found - 1][1]

    def is_open(self, day: date, days: str) -> bool:
        """Whether `day` counts as one of `days` ("school" or "working")."""
        return self.is_school_day(day) if days == "school" else self.is_working_day(day)

    def step(self, day: date, count: int, days: str) -> date:
        """The count-th open day after `day` (before it: negative). 0: `day` itself, or the next open one."""
        if count == 0:
            return day if self.is_open(day, days) else self.step(day, 1, days)
        direction = timedelta(days=1 if count > 0 else -1)
        left = abs(count)
        for _ in range(FAR + left * 7):
            day = _plus(day, direction)
            if self.is_open(day, days):
                left -= 1
                if left == 0:
                    return day
        raise CalendarEnds(day)

    def between(self, first: date, last: date, days: str) -> int:
        """How many open days come after `first` up to and including `last`; negative when last is earlier."""
        if last < first:
            return -self.between(last, first, days)
        span = (last - first).days
        return sum(self.is_open(first + timedelta(days=n), days) for n in range(1, span + 1))


@dataclass(frozen=True)
class Deadline:
    """A deadline or timer in words, read. Exactly one of count, on, after is set."""

    count: int | None = None  # so many `days`; 0: same day
    days: str = "school"
    on: datetime | None = None  # a fixed moment, aware
    after: timedelta | None = None  # elapsed time, from an ISO duration or hours and minutes


_COUNTED = re.compile(r"^\s*(?:within\s+|after\s+)?(\d{1,3})\s+(school|working|calendar)?\s*days?\s*$", re.IGNORECASE)
_ELAPSED = re.compile(r"^\s*(?:within\s+|after\s+)?(\d{1,4})\s+(minute|hour|week)s?\s*$", re.IGNORECASE)
_ISO = re.compile(r"^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$")
_WORDS = {"same day": 0, "today": 0, "next school day": 1}
HOW_TO_WRITE = (
    "Write it like “3 school days”, “2 working days”, “same day”, “4 hours”, a date such as 2026-12-01, or PT4H."
)


def read_deadline(words: str) -> Deadline:
    """Raises ValueError with a sentence when the words cannot be read."""
    text = " ".join(words.split())
    if text.lower() in _WORDS:
        return Deadline(count=_WORDS[text.lower()])
    if text.lower() == "next working day":
        return Deadline(count=1, days="working")
    try:
        found = _counted(text) or _elapsed(text) or _iso_duration(text) or _iso_moment(text)
    except OverflowError:  # longer, or further away, than any date there is
        found = None
    if found is None:
        raise ValueError(f"{quoted(words)} is not a time we can read. {HOW_TO_WRITE}")
    return found


def elapsed(words: str) -> timedelta | None:
    """How long a deadline runs on, nights and weekends too; None for one that counts days, or cannot be read."""
    try:
        return read_deadline(words).after
    except ValueError:
        return None


def _counted(text: str) -> Deadline | None:
    match = _COUNTED.match(text)
    if not match:
        return None
    kind = (match[2] or "calendar").lower()
    count = int(match[1])
    return Deadline(after=timedelta(days=count)) if kind == "calendar" else Deadline(count=count, days=kind)


def _elapsed(text: str) -> Deadline | None:
    match = _ELAPSED.match(text)
    if not match:
        return None
    unit = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "week": timedelta(weeks=1)}[match[2].lower()]
    return Deadline(after=int(match[1]) * unit)


def _iso_duration(text: str) -> Deadline | None:
    match = _ISO.match(text)
    if not match or not any(match.groups()):
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return Deadline(after=timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds))


def _iso_moment(text: str) -> Deadline | None:
    try:
        if len(text) == 10:
            return Deadline(on=datetime.combine(date.fromisoformat(text), CLOSE_OF_DAY, LONDON).astimezone(UTC))
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return Deadline(on=(moment if moment.tzinfo else moment.replace(tzinfo=LONDON)).astimezone(UTC))


def due_at(words: str, ready_at: datetime, calendar: Calendar) -> datetime:
    """When something is due that became ready at `ready_at` (aware). Returns UTC.

    Counted days are due at 17:00 London on the nth such day after. "Same day" is due at 17:00 that day, or on the
    next open day when it became ready after 15:00 or on a closed day. Raises CalendarEnds.
    """
    deadline = read_deadline(words)
    if deadline.on is not None:
        return deadline.on
    if deadline.after is not None:
        return _plus(ready_at, deadline.after)
    local = ready_at.astimezone(LONDON)
    count = deadline.count or 0
    if count == 0 and calendar.is_open(local.date(), deadline.days) and local.time() > LAST_CALL:
        count = 1
    return _close_of(calendar.step(local.date(), count, deadline.days))


def wakes_at(words: str, from_at: datetime, calendar: Calendar) -> datetime:
    """When a timer drawn with these words fires: the words mean what they mean for deadlines."""
    return due_at(words, from_at, calendar)


def days_of(words: str | None) -> str:
    """Which days the words count: "school" or "working" (elapsed time and dates count as working)."""
    if words is None:
        return "school"
    deadline = read_deadline(words)
    return deadline.days if deadline.count is not None else "working"


def days_from(due: datetime, count: int, days: str, calendar: Calendar) -> datetime:
    """The same time of day, `count` open days after (before: negative) a moment. 0: the moment itself."""
    if count == 0:
        return due
    local = due.astimezone(LONDON)
    day = calendar.step(local.date(), count, days)
    return datetime.combine(day, local.time().replace(tzinfo=None), LONDON).astimezone(UTC)


def _plus(day: Day, time_passed: timedelta) -> Day:
    try:
        return day + time_passed
    except OverflowError as error:
        raise CalendarEnds(day) from error


def _close_of(day: date) -> datetime:
    return datetime.combine(day, CLOSE_OF_DAY, LONDON).astimezone(UTC)
