"""Every rule of a diagram is tried before publishing: what would stop a case, never holds or always holds is told."""

from __future__ import annotations

from html import escape
from typing import Any

import pytest

from tests.engine.bpmn.sketch import end, gateway, script, several, sketch, user, wait, word
from tests.engine.bpmn.trying.asked import Question, choice, day, faults, form, number, of_condition, text, tick

WRONG: tuple[tuple[str, list[Question], str], ...] = (
    ("5 < n", [number(required=False)], "When “n” is left empty"),
    ("n == 5", [number()], "write “=”"),
    ("n <> 5", [number()], "write “!=”"),
    ("n => 5", [number()], "write “>=”"),
    ("n =< 5", [number()], "write “<=”"),
    ("n && ok", [number(), tick()], "write “and”"),
    ('n = "5"', [number()], "Write a number without quotation marks"),
    ("n", [number()], "it gives a number and not yes or no"),
    ("string(n)", [number()], "it gives a text and not yes or no"),
    ("n in [1-5]", [number()], "Write in [1..5]"),
    ("n > 5,000", [number()], "without commas: 5000"),
    ('kind = "urgnet"', [choice()], "Did you mean “urgent”?"),
    ('kind = "urgnet" or n > 5', [choice(), number()], "“urgnet” is none of the answers to “kind”"),
    ('list contains(kind, "late")', [choice(type="checklist")], "There are “urgent” and “normal”"),
    ("n > 10", [number(max=10)], "never holds"),
    ("n > 5 and n < 3", [number()], "never holds"),
    ("n >= 0", [number(min=0)], "always holds"),
    ('kind != "urgent" or kind != "normal"', [choice()], "always holds"),
    ("d > today", [day()], "write date(...) around the text"),
    ("date(d) > today", [day(required=False)], "When “d” is left empty"),
    ("n + m > 5", [number(), number("m", False)], "When “m” is left empty"),
    ('contains(t, "x")', [text(required=False)], "When “t” is left empty"),
    ("n > 5 or t", [number(), text()], "would stop the case"),
)
RIGHT: tuple[tuple[str, list[Question]], ...] = (
    ("5 < n", [number()]),
    ("n != null and 5 < n", [number(required=False)]),
    ("n = null or n > 5", [number(required=False)]),
    ('kind = "urgent"', [choice(required=False)]),
    ("ok", [tick()]),
    ("n > 10", [number()]),
    ("n = 1000000000", [number()]),
    ("n in [1..5]", [number()]),
    ("n > m", [number(), number("m")]),
    ("date(d) > today", [day()]),
    ('date(d) > date("2026-03-01")', [day()]),
    ('t = "x"', [text()]),
    ("string length(t) > 200", [text()]),
    ('matches(t, "[A-Z]+9")', [text()]),
    ("n * 12 > 5000", [number(max=100)]),
    ('list contains(kind, "urgent")', [choice(type="checklist")]),
    ("count(kind) > 1", [choice(type="checklist")]),
)


@pytest.mark.parametrize(("rule", "questions", "said"), WRONG, ids=[rule for rule, _, _ in WRONG])
def test_a_condition_that_cannot_work_is_told_once(rule: str, questions: list[Question], said: str) -> None:
    assert said in of_condition(rule, *questions)


@pytest.mark.parametrize(("rule", "questions"), RIGHT, ids=[rule for rule, _ in RIGHT])
def test_a_condition_that_works_passes(rule: str, questions: list[Question]) -> None:
    assert of_condition(rule, *questions) == ""


TEXTS: dict[str, tuple[str, str | None]] = {
    "a deadline that is a number": (user("b", form="g", due="=n"), "gives no time but a number"),
    "a deadline that may be empty": (user("b", form="g", due="=d"), None),
    "a deadline of no words": (user("b", form="g", due='=if n > 5 then "soon" else "same day"'), "“soon”"),
    "a deadline with a hole": (user("b", form="g", due="{{ n }} school days"), None),
    "a timer that is empty": (wait("b", "=d"), "When “d” is left empty"),
    "somebody who is a number": (user("b", form="g", assignee="=n"), "gives a number and not a person"),
    "a list that is a text": (user("b", form="g", inner=several("kind", "one")), "gives a text and not a list"),
    "a script that cannot work": (script("b", "n + kind", "total"), "would stop the case"),
    "a script that works": (script("b", "n + 1", "total"), None),
    "a subject that is empty": (word("b", "tell", role="headteacher", subject="=t", text="x"), "“Subject” is missing"),
    "a hole that is empty": (word("b", "tell", role="headteacher", subject="About {{ t }}", text="x"), None),
    "a person who is a text": (word("b", "tell", person="=kind", subject="x", text="x"), "must be a rule that gives"),
    "an action's date": (word("b", "raise_action", role="headteacher", title="x", due="=kind"), "“normal”"),
}


@pytest.mark.parametrize(("step", "said"), TEXTS.values(), ids=TEXTS)
def test_what_a_step_works_out_is_tried(step: str, said: str | None) -> None:
    asked = form(number(max=100, min=1, decimalDigits=0), choice(), day(required=False), text(required=False))
    drawn = sketch(user("a", form="f"), step, flows="s>a>b>e")

    found = [fault for fault in faults(drawn, {**asked, **form(key="g")}) if fault.file == "procedure.bpmn"]

    assert [fault.element for fault in found] == ["b"] * (said is not None), found
    assert said is None or said in found[0].sentence


def _branch(rule: str, *questions: Any) -> list[str]:
    """A question asked on one of two ways, read behind both."""
    drawn = sketch(
        user("a", form="f"), gateway("x", default="f_x_y"), user("b", form="g"), gateway("y"), gateway("z", "f_z_e"),
        end("e2", "Other"), flows="s>a>x>b?=kind_=_\"urgent\" b>y x>y y>z>e z>e2?=RULE",
    )  # fmt: skip
    drawn = drawn.replace(b"=RULE", f"={escape(rule)}".encode())
    return [fault.sentence for fault in faults(drawn, {**form(choice()), **form(*questions, key="g")})]


def test_a_question_on_a_way_that_is_not_taken_is_empty() -> None:
    assert "When “n” is left empty" in _branch("n > 5", number())[0]
    assert _branch("n != null and n > 5", number()) == []


def test_a_question_that_is_hidden_is_empty_only_while_it_is_hidden() -> None:
    hidden = number() | {"conditional": {"hide": '=kind != "urgent"'}}

    assert "When “n” is left empty" in of_condition("n > 5", choice(), hidden)
    assert of_condition('kind = "urgent" and n > 5', choice(), hidden) == ""


def test_what_a_script_gives_is_known_to_the_rules_behind_it() -> None:
    drawn = sketch(
        user("a", form="f"), script("b", 'if n > 5 then "high" else "low"', "level"), gateway("x", default="f_x_e"),
        end("e2", "Other"), flows='s>a>b>x>e x>e2?=level_=_"hihg"',
    )  # fmt: skip

    assert "Did you mean “high”?" in faults(drawn, form(number()))[0].sentence
