"""The oracle itself, held to what the BPMN standard says of small diagrams told by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from engine.bpmn.diagram import dialect
from tests.engine.bpmn.random_models.oracle import Oracle, Stuck
from tests.engine.bpmn.sketch import boundary, end, gateway, several, sketch, start, sub, user, wait

TWO = several("=two", "one")


def oracle(*parts: str, flows: str, ends: bool = True, **values: Any) -> Oracle:
    """A case just begun. Rules are names of answers, or `name=value`."""

    def value_of(expression: str, names: Mapping[str, Any]) -> Any:
        name, compared, value = expression.partition("=")
        return str(names[name]) == value if compared else names[name]

    diagram = dialect.read(sketch(*parts, flows=flows, ends=ends))
    found = Oracle(diagram, value_of, ("again", "two", "one", "x"))
    found.start({"two": ["p", "q"], **values})
    return found


def tasks(found: Oracle) -> list[str]:
    """Steps waiting for a person."""
    return [mark.element.id for mark in found.open("task")]


def do(found: Oracle, *steps: str, **new: Any) -> None:
    """Complete the oldest task of each step."""
    for step in steps:
        found.complete(next(mark for mark in found.open("task") if mark.element.id == step), new)


def ring(found: Oracle, timer: str) -> None:
    """Let a timer's moment come."""
    found.wake(next(mark for mark in found.open("timer") if mark.element.id == timer))


def test_a_join_waits_for_every_branch_in_every_round_of_a_loop() -> None:
    case = oracle(
        gateway("f", parallel=True),
        gateway("j", parallel=True),
        gateway("x", default="f_x_e"),
        gateway("m"),
        user("a"),
        user("b"),
        flows="s>m>f>a>j>x>e f>b>j x>m?=again=yes",
        again="yes",
    )
    for _ in range(3):
        do(case, "a")
        assert tasks(case) == ["b"]

        do(case, "b")
        assert tasks(case) == ["a", "b"]

    do(case, "a", "b", again="no")

    assert case.ended == "e"


def test_a_second_token_on_one_arrow_waits_for_the_next_firing() -> None:
    case = oracle(
        gateway("f", parallel=True),
        gateway("x", default="f_x_j"),
        gateway("j", parallel=True),
        user("a"),
        user("b"),
        user("c"),
        flows="s>f>a>x>j f>b>x f>c>j>e",
    )

    do(case, "a", "b")

    assert tasks(case) == ["c"]

    with pytest.raises(Stuck):
        do(case, "c")


def test_a_terminating_end_empties_only_the_block_it_stands_in() -> None:
    case = oracle(
        sub(
            "block",
            start("s2"),
            gateway("f", parallel=True),
            user("a"),
            user("b"),
            end("t", terminate=True),
            end("e2"),
            flows="s2>f>a>t f>b>e2",
        ),
        gateway("g", parallel=True),
        user("beside"),
        user("after"),
        flows="s>g>block>after>e g>beside>e",
    )

    do(case, "a")

    assert tasks(case) == ["beside", "after"]


def test_an_interrupting_timer_ends_a_block_with_all_that_is_in_it_and_another_leaves_it() -> None:
    case = oracle(
        sub("block", start("s2"), user("a"), wait("w"), end("e2"), flows="s2>a>w>e2"),
        boundary("soft", "block", interrupting=False),
        boundary("hard", "block"),
        user("beside"),
        user("instead"),
        user("after"),
        flows="s>block>after>e soft>beside>e hard>instead>e",
    )

    ring(case, "soft")
    assert tasks(case) == ["a", "beside"]

    ring(case, "hard")
    assert tasks(case) == ["beside", "instead"]
    assert case.open("timer") == []


def test_items_keep_their_answers_apart_until_all_are_in_and_are_gathered_in_the_lists_order() -> None:
    case = oracle(user("each", inner=TWO, trust__collect="all"), user("after"), flows="s>each>after>e")
    first, second = case.open("task")
    assert [case.item(first), case.item(second)] == ["p", "q"]

    case.complete(second, {"x": 2})
    assert "x" not in case.values

    case.complete(first, {"x": 1})
    assert case.values["all"] == [{"one": "p", "x": 1}, {"one": "q", "x": 2}]
    assert tasks(case) == ["after"]


def test_a_timer_that_ends_a_step_for_several_keeps_what_is_in() -> None:
    case = oracle(
        user("each", inner=TWO, trust__collect="all"),
        boundary("late", "each"),
        user("after"),
        flows="s>each>after>e late>after",
    )

    case.complete(case.open("task")[1], {"x": 2})
    ring(case, "late")

    assert case.values["all"] == [{"one": "q", "x": 2}]
    assert tasks(case) == ["after"]


def test_nobody_to_ask_passes_straight_on() -> None:
    case = oracle(user("each", inner=TWO, trust__collect="all"), user("after"), flows="s>each>after>e", two=[])

    assert tasks(case) == ["after"]
    assert case.values["all"] == []


def test_a_condition_that_is_neither_true_nor_false_stops_the_case() -> None:
    with pytest.raises(Stuck):
        oracle(gateway("x", default="f_x_e"), user("a"), flows="s>x>a?=again x>e a>e", again="perhaps")
