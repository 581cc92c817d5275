"""What stops a form from being published, told all at once and in words."""

from __future__ import annotations

import re
from typing import Any

import pytest

from engine import forms
from engine.forms import publishing
from engine.rules import feel
from tests.engine.forms.form_samples import ask, made, rows, sample

YES_NO = [{"label": "Yes", "value": "yes"}, {"label": "No", "value": "no"}]


def said(*components: dict[str, Any], known: tuple[str, ...] = ()) -> list[str]:
    return [sentence for _, _, sentence in forms.faults(made(*components), known)]


def test_the_samples_are_without_fault() -> None:
    assert forms.faults(sample("triage"), {"agree_signal"}) == []
    assert forms.faults(sample("everything"), {"assets", "staff"}) == []


def test_a_fault_names_the_component_and_its_label() -> None:
    (fault,) = forms.faults(made(ask("textfield", key="two words", label="Where?")), ())

    assert fault[:2] == ("Field_two words", "Where?")
    assert fault[2].startswith("“two words” cannot be a key.")


def test_every_fault_is_told_at_once() -> None:
    found = said(
        ask("textfield", key="", label=""),
        ask("radio", key="today", values=[]),
        {"type": "iframe", "id": "H", "url": "x"},
        ask("number", key="n", validate={"min": 5, "max": 1}, conditional={"hide": "=nobody = 1"}),
    )

    assert len(found) == 7


@pytest.mark.parametrize("kind", ["iframe", "documentPreview", "taglist", "table", "somethingNew"])
def test_what_is_not_supported_says_so_and_what_to_do(kind: str) -> None:
    (sentence,) = said({"type": kind, "id": "X"})

    assert "not supported" in sentence
    assert re.search(r"Use|Take|Put|Describe", sentence)


@pytest.mark.parametrize("kind", ["separator", "spacer", "image", "button", "html"])
def test_what_asks_nothing_is_tolerated(kind: str) -> None:
    drawn = {"type": kind, "id": "X", "action": "submit", "alt": "A plan", "source": "=x", "content": "<p>Hello</p>"}

    assert said(drawn, ask("textfield")) == []
    assert said({"type": "group", "id": "G", "components": [drawn]}, ask("textfield")) == []


PICTURE = "data:image/png;base64," + "iVBORw0KGgo+/==" * 40_000
NOT_SHOWN = [
    (
        {"type": "image", "id": "P", "source": PICTURE, "alt": "The ground floor"},
        "The picture “The ground floor” is kept",
    ),
    ({"type": "image", "id": "P", "source": "=nobody", "conditional": {"hide": "=nobody"}}, "This picture is kept"),
    ({"type": "button", "id": "B", "label": "Send", "action": "submit", "hotkey": 7}, "This button is kept"),
    ({"type": "button", "id": "B", "label": "{{ nobody", "action": "reset"}, "This button is kept"),
    ({"type": "html", "id": "H", "content": "=nobody"}, "worked out by a rule"),
    ({"type": "html", "id": "H", "content": "<img src='x'>"}, "shown as plain text"),
]


@pytest.mark.parametrize(("component", "part"), NOT_SHOWN)
def test_what_is_kept_and_not_shown_is_a_note_and_no_fault(component: dict[str, Any], part: str) -> None:
    drawn = made(ask("textfield"), component)

    assert forms.faults(drawn, ()) == []
    assert [(id, part in sentence) for id, _, sentence in forms.notes(drawn)] == [(component["id"], True)]
    assert [type(each).__name__ for each in forms.view(drawn, {}).parts] == ["FieldView"] + (
        ["PassageView"] if "<img" in str(component) else []
    )


def test_html_is_read_as_the_text_it_says() -> None:
    content = (
        "<style>p { color: red }</style><h2>Before you start</h2><p>Read <b>this</b>,\n then <a href='https://a.example/x'>"
        "the rules</a> and <a href='ftp://b'>these</a>.</p><ol><li>Go to {{ place }}<li>Look &lt;twice&gt;</ol>"
    )
    drawn = made(ask("textfield", key="place"), {"type": "html", "id": "H", "content": content})
    passage = forms.view(drawn, {"place": "the hall"}).parts[1]

    assert forms.faults(drawn, ()) == []
    assert isinstance(passage, forms.PassageView)
    told = [
        (str(block.kind), ["".join(span.text for span in line) for line in block.lines]) for block in passage.blocks
    ]
    assert told == [
        ("heading", ["Before you start"]),
        ("paragraph", ["Read this, then the rules and these."]),
        ("numbers", ["Go to the hall", "Look <twice>"]),
    ]
    assert [span.href for block in passage.blocks for line in block.lines for span in line if span.href] == [
        "https://a.example/x"
    ]


