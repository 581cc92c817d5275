"""Every rule of a form is tried before publishing."""

from __future__ import annotations

import pytest

from tests.engine.bpmn.sketch import sketch, user
from tests.engine.bpmn.trying.asked import choice, faults, form, number, tick

RULES = {
    "a number where yes or no is meant": ("n", "must give yes or no"),
    "a number compared with a text": ('n = "5"', "it compares a number with a text"),
    "an answer nobody can choose": ('kind = "urgnet"', "Did you mean “urgent”?"),
    "another way of writing": ("n == 5", "write “=”"),
    "a sound rule": ("n > 5", None),
    "a tick": ("ok", None),
    "a choice": ('not(kind = "urgent")', None),
}


@pytest.mark.parametrize(("rule", "said"), RULES.values(), ids=RULES)
def test_what_hides_a_question_is_tried(rule: str, said: str | None) -> None:
    hidden = number("m", False) | {"conditional": {"hide": f"={rule}"}}
    found = faults(sketch(user("a", form="f"), flows="s>a>e"), form(number(required=False), choice(), tick(), hidden))

    assert [(fault.file, fault.element) for fault in found] == [("forms/f.form", "m")] * (said is not None), found
    assert said is None or said in found[0].sentence
