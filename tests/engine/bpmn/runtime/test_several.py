"""Steps and blocks done once for each item of a list, and what the runner tells about a task."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from engine.bpmn.runtime import runner
from engine.bpmn.runtime.runner import Details
from engine.errors import ExpressionStopped
from engine.rules import feel
from engine.rules.feel import Ask, Told
from tests.engine.bpmn.sketch import boundary, end, gateway, script, several, start, sub, user, wait
from tests.engine.bpmn.trial import Trial, trial

PEOPLE = [{"name": "Ann", "person": "p1"}, {"name": "Bob", "person": "p2"}, {"name": "Cy", "person": "p3"}]


def asked(*parts: str, flows: str = "s>each>after>e", **given: Any) -> Trial:
    """A step for several people, begun."""
    each = user("each", inner=several("=people", "expert"), trust__collect="views", assignee="=expert.person")
    case = trial(each, user("after"), *parts, flows=flows, names="people,view,again")
    return case.start(people=given.pop("people", PEOPLE), **given)


def tokens(case: Trial) -> list[str]:
    """Of the step for several, oldest first."""
    return [each.token for each in case.rest.waiting if each.step == "each"]


def test_each_item_has_a_task_of_its_own_that_knows_its_item() -> None:
    case = asked()

    assert [each.item for each in case.rest.waiting] == PEOPLE
    assert len({each.scope for each in case.rest.waiting}) == 3
    assert {each.scope for each in case.rest.waiting} == set(case.rest.answers.items)


def test_views_are_kept_apart_until_all_are_in_and_then_gathered_in_the_lists_order() -> None:
    case = asked()
    first, second, third = tokens(case)

    case.completes(third, view="c").completes(first, view="a")
    assert "view" not in case.values
    assert "views" not in case.values

    case.completes(second, view="b")

    assert case.values["views"] == [
        {"expert": PEOPLE[0], "view": "a"},
        {"expert": PEOPLE[1], "view": "b"},
        {"expert": PEOPLE[2], "view": "c"},
    ]
    assert (case.tasks, case.rest.answers.items) == (["after"], {})


def test_nobody_to_ask_passes_straight_on_with_an_empty_list() -> None:
    case = asked(people=[])

    assert (case.tasks, case.values["views"]) == (["after"], [])


def test_a_list_that_is_not_one_stops_the_case_and_says_whose() -> None:
    for people in (None, "Ann", {"name": "Ann"}):
        with pytest.raises(ExpressionStopped, match="The list that “Each” is done for is not a list"):
            asked(people=people)


def test_a_list_too_long_to_do_side_by_side_is_refused() -> None:
    with pytest.raises(ExpressionStopped, match="1001 items"):
        asked(people=list(range(1001)))


def test_each_round_of_a_loop_asks_afresh() -> None:
    parts = (gateway("m"), gateway("x", default="f_x_e"))
    case = asked(*parts, flows="s>m>each>after>x>e x>m?=again")

    for round_ in range(3):
        case.does("each", "each", "each", view=round_)
        assert [each["view"] for each in case.values["views"]] == [round_] * 3
        case.does("after", again=True, people=PEOPLE[:3])

    assert len(tokens(case)) == 3


def test_a_timer_that_ends_the_step_takes_back_the_open_ones_and_keeps_what_is_in() -> None:
    case = asked(boundary("late", "each"), flows="s>each>after>e late>after")
    first, second, third = tokens(case)
    case.completes(second, view="b")

    case.rings("late")

    assert case.tasks == ["after"]
    assert case.rest.gone >= {first, third}
    assert case.values["views"] == [{"expert": PEOPLE[1], "view": "b"}]
    assert case.rest.answers.items == {}


def test_another_timer_leaves_them_all_open() -> None:
    case = asked(
        boundary("soon", "each", interrupting=False), user("chase"), flows="s>each>after>e soon>chase>e"
    ).rings("soon")

    assert case.tasks == ["each", "each", "each", "chase"]
    assert case.does("each", "each", "each").tasks == ["chase", "after"]


def visits(inner: Sequence[str], flows: str, **given: Any) -> Trial:
    """A block done once a school, begun."""
    block = sub(
        "visit",
        start("s2"),
        *inner,
        end("e2"),
        flows=flows,
        inner=several("=schools", "place"),
        trust__collect="visits",
    )
    case = trial(block, user("after"), flows="s>visit>after>e", names="schools,note,place,people,who,heard,score")
    return case.start(**{"schools": ["Ash", "Elm"], **given})


def test_a_block_for_several_runs_once_an_item_with_answers_of_its_own() -> None:
    score = script("score", 'if place = "Ash" then item_number + 10 else item_number', result="score")
    case = visits([user("see"), score, user("agree")], "s2>see>score>agree>e2")

    case.does("see", note="fine")
    assert case.tasks == ["see", "agree"]

    case.does("see", note="poor").does("agree", "agree")

    assert case.values["visits"] == [
        {"place": "Ash", "note": "fine", "score": 11},
        {"place": "Elm", "note": "poor", "score": 2},
    ]
    assert set(case.values) == {"schools", "visits"}


def test_items_within_items_are_gathered_into_their_own() -> None:
    hear = user("hear", inner=several('=[place + " 1", place + " 2"]', "who"), trust__collect="heard")
    case = visits([hear], "s2>hear>e2")
    assert [each.item for each in case.rest.waiting] == ["Ash 1", "Ash 2", "Elm 1", "Elm 2"]

    for _ in range(4):
        case.does("hear", note=case.rest.waiting[0].item)

    assert case.values["visits"][1] == {
        "place": "Elm",
        "heard": [{"who": "Elm 1", "note": "Elm 1"}, {"who": "Elm 2", "note": "Elm 2"}],
    }


def test_a_terminating_end_in_an_item_stops_that_item_only() -> None:
    parts = [gateway("f", parallel=True), user("a"), user("b"), end("t", terminate=True)]
    case = visits(parts, "s2>f>a>t f>b>e2")

    assert case.does("a").tasks == ["a", "b"]
    assert case.does("a").tasks == ["after"]


def test_timers_and_messages_in_items_belong_to_their_item() -> None:
    case = visits([wait("w", '=if place = "Ash" then "same day" else "3 school days"'), user("a")], "s2>w>a>e2")
    assert [timer.words for timer in case.rest.timers] == ["same day", "3 school days"]

    case.rings("w")

    assert [each.item for each in case.rest.waiting] == ["Ash"]


# What the runner tells about a task


def test_every_declared_name_is_there_and_the_items_answers_lie_on_top() -> None:
    case = visits([user("see"), user("agree")], "s2>see>agree>e2", note="the case's").does("see", note="its own")
    scope = next(each.scope for each in case.rest.waiting if each.step == "agree")
    facts = {"school": None, "today": "2026-11-03"}

    outside = runner.names_for(case.definition, case.rest.answers, facts)
    inside = runner.names_for(case.definition, case.rest.answers, facts, scope)

    assert (outside["note"], outside["place"], outside["item_number"], outside["visits"]) == (
        "the case's",
        None,
        None,
        None,
    )
    assert (inside["note"], inside["place"], inside["item_number"]) == ("its own", "Ash", 1)
    assert inside["today"] == "2026-11-03"


def test_details_of_many_tasks_take_one_call(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = 0
    evaluate = feel.evaluate

    def counted(asks: Sequence[Ask], *given: Any) -> list[Told]:
        nonlocal calls
        calls += 1
        return evaluate(asks, *given)

    case = asked()
    monkeypatch.setattr(feel, "evaluate", counted)

    found = runner.details(case.definition, case.rest.waiting, case.rest.answers, {})

    assert found == [Details("3 school days", f"p{n}", name) for n, name in enumerate(["Ann", "Bob", "Cy"], 1)]
    assert calls == 1


def test_details_without_rules_take_no_call() -> None:
    case = trial(user("a", due="same day"), user("b", due=None), gateway("f", parallel=True), flows="s>f>a>e f>b>e")
    case.start()

    assert runner.details(case.definition, case.rest.waiting, case.rest.answers, {}) == [
        Details("same day", None, None),
        Details(None, None, None),
    ]


def test_a_due_date_worked_out_must_be_one() -> None:
    case = trial(user("a", due='=if urgent then "same day" else "soonish"'), flows="s>a>e", names="urgent")

    def due() -> str | None:
        return runner.details(case.definition, case.rest.waiting, case.rest.answers, {})[0].due

    case.start(urgent=True)
    assert due() == "same day"

    case.start(urgent=False)
    with pytest.raises(ExpressionStopped, match="When “A” is due"):
        due()
