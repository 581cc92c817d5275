"""Time in stories: deadlines, reminders, timers, closed days and promises."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from engine.bpmn.definition import Definition
from engine.model.calendar import Calendar
from engine.model.reminders import Chase, HouseTable
from engine.stories import tell
from tests.engine.bpmn.sketch import boundary, end, step, timer, user, wait
from tests.engine.stories.trials import ROLES, failure, outcome, package


def test_a_reminder_goes_out_two_days_before_and_lateness_up_the_line() -> None:
    told = """
one:
  - headteacher starts
  - after 1 school day
  - a reminder goes to headteacher about a
  - after 2 school days
  - a reminder goes to headteacher
  - after 2 school days
  - an escalation goes to cluster_lead about a
  - after 3 school days
  - an escalation goes to director_of_education
  - after 5 school days
  - an escalation goes to chief_executive
  - headteacher does a
"""
    found = outcome(told, user("a", due="3 school days"))

    assert [(chased.role, chased.level) for chased in found.chased] == [
        ("headteacher", 0),
        ("headteacher", 0),
        ("cluster_lead", 1),
        ("director_of_education", 2),
        ("chief_executive", 3),
    ]
    assert found.chased[0].at == datetime(2026, 11, 3, 17, 0, tzinfo=UTC)


def test_a_reminder_that_did_not_go_out_is_told() -> None:
    told = "one:\n  - headteacher starts\n  - after 1 school day\n  - a reminder goes to cluster_lead about a"

    assert "none did. What went out and no line has spoken of: “Headteacher about A, level 0”" in failure(
        told, user("a", due="3 school days")
    )


def test_a_reminder_counts_once() -> None:
    line = "\n  - a reminder goes to headteacher"
    told = "one:\n  - headteacher starts\n  - after 1 school day" + line + line

    assert "no line has spoken of: nothing" in failure(told, user("a", due="3 school days"))


def test_nobody_is_reminded_of_what_is_done() -> None:
    told = "one:\n  - headteacher starts\n  - headteacher does a\n  - after 5 school days"

    assert outcome(told, user("a", due="3 school days"), user("b", due=None), flows="s>a>b>e").chased == ()


def test_the_trusts_own_table_of_reminders_is_used() -> None:
    table = HouseTable((Chase(1, "chief_executive", 3, "At once"),))
    read = package(user("a", due="same day"))
    told = "one:\n  - headteacher starts\n  - after 1 school day\n  - an escalation goes to chief_executive about a"

    assert tell.tell(tell.read(told.encode())[0], Definition(read), ROLES, table).chased[0].level == 3


def test_a_timer_rings_when_its_days_have_passed_and_not_before() -> None:
    steps = (user("a", due="3 school days"), boundary("late", "a", "2 school days"), user("b"))
    told = """
one:
  - headteacher starts
  - after 1 school day
  - the case waits for headteacher to a
  - after 1 school day
  - the case waits for headteacher to b
  - the case does not wait for headteacher to a
"""

    assert outcome(told, *steps, flows="s>a>e late>b>e").at == datetime(2026, 11, 4, 17, 0, tzinfo=UTC)


def test_timers_ring_in_their_own_order_and_each_starts_the_next_at_its_own_moment() -> None:
    steps = (wait("one", "2 hours"), wait("two", "1 hour"), user("a", due="same day"))
    told = "one:\n  - headteacher starts\n  - after 5 hours\n  - a is due: 2026-11-02"

    assert outcome(told, *steps, flows="s>one>two>a>e").at == datetime(2026, 11, 2, 14, 0, tzinfo=UTC)


def test_closed_days_and_another_start_move_what_is_due() -> None:
    told = """
one:
  - the day is: 2026-12-01 08:15
  - the school is closed on: [2026-12-02]
  - headteacher starts
  - a is due: 2026-12-03
  - a is due: 1 school day
  - the clock reaches: 2026-12-01 09:00
"""

    assert outcome(told, user("a", due="1 school day")).at == datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


def test_the_schools_own_calendar_is_used() -> None:
    calendar = Calendar(terms=((date(2026, 9, 1), date(2026, 11, 2)), (date(2027, 1, 4), date(2027, 3, 26))))
    read = package(user("a", due="1 school day"))
    (story,) = tell.read(b"one:\n  - headteacher starts\n  - a is due: 2027-01-04")

    assert tell.tell(story, Definition(read), ROLES, calendar=calendar)


def test_a_day_that_differs_is_told() -> None:
    told = "one:\n  - headteacher starts\n  - a is due: 2 school days"

    assert "it is due “1 school day”, on 2026-11-03, not “2 school days”" in failure(
        told, user("a", due="1 school day")
    )


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("after a while", "“a while” is not a time we can read"),
        ("the clock reaches: yesterday", "“yesterday” is not a moment"),
        ("the clock reaches: 2026-11-01", "the clock shows Monday 2 November 2026 at 09:00 already"),
    ],
)
def test_times_nobody_can_read_are_told(line: str, sentence: str) -> None:
    assert sentence in failure(f"one:\n  - headteacher starts\n  - {line}", user("a"))


def test_a_broken_promise_is_told() -> None:
    line = "\n  - the promise is kept"
    kept = "one:\n  - headteacher starts\n  - after 2 school days" + line

    assert outcome(kept, user("a"))
    assert "“2 school days” were over on Wednesday 4 November 2026 at 17:00" in failure(
        kept.replace("2 school", "3 school"), user("a")
    )


def test_what_comes_round_on_an_edge_comes_each_time_that_its_day_passes() -> None:
    told = """
one:
  - the school is closed on: [2026-11-16]
  - headteacher starts
  - the clock reaches: 2026-11-20
  - headteacher does b
  - the case does not wait for headteacher to b
  - the clock reaches: 2026-11-24
  - headteacher does b
  - headteacher does a
  - the case ends at: e
"""
    edge = boundary("again", "a", "every Monday", interrupting=False, kind="timeCycle")
    parts = (user("a", due="20 school days"), edge, user("b"), end("over"))

    assert outcome(told, *parts, flows="s>a>e again>b>over").ended_at == "e"


def test_a_wait_for_what_comes_round_is_over_at_its_first_moment() -> None:
    told = "one:\n  - headteacher starts\n  - the clock reaches: {}\n  - the case waits for headteacher to a"
    parts = (wait("w", "first Monday of each month", "timeCycle"), user("a"))

    outcome(told.format("2026-12-07 08:00"), *parts, flows="s>w>a>e")
    assert "It waits for a time" in failure(told.format("2026-12-07 07:59"), *parts, flows="s>w>a>e")


def test_the_clock_starts_a_case_on_a_day_that_it_comes_round_on() -> None:
    begins = step("startEvent", "c", "Each week", inner=timer("every Monday", "timeCycle"))
    parts = (begins, user("a"))
    told = "one:\n  - the clock starts it{}\n  - headteacher does a\n  - the case ends at: e"

    for day, at in (("", "2026-11-09"), (" on 2026-11-16", "2026-11-16")):
        found = outcome(told.format(day), *parts, flows="c>a>e s>a")
        assert (found.ended_at, f"{found.at:%Y-%m-%d %H:%M}") == ("e", f"{at} 08:00")
    assert "it does not start then, but next on Monday 23 November 2026 at 08:00" in failure(
        told.format(" on 2026-11-18"), *parts, flows="c>a>e s>a"
    )


def test_a_story_that_the_clock_starts_needs_a_clock() -> None:
    assert "no start of this procedure has a clock" in failure("one:\n  - the clock starts it", user("a"))
