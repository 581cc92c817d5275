"""Faults of steps that call another procedure: itself, in a circle, and what goes in or comes back of nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from engine.bpmn.check.spelling import nearest
from engine.bpmn.check.steps import KEY
from engine.bpmn.check.subject import View
from engine.bpmn.diagram.calls import OWN
from engine.bpmn.diagram.elements import Element, Kind
from engine.bpmn.diagram.tags import CAMUNDA, camunda, local, properties
from engine.bpmn.words import registry
from engine.model.fault import Fault
from engine.model.wording import MOST_LISTED, in_a_row, quoted
from engine.rules import feel

_NAME = re.compile(r"^[^\W\d]\w*$")


def faults(view: View) -> Iterator[Fault]:
    """Every fault of calls."""
    drawn = {item.get("id"): item for item in view.root.iter("{*}callActivity")}
    for element in view.diagram.elements.values():
        if element.kind is Kind.CALL:
            for sentence in dict.fromkeys((*_called(view, element), *_handed(view, element, drawn[element.id]))):
                yield view.fault(element.id, sentence)


def _called(view: View, element: Element) -> Iterator[str]:
    if not element.name:
        yield "This step has no name. Name it by what the other procedure does, such as “Review the plan”."
    key = element.called
    if not key:
        yield "This step calls no procedure. Fill in the key of one as “Called element”."
        return
    if not KEY.match(key):
        yield f"{quoted(key)} cannot be the key of a procedure. Write out which one is called: it cannot be a rule."
        return
    if key == view.diagram.key:
        yield (
            "This procedure calls itself, and would do so without end. To do something again, lead an arrow back to it."
        )
        return
    if circle := _circle(view, key):
        shown = in_a_row(map(quoted, circle))
        yield f"This calls in a circle, by way of {shown}: the last calls this procedure again. Take one call out."
    yield from registry.faults(element.word or "", element.parameters)


def _circle(view: View, key: str) -> list[str]:
    """The procedures in use on a way from the one called back to this one, in order."""
    work = [[key]]
    seen = {key}
    while work:
        way = work.pop(0)
        in_use = view.in_use.get(way[-1])
        for other in sorted(in_use.calls) if in_use else ():
            if other == view.diagram.key:
                return way
            if other not in seen:
                seen.add(other)
                work.append([*way, other])
    return []


def _handed(view: View, element: Element, drawn: etree._Element) -> Iterator[str]:
    for name in sorted(OWN & properties(drawn).keys()):
        yield f"{quoted(name)} is not something to fill in here: the step itself says which procedure is called."
    if camunda(drawn, "calledElementBinding") not in (None, "latest"):
        yield "The version in use is always called. Choose “latest” as the binding."
    yield from filter(None, map(_of_mapping, drawn.iterfind(f".//{{{CAMUNDA}}}*")))
    for one in (*element.hands_in, *element.hands_back):
        if not _NAME.match(one.name):
            yield f"{quoted(one.name)} cannot be a name. Use letters, digits and _ without spaces."
    yield from _comes_back(view, element)


def _of_mapping(item: etree._Element) -> str | None:
    """What is wrong with one thing that goes in or comes back."""
    tag, everything = local(item), item.get("variables") == "all"
    if tag == "out" and everything:
        return "Everything is to come back, so no rule could know its names. Say which answers come back."
    if tag not in ("in", "out") or everything or _says_what(item):
        return None
    what = "goes in" if tag == "in" else "comes back"
    return f"Something that {what} does not say what, or under which name. Fill in its source and its target."


def _says_what(item: etree._Element) -> bool:
    """Whether it has a target, and a source of either kind."""
    source = item.get("source", "").strip() or item.get("sourceExpression", "").strip()
    return bool(item.get("target", "").strip() and source)


def _comes_back(view: View, element: Element) -> Iterator[str]:
    """What comes back is read from the answers of the other procedure, as far as that is in use."""
    in_use = view.in_use.get(element.called or "")
    for one in element.hands_back:
        fault = feel.parse_fault(one.rule)
        if fault:
            yield f"The rule {quoted(one.rule)} {fault}. Name an answer of the other procedure."
        elif in_use:
            for name in feel.unknown_names(one.rule, in_use.gives):
                close = nearest(name, in_use.gives)
                known = in_a_row(sorted(in_use.gives), most=MOST_LISTED) or "nothing"
                hint = f"Did you mean {quoted(close)}?" if close else f"It gives {known}."
                yield f"Nothing in {quoted(element.called)} gives {quoted(name)}, so it could not come back. {hint}"