@pytest.mark.parametrize(
    "content",
    [
        "<script>alert(1)</script>",
        "<p onclick='x()'>a</p>",
        "<a href=' javascript:x()'>a</a>",
        "<IFRAME src=x>",
        "<form><input></form>",
        "<object data=x></object>",
        "<meta http-equiv=refresh>",
    ],
)
def test_html_that_would_run_or_ask_is_a_fault(content: str) -> None:
    assert "never shows" in said({"type": "html", "id": "H", "content": content})[0]


@pytest.mark.parametrize(
    ("component", "part"),
    [
        (ask("textfield", key=""), "has no key"),
        (ask("textfield", label=""), "has no label"),
        (ask("textfield", key="1st"), "cannot be a key"),
        (ask("textfield", key="a.b"), "cannot be a key"),
        (ask("textfield", key="a__b"), "cannot be a key"),
        (ask("textfield", key="_a"), "cannot be a key"),
        (ask("textfield", key="a" * 61), "cannot be a key"),
        (ask("textfield", key="school"), "Headway itself uses"),
        (ask("textfield", key="csrf_token"), "Headway itself uses"),
        (ask("textfield", key="if"), "word of the rules"),
        (ask("textfield", key="count"), "word of the rules"),
        (ask("expression", expression=""), "expression is empty"),
        (ask("radio"), "nothing to choose"),
        (ask("radio", values=YES_NO, valuesKey="case"), "two places"),
        (ask("radio", values=[*YES_NO, YES_NO[0]]), "have the value “yes”"),
        (ask("radio", values=[{"label": "None", "value": ""}]), "has no value"),
        (ask("select", valuesKey="nobody"), "come from “nobody”"),
        (ask("textfield", validate={"pattern": "(a+)+"}), "too long to check"),
        (ask("textfield", validate={"pattern": "(?=a)"}), "looks ahead"),
        (ask("textfield", validate={"minLength": 9, "maxLength": 3}), "longer than the longest"),
        (ask("textarea", validate={"maxLength": 50_000}), "from 1 to 20,000"),
        (ask("number", increment=0), "more than 0"),
        (ask("number", decimalDigits=-1), "whole number from 0"),
        (ask("number", defaultValue="many"), "is no answer"),
        (ask("radio", values=YES_NO, defaultValue="perhaps"), "is no answer"),
        (ask("checkbox", defaultValue="yes"), "is no answer"),
        (ask("datetime", subtype="date", defaultValue="tomorrow"), "is no answer"),
        (ask("datetime", subtype="week"), "date, time or datetime"),
        (ask("textfield", conditional={"hide": "=1 + (2"}), "could not be read"),
        (ask("textfield", conditional={"hide": "=nobody = 1"}), "reads “nobody”"),
        (ask("textfield", validate={"required": "=nobody"}), "reads “nobody”"),
        (ask("textfield", defaultValue="=nobody"), "reads “nobody”"),
        (ask("textfield", readonly="=nobody"), "reads “nobody”"),
        (ask("number", validate={"max": "=nobody"}), "reads “nobody”"),
        (ask("textfield", description="{{ nobody }}"), "reads “nobody”"),
        (ask("textfield", label="For {{ nobody"), "not closed"),
        (ask("textfield", label="For {{ }}"), "placeholder is empty"),
        ({"type": "text", "id": "T", "text": "{{#if a}}x{{/if}}"}, "{{#if}}"),
        ({"type": "text", "id": "T", "text": "[a](http://example.org)"}, "must begin with https://"),
        ({"type": "text", "id": "T", "text": "[a](javascript:alert(1))"}, "must begin with https://"),
        ({"type": "text", "id": "T", "text": "![a](https://example.org/a.png)"}, "Pictures are not supported"),
        ({"type": "text", "id": "T", "text": "{{ nobody }}"}, "reads “nobody”"),
        ({"type": "text", "id": "T", "text": ""}, "This text is empty"),
        (rows(), "asks nothing"),
        (rows(ask("textfield"), label=""), "list has no label"),
        (rows(ask("textfield"), path=""), "has no path"),
        (rows(ask("filepicker")), "Files cannot be asked for inside a list"),
        (rows(rows(ask("textfield"), path="inner")), "list inside a list"),
        (rows(ask("textfield", readonly=True)), "read-only questions"),
        (rows(ask("textfield"), properties={"min": 5, "max": 2}), "more rows than it may"),
    ],
)
def test_each_fault_has_its_sentence(component: dict[str, Any], part: str) -> None:
    found = said(component)

    assert any(part in sentence for sentence in found), found


