"""Several ways out of a step, an event or a diamond with a circle, and where they meet again."""

from __future__ import annotations

import pytest

from engine.errors import ExpressionStopped
from tests.engine.bpmn.sketch import boundary, end, gateway, script, several, start, step, sub, user
from tests.engine.bpmn.trial import Trial, trial


def circle(id: str, default: str | None = None) -> str:
    """A diamond with a circle."""
    return step("inclusiveGateway", id, default=default)


def of_three(**answers: object) -> Trial:
    """Any of three steps, and one after those that were begun."""
    drawn = (circle("x", "f_x_c"), user("a"), user("b"), user("c"), circle("j"), user("after"))
    flows = "s>x>a?=one>j>after>e x>b?=two>j x>c>j"
    return trial(*drawn, flows=flows, names="one,two").start(**answers)


@pytest.mark.parametrize(
    ("one", "two", "begun"),
    [(True, True, ["a", "b"]), (True, False, ["a"]), (False, True, ["b"]), (False, False, ["c"])],
)
def test_every_way_that_holds_is_followed_and_else_the_default(one: bool, two: bool, begun: list[str]) -> None:
    case = of_three(one=one, two=two)
    assert case.tasks == begun

    case.does(*begun)

    assert case.tasks == ["after"]
    assert case.does("after").rest.ended_at == "e"


def test_the_join_waits_for_the_last_that_was_begun_and_goes_on_once() -> None:
    case = of_three(one=True, two=True).does("b")

    assert case.tasks == ["a"]
    assert case.does("a").tasks == ["after"]


def test_what_is_neither_true_nor_false_stops_the_case_and_says_where() -> None:
    with pytest.raises(ExpressionStopped, match="“X”, the condition of the arrow “one” is neither true nor false"):
        of_three(one=None, two=True)


def test_where_nothing_holds_and_nothing_is_the_default_the_case_stops_and_says_where() -> None:
    with pytest.raises(ExpressionStopped, match="No arrow leaving “A” fits"):
        trial(user("a"), user("b"), user("c"), flows="s>a>b?=ok a>c?=ok b>e c>e", names="ok").start(ok=False).does("a")


def test_arrows_without_a_condition_are_all_followed_from_a_step_and_from_a_start() -> None:
    case = trial(user("a"), user("b"), end("e2"), flows="s>a>e s>b>e2 a>e2").start()
    assert case.tasks == ["a", "b"]

    case.does("a", "b")

    assert case.rest.passed.count("e2") == 1
    assert case.rest.ended_at == "e2"


def test_a_step_follows_what_holds_and_what_has_no_condition_and_its_default_when_nothing_holds() -> None:
    drawn = (step("userTask", "a", default="f_a_d"), user("b"), user("c"), user("d"))
    flows = "s>a a>b a>c?=ok a>d b>e c>e d>e"

    assert trial(*drawn, flows=flows, names="ok").start(ok=True).does("a").tasks == ["b", "c"]
    assert trial(*drawn, flows=flows, names="ok").start(ok=False).does("a").tasks == ["b", "d"]


def test_a_step_for_several_a_script_a_block_and_a_timer_choose_their_ways_too() -> None:
    block = sub("k", start("s1"), user("in"), end("e1"), flows="s1>in>e1")
    case = trial(
        script("sum", "1 + 1", "n"), user("m", inner=several("=[1, 2]")), block, boundary("late", "k"),
        *(user(id) for id in ("t", "u", "v", "w")),
        flows="s>sum>m?=n_=_2 sum>t?=n_!=_2 m>k?=n_=_2 m>u?=n_=_3 k>v?=n_=_2 k>t?=n_=_3 late>w?=n_=_2 late>t?=n_=_4"
        " t>e u>e v>e w>e",
    ).start()  # fmt: skip
    assert case.tasks == ["m", "m"]

    case.does("m", "m")
    assert case.tasks == ["in"]

    assert case.rings("late").tasks == ["w"]


def test_a_join_in_a_loop_waits_for_what_can_come_round_again() -> None:
    drawn = (circle("m"), user("a"), circle("x", "f_x_e"), user("b"))
    case = trial(*drawn, flows="s>m>a>x x>e x>m?=again x>b?=beside b>m", names="again,beside")
    case.start(again=False, beside=False).does("a", again=True, beside=True)
    assert case.tasks == ["b"]

    case.does("b", again=False, beside=False)

    assert case.tasks == ["a"]
    assert case.does("a").rest.ended_at == "e"


def test_joins_that_wait_for_each_other_go_on_oldest_first() -> None:
    drawn = [gateway("f", parallel=True), circle("i"), circle("j"), user("a"), user("b")]
    drawn += [gateway("x", default="f_x_e"), gateway("y", default="f_y_e")]
    case = trial(*drawn, flows="s>f>i>a>x>e f>j>b>y>e x>j?=again y>i?=again", names="again").start(again=False)
    assert case.tasks == ["a"]

    assert case.does("a").tasks == ["b"]
    assert case.does("b").rest.ended_at == "e"


def test_a_join_is_done_waiting_when_a_timer_ends_what_it_waited_for() -> None:
    drawn = (circle("x", "f_x_c"), *(user(id) for id in ("a", "b", "c", "after")), boundary("late", "b"), circle("j"))
    flows = "s>x>a?=ok>j>after>e x>b?=ok>j x>c>j late>e2"
    case = trial(*drawn, end("e2"), flows=flows, names="ok").start(ok=True).does("a")
    assert case.tasks == ["b"]

    assert case.rings("late").tasks == ["after"]
