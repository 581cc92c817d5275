"""How soon tasks are due, as the list of tasks groups and counts them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Protocol, TypeVar

from engine.model.calendar import CLOSE_OF_DAY, LONDON
from web.parts.dates import full_day, local_day, time_in_words

MOST_COUNTED = 999


class Band(StrEnum):
    """A heading of the list."""

    LATE = "Late"
    TODAY = "Due today"
    WEEK = "This week"
    LATER = "Later"
    OPEN = "No deadline"


class Due(Protocol):
    """Anything that may have a deadline."""

    @property
    def due_at(self) -> datetime | None:
        """Aware, UTC."""
        ...


Row = TypeVar("Row", bound=Due)


@dataclass(frozen=True)
class Counts:
    """How many tasks there are, how many are late and how many are due later today. None is above MOST_COUNTED + 1."""

    all: int
    late: int
    today: int


def band(due_at: datetime | None, now: datetime) -> Band:
    """Where a deadline stands. A week ends on Sunday."""
    if due_at is None:
        return Band.OPEN
    if due_at < now:
        return Band.LATE
    day, today = local_day(due_at), local_day(now)
    if day == today:
        return Band.TODAY
    return Band.WEEK if day <= today + timedelta(days=6 - today.weekday()) else Band.LATER


def urgent(due_at: datetime | None, now: datetime) -> Band | None:
    """A word for how soon something is due, where one is needed."""
    found = band(due_at, now)
    return found if found in {Band.LATE, Band.TODAY} else None


def grouped(rows: Iterable[Row], now: datetime) -> list[tuple[Band, list[Row]]]:
    """Rows that are in order of their deadlines, under their headings; headings without rows are left out."""
    return [(name, list(group)) for name, group in groupby(rows, key=lambda row: band(row.due_at, now))]


def sentence(counts: Counts) -> str:
    """“You have 7 tasks. 1 is late and 2 are due today.”"""
    if not counts.all:
        return "You have no tasks."
    have = f"You have {capped(counts.all)} {'task' if counts.all == 1 else 'tasks'}."
    said = [
        f"{capped(count)} {'is' if count == 1 else 'are'} {what}"
        for count, what in ((counts.late, "late"), (counts.today, "due today"))
        if count
    ]
    return f"{have} {' and '.join(said)}." if said else have


def capped(count: int) -> str:
    """A count as it is shown: never more than three figures."""
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)


def action_due(due_on: date | None) -> datetime | None:
    """The moment an action is due: the close of its day."""
    return datetime.combine(due_on, CLOSE_OF_DAY, LONDON).astimezone(UTC) if due_on else None


def due_line(due_at: datetime | None, now: datetime) -> str:
    """When it is or was due, beside a word for its status: “Was due on Thursday 29 October”, “By 5pm today”."""
    if due_at is None:
        return "No deadline"
    day = full_day(due_at, year=local_day(due_at).year != local_day(now).year)
    if due_at < now:
        earlier = f"on {day}" if local_day(due_at) != local_day(now) else f"today at {time_in_words(due_at)}"
        return f"Was due {earlier}"
    if local_day(due_at) == local_day(now):
        return f"By {time_in_words(due_at)} today"
    return f"Due on {day}"
