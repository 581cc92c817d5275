"""Timers, messages, words, scripts and decisions: whatever is not a person, and nothing that knows the time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import SpiffWorkflow.bpmn.specs.event_definitions.timer as library_timers

from engine.bpmn.diagram import dialect
from engine.bpmn.runtime import runner
from engine.errors import CaseMovedOn, ExpressionStopped, WordRefused
from engine.model.casework import Answers
from engine.rules.tables import Cell, Decision, Input, Output, Rule
from tests.engine.bpmn.random_models.handmade import Handmade
from tests.engine.bpmn.sketch import boundary, catch, end, gateway, script, sketch, start, step, sub, user, wait, word
from tests.engine.bpmn.trial import Trial, trial

FORK = gateway("f", parallel=True)
PERSON = "7d444840-9dc0-11d1-b245-5ffdce74fad2"


# Timers


def test_timers_are_wishes_in_words_and_only_the_one_named_fires() -> None:
    case = trial(FORK, wait("w"), wait("v", "same day"), user("a"), user("b"), flows="s>f>w>a>e f>v>b>e").start()
    assert case.timers == {"w": "2 school days", "v": "same day"}

    case.rings("v")

    assert (case.tasks, case.timers) == (["b"], {"w": "2 school days"})


def test_a_timer_that_has_fired_or_went_with_its_step_has_moved_on() -> None:
    case = trial(user("a"), boundary("late", "a"), user("b"), flows="s>a>e late>b>e").start()
    token = case.token("late")
    case.does("a")

    with pytest.raises(CaseMovedOn):
        runner.wake(case.definition, case.rest.state, case.rest.answers, token, {})


def test_a_timers_rule_is_worked_out_when_it_begins_and_kept() -> None:
    late = wait("w", '=if urgent then "same day" else "5 school days"')
    case = trial(FORK, late, user("a"), flows="s>f>w>e f>a>e", names="urgent").start(urgent=True)
    assert case.timers == {"w": "same day"}

    assert case.does("a", urgent=False).timers == {"w": "same day"}


def test_a_timer_may_be_a_date() -> None:
    case = trial(wait("w", '=date(on) + duration("P1D")'), flows="s>w>e", names="on").start(on="2026-11-23")

    assert case.timers == {"w": "2026-11-24"}


@pytest.mark.parametrize("rule", ["=null", "=12", '="soonish"'])
def test_a_rule_that_gives_no_moment_stops_the_case_and_says_which(rule: str) -> None:
    with pytest.raises(ExpressionStopped, match="When “W” is to happen"):
        trial(wait("w", rule), flows="s>w>e").start()


def edged(interrupting: bool) -> Trial:
    """A person's step with a timer on its edge, begun."""
    late = boundary("late", "a", interrupting=interrupting)
    return trial(user("a"), late, user("b"), user("after"), flows="s>a>after>e late>b>e").start()


def test_an_interrupting_timer_takes_the_task_away() -> None:
    case = edged(interrupting=True)
    withdrawn = case.token("a")

    case.rings("late")

    assert (case.tasks, case.timers) == (["b"], {})
    assert withdrawn in case.rest.gone


def test_another_timer_leaves_the_task_and_fires_once() -> None:
    case = edged(interrupting=False)

    case.rings("late")
    assert (case.tasks, case.timers) == (["a", "b"], {})

    assert case.does("a").tasks == ["b", "after"]


def test_a_timer_goes_with_the_step_it_is_on() -> None:
    case = edged(interrupting=False)
    timer = case.token("late")

    case.does("a")

    assert case.timers == {}
    assert timer in case.rest.gone


def test_a_timer_on_a_block_ends_everything_in_it() -> None:
    inner = sub("inner", start("s3"), word("ask", "find_people", role="headteacher"), end("e3"), flows="s3>ask>e3")
    block = sub(
        "block",
        start("s2"),
        gateway("f", parallel=True),
        user("a"),
        wait("w"),
        catch("m"),
        inner,
        end("e2"),
        flows="s2>f>a>e2 f>w>e2 f>m>e2 f>inner>e2",
    )
    case = trial(block, boundary("late", "block"), user("b"), flows="s>block>e late>b>e").start()
    asked = case.rest.said[0].answer_to
    before = {case.token("a"), case.token("w"), case.token("m"), case.token("late"), asked}

    case.rings("late")

    assert case.tasks == ["b"]
    assert case.rest.gone == before


