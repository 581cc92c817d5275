"""The moments of a cycle, soonest first. Days are London's; nothing reads a clock.

In words, what comes round keeps to school days (or working days, where it says so): a weekday on which the school is
shut is left out; a date or a rhythm of days, weeks, months or years that falls on a day that is shut comes on the next
open one; the first, second or last of a stretch comes on the open day nearest to it inside the stretch, and is left out
where there is none. What is drawn as an ISO repeat comes exactly when it says.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import ceil

from engine.model.calendar import LONDON, Calendar
from engine.model.cycles.periods import DAY, Period, periods

MORNING = time(8, 0)  # when something comes round whose words name a day and no time
MOST_LOOKED_AT = 4_000
DAYS_OF = {"week": 5, "month": 23, "half-term": 40, "term": 75, "year": 195, "school year": 195}  # school days, about


class NeverAgain(ValueError):
    """It comes round no more, as far as the calendar or its own words tell. `sentence` says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Coming:
    """One moment. since: what came round on that day or later was this one already, before the calendar moved it."""

    at: datetime
    since: date | None = None


@dataclass(frozen=True)
class Cycle:
    """What all cycles share. Each kind tells its moments from some day on."""

    times: int | None = None  # how often at most
    at: time | None = None
    days: str = "school"  # which days it keeps to
    begins: datetime | None = None  # its first moment, where its words name it

    def coming(self, after: datetime, began: datetime, last: datetime | None, calendar: Calendar) -> Iterator[Coming]:
        """Its moments, those around `after` first. began: since when it runs; last: when it came round last."""
        raise NotImplementedError

    @property
    def shortest(self) -> timedelta:
        """How soon after one moment the next may come, at least."""
        return DAY

    @property
    def school_days(self) -> int:
        """How far apart two of its moments may be, in school days."""
        raise NotImplementedError

    def on(self, day: date) -> datetime:
        """A day as a moment."""
        return datetime.combine(day, self.at or MORNING, LONDON).astimezone(UTC)

    def moved(self, day: date, calendar: Calendar) -> Coming:
        """A day that comes on the next open one when it is shut."""
        return Coming(self.on(calendar.step(day, 0, self.days)), day)


@dataclass(frozen=True)
class Rhythm(Cycle):
    """Every so many months, days, and hours. exact: on whichever day that is, at the time of day it began."""

    months: int = 0
    whole_days: int = 0
    rest: timedelta = timedelta()
    exact: bool = False

    @property
    def shortest(self) -> timedelta:
        """How long it is, at least."""
        return timedelta(days=self.months * 28 + self.whole_days) + self.rest

    def coming(self, after: datetime, began: datetime, last: datetime | None, calendar: Calendar) -> Iterator[Coming]:
        """From the one before `after` on."""
        base = (self.begins or began).astimezone(LONDON)
        longest = timedelta(days=self.months * 31 + self.whole_days) + self.rest
        number = max(0 if self.begins else 1, int((after - base) / longest) - 1)
        while self.begins is None or self.times is None or number < self.times:
            yield self._nth(base, number, calendar)
            number += 1

    @property
    def school_days(self) -> int:
        """Five of seven days."""
        return ceil((self.months * 31 + self.whole_days + self.rest.days) * 5 / 7)

    def _nth(self, base: datetime, number: int, calendar: Calendar) -> Coming:
        day = _months_later(base.date(), self.months * number) + timedelta(days=self.whole_days * number)
        if not self.exact and not self.rest:
            return self.moved(day, calendar)
        local = datetime.combine(day, base.time().replace(tzinfo=None), LONDON)
        return Coming(local.astimezone(UTC) + self.rest * number)


