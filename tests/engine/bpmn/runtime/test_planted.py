"""Program code planted wherever a procedure can carry text: nothing runs it, and checking tells it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.bpmn.check import package_faults
from engine.bpmn.diagram import dialect
from engine.bpmn.drawing import draw
from engine.bpmn.outline import steps
from engine.bpmn.package import Package
from engine.model.people import Role
from tests.engine.bpmn.runtime.planted import CODES, READ, WORKED_OUT, Planted, planted, table

ROLES = {"headteacher": Role("headteacher", "Headteacher")}
NOWHERE = "/nowhere/at/all"


def cases() -> list[Planted]:
    """Every code in every place, for a path of no meaning: pytest wants the list before there is a folder."""
    return list(planted(NOWHERE))


def test_every_code_is_planted_in_every_place() -> None:
    found = {(each.place, each.code) for each in cases()}

    assert len(found) >= len(CODES) * (len(WORKED_OUT) + len(READ)) > 250


@pytest.mark.slow
def test_none_of_it_is_run_by_reading_checking_drawing_or_telling(tmp_path: Path) -> None:
    made = tmp_path / "made"

    for each in planted(str(made)):
        package_faults.faults(each.package, ROLES)
        diagram = dialect.read(each.package.bpmn)
        steps.outline(diagram, ROLES)
        steps.comes_next(diagram, "ask", ROLES)
        draw.svg(each.package.bpmn)
        assert not made.exists(), (each.place, each.code)


@pytest.mark.parametrize(
    "each", [each for each in cases() if each.worked_out], ids=lambda each: f"{each.place}-{each.code}"
)
def test_code_in_a_place_that_is_worked_out_is_a_fault(each: Planted) -> None:
    assert package_faults.faults(each.package, ROLES)


@pytest.mark.parametrize(
    "each", [each for each in cases() if not each.worked_out], ids=lambda each: f"{each.place}-{each.code}"
)
def test_code_in_a_text_for_readers_is_only_text(each: Planted) -> None:
    assert [fault.sentence for fault in package_faults.faults(each.package, ROLES)] == []


SOUND = {
    "condition of a way": 'answer = "a"', "script": "answer", "name of a result": "outcome", "deadline": "4 hours",
    "deadline by rule": "answer", "deadline with a hole": "answer", "who does it": "answer", "role": "headteacher",
    "form": "f", "lane": "Headteacher", "list of a step for several": '["a"]',
    "list of a step for several, bare": '["a"]', "item of a step for several": "person",
    "name of what is gathered": "answers", "timer": "2 working days", "timer by rule": "answer",
    "timer on an edge": '"5 school days"', "parameter by rule": "answer", "parameter with a hole": "answer",
    "parameter that is no text": "2", "names handed on": "answer", "promise": "15 school days", "prefix": "ABC",
    "starters": "headteacher", "names given at the start": "signal", "decision table asked for": "t",
    "question of a table": "answer", "cell of a table": '"a"', "result of a table": "answer",
    "name of a table's result": "advice", "condition of a question": 'case.ref = "a"', "hint of a question": "case.ref",
}  # fmt: skip
NEVER_SOUND = {"script in another language", "how many are enough", "how often", "word", "property", "listener",
               "class of a step", "expression of a step"}  # fmt: skip


@pytest.mark.parametrize("place", WORKED_OUT)
def test_a_place_without_code_is_sound_or_refused_whatever_it_holds(place: str) -> None:
    """What is told above is told for the code, not for the procedure around it."""
    found = package_faults.faults(_with_files(place, SOUND.get(place, "answer")), ROLES)

    assert bool(found) == (place in NEVER_SOUND), found


def _with_files(place: str, text: str) -> Package:
    package = WORKED_OUT[place](text)
    return replace(package, decisions={"t": table()}) if place == "decision table asked for" else package
