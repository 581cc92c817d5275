"""Starts by the clock: each wrong drawing has its sentence on the start, and publishing tells for whom it starts."""

from __future__ import annotations

import pytest

from engine.bpmn.check import package_faults
from engine.bpmn.package import Package
from engine.bpmn.reading import read_package
from tests.engine.bpmn.check.sketches import ROLES, a, faults, form, sentences
from tests.engine.bpmn.sketch import end, properties, sketch, start, step, sub, timer

FLOWS = "s>a>e"


def clock(words: str, kind: str = "timeCycle", whom: str | None = None, **named: str) -> str:
    """A start with a clock."""
    said = properties(trust__for=whom) if whom is not None else ""
    return step("startEvent", "s", "Begin", inner=said + timer(words, kind), **named)


@pytest.mark.parametrize(
    ("begins", "said"),
    [
        (clock(""), "does not say when"),
        (
            clock("daily").replace("<bpmn:timeC", "<bpmn:timeDate>2026-12-01</bpmn:timeDate><bpmn:timeC"),
            "says it twice",
        ),
        (clock("0 9 * * 1"), "written for machines (cron)"),
        (clock("every 0 weeks"), "has no length"),
        (clock("every 5 minutes"), "more often than once an hour"),
        (clock("soon", "timeDate"), "“soon” is not a time we can read"),
        (clock("3 school days", "timeDuration"), "a time that passes, and here nothing has begun yet"),
        (clock("=due", "timeDate"), "cannot be a rule: nobody has answered anything yet"),
        (
            clock("every day", whom="the heads"),
            "The property trust:for is “the heads”. Write “each school”",
        ),
        (clock("every day", camunda_formRef="f"), "nobody is there to answer the form of the start"),
        (start().replace(">", ">" + properties(trust__for="each school"), 1), "Only a start with a clock can say"),
    ],
)
def test_a_start_that_cannot_be_is_told_on_the_start(begins: str, said: str) -> None:
    found = faults(begins, a(), end(), flows=FLOWS, ends=False)

    assert said in sentences(found, "s")


def test_only_the_procedure_itself_starts_by_the_clock() -> None:
    inner = step("startEvent", "x_s", "Begin", inner=timer("every day", "timeCycle"))
    found = faults(sub("x", inner, a(), end("x_e"), flows="x_s>a>x_e"), flows="s>x>e")

    assert "Only the procedure itself can start by the clock" in sentences(found, "x_s")


def test_a_start_of_people_beside_a_clock_asks_no_form() -> None:
    by_hand = step("startEvent", "p", "By hand", camunda_formRef="f")
    found = faults(clock("every day"), by_hand, a(), end(), flows="s>a>e p>a", ends=False)

    assert "nobody is there to answer the form" in sentences(found, "s")
    assert faults(clock("every day"), start("p"), a(), end(), flows="s>a>e p>a", ends=False) == []


@pytest.mark.parametrize("words", ["every Monday", "first school day of each half-term", "R3/P1W"])
@pytest.mark.parametrize(
    ("whom", "told"), [(None, "for the whole trust"), ("Each school", "in each school that is open")]
)
def test_for_whom_it_starts_is_told_and_no_fault(words: str, whom: str | None, told: str) -> None:
    package = Package(sketch(clock(words, whom=whom), a(), end(), flows=FLOWS, ends=False), form())
    found = package_faults.look(read_package(package), ROLES)

    assert found.faults == ()
    assert told in "".join(note.sentence for note in found.notes if note.element == "s")
