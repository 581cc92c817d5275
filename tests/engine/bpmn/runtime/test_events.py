"""Messages, signals, conditions, errors and escalations: waited for, sent, thrown and caught, wherever they stand."""

from __future__ import annotations

import pytest

from engine.bpmn.diagram.elements import Trigger
from engine.errors import CaseMovedOn, ExpressionStopped
from tests.engine.bpmn.sketch import end, event, gateway, several, start, step, sub, user
from tests.engine.bpmn.trial import Trial, trial

EDGE, CATCH, THROW = "boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent"
END, START = "endEvent", "startEvent"


def on_edge(kind: str, named: str, **said: str) -> Trial:
    """A person's step with an event on its edge, begun."""
    edge = event(EDGE, "x", kind, named, on="a", **said)
    return trial(user("a"), edge, user("b"), user("after"), flows="s>a>after>e x>b>e", names="n").start()


@pytest.mark.parametrize("kind", ["message", "signal"])
def test_what_comes_to_an_edge_ends_the_step(kind: str) -> None:
    case = on_edge(kind, "news")
    assert [(each.name, each.trigger) for each in case.rest.awaited] == [("news", kind)]

    case.hears("x", n=3)

    assert (case.tasks, case.values, case.rest.awaited) == (["b"], {"n": 3}, ())


def test_one_that_ends_nothing_starts_something_beside_it_each_time_it_comes() -> None:
    case = on_edge("message", "news", cancelActivity="false")

    case.hears("x").hears("x")

    assert case.tasks == ["a", "b", "b"]
    assert case.does("a").rest.awaited == ()


def test_a_rule_on_an_edge_is_looked_at_whenever_answers_change() -> None:
    edge = event(EDGE, "x", "conditional", "=n > 2", on="a", cancelActivity="false")
    flows = "s>f>a>e f>c>e x>b>e"
    case = trial(gateway("f", parallel=True), user("a"), user("c"), edge, user("b"), flows=flows, names="n").start()
    assert [each.step for each in case.rest.watched] == ["x"]

    assert case.is_corrected(n=1).tasks == ["a", "c"]
    assert case.is_corrected(n=3).tasks == ["a", "c", "b"]
    assert case.is_corrected(n=4).tasks == ["a", "c", "b"]  # it was so before
    assert case.is_corrected(n=1).is_corrected(n=5).tasks == ["a", "c", "b", "b"]


def test_a_rule_in_the_middle_that_is_true_already_holds_nobody_up() -> None:
    case = trial(event(CATCH, "x", "conditional", "=n = 1"), user("a"), flows="s>x>a>e", names="n").start(n=1)

    assert case.tasks == ["a"]


def test_a_rule_that_is_neither_true_nor_false_stops_the_case_and_an_empty_one_waits() -> None:
    waits = event(CATCH, "x", "conditional", "=n")
    assert [each.step for each in trial(waits, flows="s>x>e", names="n").start().rest.watched] == ["x"]

    with pytest.raises(ExpressionStopped, match="neither true nor false"):
        trial(waits, flows="s>x>e", names="n").start(n=12)


def test_messages_and_signals_are_sent_with_what_they_are_about_and_bring() -> None:
    says = event(THROW, "x", "message", "news", trust__about="pupil", trust__brings="n")
    task = step("sendTask", "send", messageRef="m_more")
    case = trial(says, task, event(END, "z", "signal", "done"), flows="s>x>send>z", names="n,pupil").start(
        n=2, pupil="Ann  Lee"
    )

    assert case.sent == [("message", "news"), ("message", "more"), ("signal", "done")]
    assert (case.rest.thrown[0].about, case.rest.thrown[0].brings) == ("ann lee", {"n": 2})
    assert (case.rest.thrown[1].about, case.rest.ended_at) == (None, "z")


def test_a_wait_is_about_what_its_answer_says_by_now() -> None:
    wait = event(CATCH, "x", "message", "news", trust__about="pupil")
    case = trial(gateway("f", parallel=True), wait, user("a"), flows="s>f>x>e f>a>e", names="pupil").start()
    assert [each.about for each in case.rest.awaited] == [""]

    assert [each.about for each in case.does("a", pupil="Ann").rest.awaited] == ["ann"]


def guarded(thrown: str, *edges: str, flows: str, inner: str = "", tag: str = "subProcess") -> Trial:
    """A block in which a person's step leads to a throwing end, with events on its edge."""
    block = sub("block", start("s1"), user("a"), thrown, flows="s1>a>t", inner=inner, tag=tag)
    return trial(block, *edges, user("b"), user("after"), flows=f"s>block>after>e {flows}", names="people").start(
        people=["p", "q"]
    )