@dataclass(frozen=True)
class OpenDays(Cycle):
    """Every so many school or working days, counted from when it came round last."""

    count: int = 1

    def coming(self, after: datetime, began: datetime, last: datetime | None, calendar: Calendar) -> Iterator[Coming]:
        """From the last one on. Every single such day may be the very one it begins on."""
        day = (last or self.begins or began).astimezone(LONDON).date()
        if last is None and self.begins:
            day = calendar.step(day, 0, self.days)
            yield Coming(self.on(day), day)
        elif last is None and self.count == 1:
            day -= DAY
        while True:
            day = calendar.step(day, self.count, self.days)
            yield Coming(self.on(day), day)

    @property
    def school_days(self) -> int:
        """So many."""
        return self.count


@dataclass(frozen=True)
class Weekdays(Cycle):
    """Some days of every week, or of every so many weeks. Days that are shut are left out."""

    weekdays: frozenset[int] = frozenset()
    every: int = 1

    def coming(self, after: datetime, began: datetime, last: datetime | None, calendar: Calendar) -> Iterator[Coming]:
        """From the week of `after` on; every so many weeks, counted from the first week it comes in."""
        first = self._first_week((self.begins or began).astimezone(LONDON))
        monday = _monday(after.astimezone(LONDON).date())
        passed = max(0, (monday - first).days // 7 // self.every)
        week = first + timedelta(weeks=passed * self.every)
        while True:
            for weekday in sorted(self.weekdays):
                day = week + timedelta(days=weekday)
                if calendar.is_open(day, self.days):
                    yield Coming(self.on(day), day)
            week += timedelta(weeks=self.every)

    @property
    def school_days(self) -> int:
        """So many weeks."""
        return 5 * self.every

    def _first_week(self, began: datetime) -> date:
        """The week of the first of its days that is still to come when it begins."""
        week = _monday(began.date())
        days = (week + timedelta(days=weekday) for weekday in self.weekdays)
        later = any(day > began.date() or self.on(day) > began for day in days)
        return week if later or self.begins else week + timedelta(weeks=1)


@dataclass(frozen=True)
class Nth(Cycle):
    """The nth open day, or nth Monday, of each stretch; counted from its end when negative."""

    number: int = 1
    weekday: int | None = None  # None: any open day
    of: str = "month"

    def coming(self, after: datetime, began: datetime, last: datetime | None, calendar: Calendar) -> Iterator[Coming]:
        """From the stretch of `after` on."""
        day = max(after, self.begins or after).astimezone(LONDON).date()
        for period in periods(self.of, day, calendar):
            found = self._day(period, calendar)
            if found:
                yield Coming(self.on(found), period.since)

    @property
    def school_days(self) -> int:
        """As many as lie between two such days."""
        return DAYS_OF[self.of]

    def _day(self, period: Period, calendar: Calendar) -> date | None:
        days = [period.first + timedelta(days=n) for n in range((period.last - period.first).days + 1)]
        fitting = [day for day in days if self.weekday in (None, day.weekday())]
        if self.weekday is None:
            fitting = [day for day in fitting if calendar.is_open(day, self.days)]
        index = self.number - 1 if self.number > 0 else self.number
        if not -len(fitting) <= index < len(fitting):
            return None
        wanted = fitting[index]
        near = (
            (day for day in days if day >= wanted) if self.number > 0 else (day for day in days[::-1] if day <= wanted)
        )
        return next((day for day in near if calendar.is_open(day, self.days)), None)


@dataclass(frozen=True)
class Dated(Cycle):
    """A day of each month, or of each year."""

    day: int = 1
    month: int | None = None

    def coming(self, after: datetime, began: datetime, last: datetime | None, calendar: Calendar) -> Iterator[Coming]:
        """From a year before `after` on, or from the month before."""
        day = max(after, self.begins or after).astimezone(LONDON).date()
        first = date(day.year - 1, self.month, 1) if self.month else _months_later(day.replace(day=1), -2)
        while True:
            yield self.moved(first.replace(day=min(self.day, monthrange(first.year, first.month)[1])), calendar)
            first = _months_later(first, 12 if self.month else 1)

    @property
    def school_days(self) -> int:
        """As many as lie between two such days."""
        return DAYS_OF["year" if self.month else "month"]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _months_later(day: date, months: int) -> date:
    """The same day some months later, or the last of that month when it has no such day."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
