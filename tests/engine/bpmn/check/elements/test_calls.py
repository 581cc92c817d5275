"""Calls drawn wrongly: each has its sentence on its step."""

from __future__ import annotations

import pytest

from engine.bpmn.check import package_faults
from engine.bpmn.check.subject import InUse
from engine.bpmn.package import Package
from engine.bpmn.reading import read_package
from tests.engine.bpmn.check.sketches import ROLES, a, form, sentences
from tests.engine.bpmn.sketch import boundary, call, end, sketch

IN_USE = {
    "goals": InUse(frozenset({"verdict", "score"})),
    "middle": InUse(frozenset(), frozenset({"round"})),
    "round": InUse(frozenset(), frozenset({"trial"})),
}


def said(drawn: str, *more: str, flows: str = "s>c>a>e") -> str:
    package = Package(sketch(drawn, a(), *more, flows=flows, trust__names="topic"), form())
    found = package_faults.look(read_package(package), ROLES, frozenset(IN_USE), IN_USE)
    return sentences(list(found.faults), "c")


@pytest.mark.parametrize(
    ("drawn", "sentence"),
    [
        (call("c", None), "This step calls no procedure"),
        (call("c", "=which"), "it cannot be a rule"),
        (call("c", "${which}"), "it cannot be a rule"),
        (call("c", "trial"), "This procedure calls itself"),
        (call("c", "round"), "This calls in a circle, by way of “round”"),
        (call("c", "middle"), "This calls in a circle, by way of “middle” and “round”"),
        (call("c", "gaols"), "There is no procedure “gaols”. Did you mean “goals”?"),
        (call("c", "peer_review"), "Say in fallback_role which role acts instead"),
        (call("c", "peer_review", fallback_role="wizard"), "“wizard” is not a role"),
        (call("c", "goals", cc="x"), "“cc” is not something to fill in here"),
        (call("c", "goals", wait="no"), "“wait” is not something to fill in here"),
        (call("c", "goals", goes_in="about=topik"), "names “topik”, which nothing in this procedure answers"),
        (call("c", "goals", comes_back="n=verdikt"), "Nothing in “goals” gives “verdikt”"),
        (call("c", "goals", comes_back="n=verdikt"), "Did you mean “verdict”?"),
        (call("c", "goals", comes_back="n=score+"), "Name an answer of the other procedure"),
        (call("c", "goals", comes_back="*"), "Say which answers come back"),
        (call("c", "goals", comes_back="n="), "Something that comes back does not say what"),
        (call("c", "goals", goes_in="=topic"), "Something that goes in does not say what"),
        (call("c", "goals", comes_back="my-name=score"), "“my-name” cannot be a name"),
        (
            call("c", "goals").replace("calledElement=", 'camunda:calledElementBinding="version" calledElement='),
            "“latest”",
        ),
    ],
)
def test_a_call_that_cannot_be_is_told_on_its_step(drawn: str, sentence: str) -> None:
    assert sentence in said(drawn)


@pytest.mark.parametrize(
    "drawn",
    [
        call("c", "goals"),
        call("c", "goals", goes_in="about=topic", comes_back="n=score m=score*2", trust__result="outcome"),
        call("c", "goals", goes_in="*", title="About {{ topic }}"),
        call("c", "peer_review", fallback_role="headteacher", due="3 school days", comes_back="n=whatever"),
    ],
)
def test_a_sound_call_has_no_fault(drawn: str) -> None:
    edges = boundary("late", "c") + boundary("again", "c", "every Monday", interrupting=False, kind="timeCycle")
    more = (edges, end("e2"), end("e3"))

    assert said(drawn, *more, flows="s>c>a>e late>e2 again>e3") == ""


def test_what_comes_back_is_known_from_then_on() -> None:
    package = Package(sketch(call("c", "goals", comes_back="n=score"), a(due='=if n = 1 then "1 day" else "2 days"'),
                             flows="s>c>a>e"), form())  # fmt: skip
    found = package_faults.look(read_package(package), ROLES, frozenset(IN_USE), IN_USE)

    assert found.faults == ()
