"""What changed between two versions, as sentences that say what it was and what it is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.bpmn.definition import Definition
from engine.bpmn.outline.changes import Changes, How, changes
from engine.bpmn.package import Package
from tests.engine.bpmn.check.sketches import ROLES, a, form, table
from tests.engine.bpmn.sketch import boundary, end, gateway, sketch, step, user, wait, word

GO = "s>a>g>e g>b?=route=1 b>e"


def version(*parts: str, flows: str = "s>a>e", forms: Any = None, decisions: Any = None, **named: Any) -> Definition:
    return Definition(Package(sketch(*parts, flows=flows, **named), forms or form("route"), decisions or {}))


def between(before: Definition, after: Definition) -> Changes:
    return changes(before, after, ROLES)


def said(before: Definition, after: Definition) -> list[str]:
    found = between(before, after)
    told = (*found.steps, *found.forms, *found.tables)
    return [*found.procedure, *(sentence for change in told for sentence in change.sentences)]


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (a(due="5 school days"), a(due="3 school days"), "Deadline changed from 5 school days to 3 school days."),
        (a(due="=x"), a(due="same day"), "Deadline changed from by the rule “x” to same day."),
        (a(name="Look"), a(name="See"), "Name changed from “Look” to “See”."),
        (a(), a(role="director_of_education"), "Who does it changed from Headteacher to Director of education."),
        (a(), a(assignee="=lead"), "Who of them added: lead."),
        (a(), a(inner="<bpmn:documentation>Mind the gap</bpmn:documentation>"),
         "What it says to whoever does it is reworded."),
    ],
)  # fmt: skip
def test_a_step_says_what_it_was_and_what_it_is(before: str, after: str, sentence: str) -> None:
    assert said(version(before), version(after)) == [sentence]


def test_the_same_files_and_things_moved_on_the_drawing_change_nothing() -> None:
    assert between(version(a()), version(a())) == Changes((), (), (), ())


def test_steps_that_come_and_go_are_told_and_marked() -> None:
    found = between(
        version(a(), user("b", "Old step"), flows="s>a>b>e"), version(a(), user("c", "New step"), flows="s>a>c>e")
    )

    assert [(change.what, change.how) for change in found.steps] == [
        ("A", How.CHANGED), ("New step", How.ADDED), ("Old step", How.REMOVED),
    ]  # fmt: skip
    assert found.marks == {"a": How.CHANGED, "c": How.ADDED}
    assert found.steps[0].sentences == ("A way to “New step” is new.", "The way to “Old step” is taken out.")
    assert found.steps[1].sentences == ("Headteacher does it.", "Deadline added: 3 school days.")


def test_a_step_drawn_anew_under_its_name_is_the_same_step() -> None:
    assert said(version(user("x", "Look", form="f"), flows="s>x>e"),
                version(user("y", "Look", form="f", due="same day"), flows="s>y>e")) == [
        "Deadline changed from 3 school days to same day."
    ]  # fmt: skip


def test_conditions_and_ways_are_told_by_where_they_lead() -> None:
    parts = (a(), gateway("g", default="f_g_e"), user("b", "Look again"))

    assert said(version(*parts, flows=GO), version(*parts, flows=GO.replace("route=1", "route=2"))) == [
        "When it goes on to “Look again” changed from the rule “route=1” to the rule “route=2”."
    ]


def test_timers_words_and_the_whole_procedure_are_told() -> None:
    def drawn(time: str, text: str, promise: str, late: bool) -> Definition:
        return version(
            a(), wait("w", time), word("t", "tell", role="headteacher", subject=text, text="x"),
            boundary("l", "a", "2 school days", interrupting=late), end("e2"),
            flows="s>a>w>t>e l>e2", trust__promise=promise,
        )  # fmt: skip

    assert said(
        drawn("2 school days", "Hello", "9 school days", True), drawn("3 days", "Bye", "8 school days", False)
    ) == [
        "Promise changed from 9 school days to 8 school days.",
        "Time changed from 2 school days to 3 days.",
        "Subject changed from “Hello” to “Bye”.",
        "It no longer stops what it is drawn on.",
    ]


def drawn_form(*parts: dict[str, Any]) -> dict[str, bytes]:
    numbered = [{"id": f"F_{number}", "type": "textfield", **part} for number, part in enumerate(parts)]
    return {"f": json.dumps({"type": "default", "schemaVersion": 18, "components": numbered}).encode()}


def test_questions_added_taken_out_reworded_and_their_options_are_told() -> None:
    options = [{"value": "x", "label": "Ex"}, {"value": "y", "label": "Why"}]
    other = [{"value": "x", "label": "Eks"}, {"value": "z", "label": "Zed"}]
    before = drawn_form(
        {"key": "one", "label": "First"}, {"key": "two", "label": "Second"},
        {"key": "pick", "label": "Pick", "type": "radio", "values": options},
    )  # fmt: skip
    after = drawn_form(
        {"key": "one", "label": "Foremost", "validate": {"required": True}},
        {"key": "pick", "label": "Pick", "type": "radio", "values": other}, {"key": "three", "label": "Third"},
    )  # fmt: skip

    assert said(version(a(), forms=before), version(a(), forms=after)) == [
        "The question “First” is worded “Foremost” now.",
        "“Foremost” must be answered now.",
        "At “Pick” the answer “Ex” is worded “Eks” now.",
        "“Pick” offers “Zed” too.",
        "“Pick” no longer offers “Why”.",
        "New question “Third”.",
        "The question “Second” is taken out.",
    ]


def test_rows_of_a_table_are_told_by_cell() -> None:
    rule = step("businessRuleTask", "b", camunda_decisionRef="t")

    def decided(text: str) -> Definition:
        tables = {"t": text.encode()}
        return version(a(), rule, flows="s>a>b>e", decisions=tables)

    old = table()["t"].decode()
    changed = old.replace('"go"', '"wait"')
    fewer = old[: old.index('<rule id="r1">')] + old[old.index('<rule id="r2">') :]

    assert said(decided(old), decided(changed)) == ['Row 1, “Advice”: changed from “"go"” to “"wait"”.']
    assert said(decided(old), decided(fewer)) == ['The row “"desk" → "go"” is taken out.']
    assert said(decided(fewer), decided(old)) == ['Row 1 is new: “"desk" → "go"”.']
