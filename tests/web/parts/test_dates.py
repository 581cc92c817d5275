"""Moments in words, on London's clock."""

from datetime import UTC, date, datetime

import pytest

from engine.model.calendar import Calendar
from web.parts.dates import day_in_words, days_late, due_in_words, full_day, moment_in_words, time_in_words

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)  # a Monday
TERM = Calendar(terms=((date(2026, 9, 1), date(2026, 10, 23)), (date(2026, 11, 2), date(2026, 12, 18))))


def at(day: int, month: int = 11, hour: int = 17, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (at(2), "today"),
        (at(3), "tomorrow"),
        (at(1), "yesterday"),
        (at(4), "Wednesday 4 November"),
        (at(3, 12), "Thursday 3 December"),
        (at(4, 1, year=2027), "Monday 4 January 2027"),
        (at(1, 11, 23, 59), "yesterday"),
        (date(2026, 11, 3), "tomorrow"),
    ],
)
def test_a_day_in_words(moment: datetime, words: str) -> None:
    assert day_in_words(moment, NOW) == words


def test_a_day_begins_at_midnight_in_london_in_summer_too() -> None:
    now = datetime(2026, 7, 1, 12, tzinfo=UTC)

    assert day_in_words(datetime(2026, 7, 1, 23, 30, tzinfo=UTC), now) == "tomorrow"
    assert time_in_words(datetime(2026, 7, 1, 23, 30, tzinfo=UTC)) == "12:30am"


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [(9, 0, "9am"), (16, 12, "4:12pm"), (12, 0, "midday"), (0, 0, "midnight"), (12, 5, "12:05pm"), (0, 5, "12:05am")],
)
def test_a_time_in_words(hour: int, minute: int, words: str) -> None:
    assert time_in_words(at(2, hour=hour, minute=minute)) == words


def test_a_moment_in_words() -> None:
    assert moment_in_words(at(2, hour=16, minute=12), NOW) == "today at 4:12pm"
    assert full_day(at(2)) == "Monday 2 November 2026"


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (None, "no deadline"),
        (at(2), "due today"),
        (at(3), "due tomorrow"),
        (at(2, hour=9), "late today"),
        (at(22, 10), "2 school days late"),
        (at(23, 10), "1 school day late"),
        (at(25, 10), "1 school day late"),
    ],
)
def test_a_deadline_in_words(due: datetime | None, words: str) -> None:
    assert due_in_words(due, NOW, TERM) == words


def test_a_deadline_that_passed_in_the_holidays_is_late_all_the_same() -> None:
    holiday = datetime(2026, 10, 28, 9, 30, tzinfo=UTC)

    assert due_in_words(at(23, 10), holiday, TERM) == "late since Friday 23 October"


def test_without_a_calendar_plain_days_are_counted() -> None:
    assert due_in_words(at(30, 10), NOW) == "3 days late"
    assert days_late(at(30, 10), NOW, TERM, "working") == 1
    assert days_late(at(5), NOW, None) == 0
