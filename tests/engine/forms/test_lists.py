"""Checking what a person sent: what is hidden, shown only or worked out; lists and groups."""

from __future__ import annotations

from tests.engine.forms.form_samples import (
    CAUSES,
    REQUIRED,
    TRIAGE_NAMES,
    answer,
    ask,
    made,
    post,
    row,
    rows,
    sample,
    wrong,
)


def test_a_hidden_question_is_dropped_though_it_was_posted() -> None:
    found = answer(
        sample("triage"),
        post(route="desk", reason="Ten letters", urgency="usual", focus_question="Why?", **{"recheck_date-day": "x"}),
        TRIAGE_NAMES,
    )

    assert "recheck_date" not in found
    assert "days" not in found
    assert found["focus_question"] == "Why?"


def test_a_hidden_question_need_not_be_answered_and_one_that_shows_must() -> None:
    found = wrong(sample("triage"), post(route="none", reason="Ten letters", urgency="usual"), TRIAGE_NAMES)

    assert found == {"recheck_date": "Enter re-check date"}


def test_what_stands_in_a_hidden_group_or_list_is_hidden() -> None:
    form = made(
        ask("checkbox", key="more"),
        {
            "type": "group",
            "id": "G",
            "conditional": {"hide": "=not(more)"},
            "components": [ask("textfield", key="a", validate=REQUIRED)],
        },
        {
            "type": "group",
            "id": "H",
            "path": "h",
            "conditional": {"hide": "=not(more)"},
            "components": [ask("textfield", key="b")],
        },
        rows(ask("textfield", key="c"), conditional={"hide": "=not(more)"}),
    )
    posted = post(a="1", **{"h.b": "2", "causes[0]": "row", "causes[0].c": "3"})

    assert answer(form, posted) == {"more": False}
    assert answer(form, posted | post(more="true")) == {"more": True, "a": "1", "h": {"b": "2"}, "causes": [{"c": "3"}]}


def test_a_read_only_answer_is_what_it_was_whatever_was_posted() -> None:
    form = made(ask("textfield", readonly=True), ask("number", key="other", readonly="=true", defaultValue=4))

    assert answer(form, post(answer="forged", other="9"), {"answer": "known"}) == {"answer": "known", "other": 4}


def test_a_disabled_answer_is_not_kept() -> None:
    form = made(ask("textfield", disabled=True, defaultValue="x"), ask("textfield", key="other", disabled="=true"))

    assert answer(form, post(answer="forged", other="forged")) == {}


def test_an_expression_is_worked_out_and_kept_under_its_key() -> None:
    form = made(ask("number", key="a"), ask("expression", key="twice", expression="=if a = null then 0 else a * 2"))

    assert answer(form, post(a="4", twice="99")) == {"a": 4, "twice": 8}
    assert answer(form, {}) == {"a": None, "twice": 0}


def test_dates_that_are_worked_out_are_kept_as_iso_texts() -> None:
    form = made(ask("expression", expression='=today + duration("P7D")'))

    assert answer(form, {}) == {"answer": "2026-11-30"}


def test_a_default_that_nobody_saw_is_no_answer() -> None:
    form = made(ask("textfield", defaultValue="as always", validate=REQUIRED))

    assert wrong(form, {}) == {"answer": "Enter answer"}


def test_rows_become_a_list_of_answers() -> None:
    form = made(CAUSES)
    first = row(
        0, cause="Age", proof=["", "red"], why="Old", **{"since-day": "1", "since-month": "2", "since-year": "2026"}
    )

    found = answer(form, first | row(1, cause="Use", proof="", why="not asked"))

    assert found == {
        "causes": [
            {"cause": "Age", "since": "2026-02-01", "proof": ["red"], "why": "Old"},
            {"cause": "Use", "since": None, "proof": []},
        ]
    }


def test_rows_may_be_numbered_with_gaps() -> None:
    assert [one["cause"] for one in answer(made(CAUSES), row(7, cause="b") | row(2, cause="a"))["causes"]] == ["a", "b"]


def test_what_is_wrong_in_a_row_says_which() -> None:
    found = wrong(made(CAUSES), row(0, cause="Age") | row(1, proof="red") | row(2, **{"since-day": "1"}))

    assert found == {
        "causes[1].cause": "Enter cause",
        "causes[1].why": "Enter answer",
        "causes[2].cause": "Enter cause",
        "causes[2].since": "Answer must include a month and a year",
    }


def test_empty_rows_are_dropped_but_for_those_that_must_be_there() -> None:
    form = made(CAUSES)

    assert len(answer(form, row(0, cause="Age") | row(1, cause=" ") | row(2))["causes"]) == 1
    assert wrong(form, row(0, cause="")) == {"causes[0].cause": "Enter cause"}
    assert wrong(form, {}) == {"causes[0].cause": "Enter cause"}


def test_a_list_that_may_be_empty() -> None:
    form = made(rows(ask("textfield", validate=REQUIRED), properties={"min": 0}))

    assert answer(form, row(0, answer="")) == {"causes": []}
    assert answer(form, {}) == {"causes": []}


def test_a_list_of_at_least_two() -> None:
    form = made(rows(ask("textfield", key="cause"), defaultRepetitions=2))

    assert wrong(form, row(0, cause="a")) == {"causes": "Add at least 2 to “Causes”"}
    assert len(answer(form, row(0, cause="a") | row(1, cause="b"))["causes"]) == 2


def test_a_list_of_too_many() -> None:
    form = made(CAUSES)
    many = {name: texts for number in range(4) for name, texts in row(number, cause="a").items()}
    flood = {name: texts for number in range(500) for name, texts in row(number, cause="a").items()}

    assert wrong(form, many) == {"causes": "Causes must have 3 or fewer: remove some"}
    assert "causes" in wrong(form, flood)


def test_a_fixed_list_asks_about_what_the_case_knows() -> None:
    form = made(
        rows(
            ask("textfield", key="who", readonly=True),
            ask("number", key="score", validate=REQUIRED),
            allowAddRemove=False,
        )
    )
    names = {"causes": [{"who": "Ann"}, {"who": "Ben"}]}

    assert answer(form, row(0, score="1", who="forged") | row(1, score="2"), names) == {
        "causes": [{"who": "Ann", "score": 1}, {"who": "Ben", "score": 2}]
    }
    assert wrong(form, row(0, score="1"), names) == {"causes[1].score": "Enter answer"}
    assert "causes" in wrong(form, row(0, score="1") | row(1, score="2") | row(2, score="3"), names)


def test_a_list_inside_a_group() -> None:
    form = made({"type": "group", "id": "G", "path": "g", "components": [rows(ask("textfield", key="a"), path="l")]})

    assert answer(form, post(**{"g.l[0]": "row", "g.l[0].a": "x"})) == {"g": {"l": [{"a": "x"}]}}


def test_a_group_inside_a_row() -> None:
    form = made(
        rows({"type": "group", "id": "G", "path": "g", "components": [ask("textfield", key="a", validate=REQUIRED)]})
    )

    assert answer(form, post(**{"causes[0].g.a": "x"})) == {"causes": [{"g": {"a": "x"}}]}
    assert wrong(form, row(0)) == {"causes[0].g.a": "Enter answer"}
