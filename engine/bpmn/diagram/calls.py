"""A step that calls another procedure, read as the block “Start a procedure” that waits until it ends."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from engine.bpmn.diagram.elements import Kind
from engine.bpmn.diagram.loops import handed
from engine.bpmn.diagram.tags import camunda

WORD = "start_procedure"
SAME_TITLE = "{{ case.title }}"
OWN = frozenset({"procedure", "wait", "answers"})  # parameters that the call itself says


def called(found: etree._Element) -> str | None:
    """The key of the procedure that a step calls."""
    return (found.get("calledElement") or camunda(found, "calledElement") or "").strip() or None


def word_of(found: etree._Element, kind: Kind, known: Mapping[str, str]) -> str | None:
    """What a step asks Headway to do."""
    return WORD if kind is Kind.CALL else known.get("trust:word") or None


def parameters_of(found: etree._Element, kind: Kind, given: Mapping[str, str]) -> dict[str, str]:
    """What it says, as given in its properties; of a call, what it hands to the other procedure too."""
    if kind is not Kind.CALL:
        return dict(given)
    said = {"title": SAME_TITLE, **{name: text for name, text in given.items() if name not in OWN}}
    said |= {"procedure": called(found) or "", "wait": "yes"}
    goes_in = handed(found, "in")
    if goes_in:
        said["answers"] = "={" + ", ".join(f"{one.name}: {one.rule}" for one in goes_in) + "}"
    return said
