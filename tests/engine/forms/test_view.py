"""What a page shows of a form: values, options, texts and what is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from engine import forms
from engine.forms import Attached, BlockKind, FieldView, PassageView, Problem
from tests.engine.forms.form_samples import (
    COLOURS,
    DEFECT_NAMES,
    REQUIRED,
    TRIAGE_NAMES,
    ask,
    fields,
    made,
    only,
    post,
    sample,
    shown,
    wrong,
)


def test_questions_stand_in_the_forms_order_and_hidden_ones_do_not_stand_at_all() -> None:
    closed = shown(sample("triage"), TRIAGE_NAMES)
    opened = shown(sample("triage"), TRIAGE_NAMES, post(route="none"))

    assert list(closed)[:4] == ["route", "reason", "urgency", "focus_question"]
    assert list(opened)[:4] == ["route", "reason", "recheck_date", "urgency"]


def test_before_anybody_ticks_a_rule_reads_a_tick_as_off() -> None:
    assert "contact.tel" not in shown(sample("everything"), DEFECT_NAMES)
    assert "called" not in shown(sample("everything"), DEFECT_NAMES)


def test_a_question_shows_what_was_typed_exactly() -> None:
    typed = post(answer=" 12o ")

    assert only(ask("number"), typed=typed).values == {"": " 12o "}


def test_a_half_typed_date_survives() -> None:
    found = only(ask("datetime", subtype="datetime"), typed=post(**{"answer-day": "3", "answer-month": "Decem"}))

    assert found.values == {"-day": "3", "-month": "Decem", "-year": "", "-time": ""}


def test_what_the_case_knows_already_stands_before_a_default() -> None:
    component = ask("textfield", defaultValue="usual")

    assert only(component).values == {"": "usual"}
    assert only(component, {"answer": "known"}).values == {"": "known"}
    assert only(component, {"answer": "known"}, post(answer="")).values == {"": ""}


@pytest.mark.parametrize(
    ("component", "known", "values"),
    [
        (ask("number"), 1250.5, {"": "1250.5"}),
        (ask("number"), 3.0, {"": "3"}),
        (ask("datetime", subtype="date"), "2026-12-03", {"-day": "3", "-month": "12", "-year": "2026"}),
        (ask("datetime", subtype="time"), "09:30:00", {"": "09:30"}),
        (ask("checkbox"), True, {"": "true"}),
        (ask("checkbox", defaultValue=True), False, {"": ""}),
        (ask("textfield"), {"odd": 1}, {"": ""}),
        (ask("datetime", subtype="date"), "nonsense", {"-day": "", "-month": "", "-year": ""}),
    ],
)
def test_a_known_answer_is_shown_as_one_would_type_it(
    component: dict[str, Any], known: Any, values: dict[str, str]
) -> None:
    assert only(component, {"answer": known}).values == values


@pytest.mark.parametrize("kind", ["radio", "select", "checklist"])
def test_what_was_chosen_is_marked(kind: str) -> None:
    known: Any = [7] if kind == "checklist" else 7

    found = only(ask(kind, values=COLOURS), {"answer": known}).choices

    assert [(one.value, one.label, one.chosen) for one in found] == [
        ("red", "Red", False),
        ("blue", "Blue", False),
        ("7", "Seven", True),
    ]


def test_defaults_may_be_rules() -> None:
    assert only(ask("datetime", subtype="date", defaultValue="=today")).values["-day"] == "23"
    assert only(ask("textfield", defaultValue='="x" + "y"'), typed=post(answer="z")).values == {"": "z"}


def test_a_default_shows_when_a_question_first_appears_and_not_when_it_was_emptied() -> None:
    form = made(ask("checkbox", key="more"), ask("number", key="n", defaultValue=4, conditional={"hide": "=not(more)"}))

    assert shown(form, typed=post(more="true"))["n"].values == {"": "4"}
    assert shown(form, typed=post(more="true", n=""))["n"].values == {"": ""}


def test_texts_have_their_placeholders_filled_in_words() -> None:
    form = made(
        {"type": "text", "text": "Due {{ due }}, agreed: {{ agreed }}, {{ count(seen) }} of {{ seen }}. {{ nothing }}"},
        ask("textfield", label="Cause {{ 1 + 1 }}", description="For {{ name }}"),
    )
    names = {"due": "2026-12-03", "agreed": True, "seen": ["a", "b", "c"], "nothing": None, "name": "<b>"}

    passage, field = forms.view(form, names).parts

    assert isinstance(passage, PassageView)
    assert isinstance(field, FieldView)
    text = "".join(span.text for span in passage.blocks[0].lines[0])
    assert text == "Due 3 December 2026, agreed: yes, 3 of a, b and c. "
    assert (field.label, field.hint) == ("Cause 2", "For <b>")


def test_the_highest_heading_of_a_form_stands_below_the_pages_own() -> None:
    form = made({"type": "text", "text": "### High"}, {"type": "text", "text": "#### Low\n###### Lowest"})

    blocks = [block for part in forms.view(form, {}).parts if isinstance(part, PassageView) for block in part.blocks]

    assert [(block.kind, block.level) for block in blocks] == [(BlockKind.HEADING, level) for level in (2, 3, 4)]


def test_a_question_says_whether_it_may_be_left_out() -> None:
    found = shown(
        made(
            ask("textfield", key="a"),
            ask("textfield", key="b", validate=REQUIRED),
            ask("checkbox", key="c"),
            ask("textfield", key="d", readonly=True),
            ask("textfield", key="e", validate={"required": '=today > date("2020-01-01")'}),
        )
    )

    assert [name for name, field in found.items() if field.optional] == ["a"]


def test_a_question_that_rules_read_says_so() -> None:
    found = shown(sample("triage"), TRIAGE_NAMES)

    assert [name for name, field in found.items() if field.live] == ["route"]


def test_a_read_only_question_tells_its_answer() -> None:
    assert only(ask("datetime", subtype="date", readonly=True), {"answer": "2026-12-03"}).told == "3 December 2026"
    assert only(ask("radio", values=COLOURS, disabled=True), {"answer": 7}).told == "Seven"
    assert only(ask("textfield", readonly=True)).told == "Not answered"
    assert only(ask("textfield", readonly=True, defaultValue="x"), typed=post(answer="forged")).told == "x"


def test_files_attached_to_a_question_are_shown_with_it() -> None:
    file = Attached("e1", "plan.pdf", "240 KB", "/evidence/e1")

    assert only(ask("filepicker", accept=".pdf"), files={"answer": [file]}).files == (file,)


def test_errors_stand_with_their_questions_and_in_the_summary_in_order() -> None:
    form = made(ask("textfield", key="a", validate=REQUIRED), ask("datetime", key="d"), ask("textfield", key="e"))
    typed = post(**{"d-day": "3"})
    errors = {"e": ["Enter e"], "": ["All too long"], "d": ["D must include a month and a year"], "a": ["Enter a"]}

    view = forms.view(form, {}, typed, errors)

    assert [field.error for field in fields(view.parts).values()] == ["Enter a", errors["d"][0], "Enter e"]
    assert view.problems == (
        Problem("Enter a", "q-a"),
        Problem("D must include a month and a year", "q-d-month"),
        Problem("Enter e", "q-e"),
        Problem("All too long", None),
    )


@pytest.mark.parametrize(
    ("boxes", "wrong_boxes"),
    [
        ({}, {"-day", "-month", "-year", "-time"}),
        ({"-day": "1", "-month": "2"}, {"-year", "-time"}),
        ({"-day": "31", "-month": "2", "-year": "2027", "-time": "9:30"}, {"-day", "-month", "-year"}),
        ({"-day": "1", "-month": "2", "-year": "2027", "-time": "late"}, {"-time"}),
    ],
)
def test_the_boxes_of_a_date_to_mend_are_marked(boxes: dict[str, str], wrong_boxes: set[str]) -> None:
    typed = post(**{f"answer{box}": text for box, text in boxes.items()})

    found = only(ask("datetime", subtype="datetime"), typed=typed, errors={"answer": ["Mend it"]})

    assert found.wrong == wrong_boxes


def test_ids_follow_from_paths() -> None:
    assert forms.html_id("reason") == "q-reason"
    assert forms.html_id("causes[0].cause") == "q-causes-0-cause"
    assert forms.html_id("contact.name") == "q-contact-name"


def test_every_message_leads_to_something_on_the_page() -> None:
    form = sample("everything")
    typed = post(urgent="true", **{"since-day": "1", "causes[0]": "row", "causes[1]": "row"})
    view = forms.view(
        form, DEFECT_NAMES, typed, {path: [text] for path, text in wrong(form, typed, DEFECT_NAMES).items()}
    )

    ids = {field.id for field in fields(view.parts).values()} | {"q-since-month"}

    assert view.problems
    assert {problem.target for problem in view.problems} <= ids
