"""Timers that come round: again and again on an edge that lets its step go on, once anywhere else."""

from __future__ import annotations

import pytest

from engine.bpmn.runtime.rest import Timer
from engine.errors import ExpressionStopped
from tests.engine.bpmn.sketch import boundary, end, start, sub, user, wait
from tests.engine.bpmn.trial import Trial, trial

CYCLE = "timeCycle"


def nudged(words: str, names: str = "") -> Trial:
    """A step with a timer on its edge that starts another one beside it."""
    edge = boundary("again", "a", words, interrupting=False, kind=CYCLE)
    return trial(user("a"), edge, user("b"), end("over"), flows="s>a>e again>b>over", names=names)


def test_what_comes_round_on_an_edge_comes_again_and_again_while_its_step_is_open() -> None:
    case = nudged("every Monday").start()
    token = case.token("again")

    for count in (1, 2, 3):
        case.rings("again")
        assert case.tasks == ["a", *["b"] * count]
        assert case.rest.timers == (Timer(token, "again", "every Monday", cycle=True),)

    case.does("a")
    assert (case.tasks, case.timers) == (["b", "b", "b"], {})


@pytest.mark.parametrize("words", ["R2/P1W", "every week, 2 times"])
def test_a_number_of_times_is_counted_and_kept_with_the_case(words: str) -> None:
    case = nudged(words).start().rings("again")
    assert case.timers == {"again": words}

    case.rings("again")
    assert (case.tasks, case.timers) == (["a", "b", "b"], {})


def test_a_rule_may_say_when_it_comes_round() -> None:
    case = nudged('=if urgent then "every school day" else "every week"', names="urgent").start(urgent=True)

    assert case.rings("again").timers == {"again": "every school day"}


@pytest.mark.parametrize("rule", ["=null", '="3 apples"', '="0 9 * * 1"'])
def test_a_rule_that_gives_no_cycle_stops_the_case(rule: str) -> None:
    with pytest.raises(ExpressionStopped, match="every Monday"):
        nudged(rule).start()


def test_in_the_middle_or_interrupting_it_is_waited_for_once() -> None:
    middle = trial(wait("w", "every Monday", CYCLE), user("a"), flows="s>w>a>e").start()
    assert middle.rest.timers[0].cycle
    assert (middle.rings("w").tasks, middle.timers) == (["a"], {})

    edge = boundary("late", "a", "every Monday", kind=CYCLE)
    ended = trial(user("a"), edge, user("b"), flows="s>a>e late>b>e").start().rings("late")
    assert (ended.tasks, ended.timers) == (["b"], {})


def test_it_stays_on_the_edge_of_a_block_and_goes_with_it() -> None:
    block = sub("x", start("x_s"), user("a"), end("x_e"), flows="x_s>a>x_e")
    edge = boundary("again", "x", "R/P1D", interrupting=False, kind=CYCLE)
    case = trial(block, edge, user("b"), end("over"), flows="s>x>e again>b>over").start()

    case.rings("again").rings("again")
    assert sorted(case.tasks) == ["a", "b", "b"]
    assert case.does("a").timers == {}
