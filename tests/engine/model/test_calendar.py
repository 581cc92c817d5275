"""School days, working days and deadlines in words."""

from datetime import UTC, date, datetime

import pytest

from engine.model.calendar import LONDON, Calendar, CalendarEnds, days_from, days_of, due_at, read_deadline, wakes_at

# Autumn 2026: half-term 26-30 October, an INSET day on Friday 6 November, Christmas from 21 December.
CALENDAR = Calendar(
    terms=(
        (date(2026, 9, 2), date(2026, 10, 23)),
        (date(2026, 11, 2), date(2026, 12, 18)),
        (date(2027, 1, 5), date(2027, 2, 12)),
    ),
    closed=frozenset({date(2026, 11, 6)}),
    holidays=frozenset({date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)}),
)


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


@pytest.mark.parametrize(
    ("words", "ready", "due"),
    [
        ("3 school days", "2026-11-02T09:00", "2026-11-05T17:00"),
        ("4 school days", "2026-11-02T09:00", "2026-11-09T17:00"),  # over the INSET day and the weekend
        ("4 working days", "2026-11-02T09:00", "2026-11-06T17:00"),  # the central team works on an INSET day
        ("1 school day", "2026-10-23T16:00", "2026-11-02T17:00"),  # over half-term
        ("1 school day", "2026-12-18T10:00", "2027-01-05T17:00"),  # over Christmas
        ("2 working days", "2026-12-24T10:00", "2026-12-30T17:00"),  # over both bank holidays
        ("same day", "2026-11-02T09:00", "2026-11-02T17:00"),
        ("same day", "2026-11-02T15:00", "2026-11-02T17:00"),
        ("same day", "2026-11-02T15:01", "2026-11-03T17:00"),
        ("same day", "2026-11-06T09:00", "2026-11-09T17:00"),  # a closed day
        ("Within 2 School Days", "2026-11-02T09:00", "2026-11-04T17:00"),
        ("4 hours", "2026-11-02T09:00", "2026-11-02T13:00"),
        ("PT30M", "2026-11-02T09:00", "2026-11-02T09:30"),
        ("2026-12-01", "2026-11-02T09:00", "2026-12-01T17:00"),
        ("2026-12-01T10:15", "2026-11-02T09:00", "2026-12-01T10:15"),
    ],
)
def test_words_become_a_moment(words: str, ready: str, due: str) -> None:
    assert due_at(words, london(ready), CALENDAR) == london(due)


def test_five_in_the_afternoon_is_london_time_on_both_sides_of_the_clock_change() -> None:
    weekdays = Calendar()

    before = due_at("1 working day", london("2026-10-22T09:00"), weekdays)
    after = due_at("1 working day", london("2026-10-23T09:00"), weekdays)

    assert before == datetime(2026, 10, 23, 16, 0, tzinfo=UTC)
    assert after == datetime(2026, 10, 26, 17, 0, tzinfo=UTC)


def test_a_calendar_without_terms_ahead_counts_weekdays_so_that_nobody_waits_for_ever() -> None:
    due = due_at("2 school days", london("2027-03-01T09:00"), CALENDAR)

    assert due == london("2027-03-03T17:00")


def test_a_calendar_with_no_open_day_at_all_says_so() -> None:
    shut = Calendar(terms=((date(2026, 1, 5), date(2035, 1, 5)),), closed=frozenset(), holidays=frozenset())
    nothing = Calendar(terms=((date(2040, 1, 2), date(2040, 1, 3)),))

    assert shut.is_school_day(date(2026, 1, 5))
    with pytest.raises(CalendarEnds):
        nothing.step(date(2026, 1, 5), 1, "school")


@pytest.mark.parametrize("words", ["soon", "", "3", "-1 school days", "P", "P1.5M", "-PT1H", "2026-13-01"])
def test_words_that_cannot_be_read_say_how_to_write_them(words: str) -> None:
    with pytest.raises(ValueError, match="3 school days"):
        read_deadline(words)


def test_a_timer_means_what_a_deadline_means() -> None:
    assert wakes_at("3 school days", london("2026-11-02T09:00"), CALENDAR) == london("2026-11-05T17:00")


def test_reminders_count_back_in_the_deadlines_own_days() -> None:
    due = london("2026-11-10T17:00")

    assert days_from(due, -2, "school", CALENDAR) == london("2026-11-05T17:00")
    assert days_from(due, -2, "working", CALENDAR) == london("2026-11-06T17:00")
    assert days_from(due, 0, "school", CALENDAR) == due


def test_days_between_two_dates_leave_out_closed_days() -> None:
    assert CALENDAR.between(date(2026, 11, 5), date(2026, 11, 10), "school") == 2
    assert CALENDAR.between(date(2026, 11, 10), date(2026, 11, 5), "school") == -2


def test_which_days_some_words_count() -> None:
    assert days_of("3 school days") == "school"
    assert days_of("2 working days") == "working"
    assert days_of("4 hours") == "working"
    assert days_of(None) == "school"
