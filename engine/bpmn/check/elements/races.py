"""Faults of diamonds at which a case waits for whichever comes first."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.check.subject import View
from engine.bpmn.diagram.elements import Element, Flow, Kind
from engine.model.fault import Fault
from engine.model.wording import quoted


def faults(view: View) -> Iterator[Fault]:
    """Every fault of what such diamonds lead to."""
    for element in view.diagram.elements.values():
        if element.kind is Kind.EVENT_CHOICE:
            yield from _race(view, element, view.graph.out[element.id])


def _race(view: View, element: Element, flows: tuple[Flow, ...]) -> Iterator[Fault]:
    if len(flows) == 1:
        yield view.fault(
            element.id,
            "Only one arrow leaves this diamond, so nothing can come first. Draw an arrow for each thing that may"
            " happen, or take the diamond out.",
        )
    heard: set[str] = set()
    for flow in flows:
        target = view.diagram.elements.get(flow.target)
        if target is None:
            continue
        if target.kind not in (Kind.CATCH, Kind.RECEIVE):
            yield view.fault(
                flow.id,
                "Behind a diamond that waits for whichever comes first an arrow can only lead to something that waits:"
                " a timer, a message, a signal, a condition or a receive task. Put one of them before this step.",
            )
        if target.kind is Kind.RECEIVE and (target.several or view.graph.timers.get(target.id)):
            yield view.fault(
                target.id,
                "Behind a diamond that waits for whichever comes first a receive task is done once and has nothing on"
                " its edge. Draw a timer as a way of its own out of the diamond.",
            )
        if target.waits_for_message and target.named:
            if target.named in heard:
                sentence = f"Two ways out of one diamond wait for {quoted(target.named)}. Join them, or use two names."
                yield view.fault(target.id, sentence)
            heard.add(target.named)
