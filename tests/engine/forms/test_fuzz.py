"""Forms and answers bent at random: whatever comes, the answer is a refusal with a sentence or a good result."""

from __future__ import annotations

import copy
import json
import random
from contextlib import suppress
from typing import Any

import pytest

from engine import forms
from engine.errors import BadAnswers, BadFile, ExpressionStopped, UnknownAnswers
from engine.forms.filled.sheet import fields_of
from tests.engine.forms.form_samples import DEFECT_NAMES, FOLDER, TRIAGE_NAMES, sample

NAMES = {**DEFECT_NAMES, **TRIAGE_NAMES}
TEXTS = [
    "", " ", "a", "true", "on", "row", "0", "-1", "1e9", "9" * 30, "3", "12", "2026", "Dec", "9:30am", "desk", "site",
    "none", "urgent", "a@b.example", "<script>", "{{ 1 }}", "=1", "\x00", "\ud800", "é\u0301", "\r\n", "a\nb", "null",
    "P1", "talk", "7", "fire", "x" * 30_000, "__proto__", "٣",
]  # fmt: skip
ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    2.5,
    "",
    "=",
    "=1 +",
    "={",
    "a",
    "{{",
    "{{ x }}",
    [],
    {},
    [None],
    {"a": None},
    "x" * 20_000,
]


def bent(draw: random.Random, value: Any) -> Any:
    """A form-js value with one thing in it replaced, dropped or doubled."""
    value = copy.deepcopy(value)
    places: list[tuple[Any, Any]] = []

    def visit(one: Any) -> None:
        keys = list(one) if isinstance(one, dict) else range(len(one)) if isinstance(one, list) else ()
        for key in keys:
            places.append((one, key))
            visit(one[key])

    visit(value)
    for _ in range(draw.randint(1, 4)):
        holder, key = draw.choice(places)
        if isinstance(holder, dict) and key in holder and draw.random() < 0.3:
            del holder[key]
        elif isinstance(holder, list) and draw.random() < 0.3:
            holder.append(copy.deepcopy(draw.choice(holder)) if holder else draw.choice(ODD))
        elif isinstance(holder, dict) or key < len(holder):
            holder[key] = copy.deepcopy(draw.choice(ODD))
    return value


@pytest.mark.parametrize("seed", range(80))
def test_a_bent_form_is_refused_or_works(seed: int) -> None:
    draw = random.Random(seed)
    drawn = json.loads((FOLDER / f"{draw.choice(['triage', 'everything'])}.form").read_text("utf-8"))

    try:
        form = forms.read("bent", json.dumps(bent(draw, drawn)).encode())
    except BadFile:
        return
    told = forms.faults(form, NAMES)
    assert all(sentence.endswith(".") for _, _, sentence in told)
    if not told:
        with suppress(BadAnswers, ExpressionStopped):
            forms.view(form, NAMES)
            forms.check(form, {}, NAMES)


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("name", ["triage", "everything"])
def test_bent_answers_are_refused_or_kept_as_json(name: str, seed: int) -> None:
    draw = random.Random(seed)
    form = sample(name)
    fields = fields_of(form)
    known = [*sorted(fields.plain), *(f"{path}[{draw.randint(0, 3)}]" for path in fields.lists)]
    known += [
        f"{path}[{draw.randint(0, 3)}].{column}" for path, inside in fields.columns.items() for column in sorted(inside)
    ]
    posted = {field: [draw.choice(TEXTS) for _ in range(draw.randint(0, 2))] for field in known if draw.random() < 0.8}

    try:
        found, messages = forms.check(form, posted, NAMES, {"photo": ["e1"]}), {}
    except BadAnswers as refused:
        found, messages = {}, refused.messages
    shown = forms.view(form, NAMES, posted, messages)

    assert json.loads(json.dumps(found, ensure_ascii=False).encode()) == found
    assert all(sentences and all(sentences) for sentences in messages.values())
    assert len(shown.problems) == len(messages)
    assert all(problem.target for problem in shown.problems)


@pytest.mark.parametrize("seed", range(40))
def test_fields_nobody_asked_for_are_refused_whatever_they_are_called(seed: int) -> None:
    draw = random.Random(seed)
    form = sample("everything")
    pieces = ["causes", "[0]", "[", "]", ".", "cause", "-day", "room", "a", "contact", "name", "\x00", " ", "add:", "é"]
    name = "".join(draw.choice(pieces) for _ in range(draw.randint(1, 5)))

    belongs = name in fields_of(form).plain or name == "causes[0]" or name == "causes[0].cause"
    with pytest.raises(BadAnswers if belongs else UnknownAnswers):
        forms.check(form, {name: ["x"]}, NAMES)
