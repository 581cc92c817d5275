"""FEEL as a procedure speaks it: values in and out, faults instead of guesses, and school days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.model.calendar import Calendar
from engine.rules.feel import Ask, Told, evaluate, parse_fault, unknown_names
from tests.engine.rules.asked import CLOSED, NAMES, TERMS, fault, value

# ---- values ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('score > 5 and route = "urgent"', True),
        ("1 + 2 * 3", 7),
        ("1 / 4", 0.25),
        ('"a" + "b"', "ab"),
        ('if route = "urgent" then "same day" else "2 working days"', "same day"),
        ('count(causes[sources >= 2]) >= 2 and school.phase = "primary"', True),
        ("for each in causes return each.sources * 2", [4, 6]),
        ("some each in causes satisfies each.sources > 2", True),
        ("every each in causes satisfies each.sources > 2", False),
        ("causes[item.sources > 2].cause", ["reading"]),
        ("causes[1].cause", "staffing"),
        ('{total: sum(causes.sources), note: "n = " + string(total)}', {"total": 5, "note": "n = 5"}),
        ('string join(["a", "b"], ", ")', "a, b"),
        ("not(open)", False),
        ("[1, null, [true]]", [1, None, [True]]),
        ("score = 7 = open", True),
        ("if score = 7 then today() = today else null", True),
        ("every each in causes satisfies if each.sources = 2 then each.sources != 3 else each.sources = 3", True),
        ("count(causes[sources = 2]) = 1 and not(score = 5)", True),
        ("[1, 2] = [1, 2] and {a: 1} = {a: 1} and null = null", True),
        ("// a remark\nscore // and another", 7),
        ("if // why\n open // because\n then 1 else 2", 1),
        ("{}", {}),
        ("-0", 0),
        ('contains("Ünïcode 学校", "学")', True),
    ],
)
def test_feel_gives_plain_values(expression: str, expected: Any) -> None:
    assert value(expression) == expected


def test_numbers_are_whole_or_not_as_they_come() -> None:
    assert type(value("2 + 3")) is int
    assert type(value("5 / 2")) is float
    assert value("money * 2", money=Decimal("1.25")) == 2.5
    assert type(value("money * 2", money=Decimal("3.00"))) is int


def test_dates_come_out_as_their_iso_texts() -> None:
    assert value("today") == "2026-11-23"
    assert value("now") in ("2026-11-23T09:30:00Z", "2026-11-23T09:30:00+00:00")
    assert value('today + duration("P3D")') == "2026-11-26"
    assert value("at", at=time(9, 30)) == "09:30:00"
    assert value("long", long=timedelta(days=3, hours=1)) == "P3DT1H"
    assert value("[{due: date(visit)}]") == [{"due": "2026-12-01"}]
    assert value('years and months duration(date("2026-09-01"), date("2027-11-01"))') == "P1Y2M"


def test_a_length_of_time_below_nothing_goes_in_as_one() -> None:
    assert value("late", late=timedelta(hours=-1)) == "-PT1H"
    assert value('late < duration("PT0S")', late=timedelta(seconds=-0.5)) is True


def test_dates_go_in_as_dates_wherever_they_stand() -> None:
    assert value("rows[1].due > today", rows=[{"due": date(2026, 12, 1)}]) is True
    assert value("today.year") == 2026
    assert value("day of week(today)") == "Monday"
    assert (
        value("now - started > duration('PT1H')".replace("'", '"'), started=datetime(2026, 11, 23, tzinfo=UTC)) is True
    )


def test_a_text_that_looks_like_a_sent_date_stays_a_text() -> None:
    assert value("typed", typed="\ue000d2026-01-01") == "\ue000d2026-01-01"


def test_each_ask_may_have_names_of_its_own() -> None:
    asks = [Ask("a + b"), Ask("a + b"), Ask("a + b"), Ask("c")]

    found = evaluate(asks, {"a": 1, "b": 1}, [{"b": 5}, {}, {"a": 10}, {"c": date(2026, 1, 2)}])

    assert [each.value for each in found] == [6, 2, 11, "2026-01-02"]


def test_nothing_asked_is_nothing_told() -> None:
    assert evaluate([], NAMES) == []


def test_names_of_several_words_work() -> None:
    assert value("first name + last", **{"first name": "A", "last": "B"}) == "AB"
    assert value("school.trust name", school={"trust name": "Elm"}) == "Elm"


# ---- faults instead of guesses ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("nobody_here", "nobody_here is not a name this procedure knows"),
        ("nobody = 3 or true", "nobody is not a name this procedure knows"),
        ("nobody.entry", "nobody is not a name this procedure knows"),
        ("two words", "two words is not a name this procedure knows"),
        ("count(causes[nobody = true])", "nobody is not a name this procedure knows"),
        ("nobody(5)", "nobody is not a name this procedure knows"),
        ("score(5)", "score is not a function Headway knows"),
        ("1 + count([if score = 7 then 1 else 2], 2)", "count([if score = 7 then 1 else 2], 2) has a value too many"),
        ("count(1, 2)", "count(1, 2) has a value too many or a wrong name in its brackets"),
        ("sum(all: 1)", "sum(all: 1) has a value too many or a wrong name in its brackets"),
        ('route >= "a" and route >= 3', "it compares a text with a number"),
        ('score < "z"', "it compares a number with a text"),
        ("visit > today", "it compares a text with a date; write date(...) around the text"),
        ("visit = today", "it compares a text with a date; write date(...) around the text"),
        ('count(causes[sources = "2"]) = 0', "it compares a number with a text"),
        ('if score = "7" then 1 else 2', "it compares a number with a text"),
        ('score != "7"', "it compares a number with a text"),
        ("open > true", "it compares values that have no order"),
        ("now > today", "it compares a date and time with a date"),
        ('[1] >= "a"', "it compares a list with a text"),
        ('if agreed then "x" else "y"', "a condition in it is a text, not yes or no"),
        ("if if score > 1 then agreed else false then 1 else 2", "a condition in it is a text, not yes or no"),
        ("some each in causes satisfies each.sources", "a condition in it is a number, not yes or no"),
        ('"a" + 1', "a text and a number do not go together at “+”"),
        ('date("the first of May")', 'date("the first of May") was given a value it cannot use'),
        ('number("seven")', 'number("seven") was given a value it cannot use'),
        ("[1..5]", "it gives a range, which cannot be kept as an answer"),
        ("function(x) x", "it gives a function, which cannot be kept as an answer"),
        ("count", "it gives a function, which cannot be kept as an answer"),
        ("10 ** 400", "it gives a number without end"),
        ("1 +", "could not be read: its end is missing"),
        ("", "could not be read: its end is missing"),
        ("score > ) 5", "could not be read: something is wrong at “) 5”"),
        ("? > 5", "could not be read: “?” stands for something only in a decision table"),
        ("score instance of constructor", "constructor is not a kind of value Headway knows"),
        ("1e5", "1e5 must be written out in figures"),
        ("headway_yes_or_no(open)", "headway_yes_or_no is a name Headway keeps for itself"),
        ("during()", "it uses something Headway cannot work out"),
        ("x" * 4_001, "is longer than 4,000 characters"),
        ("(" * 101 + "1" + ")" * 101, "has too many brackets inside one another"),
    ],
)
def test_a_mistake_is_a_fault_and_has_no_value(expression: str, expected: str) -> None:
    assert fault(expression).startswith(expected)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("unanswered", None),
        ("unanswered + 1", None),
        ("unanswered > 5", None),
        ("date(unanswered) > today", None),
        ('date("")', None),
        ("unanswered.entry.deeper", None),
        ("school.nothing", None),
        ("school.nothing.deeper", None),
        ("causes.nothing", [None, None]),
        ("unanswered = null", True),
        ('unanswered = "x"', False),
        ("unanswered > 5 or score > 5", True),
        ("unanswered > 5 and score > 9", False),
        ("not(unanswered)", None),
        ("if unanswered then 1 else 2", 2),
        ("count(unanswered)", None),
        ("school days between(unanswered, today)", None),
    ],
)
def test_a_question_not_answered_yet_is_no_mistake(expression: str, expected: Any) -> None:
    assert value(expression) == expected


INHERITED = ("constructor", "toString", "valueOf", "hasOwnProperty", "isPrototypeOf", "toLocaleString")


@pytest.mark.parametrize("name", INHERITED)
def test_a_name_that_javascript_has_everywhere_is_a_name_like_others(name: str) -> None:
    assert fault(name) == f"{name} is not a name this procedure knows"
    assert unknown_names(f"{name} > 1", ["score"]) == [name]
    assert value(f"{name} + 1", **{name: 4}) == 5
    assert value(f"rows[{name} = 2].n", rows=[{"n": 1, name: 2}, {"n": 2}]) == [1]
    assert value(f"{{{name}: 3}}.{name}") == 3
    assert value(f"school.{name}") is None


def test_a_name_that_no_answer_can_have_is_told_when_the_rule_is_read() -> None:
    for text in ("__proto__", "rows[__proto__ = 1]", "__proto__.x = 1"):
        assert parse_fault(text) == "__proto__ cannot be the name of an answer"


def test_the_name_of_a_built_in_function_stays_the_function() -> None:
    assert value("count([1, 2])", count=7) == 2
    assert fault("count > 3", count=7) == "it compares a function with a number"


# ---- days ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spelling", ["today", "today()", "today( )"])
def test_today_is_given_and_never_read_from_a_clock(spelling: str) -> None:
    assert value(spelling) == "2026-11-23"
    for names in ({}, {"today": None}):
        assert evaluate([Ask(spelling)], names)[0] == Told(None, "today is not known here")
    assert evaluate([Ask("[today][1]()")], {})[0].fault == "today is not known here"
    assert evaluate([Ask("now()")], {})[0] == Told(None, "now is not known here")


def test_school_days_are_counted_as_the_deadlines_count_them() -> None:
    calendar = Calendar(terms=TERMS, closed=frozenset(CLOSED))
    days = [date(2026, 9, 14) + timedelta(days=n * 3) for n in range(50)]
    asks = [Ask("is school day(a)"), Ask("add school days(a, n)"), Ask("school days between(a, b)")]

    for place, day in enumerate(days):
        other, count = days[(place * 7) % 50], place % 9 - 4
        found = [each.value for each in evaluate(asks, NAMES | {"a": day, "b": other.isoformat(), "n": count})]

        stepped = calendar.step(day, count, "school").isoformat()
        assert found == [calendar.is_school_day(day), stepped, calendar.between(day, other, "school")]


def test_where_no_terms_are_known_any_open_weekday_counts() -> None:
    names = {"calendar": {"closed": [date(2026, 11, 24)], "terms": []}, "today": date(2026, 11, 23)}

    assert evaluate([Ask("add school days(today, 1)")], names)[0].value == "2026-11-25"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('is school day("rubbish")', "is school day was given something that is not a date"),
        ("is school day(5)", "is school day was given something that is not a date"),
        ("add school days(today, 1.5)", "add school days was given something that is not a whole number"),
        ('add school days(today, "1")', "add school days was given something that is not a whole number"),
        ("add school days(today, 100000)", "add school days found too few school days in the calendar"),
        ('school days between(today, "2999-01-01")', "school days between was given dates too far apart"),
        (
            "is school day(today, today)",
            "is school day(today, today) has a value too many or a wrong name in its brackets",
        ),
    ],
)
def test_school_days_of_what_is_no_day_are_a_fault(expression: str, expected: str) -> None:
    assert fault(expression) == expected


def test_school_days_need_a_calendar() -> None:
    found = evaluate([Ask("is school day(today)")], {"today": date(2026, 11, 23)})

    assert found[0].fault == "is school day needs a calendar, and none is known here"
