"""Checking rules: each can be read, and names only what is known where it stands."""

from __future__ import annotations

import pytest

from tests.engine.bpmn.check.sketches import a, faults, form, good, sentences, table
from tests.engine.bpmn.sketch import (
    end,
    gateway,
    script,
    several,
    start,
    step,
    sub,
    wait,
    word,
)

RULES = {
    "a condition": ("x", 'rout = "desk"', "f_x_e", "Did you mean “route”?"),
    "a condition that cannot be read": ("x", "route = (", "f_x_e", "could not be read"),
    "a condition with typographic marks": ("x", "route = “desk”", "f_x_e", "straight marks"),
    "an assignee": (a("b", assignee="=nobody.person"), "", "b", "“nobody”"),
    "a deadline": (a("b", due="=when"), "", "b", "“when”"),
    "a collection": (a("b", inner=several("peple", "p")), "", "b", "“peple”"),
    "a script": (script("b", "1 + other"), "", "b", "“other”"),
    "a timer": (wait("b", "=someday"), "", "b", "“someday”"),
    "a parameter": (word("b", "tell", role="headteacher", subject="=topic", text="x"), "", "b", "“topic”"),
    "a hole in a text": (word("b", "tell", role="headteacher", subject="{{ topic }}", text="x"), "", "b", "“topic”"),
    "an empty hole": (word("b", "tell", role="headteacher", subject="{{ }}", text="x"), "", "b", "is empty"),
    "a name handed on": (word("b", "start_procedure", procedure="goals", title="x", answers="route, topic",
                              fallback_role="headteacher"), "", "b", "“topic”"),
    "a name kept": (word("b", "record", kind="x", title="x", fields="topic"), "", "b", "“topic”"),
    "an item outside its step": (a("b", due="=person.due", inner=several("[1]", "person")) + script("c", "person"),
                                 "", "c", "only known inside"),
}  # fmt: skip


@pytest.mark.parametrize(("drawn", "condition", "element", "said"), RULES.values(), ids=RULES)
def test_a_rule_reads_and_names_only_what_is_known(drawn: str, condition: str, element: str, said: str) -> None:
    if drawn == "x":
        parts = gateway("x", default="f_x_b") + a("b")
        flows = f"s>a>x>b>e x>e?={condition.replace(' ', '_')}"
    else:
        parts, flows = drawn, "s>a>b>c>e" if 'id="c"' in drawn else "s>a>b>e"

    found = good(parts, flows=flows, forms=form("route"), procedures=["goals"])

    assert said in sentences(found, element), found


def test_what_is_answered_for_one_item_is_known_inside_and_gathered_outside() -> None:
    block = sub(
        "b",
        start("s1"),
        a("view", name="View"),
        script("x", "verdict + expert.name", "sum"),
        end("e1"),
        flows="s1>view>x>e1",
        inner=several('[{name: "Ann"}]', "expert"),
        trust__collect="views",
    )
    inside = faults(block, script("c", "views[1].verdict + views[1].sum"), flows="s>b>c>e", forms=form("verdict"))
    outside = faults(block, script("c", "verdict"), flows="s>b>c>e", forms=form("verdict"))

    assert inside == []
    assert "only known inside" in sentences(outside, "c")
    assert "trust:collect" in sentences(outside, "c")


def test_names_given_at_the_start_and_facts_are_known() -> None:
    text = script("x", "signal.text + case.ref + school.name + string(school days between(today, today))", "note")

    assert good(text, flows="s>a>x>e", trust__names="signal") == []


def test_the_outputs_of_a_table_are_known() -> None:
    rule = step("businessRuleTask", "b", camunda_decisionRef="t")

    assert good(rule, script("c", "advice"), flows="s>a>b>c>e", forms=form("route"), decisions=table()) == []