def test_a_block_with_a_timer_in_a_loop_begins_afresh_each_round() -> None:
    block = sub("block", start("s2"), user("a"), end("e2"), flows="s2>a>e2")
    parts = (block, boundary("late", "block"), gateway("m"), user("b"))
    case = trial(*parts, flows="s>m>block>e late>b>m").start()

    for _ in range(3):
        case.rings("late")
        assert case.tasks == ["b"]
        case.does("b")

    assert case.does("a").rest.ended_at == "e"


def test_nothing_in_the_runner_reads_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    class NoClock:
        def __getattr__(self, name: str) -> Callable[..., Any]:
            raise AssertionError(f"the clock was read: {name}")

    monkeypatch.setattr(library_timers, "datetime", NoClock())
    monkeypatch.setattr(library_timers, "LOCALTZ", NoClock())
    case = trial(user("a"), boundary("late", "a"), wait("w", '="2026-11-23"'), flows="s>a>w>e late>w").start()

    case.rings("late").rings("w")

    assert case.rest.ended_at == "e"


# Messages


def test_a_message_is_waited_for_by_name_and_brings_answers() -> None:
    case = trial(catch("m", "report"), user("a"), flows="s>m>a>e").start()
    assert [(each.step, each.name) for each in case.rest.awaited] == [("m", "report")]

    case.hears("m", grade="good")

    assert (case.tasks, case.values) == (["a"], {"grade": "good"})


def test_a_message_is_no_way_to_do_a_task_or_fire_a_timer() -> None:
    case = trial(FORK, user("a"), wait("w"), flows="s>f>a>e f>w>e").start()

    for place in ("a", "w"):
        with pytest.raises(CaseMovedOn):
            case.hears(place)


# Words


def test_telling_words_are_said_in_order_with_their_rules_worked_out_and_the_case_goes_on() -> None:
    said = {"role": "headteacher", "subject": "About {{ school.name }}", "text": '=if n > 1 then "Some" else "One"'}
    case = trial(
        word("one", "tell", **said),
        word("two", "record", tag="sendTask", kind="note", title="Seen on {{ today }} by {{ people }}", fields="n"),
        user("a"),
        flows="s>one>two>a>e",
        names="n,people",
        facts={"school": {"name": "Ash Primary"}, "today": "2026-11-03"},
    )

    case.start(n=2, people=["Ann", {"name": "Bob"}])

    one, two = case.rest.said
    assert (one.word, one.step, one.answer_to) == ("tell", "one", None)
    assert one.parameters == {"role": "headteacher", "person": None, "subject": "About Ash Primary", "text": "Some"}
    assert two.parameters["fields"] == {"n": 2}
    assert two.parameters["title"] == "Seen on 3 November 2026 by Ann, Bob"
    assert case.tasks == ["a"]


def test_an_asking_word_rests_until_it_is_answered() -> None:
    ask = word("ask", "find_people", role="headteacher", trust__result="found")
    case = trial(ask, user("a"), flows="s>ask>a>e", names="found").start()
    (said,) = case.rest.said
    assert said.answer_to is not None
    assert (case.tasks, case.rest.ended_at) == ([], None)

    case.answers(said.answer_to, [{"person": PERSON}])

    assert (case.tasks, case.values) == (["a"], {"found": [{"person": PERSON}]})
    with pytest.raises(CaseMovedOn):
        case.answers(said.answer_to, [])


def test_starting_a_procedure_asks_only_when_it_is_to_wait() -> None:
    for waits in ("yes", "no"):
        begin = word("p", "start_procedure", procedure="support", title="Help", fallback_role="ceo", wait=waits)
        case = trial(begin, user("a"), flows="s>p>a>e").start()

        assert (case.rest.said[0].answer_to is not None) == (waits == "yes")
        assert case.tasks == ([] if waits == "yes" else ["a"])


