"""When people are reminded and to whom a late task goes."""

from datetime import UTC, date, datetime, timedelta

from engine.model.calendar import Calendar
from engine.model.reminders import DEFAULT, HOLDER, Chase, HouseTable, moments

DUE = datetime(2026, 11, 12, 17, 0, tzinfo=UTC)  # a Thursday


def test_a_late_task_walks_up_the_ladder_in_order() -> None:
    found = moments(DEFAULT, DUE, "working", Calendar(), DUE - timedelta(days=10))

    assert [(at.day, row.level) for at, row in found] == [(10, 0), (12, 0), (16, 1), (19, 2), (26, 3)]
    assert found[0][1].to == HOLDER


def test_a_reminder_from_before_the_task_existed_is_left_out() -> None:
    found = moments(DEFAULT, DUE, "working", Calendar(), DUE - timedelta(days=1))

    assert [row.days for _, row in found] == [0, 2, 5, 10]


def test_a_row_before_the_first_day_the_calendar_knows_is_left_out() -> None:
    monday, tuesday = date(2026, 11, 2), datetime(2026, 11, 3, 17, tzinfo=UTC)
    begins_then = Calendar(terms=((monday, date(2026, 12, 18)),))

    found = moments(
        HouseTable((Chase(-2, HOLDER, 0, "Reminder"), Chase(1, HOLDER, 0, "Late"))),
        tuesday,
        "school",
        begins_then,
        tuesday,
    )

    assert [row.label for _, row in found] == ["Late"]
