"""The longest way through a procedure, in school days."""

from __future__ import annotations

import pytest

from engine.bpmn.diagram import dialect
from engine.bpmn.diagram.critical_path import TooManyBack, longest_way, outcomes, school_days
from tests.engine.bpmn.sketch import boundary, end, gateway, several, sketch, start, sub, user, wait


def days(*parts: str, flows: str) -> tuple[int, list[str]]:
    """The length of the longest way and the steps on it."""
    way = longest_way(dialect.read(sketch(*parts, flows=flows)))
    return way.days, [id for id, _ in way.stops]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 school days", 3),
        ("2 working days", 2),
        ("same day", 0),
        ("next school day", 1),
        ("4 hours", 0),
        ("2 weeks", 10),
        ("7 days", 5),
        ("1 day", 1),
        ("PT4H", 0),
        ("2027-01-01", 0),
        ('=if urgent then "same day" else "3 school days"', 3),
        ('=if route = "desk" then "2 working days" else if big then "9 school days" else "1 day"', 9),
        ("=deadline", 0),
        ("soon", 0),
        (None, 0),
    ],
)
def test_words_count_in_school_days(text: str | None, expected: int) -> None:
    assert school_days(text) == expected


def test_the_texts_a_rule_gives_are_found_and_those_it_compares_are_not() -> None:
    assert outcomes('=if route = "desk" then "same day" else "3 school days"') == ["same day", "3 school days"]
    assert outcomes('= "3 school days"') == ["3 school days"]
    assert outcomes('=if (if a then "x" else "y") = "x" then "z" else "w"') == ["x", "y", "z", "w"]
    assert outcomes("=due") == []


def test_steps_one_after_another_add_up() -> None:
    assert days(user("a"), wait("w", "2 school days"), user("b", due="same day"), flows="s>a>w>b>e") == (5, ["a", "w"])


def test_steps_side_by_side_count_the_longest() -> None:
    drawn = gateway("f", parallel=True) + gateway("j", parallel=True)
    steps = user("a", due="2 school days") + user("b", due="5 working days") + user("c", due="1 school day")

    assert days(drawn, steps, flows="s>f>a>j>c>e f>b>j") == (6, ["b", "c"])


def test_of_a_choice_the_longest_way_counts() -> None:
    drawn = gateway("x", default="f_x_a") + user("a", due="1 school day") + user("b", due="4 school days")

    assert days(drawn, flows="s>x>a>e x>b?=no b>e") == (4, ["b"])


def test_a_way_back_is_taken_once() -> None:
    drawn = user("a", due="2 school days") + user("check", due="1 school day") + gateway("x", default="f_x_e")

    assert days(drawn, flows="s>a>check>x>e x>a?=again") == (6, ["a", "check", "a", "check"])


def test_two_ways_back_are_taken_once_each() -> None:
    drawn = user("a", due="1 school day") + user("b", due="1 school day") + gateway("x", default="f_x_e")

    assert days(drawn, flows="s>a>b>x>e x>a?=one x>b?=other")[0] == 2 + 2 + 1


def test_a_way_back_inside_a_way_back_is_taken_once_too() -> None:
    drawn = user("a", due="1 school day") + gateway("x", default="f_x_b") + user("b", due="10 school days")
    drawn += gateway("y", default="f_y_e")

    assert days(drawn, flows="s>a>x>b>y>e x>a?=one y>a?=other")[0] == 23


def test_a_block_counts_its_own_longest_way_and_items_run_together() -> None:
    block = sub("block", start("s1"), user("a"), user("b"), end("e1"), flows="s1>a>b>e1", inner=several())

    assert days(block, user("c", inner=several()), flows="s>block>c>e") == (9, ["a", "b", "c"])


def test_a_timer_on_the_edge_counts_from_when_its_step_began() -> None:
    late = boundary("late", "a", "5 school days") + user("b", due="2 school days")

    assert days(user("a", due="3 school days"), late, flows="s>a>e late>b>e") == (7, ["late", "b"])
    assert days(user("a", due="8 school days"), late, flows="s>a>e late>b>e") == (8, ["a"])


def test_more_ways_back_than_can_be_reckoned_are_told() -> None:
    steps = "".join(user(f"a{n}") + gateway(f"x{n}", default=f"f_x{n}_a{n + 1}") for n in range(9)) + user("a9")
    way = "s>a0 " + " ".join(f"a{n}>x{n}>a{n + 1} x{n}>a{n}?=no" for n in range(9)) + " a9>e"

    with pytest.raises(TooManyBack):
        days(steps, flows=way)
