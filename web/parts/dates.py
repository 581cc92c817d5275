"""Moments in words, in Europe/London. Pure: the moment that counts as now is an argument."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from engine.model.calendar import LONDON, Calendar
from engine.model.wording import day_of_month

NEAR = {-1: "yesterday", 0: "today", 1: "tomorrow"}


@lru_cache(1_000)
def local_day(moment: date | datetime) -> date:
    """The day in London. Kept for a while: a list asks for the days of the same few moments at every row."""
    return moment.astimezone(LONDON).date() if isinstance(moment, datetime) else moment


def day_in_words(moment: date | datetime, now: datetime) -> str:
    """“today”, “tomorrow”, “yesterday”, “Thursday 3 December”; with the year when it is not this one."""
    day, today = local_day(moment), local_day(now)
    near = NEAR.get((day - today).days)
    return near or full_day(day, year=day.year != today.year)


def full_day(moment: date | datetime, year: bool = True) -> str:
    """“Thursday 3 December 2026”."""
    day = local_day(moment)
    return f"{day:%A} {day_of_month(day)}" + (f" {day.year}" if year else "")


def time_in_words(moment: datetime) -> str:
    """“4:12pm”, “9am”, “midday”, “midnight”."""
    at = moment.astimezone(LONDON)
    if (at.hour, at.minute) in {(0, 0), (12, 0)}:
        return "midday" if at.hour else "midnight"
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'pm' if at.hour >= 12 else 'am'}"


def moment_in_words(moment: datetime, now: datetime) -> str:
    """“today at 4:12pm”, “Thursday 3 December at 9am”."""
    return f"{day_in_words(moment, now)} at {time_in_words(moment)}"


def due_in_words(due_at: datetime | None, now: datetime, calendar: Calendar | None = None, days: str = "school") -> str:
    """“2 school days late”, “late today”, “due today”, “due Thursday 3 December”, “no deadline”.

    calendar: whose days to count; without it plain days are counted. days: "school" or "working".
    """
    if due_at is None:
        return "no deadline"
    if now <= due_at:
        return f"due {day_in_words(due_at, now)}"
    count = days_late(due_at, now, calendar, days)
    if count == 0:
        return "late today" if local_day(due_at) == local_day(now) else f"late since {day_in_words(due_at, now)}"
    kind = f"{days} " if calendar else ""
    return f"{count} {kind}day{'' if count == 1 else 's'} late"


def days_late(due_at: datetime, now: datetime, calendar: Calendar | None, days: str = "school") -> int:
    """How many of its own days a deadline has passed by; 0 when it has not, or none of them has come since."""
    due, today = local_day(due_at), local_day(now)
    if today <= due:
        return 0
    return calendar.between(due, today, days) if calendar else (today - due).days
