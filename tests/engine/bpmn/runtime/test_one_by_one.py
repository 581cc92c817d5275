"""Steps done one after the other, a number of times, ended early, and again and again."""

from __future__ import annotations

import pytest

from engine.errors import ExpressionStopped
from tests.engine.bpmn.sketch import boundary, end, script, several, sketch, start, step, sub, user
from tests.engine.bpmn.trial import Trial, story, trial

IN_TURN = several('=["p", "q", "r"]', "one", isSequential="true")


def until(rule: str, **named: str) -> str:
    """Done for three, until a rule is true."""
    return several('=["p", "q", "r"]', "one", f"<bpmn:completionCondition>={rule}</bpmn:completionCondition>", **named)


def times(number: str, **named: str) -> str:
    """Done a number of times."""
    return several(None, None, f"<bpmn:loopCardinality>{number}</bpmn:loopCardinality>", **named)


def again(rule: str | None, **named: str) -> str:
    """Done again as long as a rule is true."""
    made = "".join(f' {name}="{value}"' for name, value in named.items())
    inner = f"<bpmn:loopCondition>{rule}</bpmn:loopCondition>" if rule else ""
    return f"<bpmn:standardLoopCharacteristics{made}>{inner}</bpmn:standardLoopCharacteristics>"


def one(loop: str, names: str = "", **answers: object) -> Trial:
    """One step `a`, gathered under `views`, and one behind it."""
    text = sketch(user("a", inner=loop, trust__collect="views"), user("b"), flows="s>a>b>e", trust__names=names)
    return story(text).start(**answers)


def items(case: Trial) -> list[object]:
    """What open tasks are about."""
    return [each.item for each in case.rest.waiting]


def test_one_begins_when_the_one_before_is_done_and_all_are_gathered_in_order() -> None:
    case = one(IN_TURN, "n")
    assert items(case) == ["p"]

    assert items(case.does("a", n=1)) == ["q"]
    assert items(case.does("a", n=2)) == ["r"]
    case.does("a", n=3)

    assert case.tasks == ["b"]
    assert case.values["views"] == [{"one": "p", "n": 1}, {"one": "q", "n": 2}, {"one": "r", "n": 3}]


def test_the_items_are_those_there_were_when_it_began() -> None:
    drawn = user("a", inner=several("=people", "one", isSequential="true")), user("b"), user("c")
    case = trial(*drawn, flows="s>a>c>e s>b>e", names="people").start(people=["p", "q"])

    case.does("b", people=["x"]).does("a")

    assert items(case) == ["q"]


def test_a_timer_that_ends_it_begins_no_more_and_keeps_what_is_in() -> None:
    drawn = user("a", inner=IN_TURN, trust__collect="views"), boundary("late", "a"), user("b")
    case = trial(*drawn, flows="s>a>b>e late>b", names="n").start().does("a", n=1)

    case.rings("late")

    assert case.tasks == ["b"]
    assert case.values["views"] == [{"one": "p", "n": 1}]


@pytest.mark.parametrize(("loop", "begun"), [(times("3"), 3), (times("=n"), 2), (times("3", isSequential="true"), 1)])
def test_a_number_of_times_is_that_many_tasks(loop: str, begun: int) -> None:
    case = one(loop, "n", n=2)

    assert case.tasks == ["a"] * begun


@pytest.mark.parametrize("wrong", [-1, 1.5, "three", True])
def test_what_is_neither_a_list_nor_a_number_of_times_stops_the_case(wrong: object) -> None:
    with pytest.raises(ExpressionStopped, match="is not a list"):
        one(times("=n"), "n", n=wrong)


def test_no_times_passes_straight_on_and_too_many_are_refused() -> None:
    assert one(times("=n"), "n", n=0).tasks == ["b"]
    with pytest.raises(ExpressionStopped, match=r"has 5000 items\. At most 1000 can be done side by side"):
        one(times("=n"), "n", n=5000)


@pytest.mark.parametrize("named", [{}, {"isSequential": "true"}])
def test_it_is_over_early_by_what_the_last_one_answered(named: dict[str, str]) -> None:
    case = one(until("ok = false", **named), "ok").does("a", ok=True)
    assert "a" in case.tasks

    case.does("a", ok=False)

    assert case.tasks == ["b"]
    assert case.values["views"] == [{"one": "p", "ok": True}, {"one": "q", "ok": False}]


@pytest.mark.parametrize("rule", ["items_done = 2", "items_total - items_done = 1", "count(views) = 2"])
def test_it_is_over_early_by_how_many_are_done(rule: str) -> None:
    case = one(until(rule)).does("a")
    assert case.tasks == ["a", "a"]

    assert case.does("a").tasks == ["b"]


def test_a_rule_that_is_neither_true_nor_false_stops_the_case_and_says_whose() -> None:
    with pytest.raises(ExpressionStopped, match="After each time, the rule of “A” is neither true nor false"):
        one(until("ok"), "ok").does("a")


def test_a_step_is_done_again_as_long_as_its_rule_is_true() -> None:
    case = one(again("=more"), "more").does("a", more=True)
    assert case.tasks == ["a"]

    assert case.does("a", more=False).tasks == ["b"]


def test_a_rule_that_is_looked_at_first_may_pass_the_step() -> None:
    assert one(again("=more", testBefore="true"), "more", more=False).tasks == ["b"]
    assert one(again("=more", testBefore="true"), "more", more=True).tasks == ["a"]


def test_a_step_is_done_at_most_so_often() -> None:
    case = one(again("=true", loopMaximum="2")).does("a")
    assert case.tasks == ["a"]

    assert case.does("a").tasks == ["b"]
    assert one(again(None, loopMaximum="2")).does("a").tasks == ["a"]


def test_scripts_and_blocks_repeat_themselves_too() -> None:
    block = sub("k", start("s1"), user("in"), end("e1"), flows="s1>in>e1", inner=again("=times_done &lt; 2"))
    counted = script("sum", "n + 1", "n").replace("</bpmn:scriptTask>", again("=n &lt; 5") + "</bpmn:scriptTask>")
    case = trial(counted, block, flows="s>sum>k>e", names="n").start(n=1)
    assert case.values["n"] == 5

    assert case.does("in").tasks == ["in"]
    assert case.does("in").rest.ended_at == "e"


def test_words_are_said_once_for_each() -> None:
    drawn = step("serviceTask", "w", inner=PARTS + several('=["p", "q"]', "one", isSequential="true"))

    case = trial(drawn, flows="s>w>e").start()

    assert [said.parameters["subject"] for said in case.rest.said] == ["To p", "To q"]


PARTS = (
    '<bpmn:extensionElements><camunda:properties><camunda:property name="trust:word" value="tell" />'
    '<camunda:property name="role" value="headteacher" /><camunda:property name="subject" value="To {{ one }}" />'
    '<camunda:property name="text" value="Look" /></camunda:properties></bpmn:extensionElements>'
)
