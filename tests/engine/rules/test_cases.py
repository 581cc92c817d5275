"""FEEL held against what DMN 1.5 says, case by case: cases/<subject>.json, of [expression, value or fault].

Each value was reasoned from DMN's chapter 10 and from what the decision record on rules adds, not copied from an
answer. A fault is {"fault": part of its sentence}. In cells.json a case is [cell, input as an expression, applies].
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from engine.rules import feel
from engine.rules.feel import Ask, Of, Told, evaluate
from engine.rules.isolate import Isolate

CASES = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted(Path(__file__).parent.glob("cases/*.json"))
}
CELLS: list[tuple[str, str, Any]] = CASES.pop("cells")
NAMES = {"nothing": None, "empty": None, "two": 2}
BATCH = 200


def is_as_told(told: Told, expected: Any) -> bool:
    """Whether an answer is the expected one: the number 1 is not yes, and a fault has no value."""
    if isinstance(expected, dict) and set(expected) == {"fault"}:
        return told.value is None and told.fault is not None and expected["fault"] in told.fault
    return told.fault is None and json.dumps(told.value) == json.dumps(expected)


def wrong(asks: list[Ask], expected: list[Any], each: int) -> list[str]:
    """The asks of a batch, `each` for a case, whose last answer is not the expected one."""
    told = evaluate(asks, NAMES)[each - 1 :: each]
    return [
        f"{ask.expression}: expected {wanted!r}, was told {answer!r}"
        for ask, wanted, answer in zip(asks[each - 1 :: each], expected, told, strict=True)
        if not is_as_told(answer, wanted)
    ]


@pytest.mark.parametrize("subject", CASES)
def test_an_expression_gives_what_dmn_says_or_a_fault(subject: str) -> None:
    cases, found = CASES[subject], []
    for at in range(0, len(cases), BATCH):
        batch = cases[at : at + BATCH]
        found += wrong([Ask(expression) for expression, _ in batch], [expected for _, expected in batch], 1)

    assert found == []


def test_a_cell_applies_only_because_of_an_answer() -> None:
    found = []
    for at in range(0, len(CELLS), BATCH):
        batch = CELLS[at : at + BATCH]
        asks: list[Ask] = []
        for cell, on, _ in batch:
            asks += [Ask(on), Ask(cell, Of(len(asks)))]
        found += wrong(asks, [expected for *_, expected in batch], 2)

    assert found == []


def test_there_are_more_than_fifteen_hundred_cases_and_none_twice() -> None:
    expressions = [case[0] for cases in CASES.values() for case in cases]

    assert len(expressions) + len(CELLS) >= 1_500
    assert max(map(len, expressions)) < 400
    assert len({(cell, on) for cell, on, _ in CELLS}) == len(CELLS)


def test_every_function_that_can_be_reached_has_cases_with_values_nothing_and_faults() -> None:
    scripts = [(feel._ROOM / name).read_text(encoding="utf-8") for name in feel.SCRIPTS]
    isolate = Isolate(scripts, "() => JSON.stringify(headwayValues.builtinNames())")
    names = set(json.loads(isolate.call(b""))) - {"is school day", "school days between", "add school days"}
    isolate.close()

    cases = [case for each in CASES.values() for case in each]
    seldom = {"all", "any", "is", "string", "concatenate", "union", "append"}  # of which little is a mistake
    for name in sorted(names):
        called = [expected for expression, expected in cases if re.search(rf"(?<![a-z] ){name}\(", expression)]
        faults = [expected for expected in called if isinstance(expected, dict) and "fault" in expected]
        assert len(called) - len(faults) >= 4, name
        assert faults or name in seldom, name
        assert None in called or name in {"string length", "is", "mode", "list replace"} or len(called) > 8, name
    assert len(names) >= 80
