"""Faults of starts by which Headway begins a procedure by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from engine.bpmn.check.subject import View
from engine.bpmn.diagram.elements import FOR, SCHOOLS, Element, Kind, Trigger
from engine.model.calendar import read_deadline
from engine.model.cycles import HOW_TO_REPEAT, read_cycle
from engine.model.fault import Fault
from engine.model.wording import quoted

TRUST = "the trust"
SHORTEST = timedelta(hours=1)
HOW_TO_START = f"Fill in a date such as 2026-12-01, or a cycle. {HOW_TO_REPEAT}"


def faults(view: View) -> Iterator[Fault]:
    """Everything wrong with starts by the clock."""
    for element in view.diagram.elements.values():
        if element.kind is Kind.START and (sentence := _wrong(view, element)):
            yield view.fault(element.id, sentence)


def _wrong(view: View, start: Element) -> str | None:
    wanted = start.properties.get(FOR)
    if start.trigger is not Trigger.TIMER:
        return f"Only a start with a clock can say for whom it happens. Remove the property {FOR}." if wanted else None
    if start.inside:
        kind = view.graph.kind(start.inside)
        return (
            None if kind is Kind.EVENT_SUB else "Only the procedure itself can start by the clock. Use a plain start."
        )
    if wanted is not None and wanted.casefold() not in (TRUST, SCHOOLS):
        return f"The property {FOR} is {quoted(wanted)}. Write “{SCHOOLS}” or “{TRUST}”."
    if any(each.form for each in view.diagram.people_starts) or start.form:
        return (
            "Headway starts this by itself, and nobody is there to answer the form of the start. Let the first step ask"
            " it, and take the form off the start."
        )
    return _wrong_moment(start)


def _wrong_moment(start: Element) -> str | None:
    text = start.moment
    if not text or (start.timer and start.cycle):
        return f"This start does not say when, or says it twice. {HOW_TO_START}"
    if text.startswith("=") or "{{" in text:
        return f"When this starts cannot be a rule: nobody has answered anything yet. {HOW_TO_START}"
    try:
        if start.cycle:
            often = read_cycle(text).shortest < SHORTEST
            return f"{quoted(text)} would start it more often than once an hour. {HOW_TO_START}" if often else None
        once = read_deadline(text).on
    except ValueError as error:
        return f"When this starts does not read. {error}"
    return None if once else f"{quoted(text)} is a time that passes, and here nothing has begun yet. {HOW_TO_START}"
