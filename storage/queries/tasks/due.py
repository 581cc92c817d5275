"""Late, due today, this week, later: how lists of tasks are grouped. Days are London's; nothing reads a clock."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

from engine.model.calendar import LONDON
from storage.tables.types import EPOCH, NO_DATE


class DueGroup(StrEnum):
    """A heading on a list of tasks."""

    LATE = "late"
    TODAY = "today"
    WEEK = "week"  # until Sunday
    LATER = "later"  # and those without a date


def bounds(group: DueGroup, now: datetime) -> tuple[datetime, datetime]:
    """From when (included) to when (not included) the tasks of a group are due."""
    return _bounds(now)[group]


@lru_cache(maxsize=16)
def _bounds(now: datetime) -> dict[DueGroup, tuple[datetime, datetime]]:
    """Those of every group: a list asks for them at every row."""
    today = now.astimezone(LONDON).date()
    tomorrow, monday = today + timedelta(days=1), today + timedelta(days=7 - today.weekday())
    ends = [datetime.combine(day, time(), LONDON).astimezone(UTC) for day in (tomorrow, monday)]
    starts = [EPOCH, now, *ends, NO_DATE + timedelta(microseconds=1)]
    return {group: (starts[number], starts[number + 1]) for number, group in enumerate(DueGroup)}


def group_of(due_at: datetime | None, now: datetime) -> DueGroup:
    """The group a task belongs to."""
    if due_at is None:
        return DueGroup.LATER
    return next(group for group in DueGroup if due_at < bounds(group, now)[1])
