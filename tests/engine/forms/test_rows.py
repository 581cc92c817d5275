"""What a page shows of a list, its rows coming and going; and answers told in words."""

from __future__ import annotations

from typing import Any

import pytest

from engine import forms
from engine.forms import Form, ListView
from tests.engine.forms.form_samples import (
    CAUSES,
    COLOURS,
    DEFECT_NAMES,
    TODAY,
    answer,
    ask,
    fields,
    made,
    only,
    post,
    row,
    rows,
    sample,
    shown,
)


def the_list(form: Form, names: Any = None, typed: Any = None, **more: Any) -> ListView:
    (found,) = forms.view(form, names or {}, typed, **more).parts
    assert isinstance(found, ListView)
    return found


def test_a_list_opens_with_its_default_rows_or_those_that_are_known() -> None:
    form = made(rows(ask("textfield", key="cause", defaultValue="?"), defaultRepetitions=2))

    opened = the_list(form)
    known = the_list(form, {"causes": [{"cause": "a"}, {"cause": "b"}, {"cause": "c"}]})

    assert [one.values[""] for one in fields([opened]).values()] == ["?", "?"]
    assert [one.values[""] for one in fields([known]).values()] == ["a", "b", "c"]


def test_rows_are_named_and_can_be_added_and_removed_within_limits() -> None:
    form = made(CAUSES)  # one to three

    one, three = the_list(form, typed=row(0)), the_list(form, typed=row(0) | row(1) | row(2))

    assert [each.title for each in three.rows] == ["Cause 1 of 3", "Cause 2 of 3", "Cause 3 of 3"]
    assert [each.name for each in three.rows] == ["causes[0]", "causes[1]", "causes[2]"]
    assert [each.remove for each in three.rows] == ["remove:causes:0", "remove:causes:1", "remove:causes:2"]
    assert (one.rows[0].remove, one.add, three.add) == (None, "add:causes", None)


@pytest.mark.parametrize(
    ("label", "more", "one"),
    [
        ("Causes", {}, "cause"),
        ("Priorities", {}, "priority"),
        ("Evidence seen", {}, "evidence seen"),
        ("People to ask", {"properties": {"item": "Person"}}, "person"),
        ("Progress", {}, "progress"),
    ],
)
def test_one_of_a_list_has_a_name(label: str, more: dict[str, Any], one: str) -> None:
    assert the_list(made(rows(ask("textfield"), label=label, **more))).one == one


def test_a_fixed_list_has_no_buttons() -> None:
    found = the_list(made(rows(ask("textfield"), allowAddRemove=False, defaultRepetitions=2)))

    assert len(found.rows) == 2
    assert found.add is None
    assert {each.remove for each in found.rows} == {None}


def test_adding_a_row_keeps_everything_typed() -> None:
    form = made(ask("textfield", key="a"), CAUSES)
    posted = post(a="half", mine="the page's own", **{"add:causes": "add"}) | row(0, cause="Age", **{"since-day": "1"})

    changed = forms.rows_changed(form, posted)

    assert forms.changes_rows(posted)
    assert not forms.changes_rows(changed)
    assert {name: changed[name] for name in posted if name != "add:causes"} == {
        name: texts for name, texts in posted.items() if name != "add:causes"
    }
    found = shown(form, typed=changed)
    assert found["a"].values == {"": "half"}
    assert found["causes[0].since"].values["-day"] == "1"
    assert "causes[1].cause" in found


def test_removing_a_row_takes_that_row() -> None:
    form = made(CAUSES)
    posted = row(0, cause="a") | row(1, cause="b") | row(2, cause="c") | post(**{"remove:causes:1": "remove"})

    found = shown(form, typed=forms.rows_changed(form, posted))

    assert [field.values[""] for name, field in found.items() if name.endswith(".cause")] == ["a", "c"]


@pytest.mark.parametrize(
    "button",
    [
        "add:nothing",
        "remove:nothing:0",
        "remove:causes:7",
        "remove:causes:x",
        "remove:causes",
        "add:",
        "remove:",
        "add:a",
    ],
)
def test_a_button_that_fits_nothing_changes_nothing(button: str) -> None:
    posted = row(0, cause="a") | row(1, cause="b")

    assert forms.rows_changed(made(ask("textfield", key="a"), CAUSES), {**posted, button: ["x"]}) == posted


def test_buttons_respect_the_limits_of_a_list() -> None:
    form = made(CAUSES)
    three = row(0) | row(1) | row(2)

    assert forms.rows_changed(form, three | post(**{"add:causes": "add"})) == three
    assert forms.rows_changed(form, row(0) | post(**{"remove:causes:0": "remove"})) == row(0)


def test_a_draft_with_fields_of_the_page_or_of_another_form_still_shows() -> None:
    assert only(ask("textfield"), typed=post(answer="kept", other="x")).values == {"": "kept"}


def test_answers_are_told_in_plain_words() -> None:
    form = sample("everything")
    answers = answer(
        form,
        post(
            room="B12",
            what="No heat",
            sure="true",
            rooms="5",
            cost="12.5",
            asset="7",
            kinds=["fire", "gas"],
            **{"since-day": "3", "since-month": "11", "since-year": "2026", "since-time": "14:00"},
            **{"contact.name": "Bob", "causes[0].cause": "Age", "causes[0].hours": "2"},
        ),
        DEFECT_NAMES,
        files={"photo": ["e1", "e2"]},
    )

    told = dict(forms.tell_answers(form, answers))

    assert told["What is wrong?"] == "No heat"
    assert told["It is dangerous"] == "No"
    assert told["How many rooms does it touch?"] == "5"
    assert told["Cost"] == "£12.5"
    assert told["Since when"] == "3 November 2026 at 2pm"
    assert told["Wanted by"] == "Not answered"
    assert told["Priority"] == "P3"
    assert told["Kinds"] == "fire and gas"
    assert told["Photos"] == "2 files"
    assert told["Quote"] == "Not answered"
    assert told["Name of the contractor"] == "Bob"
    assert told["Causes"] == "1. Cause: Age; When: Not answered; Proof: Not answered; Hours: 2; Bill: 40"
    assert "Who was called" not in told


def test_options_are_told_by_their_labels_and_units_with_their_numbers() -> None:
    form = made(
        ask("radio", key="a", label="A", values=COLOURS),
        ask("checklist", key="b", label="B", values=COLOURS),
        ask("number", key="c", label="C", appearance={"suffixAdorner": "days"}),
        rows(ask("textfield", key="x")),
    )

    assert forms.tell_answers(form, {"a": 7, "b": ["red", 7, "gone"], "c": 2.5, "causes": []}) == [
        ("A", "Seven"),
        ("B", "Red, Seven and gone"),
        ("C", "2.5 days"),
        ("Causes", "None"),
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "yes"),
        (1250, "1,250"),
        (0.1 + 0.2, "0.3"),
        ("2026-12-03", "3 December 2026"),
        ("2026-12-03T09:30:00", "3 December 2026 at 9:30am"),
        ("12:00:00", "12pm"),
        ("2026-99-99", "2026-99-99"),
        (TODAY, "23 November 2026"),
        (["a", None, "b"], "a and b"),
        ({"name": "Ann", "id": 1}, "Ann"),
        ("plain", "plain"),
    ],
)
def test_any_value_reads_well_in_a_sentence(value: Any, text: str) -> None:
    assert forms.in_words(value) == text