def test_a_word_that_does_not_fit_is_refused_and_nothing_has_happened() -> None:
    case = trial(
        user("a"), word("one", "tell", role="headteacher", subject="=n", text="x"), flows="s>a>one>e", names="n"
    )
    before = case.start().rest

    with pytest.raises(WordRefused, match="Subject"):
        case.does("a")

    assert case.rest is before


def test_a_rule_in_a_word_that_cannot_be_worked_out_says_whose() -> None:
    with pytest.raises(ExpressionStopped, match="What “One” says"):
        trial(word("one", "tell", role="headteacher", subject="{{ nobody_here }}", text="x"), flows="s>one>e").start()


# Scripts


def test_a_script_keeps_what_it_works_out_as_an_answer() -> None:
    case = trial(script("count", "n + 1", result="more"), user("a"), flows="s>count>a>e", names="n").start(n=2)

    assert case.values == {"n": 2, "more": 3}


def test_a_script_that_cannot_be_worked_out_says_whose() -> None:
    with pytest.raises(ExpressionStopped, match="The rule of “Count”"):
        trial(script("count", '1 + "one"'), flows="s>count>e").start()


# Decisions


def table(policy: str, *outputs: str) -> Decision:
    """Two rules on `n`: 1 gives "one" in every output, less than 5 gives "few"."""
    rules = tuple(
        Rule(f"r{number}", number, (Cell("", test),), tuple(Cell("", f'"{gives}"') for _ in outputs))
        for number, (test, gives) in enumerate([("1", "one"), ("< 5", "few")], 1)
    )
    columns = tuple(Output(name, name, name) for name in outputs)
    return Decision("t", "The table", policy, (Input("i", "N", "n", "number"),), columns, rules)


def decided(decision: Decision, result: str | None, n: int) -> dict[str, Any]:
    """The answers after a decision."""
    rule = step("businessRuleTask", "rule", camunda_decisionRef="t", camunda_resultVariable=result)
    drawn = sketch(rule, user("a"), flows="s>rule>a>e", trust__names="n")
    case = Trial(Handmade(dialect.read(drawn), {"t": decision})).start(n=n)
    return {name: value for name, value in case.values.items() if name != "n"}


@pytest.mark.parametrize(
    ("policy", "outputs", "result", "n", "answers"),
    [
        ("FIRST", ["x"], None, 1, {"x": "one"}),
        ("FIRST", ["x", "y"], None, 2, {"x": "few", "y": "few"}),
        ("FIRST", ["x", "y"], None, 9, {"x": None, "y": None}),
        ("FIRST", ["x"], "route", 1, {"route": "one"}),
        ("FIRST", ["x"], "route", 9, {"route": None}),
        ("FIRST", ["x", "y"], "route", 1, {"route": {"x": "one", "y": "one"}}),
        ("COLLECT", ["x"], None, 1, {"x": ["one", "few"]}),
        ("COLLECT", ["x"], "routes", 9, {"routes": []}),
        ("COLLECT", ["x", "y"], "routes", 2, {"routes": [{"x": "few", "y": "few"}]}),
    ],
)
def test_a_decision_is_kept_as_answers(
    policy: str, outputs: list[str], result: str | None, n: int, answers: dict[str, Any]
) -> None:
    assert decided(table(policy, *outputs), result, n) == answers


def test_two_rules_that_both_apply_stop_the_case() -> None:
    with pytest.raises(ExpressionStopped, match="rules 1 and 2"):
        decided(table("UNIQUE", "x"), None, 1)


def test_what_a_decision_answers_is_known_from_the_start() -> None:
    rule = step("businessRuleTask", "rule", camunda_decisionRef="t")
    drawn = Handmade(dialect.read(sketch(user("a"), rule, flows="s>a>rule>e")), {"t": table("FIRST", "x", "y")})

    assert runner.names_for(drawn, Answers(), {}) == {"x": None, "y": None}
