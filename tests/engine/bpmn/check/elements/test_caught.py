"""Events drawn so that they could not happen, or that nobody would hear: each told on what is drawn wrongly."""

from __future__ import annotations

import pytest

from engine.bpmn.check import package_faults
from engine.bpmn.package import Package
from engine.bpmn.reading import read_package
from tests.engine.bpmn.check.sketches import ROLES, a, faults, form, good, sentences
from tests.engine.bpmn.sketch import end, event, sketch, start, step, sub

EDGE, CATCH, THROW = "boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent"
END, START = "endEvent", "startEvent"


def by_itself(*parts: str, flows: str = "s2>e2", id: str = "own", **more: str) -> str:
    """A block that begins by itself, as drawn."""
    block = sub(id, *parts, flows=flows, **more)
    return block.replace(f' id="{id}"', f' id="{id}" triggeredByEvent="true"', 1)


STOP = event(START, "s2", "message", "stop")
BLOCK = sub("block", start("s1"), event(END, "t", "error", "short"), flows="s1>t")
WRONG = {
    "a message nobody names": ((event(CATCH, "x", "message"),), "s>x>a>e", "x", "waits for a message without a name"),
    "a signal sent without a name": ((event(THROW, "x", "signal"),), "s>x>a>e", "x", "sends a signal without a name"),
    "no rule": ((event(CATCH, "x", "conditional"),), "s>x>a>e", "x", "none is given"),
    "a rule that reads no answer": ((event(CATCH, "x", "conditional", "=today > today"),), "s>x>a>e", "x",
                                    "reads no answer"),
    "a rule of an unknown name": ((event(CATCH, "x", "conditional", "=gone > 1"),), "s>x>a>e", "x", "“gone”"),
    "about an unknown answer": ((event(CATCH, "x", "message", "m", trust__about="gone"),), "s>x>a>e", "x", "“gone”"),
    "brings an unknown answer": ((event(THROW, "x", "message", "m", trust__brings="gone"),), "s>x>a>e", "x", "“gone”"),
    "an edge of a step that takes no time": (
        (step("scriptTask", "calc"), event(EDGE, "x", "message", "m", on="calc")), "s>calc>a>e x>e", "x",
        "edge of a person's task"),
    "a block with two starts": ((by_itself(STOP, event(START, "s3", "signal", "y"), end("e2"), flows="s2>e2 s3>e2"),),
                                "s>a>e", "s3", "more than one start"),
    "a block whose start says nothing": ((by_itself(start("s2"), end("e2")),), "s>a>e", "s2", "does not say when"),
    "arrows to a block that begins by itself": ((by_itself(STOP, end("e2")),), "s>a>own>e", "f_a_own", "has no arrows"),
    "an error caught and never thrown": ((event(EDGE, "x", "error", "short", on="a"),), "s>a>e x>e", "x",
                                         "would never happen"),
    "an escalation nobody catches": ((event(THROW, "x", "escalation", "late"),), "s>x>a>e", "x", "Nothing catches"),
    "an error without a name": ((event(END, "x", "error"),), "s>a>x", "x", "has no name"),
    "an error that ends nothing": ((BLOCK, event(EDGE, "x", "error", "short", on="block", cancelActivity="false")),
                                   "s>block>a>e x>e", "x", "always ends"),
    "an error caught twice": (
        (BLOCK, event(EDGE, "x", "error", "short", on="block"), event(EDGE, "y", "error", "short", on="block")),
        "s>block>a>e x>e y>e", "y", "catches the same error"),
    "cancelling outside a transaction": ((event(END, "x", "cancel"),), "s>a>x", "x", "double border"),
    "a cancelled block without what follows": (
        (sub("tx", start("s1"), event(END, "t", "cancel"), flows="s1>t", tag="transaction"),), "s>tx>a>e", "t",
        "what follows"),
    "a message start with a form": ((event(START, "s9", "message", "m", camunda_formRef="f"),), "s9>a>e", "s9",
                                    "Nobody is there to fill in"),
    "an error in the middle": ((event(CATCH, "x", "error", "short"),), "s>x>a>e", "x", "means nothing where it stands"),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_an_event_drawn_wrongly_is_told_on_it(wrong: str) -> None:
    parts, flows, element, said = WRONG[wrong]

    assert said in sentences(good(*parts, flows=flows), element)


def test_what_is_drawn_rightly_has_no_fault() -> None:
    own = by_itself(
        event(START, "s2", "signal", "all", isInterrupting="false"),
        a("c", name="See to it"),
        end("e2"),
        flows="s2>c>e2",
    )
    parts = (
        sub("tx", start("s1"), a("b", name="Try"), event(END, "t", "cancel"), flows="s1>b>t", tag="transaction"),
        event(EDGE, "x", "cancel", on="tx"), event(EDGE, "y", "message", "news", on="a", cancelActivity="false"),
        event(THROW, "says", "message", "news", trust__about="pupil", trust__brings="pupil"),
        event(CATCH, "until", "conditional", '=pupil = "Ann"'), end("over", "Done"), own,
    )  # fmt: skip

    found = faults(a(), *parts, flows="s>a>says>until>tx>e x>over y>over", forms=form("pupil"))

    assert [fault.sentence for fault in found] == []


def test_an_error_that_the_case_ends_with_is_noted() -> None:
    text = sketch(a(), event(END, "x", "error", "short"), flows="s>a>x e>e".replace(" e>e", ""))

    found = package_faults.look(read_package(Package(text, form(), {})), ROLES)

    assert "x" in [note.element for note in found.notes]
