"""Waiting for whichever comes first, and steps at which a case waits for a message."""

from __future__ import annotations

import pytest

from engine.errors import CaseMovedOn
from tests.engine.bpmn.sketch import boundary, catch, gateway, several, sketch, start, step, sub, user, wait
from tests.engine.bpmn.trial import Trial, story, trial


def receive(id: str, message: str | None = "report", inner: str = "", **named: str) -> str:
    """A receive task."""
    return step("receiveTask", id, inner=inner, messageRef=f"m_{message}" if message else None, **named)


def race() -> Trial:
    """A message, a time and another message, whichever comes first."""
    drawn = (step("eventBasedGateway", "x"), catch("c", "reply"), wait("w"), receive("r", "refusal"))
    return trial(*drawn, user("a"), user("b"), user("d"), flows="s>x>c>a>e x>w>b>e x>r>d>e").start()


@pytest.mark.parametrize("first", ["c", "w", "r"])
def test_the_first_to_happen_withdraws_the_others(first: str) -> None:
    case = race()
    assert [each.step for each in case.rest.awaited] == ["c", "r"]
    assert list(case.timers) == ["w"]
    open_before = {*(each.token for each in case.rest.awaited), *(each.token for each in case.rest.timers)}

    case.rings(first) if first == "w" else case.hears(first)

    assert case.tasks == [{"c": "a", "w": "b", "r": "d"}[first]]
    assert (case.rest.awaited, case.rest.timers) == ((), ())
    assert case.rest.gone == open_before


def test_what_was_withdrawn_has_moved_on() -> None:
    case = race()
    late = case.token("w")
    case.hears("c")

    with pytest.raises(CaseMovedOn):
        case.completes(late)


def test_two_visits_to_one_diamond_race_apart() -> None:
    drawn = (
        gateway("f", parallel=True),
        gateway("m"),
        step("eventBasedGateway", "x"),
        catch("c"),
        wait("w"),
        user("u"),
    )
    case = trial(*drawn, flows="s>f>m>x f>u>m x>c>e x>w>e").start().does("u")
    assert [each.step for each in case.rest.awaited] == ["c", "c"]

    case.hears("c")

    assert [each.step for each in case.rest.awaited] == ["c"]
    assert case.rings("w").rest.ended_at == "e"


def test_a_receive_task_waits_brings_answers_and_may_be_late() -> None:
    drawn = (receive("r"), boundary("late", "r"), user("a"), user("b"))
    case = trial(*drawn, flows="s>r>a>e late>b>e").start()
    assert [(each.step, each.name) for each in case.rest.awaited] == [("r", "report")]

    assert trial(*drawn, flows="s>r>a>e late>b>e").start().rings("late").tasks == ["b"]

    case.hears("r", read="yes")
    assert case.tasks == ["a"]
    assert case.timers == {}
    assert case.values == {"read": "yes"}


def test_a_receive_task_for_several_gathers_what_each_message_brings() -> None:
    each = receive("r", inner=several('=["p", "q"]', "school"))
    case = story(
        sketch(each.replace("<bpmn:multi", COLLECT + "<bpmn:multi"), user("a"), flows="s>r>a>e", trust__names="note")
    ).start()

    case.hears("r", note=1).hears("r", note=2)

    assert case.tasks == ["a"]
    assert case.values["all"] == [{"school": "p", "note": 1}, {"school": "q", "note": 2}]


COLLECT = (
    '<bpmn:extensionElements><camunda:properties><camunda:property name="trust:collect" value="all" />'
    "</camunda:properties></bpmn:extensionElements>"
)


def test_a_timer_on_the_block_ends_the_race_inside() -> None:
    inside = (start("s1"), step("eventBasedGateway", "x"), catch("c"), wait("w"))
    block = sub("k", *inside, step("endEvent", "e1"), flows="s1>x>c>e1 x>w>e1")

    case = trial(block, boundary("late", "k"), user("a"), flows="s>k>e late>a>e").start().rings("late")

    assert case.tasks == ["a"]
    assert (case.rest.awaited, case.rest.timers) == ((), ())


def test_links_and_milestones_are_gone_through_without_a_stop() -> None:
    out = step("intermediateThrowEvent", "o", inner='<bpmn:linkEventDefinition name="On" />')
    on = step("intermediateCatchEvent", "i", inner='<bpmn:linkEventDefinition name="On" />')
    case = trial(user("a"), step("intermediateThrowEvent", "m"), out, on, user("b"), flows="s>a>m>o i>b>e").start()

    case.does("a")

    assert case.tasks == ["b"]
    assert [id for id in case.rest.passed if id in "moi"] == ["m", "o", "i"]
