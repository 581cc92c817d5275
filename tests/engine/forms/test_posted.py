"""Checking what was sent as a whole: what nobody asked, odd shapes, too much, and what is kept in the end."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine import forms
from engine.errors import UnknownAnswers
from tests.engine.forms.form_samples import (
    CAUSES,
    COLOURS,
    DEFECT_NAMES,
    TODAY,
    answer,
    ask,
    kept,
    made,
    post,
    row,
    sample,
    wrong,
)


@pytest.mark.parametrize(
    "name",
    [
        "other",
        "answer-day",
        "answer[0]",
        "causes[0].other",
        "causes[0].since",
        "causes[-1].cause",
        "causes[999999].cause",
        "causes",
        "",
        "add:causes",
        "x" * 5000,
        "\ud800",
    ],
)
def test_keys_that_are_not_in_the_form_are_refused_by_name(name: str) -> None:
    with pytest.raises(UnknownAnswers) as found:
        answer(made(ask("textfield"), CAUSES), {**row(0, cause="a"), name: ["x"]})

    assert name[:60].replace("\ud800", "") in found.value.sentence
    found.value.sentence.encode()


def test_many_unknown_keys_are_counted() -> None:
    with pytest.raises(UnknownAnswers, match="and 95 more"):
        answer(made(ask("textfield")), {f"k{n}": ["x"] for n in range(100)})


def test_odd_shapes_are_no_reason_to_fall_over() -> None:
    form = made(ask("textfield"), ask("checklist", key="c", values=COLOURS), ask("datetime", key="d"))
    odd: dict[str, Any] = {"answer": "a text, not a list", "c": None, "d-day": {"a": 1}, "d-month": 7}

    assert answer(form, odd) == {"answer": "a text, not a list", "c": [], "d": None}


def test_of_several_texts_for_one_question_the_last_counts() -> None:
    assert kept(ask("textfield"), answer=["first", "last"]) == "last"


def test_answers_too_long_together_are_refused_before_anything_reads_them() -> None:
    form = made(*(ask("textarea", key=f"a{n}") for n in range(30)))

    found = wrong(form, {f"a{n}": ["x" * 19_000] for n in range(30)})

    assert found == {"": "Your answers are too long. Shorten them to 500,000 characters in all"}
    assert "" in wrong(form, {f"a{n}": ["x"] for n in range(10_001)})


def test_messages_come_in_the_order_of_the_form() -> None:
    found = wrong(sample("everything"), post(urgent="true"), DEFECT_NAMES)

    assert list(found) == [
        "room", "what", "sure", "rooms", "made_safe", "asset", "kinds", "photo", "contact.name", "called",
        "causes[0].cause",
    ]  # fmt: skip


def test_a_whole_form_is_kept_as_json_in_the_order_of_the_form() -> None:
    posted = post(
        room="B12", what="No heat", urgent=["", "true"], sure=["", "true"], rooms="3", cost="£1,250.50",
        made_safe="Site team", asset="7", person="p1", kinds=["3", "fire"], called="999",
        **{
            "since-day": "3", "since-month": "11", "since-year": "2026", "since-time": "9.30am",
            "by_date-day": "4", "by_date-month": "12", "by_date-year": "2026",
            "contact.name": "Bob", "contact.tel": "hidden",
            "causes[0]": "row", "causes[0].cause": "Age", "causes[0].hours": "2", "causes[0].proof": "data",
            "causes[1]": "row", "causes[1].cause": "Use", "causes[1].hours": "1", "causes[1].proof": "talk",
            "causes[1].detail": "All day",
        },
    )  # fmt: skip

    found = answer(sample("everything"), posted, DEFECT_NAMES, files={"photo": ["e1"]})

    assert json.loads(json.dumps(found)) == found
    assert list(found.items()) == list(
        {
            "room": "B12", "what": "No heat", "urgent": True, "sure": True, "rooms": 3, "cost": 1250.5,
            "since": "2026-11-03T09:30:00", "by_date": "2026-12-04", "priority": "P1", "made_safe": "Site team",
            "asset": 7, "person": "p1", "kinds": ["fire", 3], "photo": ["e1"], "quote": [], "reference": "E-P1",
            "contact": {"name": "Bob", "rings": False}, "called": "999",
            "causes": [
                {"cause": "Age", "when": None, "proof": ["data"], "hours": 2, "bill": 40},
                {"cause": "Use", "when": None, "proof": ["talk"], "hours": 1, "bill": 20, "detail": "All day"},
            ],
            "total": 60,
        }.items()
    )  # fmt: skip


def test_what_is_kept_and_shown_again_is_kept_the_same() -> None:
    form = made(
        ask("textfield", key="text"), ask("number", key="number"), ask("datetime", key="day", subtype="date"),
        ask("datetime", key="both", subtype="datetime"), ask("checkbox", key="tick"),
        ask("radio", key="one", values=COLOURS),
        ask("checklist", key="some", values=COLOURS), CAUSES,
    )  # fmt: skip
    posted = post(
        text="a", number="2.5", tick="true", one="7", some=["red", "7"],
        **{"day-day": "1", "day-month": "2", "day-year": "2027"},
        **{"both-day": "1", "both-month": "2", "both-year": "2027", "both-time": "23:05"},
    ) | row(0, cause="Age", proof="blue")  # fmt: skip
    first = answer(form, posted)

    shown = forms.view(form, {**first, "today": TODAY})
    again = {f"{field.name}{box}": value for field in _fields(shown.parts) for box, value in field.values.items()}
    ticked = {
        field.name: [one.value for one in field.choices if one.chosen]
        for field in _fields(shown.parts)
        if field.choices
    }

    assert answer(form, {name: [value] for name, value in again.items()} | ticked) == first


def _fields(parts: Any) -> list[Any]:
    found = []
    for part in parts:
        found += [part] if isinstance(part, forms.FieldView) else []
        found += _fields(getattr(part, "parts", ()))
        found += [field for one in getattr(part, "rows", ()) for field in _fields(one.parts)]
    return found
