"""When a cycle comes round next."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice

from engine.model.calendar import LONDON, Calendar, CalendarEnds
from engine.model.cycles.moments import MOST_LOOKED_AT, Coming, Cycle, NeverAgain, Nth
from engine.model.cycles.read import read_cycle
from engine.model.wording import day_of_month, quoted


def next_after(
    words: str, moment: datetime, calendar: Calendar, began: datetime | None = None, last: datetime | None = None
) -> datetime:
    """When it comes round next after a moment (aware). Returns UTC. How often it came already is not counted here.

    began: since when it runs, for what counts weeks; last: when it came round last, so that a calendar which changed
    in between lets nothing come round twice. Raises ValueError with a sentence when the words cannot be read, and
    NeverAgain.
    """
    return next_of(read_cycle(words), words, moment, calendar, began, last)


def next_of(
    cycle: Cycle,
    words: str,
    moment: datetime,
    calendar: Calendar,
    began: datetime | None = None,
    last: datetime | None = None,
) -> datetime:
    """The same of words that are read already. Raises NeverAgain."""
    try:
        all_coming = cycle.coming(moment, began or moment, last, calendar)
        for coming in islice(all_coming, MOST_LOOKED_AT):
            if coming.at > moment and coming.at >= (cycle.begins or moment) and not _been(coming, last):
                return coming.at.astimezone(UTC)
    except (CalendarEnds, OverflowError, ValueError) as error:  # dates end with the year 9999
        raise NeverAgain(f"{quoted(words)} falls on no open day that the calendar knows.") from error
    raise NeverAgain(_why(cycle, words, moment))


def _been(coming: Coming, last: datetime | None) -> bool:
    """Whether it came round already, before the calendar moved it."""
    return last is not None and coming.since is not None and coming.since <= last.astimezone(LONDON).date()


def _why(cycle: Cycle, words: str, moment: datetime) -> str:
    day = moment.astimezone(LONDON)
    if isinstance(cycle, Nth) and cycle.of in ("half-term", "term", "school year"):
        return (
            f"{quoted(words)} cannot be reckoned: no {cycle.of} that it could still come in after {day_of_month(day)}"
            f" {day.year} is entered in the calendar. Enter the dates of the coming terms."
        )
    if cycle.begins is not None and cycle.times is not None:
        return f"{quoted(words)} is over: all of its moments have passed."
    return f"{quoted(words)} falls on no open day that the calendar knows."
