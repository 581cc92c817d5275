"""What comes round again and again, by the school's own calendar."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from engine.model.calendar import LONDON, Calendar
from engine.model.cycles import NeverAgain, next_after, read_cycle

# Half-terms of two school years as England keeps them, with INSET days and bank holidays among them.
CALENDAR = Calendar(
    terms=(
        (date(2026, 9, 2), date(2026, 10, 23)),
        (date(2026, 11, 2), date(2026, 12, 18)),
        (date(2027, 1, 5), date(2027, 2, 12)),
        (date(2027, 2, 22), date(2027, 3, 25)),
        (date(2027, 4, 12), date(2027, 5, 28)),
        (date(2027, 6, 7), date(2027, 7, 21)),
        (date(2027, 9, 2), date(2027, 10, 22)),
        (date(2027, 11, 1), date(2027, 12, 17)),
    ),
    closed=frozenset({date(2026, 9, 2), date(2026, 11, 6), date(2027, 1, 5), date(2027, 5, 28)}),
    holidays=frozenset({date(2027, 3, 26), date(2027, 3, 29), date(2027, 5, 3), date(2027, 5, 31), date(2026, 12, 25)}),
)
BEGAN = datetime(2026, 10, 20, 10, 42, tzinfo=LONDON)
IN_WORDS = (
    "every 2 weeks",
    "every month",
    "every school day",
    "every 3 school days",
    "every working day at 9am",
    "every Monday",
    "every 2 weeks on Friday",
    "first school day of each half-term",
    "last Friday of each term",
    "first Monday of each month",
    "third school day of each week",
    "last school day of each school year",
    "1 September each year",
    "15th of each month",
    "every week from 2026-11-02",
)
EXACTLY = ("R3/P1W", "R/P1D", "R/PT4H", "R/P1M", "every 36 hours", "R/2026-11-01T00:30/P1D", "every 5 calendar days")


def run(words: str, count: int, calendar: Calendar = CALENDAR, began: datetime = BEGAN) -> list[datetime]:
    """The first moments after it began, in London."""
    found: list[datetime] = []
    for _ in range(count):
        last = found[-1] if found else None
        try:
            found.append(next_after(words, last or began, calendar, began, last).astimezone(LONDON))
        except NeverAgain:
            break
    return found


@pytest.mark.parametrize(
    ("words", "moments"),
    [
        ("every 2 weeks", ["Tue 3 Nov 08:00", "Tue 17 Nov 08:00"]),
        ("every week", ["Mon 2 Nov 08:00", "Tue 3 Nov 08:00"]),  # 27 October is half-term: the next school day
        ("fortnightly", ["Tue 3 Nov 08:00", "Tue 17 Nov 08:00"]),
        ("every school day", ["Wed 21 Oct 08:00", "Thu 22 Oct 08:00", "Fri 23 Oct 08:00", "Mon 2 Nov 08:00"]),
        ("every Monday", ["Mon 2 Nov 08:00", "Mon 9 Nov 08:00"]),  # 26 October is left out
        ("every Monday and Friday at 9am", ["Fri 23 Oct 09:00", "Mon 2 Nov 09:00", "Mon 9 Nov 09:00"]),  # 6 Nov: INSET
        ("every Tuesday, holidays too", ["Tue 27 Oct 08:00", "Tue 3 Nov 08:00"]),
        ("first school day of each half-term", ["Mon 2 Nov 08:00", "Wed 6 Jan 08:00", "Mon 22 Feb 08:00"]),
        ("each half-term", ["Mon 2 Nov 08:00", "Wed 6 Jan 08:00"]),
        ("last Friday of each term", ["Fri 18 Dec 08:00", "Fri 19 Mar 08:00", "Fri 16 Jul 08:00"]),
        ("first school day of each term at 14:30", ["Wed 6 Jan 14:30", "Mon 12 Apr 14:30"]),
        ("first Monday of each month", ["Mon 2 Nov 08:00", "Mon 7 Dec 08:00", "Wed 6 Jan 08:00"]),  # 4 January is shut
        ("1 September each year", ["Thu 2 Sep 08:00"]),
        ("every year on 4 October", ["Mon 4 Oct 08:00"]),
        ("R3/P1W", ["Tue 27 Oct 10:42", "Tue 3 Nov 10:42"]),
        ("R/P1D", ["Wed 21 Oct 10:42", "Thu 22 Oct 10:42", "Fri 23 Oct 10:42", "Sat 24 Oct 10:42", "Sun 25 Oct 10:42"]),
        ("R/PT4H", ["Tue 20 Oct 14:42", "Tue 20 Oct 18:42"]),
        ("R2/2026-11-01T09:00/P1D", ["Sun 1 Nov 09:00", "Mon 2 Nov 09:00"]),
        ("P1W", ["Tue 27 Oct 10:42"]),
        ("every week from 2026-11-02, 2 times", ["Mon 2 Nov 08:00", "Mon 9 Nov 08:00"]),
    ],
)
def test_words_become_moments(words: str, moments: list[str]) -> None:
    told = [f"{at:%a} {at.day} {at:%b %H:%M}" for at in run(words, len(moments))]

    assert told == moments


@pytest.mark.parametrize("words", IN_WORDS)
def test_what_comes_round_in_words_comes_on_open_days_at_one_time_of_day_and_later_each_time(words: str) -> None:
    moments = run(words, 60)
    working = "working" in words

    assert moments == sorted(set(moments))
    assert {f"{at:%H:%M}" for at in moments} <= {"08:00", "09:00"}
    assert len({f"{at:%H:%M}" for at in moments}) == 1  # in summer and in winter
    assert all(CALENDAR.is_open(at.date(), "working" if working else "school") for at in moments)
    assert len(moments) > 1


@pytest.mark.parametrize("words", [*IN_WORDS, *EXACTLY])
def test_between_two_moments_the_next_is_the_later_one_wherever_one_asks(words: str) -> None:
    rng = random.Random(words)
    counted = words == "every 3 school days"  # what counts from the last one is told which that was
    moments = [BEGAN, *run(words, 12)]
    for one, other in pairwise(moments):
        asked = one + rng.random() * (other - one - timedelta(seconds=1))
        last = one if counted and one is not BEGAN else None
        assert next_after(words, asked, CALENDAR, BEGAN, last) == other


@pytest.mark.parametrize("words", ["R/P1D", "R/P1W", "R/2026-10-20T10:42/P1D"])
def test_days_drawn_as_a_repeat_keep_their_time_of_day_when_the_clocks_change(words: str) -> None:
    assert {f"{at:%H:%M}" for at in run(words, 300)} == {"10:42"}


def test_hours_pass_as_they_pass_when_the_clocks_change() -> None:
    moments = [at.astimezone(UTC) for at in run("R/PT4H", 60)]

    assert {later - earlier for earlier, later in pairwise(moments)} == {timedelta(hours=4)}


def test_nothing_comes_round_twice_in_one_half_term_when_its_first_day_is_shut_after_the_event() -> None:
    words, came = "first school day of each half-term", datetime(2026, 11, 2, 8, 0, tzinfo=LONDON)
    shut = replace(CALENDAR, closed=CALENDAR.closed | {date(2026, 11, 2)})
    later = replace(CALENDAR, terms=(CALENDAR.terms[0], (date(2026, 11, 4), date(2026, 12, 18)), *CALENDAR.terms[2:]))

    assert next_after(words, came, shut, BEGAN).astimezone(LONDON).day == 3
    for changed in (shut, later):
        assert next_after(words, came, changed, BEGAN, last=came).astimezone(LONDON).date() == date(2027, 1, 6)


@pytest.mark.parametrize("words", ["first Monday of each month", "15th of each month", "every 2 weeks", "every Monday"])
def test_whatever_day_is_shut_after_the_event_nothing_comes_round_twice(words: str) -> None:
    for came in run(words, 6):
        shut = replace(CALENDAR, closed=CALENDAR.closed | {came.date()})
        follows = next_after(words, came, CALENDAR, BEGAN, last=came)

        assert next_after(words, came, shut, BEGAN, last=came) == follows


def test_a_half_term_is_what_lies_between_breaks_even_where_whole_terms_were_entered() -> None:
    break_ = frozenset(date(2026, 10, 26) + timedelta(days=n) for n in range(5))
    whole = Calendar(terms=((date(2026, 9, 2), date(2026, 12, 18)),), closed=break_)

    assert [at.day for at in run("first school day of each half-term", 3, whole)] == [2]
    assert [at.day for at in run("last school day of each half-term", 3, whole)] == [23, 18]


def test_a_calendar_without_terms_says_that_they_are_missing() -> None:
    with pytest.raises(NeverAgain, match="no half-term that it could still come in after 20 October 2026 is entered"):
        next_after("first school day of each half-term", BEGAN, Calendar())


def test_a_repeat_with_a_beginning_and_a_number_is_over_one_day() -> None:
    with pytest.raises(NeverAgain, match="is over"):
        next_after("R2/2026-01-05T09:00/P1D", BEGAN, CALENDAR)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("0 9 * * 1", "written for machines"),
        ("0 0 9 ? * MON", "written for machines"),
        ("0 0 12 1/1 * ? *", "written for machines"),
        ("@daily", "written for machines"),
        ("every 0 days", "has no length"),
        ("R/PT0S", "has no length"),
        ("every 0 school days", "has no length"),
        ("R/2026-11-02/2026-11-02", "has no length"),
        ("R0/P1W", "never happens"),
        ("R/PT5S", "more often than once a minute"),
        ("every Saturday", "weekend"),
        ("first Sunday of each month", "weekend"),
        ("soon", "does not say when"),
        ("", "does not say when"),
        ("31 February each year", "does not say when"),
        ("every Monday at 25:00", "does not say when"),
        ("R3/P1W/2026-12-31", "does not say when"),
        ("every blue moon", "does not say when"),
        ("x" * 100_000, "does not say when"),
        ("R/2026-11-02T09:00/PT9999999H99999999M", "does not say when"),
    ],
)
def test_words_that_cannot_be_read_say_why_and_how_to_write_them(words: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as refused:
        read_cycle(words)

    assert "every 2 weeks" in str(refused.value)
    assert len(str(refused.value)) < 500


def test_how_often_it_comes_round_at_most_is_read() -> None:
    assert read_cycle("R3/P1W").times == 3
    assert read_cycle("R/P1W").times is None
    assert read_cycle("every 2 weeks, at most 4 times").times == 4
