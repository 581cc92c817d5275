"""Steps that call another procedure: what goes in, what comes back, for one and for several."""

from __future__ import annotations

import pytest

from engine.bpmn.runtime.rest import Said
from engine.errors import ExpressionStopped
from tests.engine.bpmn.sketch import boundary, call, script, several, user
from tests.engine.bpmn.trial import Trial, trial

ENDED = {"started": True, "end": "Agreed", "ref": "OTH-2026-0001", "answers": {"verdict": "good", "score": 3}}


def calling(**more: str) -> Trial:
    return trial(call("c", title="Another", **more), user("a"), flows="s>c>a>e", names="topic,note")


def said(case: Trial) -> Said:
    (one,) = case.rest.said
    return one


def test_a_call_asks_for_the_procedure_and_waits() -> None:
    case = calling(goes_in="about=topic", trust__result="outcome").start(topic="reading")

    asked = said(case)
    assert (asked.word, asked.step, asked.answer_to) == ("start_procedure", "c", case.asked["c"])
    assert asked.parameters["procedure"] == "other"
    assert asked.parameters["answers"] == {"about": "reading"}
    assert case.tasks == []


def test_what_comes_back_is_read_from_the_answers_of_the_other() -> None:
    case = calling(comes_back="verdict=verdict twice=score*2 missing=nobody", trust__result="outcome").start()

    case.answers(case.asked["c"], ENDED)
    assert case.tasks == ["a"]
    assert {name: case.values[name] for name in ("verdict", "twice", "missing")} == {
        "verdict": "good", "twice": 6, "missing": None
    }  # fmt: skip
    assert case.values["outcome"]["end"] == "Agreed"
    assert "score" not in case.values


def test_every_answer_may_go_in() -> None:
    case = calling(goes_in="* about=topic").start(topic="reading", note="x")

    assert said(case).parameters["answers"] == {"topic": "reading", "note": "x", "about": "reading"}


def test_nothing_comes_back_of_one_that_did_not_start() -> None:
    case = calling(comes_back="verdict=verdict").start()
    case.answers(case.asked["c"], {"started": False})

    assert (case.tasks, case.values["verdict"]) == (["a"], None)


def test_what_comes_back_and_cannot_be_worked_out_stops_the_case() -> None:
    case = calling(comes_back="twice=score*verdict").start()

    with pytest.raises(ExpressionStopped, match="What “C” brings back as “twice”"):
        case.answers(case.asked["c"], ENDED)


def test_a_call_for_several_hands_each_its_item_and_gathers_what_comes_back() -> None:
    each = call(
        "c",
        title="Another",
        goes_in="about=person",
        comes_back="verdict=verdict",
        inner=several(),
        trust__collect="all",
    )
    case = trial(each, user("a"), flows="s>c>a>e", names="people").start(people=["x", "y"])
    tokens = [(one.parameters["answers"], one.answer_to or "") for one in case.rest.said]
    assert [given for given, _ in tokens] == [{"about": "x"}, {"about": "y"}]

    case.answers(tokens[1][1], ENDED)
    case.answers(tokens[0][1], {**ENDED, "answers": {"verdict": "bad"}})
    assert case.values["all"] == [{"person": "x", "verdict": "bad"}, {"person": "y", "verdict": "good"}]


def test_a_timer_that_interrupts_ends_the_wait_and_one_that_does_not_goes_on_beside() -> None:
    edges = boundary("late", "c") + boundary("nudge", "c", "1 day", interrupting=False)
    case = trial(call("c", title="Another"), edges, user("a"), user("b"), flows="s>c>e late>a>e nudge>b>e").start()

    token = case.asked["c"]
    assert case.rings("nudge").tasks == ["b"]
    assert case.rings("late").tasks == ["b", "a"]
    assert token in case.rest.gone


def test_a_script_reads_what_came_back() -> None:
    case = trial(
        call("c", title="Another", comes_back="n=score"), script("x", "n + 1", "m"), user("a"), flows="s>c>x>a>e"
    ).start()

    assert case.answers(case.asked["c"], ENDED).values["m"] == 4
