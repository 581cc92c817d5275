"""Checking what a person sent: texts, numbers, choices and files, as a page or an attacker posts them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine import forms
from engine.errors import BadAnswers
from engine.model.text import clean
from tests.engine.forms.form_samples import (
    COLOURS,
    REQUIRED,
    TODAY,
    answer,
    ask,
    kept,
    made,
    post,
    refused,
    shown,
    wrong,
)


def test_a_text_is_trimmed_and_stands_on_one_line() -> None:
    assert kept(ask("textfield"), answer="  two \t words\r\nand more ") == "two words and more"


def test_a_long_text_keeps_its_lines() -> None:
    assert kept(ask("textarea"), answer=" first\r\n\r\n  second\rthird\n") == "first\n\n  second\nthird"


@pytest.mark.parametrize("kind", ["textfield", "textarea", "number", "select", "radio"])
def test_what_is_not_answered_is_none(kind: str) -> None:
    component = ask(kind, values=COLOURS) if kind in ("select", "radio") else ask(kind)

    assert kept(component) is None
    assert kept(component, answer="") is None
    assert kept(component, answer=[]) is None


@pytest.mark.parametrize(
    ("kind", "label", "sentence"),
    [
        ("textfield", "Reason", "Enter reason"),
        ("textarea", "What happened?", "Enter an answer to “What happened?”"),
        ("textfield", "Ofsted area", "Enter Ofsted area"),
        ("textfield", "QA visit", "Enter QA visit"),
        ("number", "Days on site", "Enter days on site"),
        ("radio", "Route", "Select route"),
        ("select", "Which colour?", "Select an answer to “Which colour?”"),
        ("checklist", "Areas", "Select one or more answers to “Areas”"),
        ("checkbox", "I have read it", "Tick the box: “I have read it”"),
        ("datetime", "Re-check date", "Enter re-check date"),
        ("filepicker", "Photos", "Add a file for “Photos”"),
    ],
)
def test_what_must_be_answered_says_what_to_do(kind: str, label: str, sentence: str) -> None:
    component = ask(kind, label=label, validate=REQUIRED, values=COLOURS)

    assert refused(component) == sentence
    if kind != "datetime":
        assert refused(component, answer=["", " "] if kind.startswith("text") else "") == sentence


@pytest.mark.parametrize(
    ("limits", "text", "sentence"),
    [
        ({"minLength": 5}, "four", "Answer must be 5 characters or more"),
        ({"maxLength": 3}, "four", "Answer must be 3 characters or fewer"),
        ({"validationType": "email"}, "nobody", "Enter an email address in the correct format, like name@example.com"),
        ({"validationType": "email"}, "a" * 300 + "@example.org", "Enter an email address in the correct format"),
        ({"validationType": "phone"}, "call me", "Enter a phone number, like"),
        ({"validationType": "phone"}, "٠١٦٣٢٩٦٠٠٠١", "Enter a phone number, like"),
        ({"pattern": "^[A-Z][0-9]+$"}, "b12", "Answer is not in the right format"),
        ({"pattern": "^[A-Z]+$", "patternErrorMessage": "Write capitals"}, "b", "Write capitals"),
        ({"pattern": "^[A-Z]+$"}, "A" * 1500, "Answer must be 1,000 characters or fewer"),
        ({}, "a" * 20_001, "Answer must be 20,000 characters or fewer"),
        ({"maxLength": "=2 + 1"}, "four", "Answer must be 3 characters or fewer"),
    ],
)
def test_a_text_keeps_to_its_limits(limits: dict[str, Any], text: str, sentence: str) -> None:
    assert refused(ask("textfield", validate=limits), answer=text).startswith(sentence)


@pytest.mark.parametrize(
    ("limits", "text"),
    [
        ({"minLength": 4, "maxLength": 4}, "four"),
        ({"validationType": "email"}, "head.teacher@school.example.org"),
        ({"validationType": "phone"}, "+44 (0)1632 960 001"),
        ({"pattern": "^[A-Z][0-9]+$"}, "B12"),
        ({"pattern": "[0-9]"}, "room 5"),  # somewhere in the text, as in the editor
        ({"validationType": "custom", "pattern": "^a"}, "abc"),
    ],
)
def test_a_text_within_its_limits_is_kept(limits: dict[str, Any], text: str) -> None:
    assert kept(ask("textfield", validate=limits), answer=text) == text


def test_an_empty_answer_that_may_be_empty_keeps_to_every_limit() -> None:
    assert kept(ask("textfield", validate={"minLength": 5, "validationType": "email"}), answer=" ") is None


def test_a_text_of_20000_characters_is_kept() -> None:
    assert len(kept(ask("textarea"), answer="é" * 20_000)) == 20_000


def test_invisible_characters_are_dropped_and_accents_joined() -> None:
    typed = "a\x00b\x1bc\ud800d\ufeffe\x85f" + "e\u0301"

    found = kept(ask("textfield"), answer=typed)

    assert found == "abcdef\u00e9"
    json.dumps(found).encode()


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12", 12),
        (" 1,250.50 ", 1250.5),
        ("-3", -3),
        ("\u22123", -3),
        ("+4", 4),
        ("0", 0),
        ("007", 7),
        (".5", 0.5),
        ("1 000", 1000),
        ("£12", 12),
        ("999999999999999", 999999999999999),
    ],
)
def test_a_number_is_read_as_people_write_it(typed: str, number: float) -> None:
    found = kept(ask("number"), answer=typed)

    assert found == number
    assert type(found) is type(number)


@pytest.mark.parametrize(
    "typed",
    [
        "twelve",
        "1e9",
        "1e999999999",
        "0x10",
        "NaN",
        "Infinity",
        "1.2.3",
        "1,2",
        "١٢",
        "\uff11\uff12",
        "½",
        "--1",
        ".",
        "1_000",
        "9" * 400,
    ],
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    assert refused(ask("number"), answer=typed).startswith("Answer must ")


@pytest.mark.parametrize(
    ("more", "typed", "sentence"),
    [
        ({"validate": {"min": 1}}, "0", "Answer must be 1 or more"),
        ({"validate": {"max": 1000}}, "1000.01", "Answer must be 1,000 or less"),
        ({"validate": {"min": "=3"}}, "2", "Answer must be 3 or more"),
        ({"decimalDigits": 0}, "1.5", "Answer must be a whole number"),
        ({"decimalDigits": 2}, "1.555", "Answer must have 2 decimal places or fewer"),
        ({"increment": "0.5"}, "1.3", "Answer must be a multiple of 0.5"),
        ({}, "1234567890123456", "Answer must have 15 digits or fewer"),
    ],
)
def test_a_number_keeps_to_its_limits(more: dict[str, Any], typed: str, sentence: str) -> None:
    assert refused(ask("number", **more), answer=typed) == sentence


def test_limits_are_decimal_not_binary() -> None:
    component = ask("number", increment="0.1", decimalDigits=1, validate={"max": 0.3})

    assert kept(component, answer="0.3") == 0.3


def test_the_unit_beside_the_box_may_be_typed_too() -> None:
    component = ask("number", appearance={"suffixAdorner": "days"}, serializeToString=True)

    assert kept(component, answer="3 days") == 3


def test_a_tick_is_yes_or_no() -> None:
    assert kept(ask("checkbox"), answer=["", "true"]) is True
    assert kept(ask("checkbox"), answer=[""]) is False
    assert kept(ask("checkbox")) is False
    assert kept(ask("checkbox"), answer="maybe") is False


@pytest.mark.parametrize("kind", ["radio", "select"])
def test_a_choice_is_kept_as_the_options_own_value(kind: str) -> None:
    assert kept(ask(kind, values=COLOURS), answer="blue") == "blue"
    assert kept(ask(kind, values=COLOURS), answer="7") == 7


@pytest.mark.parametrize("kind", ["radio", "select", "checklist"])
def test_what_was_not_offered_cannot_be_chosen(kind: str) -> None:
    assert refused(ask(kind, values=COLOURS), answer="green") == "Select from the answers shown for “Answer”"


def test_ticks_are_kept_once_each_in_the_order_of_the_form() -> None:
    assert kept(ask("checklist", values=COLOURS), answer=["", "7", "red", "7"]) == ["red", 7]
    assert kept(ask("checklist", values=COLOURS), answer=[""]) == []


def test_options_may_come_from_an_earlier_answer() -> None:
    form = made(ask("radio", valuesKey="found"))

    assert answer(form, post(answer="b"), {"found": ["a", "b"]}) == {"answer": "b"}
    assert answer(form, post(answer="2"), {"found": [{"label": "Two", "value": 2}]}) == {"answer": 2}
    assert wrong(form, post(answer="c"), {"found": ["a", "b"]}) != {}
    assert wrong(form, post(answer="c"), {"found": None}) != {}


def test_options_may_be_worked_out() -> None:
    form = made(ask("checklist", valuesExpression="=for p in people return {label: p.name, value: p.id}"))
    names = {"people": [{"id": "p1", "name": "Ann"}, {"id": "p2", "name": "Ben"}]}

    assert answer(form, post(answer=["p2", "p1"]), names) == {"answer": ["p1", "p2"]}


def test_files_are_those_the_caller_knows_of_and_nothing_posted() -> None:
    form = made(ask("filepicker", multiple=True, validate=REQUIRED))

    assert answer(form, {}, files={"answer": ["e1", "e2"]}) == {"answer": ["e1", "e2"]}
    assert wrong(form, post(answer="e3")) == {"answer": "Add a file for “Answer”"}


def test_one_file_where_one_is_wanted() -> None:
    form = made(ask("filepicker"))

    assert answer(form, {}, files={"answer": ["e1"]}) == {"answer": ["e1"]}
    assert answer(form, {}) == {"answer": []}
    with pytest.raises(BadAnswers) as found:
        answer(form, {}, files={"answer": ["e1", "e2"]})
    assert found.value.messages == {"answer": ["Keep one file for “Answer” and remove the others"]}


ODD_OPTIONS = [
    "line one\nline two",
    " spaces around ",
    "two  spaces",
    "Zoe\u0308",
    "un\u200bseen",
    "tab\there",
]


@pytest.mark.parametrize("kind", ["select", "radio", "checklist"])
@pytest.mark.parametrize("text", ODD_OPTIONS, ids=ascii)
@pytest.mark.parametrize("drawn", [True, False])
def test_an_option_is_taken_however_a_browser_posts_its_text(kind: str, text: str, drawn: bool) -> None:
    listed = [{"label": "Other", "value": "other"}, {"label": text, "value": text}]
    options = {"values": listed} if drawn else {"valuesExpression": "=for c in causes return {label: c, value: c}"}
    form = made(ask(kind, validate=REQUIRED, **options))
    names = {"causes": ["other", text], "today": TODAY}
    for posted in (text, text.replace("\n", "\r\n"), clean(text), text.strip()):
        found = answer(form, {"answer": [posted]}, names)["answer"]
        value = clean(text) if drawn else text
        assert found == ([value] if kind == "checklist" else value)
        field = shown(form, names, {"answer": [posted]})["answer"]
        assert [choice.chosen for choice in field.choices] == [False, True]


def test_two_options_that_a_browser_would_post_alike_are_refused_at_publishing() -> None:
    listed = [{"label": "One", "value": "a b"}, {"label": "Two", "value": "a  b"}]
    form = made(ask("select", values=listed))
    assert any("have the value" in str(told) for told in forms.faults(form, ()))


@pytest.mark.parametrize(
    "unseen", ["\u200e{}\u200e", "{}\u200b", "\u202a{}\u202c", "\xad{}", "\ufeff{}\u3164", "\u2066{}\u2069"]
)
def test_invisible_characters_pasted_around_an_answer_do_not_matter(unseen: str) -> None:
    assert kept(ask("number"), answer=unseen.format("12")) == 12
    assert kept(ask("textfield", validate={"validationType": "email"}), answer=unseen.format("a@b.org")) == "a@b.org"
    assert kept(ask("textfield", validate={"validationType": "phone"}), answer=unseen.format("01632 960 001"))
    assert kept(ask("datetime", subtype="time", timeLabel="When"), answer=unseen.format("9:30")) == "09:30:00"
    day = {"answer-day": unseen.format("3"), "answer-month": unseen.format("Dec"), "answer-year": unseen.format("2026")}
    assert kept(ask("datetime", subtype="date", dateLabel="When"), **day) == "2026-12-03"


@pytest.mark.parametrize("kind", ["textfield", "textarea", "number", "select"])
@pytest.mark.parametrize("text", ["\u200b", "\u3164", "\u2800 \u2800", "\u202e", "\x00", "\ufe0f\n"], ids=ascii)
def test_what_must_be_answered_is_not_answered_by_what_nobody_sees(kind: str, text: str) -> None:
    more: dict[str, Any] = {"values": COLOURS} if kind == "select" else {}
    assert refused(ask(kind, validate=REQUIRED, **more), answer=text) in ("Enter answer", "Select answer")