def test_a_key_may_be_used_once() -> None:
    assert len(said(ask("textfield"), ask("number"))) == 2


def test_the_same_key_in_two_groups_with_paths_is_two_answers() -> None:
    groups = [
        {"type": "group", "id": f"G{path}", "path": path, "components": [ask("textfield", key="name")]}
        for path in ("head", "chair")
    ]

    assert said(*groups) == []


def test_a_column_may_not_hide_an_answer_of_the_form() -> None:
    (sentence,) = said(ask("textfield", key="name"), rows(ask("textfield", key="name")))

    assert "also asked outside" in sentence


def test_rules_may_read_other_answers_of_the_form_facts_and_what_the_procedure_knows() -> None:
    rule = 'other = "x" or earlier > 3 or school.name = case.title or today > date("2026-01-01")'

    assert (
        said(ask("textfield", conditional={"hide": f"={rule}"}), ask("textfield", key="other"), known=("earlier",))
        == []
    )


def test_rules_in_a_row_may_read_the_row_and_its_number() -> None:
    column = ask("textfield", key="detail", conditional={"hide": '=cause = "none" or i = 1 or this.cause = "x"'})

    assert said(rows(ask("textfield", key="cause"), column)) == []
    assert len(said(rows(ask("textfield", key="cause")), ask("textfield", conditional={"hide": "=cause = 1"}))) == 1


def test_rules_that_lead_in_a_circle_are_told() -> None:
    found = said(
        ask("textfield", key="a", conditional={"hide": "=b = 1"}),
        ask("textfield", key="b", conditional={"hide": "=c = 1"}),
        ask("expression", key="c", expression="=a"),
    )

    assert len(found) == 3
    assert all("in a circle" in sentence for sentence in found)


def test_a_chain_of_rules_is_no_circle() -> None:
    assert (
        said(
            ask("number", key="a"),
            ask("expression", key="b", expression="=a"),
            ask("expression", key="c", expression="=b"),
        )
        == []
    )


def test_a_date_taken_for_a_date_without_saying_so_is_told_before_anybody_meets_it() -> None:
    date = ask("datetime", key="by", subtype="date")

    (sentence,) = said(date, ask("textfield", conditional={"hide": "=by < today"}))

    assert "would stop" in sentence
    assert "date(...)" in sentence
    assert said(date, ask("textfield", conditional={"hide": "=date(by) < today"})) == []


def test_too_many_rules_are_told() -> None:
    many = [ask("textfield", key=f"a{n}", label=f"A {{{{ {n} + 1 }}}}") for n in range(61)]

    assert "more than 60 rules" in said(*many)[0]


@pytest.mark.parametrize(
    "label",
    [
        "Pupil name",
        "Pupil's full name",
        "The child\u2019s name",
        "Names of the pupils",
        "Name of each child affected",
        "Which pupil is this about?",
        "Name the student",
        "UPN",
        "Unique pupil number",
        "Learners' names",
    ],
)
def test_a_question_that_names_a_pupil_is_refused(label: str) -> None:
    assert any("No pupil is ever named" in sentence for sentence in said(ask("textfield", label=label)))


@pytest.mark.parametrize(
    "label",
    [
        "How many pupils are affected?",
        "Which year groups of pupils?",
        "Name of the contractor",
        "What do children say in general?",
        "Pupil premium: named priorities",
    ],
)
def test_a_question_about_pupils_in_general_is_allowed(label: str) -> None:
    assert said(ask("textfield", label=label)) == []


@pytest.mark.parametrize("word", publishing._RESERVED.pattern.split("|"))
def test_every_refused_word_means_something_to_rules(word: str) -> None:
    special = {"item", "item_number", "now", "partial"}

    assert word in special or feel.names_in(word) != {word}


@pytest.mark.parametrize(
    "word", ["name", "date_of_visit", "days", "month", "list", "value", "index", "label", "type", "of"]
)
def test_plain_words_are_names_to_rules_and_may_be_keys(word: str) -> None:
    assert feel.names_in(word) == {word}
    assert said(ask("textfield", key=word)) == []
