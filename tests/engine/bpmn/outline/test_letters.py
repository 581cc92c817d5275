"""Which messages and signals a procedure has to do with, and which names are nearly the same."""

from __future__ import annotations

import pytest

from engine.bpmn.diagram.dialect import read
from engine.bpmn.diagram.elements import Trigger
from engine.bpmn.outline.letters import Does, Mention, alike, mentions
from tests.engine.bpmn.sketch import boundary, event, sketch, user


def test_every_step_that_sends_waits_or_begins_is_told_by_its_name_or_its_place() -> None:
    drawn = sketch(
        event("startEvent", "s0", "message", "asked").replace('name="S0"', ""),
        user("look", "Look closely"),
        boundary("slow", "look", "5 school days", interrupting=False),
        event("boundaryEvent", "b", "signal", "closed", on="look").replace('name="B"', ""),
        event("intermediateThrowEvent", "x", "message", "report"),
        event("endEvent", "e0", "signal", "done").replace('name="E0"', ""),
        flows="s0>look>x>e0 slow>e0 b>e0",
        ends=False,
    )

    found = set(mentions(read(drawn)))

    assert found == {
        Mention(Trigger.MESSAGE, "asked", Does.BEGINS, "its start"),
        Mention(Trigger.SIGNAL, "closed", Does.WAITS, "the edge of “Look closely”"),
        Mention(Trigger.MESSAGE, "report", Does.SENDS, "“X”"),
        Mention(Trigger.SIGNAL, "done", Does.SENDS, "an end"),
    }


@pytest.mark.parametrize("other", ["report ready", "Report  ready", "Report-ready", "Reportready."])
def test_names_written_otherwise_are_nearly_the_same_whatever_is_known_of_them(other: str) -> None:
    assert alike(["Report ready", other], ()) == {"Report ready": (other,), other: ("Report ready",)}


@pytest.mark.parametrize("other", ["Report redy", "Report readyy", "Rebort ready", "Repotr ready"])
def test_one_letter_may_be_a_slip_where_a_name_is_doubtful_and_only_there(other: str) -> None:
    assert alike(["Report ready", other], {other}) == {"Report ready": (other,), other: ("Report ready",)}
    assert alike(["Report ready", other], ()) == {}


@pytest.mark.parametrize("pair", [("Report 1 ready", "Report 2 ready"), ("Visit", "Visa"), ("In", "It"), ("?", "!")])
def test_names_that_differ_by_more_by_a_digit_or_are_short_are_not_alike(pair: tuple[str, str]) -> None:
    assert alike(pair, pair) == {}
