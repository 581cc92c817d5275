"""The house table: when people are reminded and to whom a late task goes. Each trust edits it; nobody draws it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.model.calendar import Calendar, CalendarEnds, days_from
from engine.model.people import Role

HOLDER = "holder"  # whoever the task waits for
LINE = "line"  # the line role of the task's role


@dataclass(frozen=True)
class Chase:
    """One row: so many days after (before: negative) the deadline, tell somebody."""

    days: int  # in the deadline's own kind of day; -2: two days before
    to: str  # HOLDER, LINE or a role's key
    level: int  # 0 a reminder, 1 line, 2 director, 3 chief executive
    label: str  # "A reminder", "Level 1"


@dataclass(frozen=True)
class HouseTable:
    """All rows, soonest first."""

    chases: tuple[Chase, ...]


# Catalogue section 0: reminder at due - 2; L1 at due + 2; L2 Director at due + 5; L3 chief executive at due + 10.
DEFAULT = HouseTable(
    (
        Chase(-2, HOLDER, 0, "Reminder"),
        Chase(0, HOLDER, 0, "Late today"),
        Chase(2, LINE, 1, "Level 1"),
        Chase(5, "director_of_education", 2, "Level 2"),
        Chase(10, "chief_executive", 3, "Level 3"),
    )
)


def rows_for(table: HouseTable, role: Role | None) -> HouseTable:
    """The rows that a role's tasks follow: all, or for a role without a line only those before the deadline.

    Volunteers such as governors meet termly: their steps are never late, they are at the next meeting (domain notes,
    corrections: deadlines). roles.yaml says so by giving them no line; nor is there anybody above a chief executive.
    """
    if role is None or role.line:
        return table
    return HouseTable(tuple(row for row in table.chases if row.days < 0))


def moments(
    table: HouseTable, due_at: datetime, days: str, calendar: Calendar, ready_at: datetime
) -> Sequence[tuple[datetime, Chase]]:
    """When each row comes due for one task, soonest first; rows that would fall before the task was ready are left out.

    days: "school" or "working", the kind of day the task's own deadline counts.
    """
    found = [(_moment(due_at, chase, days, calendar), chase) for chase in table.chases]
    return sorted(((at, chase) for at, chase in found if at and at > ready_at), key=lambda pair: pair[0])


def _moment(due_at: datetime, chase: Chase, days: str, calendar: Calendar) -> datetime | None:
    """None for a row on a day that the calendar does not know of: before its first, when no task was ready, or after
    its last. A reminder that cannot be reckoned must not stop a case.
    """
    try:
        return days_from(due_at, chase.days, days, calendar)
    except CalendarEnds:
        return None