def test_an_error_ends_the_block_it_is_caught_on_and_the_one_that_names_it_comes_first() -> None:
    edges = (event(EDGE, "any", "error", on="block"), event(EDGE, "x", "error", "short", on="block"))
    case = guarded(event(END, "t", "error", "short"), *edges, flows="x>b>e any>after").does("a")

    assert (case.tasks, case.sent) == (["b"], [])


def test_an_error_that_nobody_catches_ends_the_case_with_all_its_items() -> None:
    case = guarded(event(END, "t", "error", "short"), flows="", inner=several()).does("a")

    assert (case.rest.ended_at, case.sent, case.tasks) == ("t", [("error", "short")], [])


def test_an_escalation_is_caught_beside_the_block_and_goes_on() -> None:
    edge = event(EDGE, "x", "escalation", "late", on="block", cancelActivity="false")
    case = guarded(event(END, "t", "escalation", "late"), edge, flows="x>b>e").does("a")

    assert sorted(case.tasks) == ["after", "b"]


def test_an_escalation_that_nobody_catches_goes_on() -> None:
    case = guarded(event(END, "t", "escalation", "late"), flows="").does("a")

    assert (case.tasks, case.sent) == (["after"], [("escalation", "late")])


def test_a_cancelled_block_goes_on_from_its_edge() -> None:
    edge = event(EDGE, "x", "cancel", on="block")
    case = guarded(event(END, "t", "cancel"), edge, flows="x>b>e", tag="transaction").does("a")

    assert case.tasks == ["b"]


def test_what_a_step_waited_for_may_fail_and_is_caught_on_its_edge_or_further_out() -> None:
    block = sub("block", start("s1"), user("a"), end("e1"), flows="s1>a>e1")
    edge = event(EDGE, "x", "error", "short", on="block")
    case = trial(block, edge, user("b"), flows="s>block>e x>b>e").start()

    assert case.fails("a", Trigger.ERROR, "short").tasks == ["b"]
    assert case.fails("b", Trigger.ERROR, "other").rest.ended_at == "b"


def by_itself(kind: str, named: str, *inside: str, flows: str = "s2>b>e2", **said: str) -> str:
    """A block that begins by itself."""
    block = sub("own", event(START, "s2", kind, named, **said), *(inside or (user("b"),)), end("e2"), flows=flows)
    return block.replace(' id="own"', ' id="own" triggeredByEvent="true"', 1)


def test_a_block_that_begins_by_itself_ends_everything_else_in_the_case() -> None:
    case = trial(user("a"), by_itself("message", "stop"), flows="s>a>e").start()
    assert [each.step for each in case.rest.awaited] == ["s2"]

    case.hears("s2")
    assert (case.tasks, case.rest.awaited) == (["b"], ())

    assert case.does("b").rest.ended_at == "e2"


def test_one_that_ends_nothing_begins_each_time_and_waits_no_longer_than_the_rest() -> None:
    case = trial(user("a"), by_itself("signal", "more", isInterrupting="false"), flows="s>a>e").start()

    case.hears("s2").hears("s2")
    assert case.tasks == ["a", "b", "b"]

    assert case.does("a", "b").rest.awaited != ()
    assert (case.does("b").rest.ended_at, case.rest.awaited) == ("e2", ())


def test_nothing_waits_for_it_once_the_case_has_ended() -> None:
    case = trial(user("a"), by_itself("message", "stop"), flows="s>a>e").start()
    token = case.token("s2")

    case.does("a")

    assert (case.rest.ended_at, token in case.rest.gone) == ("e", True)


def test_in_a_block_for_several_it_is_about_one_item() -> None:
    own = by_itself("message", "stop")
    block = sub("block", start("s1"), user("a"), own, end("e1"), flows="s1>a>e1", inner=several())
    case = trial(block, user("after"), flows="s>block>after>e", names="people").start(people=["p", "q"])

    case.hears("s2")
    assert [(each.step, each.item) for each in case.rest.waiting] == [("a", "q"), ("b", "p")]

    assert case.does("a", "b").tasks == ["after"]


def test_an_error_is_taken_by_the_block_beside_before_the_edge_and_never_by_itself() -> None:
    own = by_itself("error", "short", event(END, "again", "error", "short"), flows="s2>again")
    inner = sub("block", start("s1"), user("a"), event(END, "t", "error", "short"), own, flows="s1>a>t")
    edge = event(EDGE, "x", "error", "short", on="block")
    case = trial(inner, edge, user("b"), flows="s>block>e x>b>e").start()

    case.does("a")

    assert (case.tasks, "again" in case.rest.passed) == (["b"], True)


def test_a_token_that_waits_for_something_else_cannot_be_rung() -> None:
    case = on_edge("message", "news")

    with pytest.raises(CaseMovedOn):
        case.rings("x")
