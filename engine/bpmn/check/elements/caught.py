"""Faults of what is thrown and caught, and of blocks that begin by themselves or can be cancelled as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.check.subject import View
from engine.bpmn.diagram.catchers import THROWN, catchers, throws
from engine.bpmn.diagram.elements import Element, Kind, Trigger
from engine.bpmn.unsupported.matchers import HOSTS
from engine.model.fault import Fault, Note
from engine.model.wording import quoted
from engine.rules import feel

ALWAYS_ENDS = frozenset({Trigger.ERROR, Trigger.CANCEL})
_CALLED = {Trigger.ERROR: "error", Trigger.ESCALATION: "escalation", Trigger.CANCEL: "cancelling"}
_HOLD_THROWERS = frozenset({Kind.SUB, Kind.CALL})
_FACTS = frozenset({"case", "school", "today", "calendar"})


def faults(view: View) -> Iterator[Fault]:
    """Every fault of events that throw and catch, and of the blocks around them."""
    shadowed = list(_twice(view))
    told = {fault.element for fault in shadowed}
    for element in view.diagram.elements.values():
        if element.kind is Kind.EVENT_SUB:
            yield from _by_itself(view, element)
        elif element.trigger in THROWN and element.id not in told:
            yield from _thrown(view, element) if throws(element) else _caught(view, element)
        elif element.sends:
            yield from _begins_itself(view, element)
        elif element.trigger is Trigger.CONDITION and element.condition:
            yield from _looked_at(view, element)
    yield from shadowed


def uncaught(view: View) -> Iterator[Note]:
    """What a procedure ends with that nothing in it catches: only who calls it can."""
    for element in view.diagram.elements.values():
        if element.trigger is Trigger.ERROR and throws(element) and not list(catchers(view.graph, element)):
            yield view.note(
                element.id,
                f"Nothing on this diagram catches the error {quoted(element.named or '')}, so the whole case ends here."
                " A procedure that calls this one can catch it on the edge of the step that calls.",
            )


def _by_itself(view: View, block: Element) -> Iterator[Fault]:
    starts = [view.graph.nodes[id] for id in view.graph.starts(block.id)]
    for start in starts:
        if isinstance(start, Element) and start.trigger is Trigger.NONE:
            yield view.fault(
                start.id,
                "This block begins by itself (it has a dotted border), and its start does not say when. Make the start"
                " a timer, message, signal, condition, error or escalation.",
            )
    if block.several or block.repeat:
        yield view.fault(
            block.id, "A block that begins by itself cannot be done for several. Put a block for several into it."
        )


def _begins_itself(view: View, element: Element) -> Iterator[Fault]:
    if element.named and view.diagram.starts_heard(element.trigger, element.named):
        yield view.fault(
            element.id,
            f"This procedure begins with the {element.trigger} {quoted(element.named)}, so sending it here would begin"
            " it again and again without end. Send something of another name, or lead an arrow back to do it again.",
        )


def _thrown(view: View, element: Element) -> Iterator[Fault]:
    if element.trigger is Trigger.CANCEL:
        yield from _cancels(view, element)
        return
    what = _CALLED[element.trigger]
    if not element.named:
        yield view.fault(element.id, f"This {what} has no name. Choose or make one and give it a code or a name.")
    elif element.trigger is Trigger.ESCALATION and not list(catchers(view.graph, element)):
        yield view.fault(
            element.id,
            f"Nothing catches the escalation {quoted(element.named)}. Draw an event that catches it on the edge of a"
            " sub-process around this, or a block that begins by itself with it.",
        )


def _cancels(view: View, element: Element) -> Iterator[Fault]:
    block = view.diagram.elements.get(element.inside or "")
    if block is None or not block.transaction:
        yield view.fault(
            element.id,
            "Only a transaction (a block with a double border) can be cancelled. Put this end into one, or use an end"
            " that stops everything (a filled circle).",
        )
    elif not list(catchers(view.graph, element)):
        yield view.fault(
            element.id,
            f"Nothing says what follows when {quoted(block.name)} is cancelled. Draw a cancel event on its edge.",
        )


def _caught(view: View, element: Element) -> Iterator[Fault]:
    what = _CALLED[element.trigger]
    if not element.interrupting and element.trigger in ALWAYS_ENDS:
        sentence = f"An {what}" if what == "error" else "A cancelled block"
        yield view.fault(
            element.id, f"{sentence} always ends what it is caught on. Choose the event with the unbroken line."
        )
    host = view.diagram.elements.get(element.attached_to or "")
    if element.trigger is Trigger.CANCEL and (host is None or not host.transaction):
        yield view.fault(
            element.id, "Only a transaction (a block with a double border) can be cancelled. Move this to its edge."
        )
    elif host is not None and host.kind not in _HOLD_THROWERS:
        if host.kind in HOSTS:
            yield view.fault(
                element.id,
                f"A {_person_or_message(host)} throws no {what}, so this would never happen. Put this on the edge of a"
                " sub-process or of a step that calls another procedure, or wait for a message, a time or a condition"
                " here.",
            )
    elif not any(element in catchers(view.graph, other) for other in _throwers(view)) and not _may_come(view, element):
        named = f" {quoted(element.named)}" if element.named else ""
        yield view.fault(
            element.id,
            f"Nothing in {_where(view, element)} throws the {what}{named}, so this would never happen. Draw an end that"
            f" throws it there, or choose what this waits for anew.",
        )


def _person_or_message(host: Element) -> str:
    return "person's task" if host.kind is Kind.USER else "step that waits for a message"


def _where(view: View, element: Element) -> str:
    outer = element.attached_to or (view.graph.nodes[element.inside].inside if element.inside else None)
    return quoted(view.title(outer)) if outer else "this procedure"


def _throwers(view: View) -> list[Element]:
    return [each for each in view.diagram.elements.values() if throws(each) and each.trigger in THROWN]


def _may_come(view: View, element: Element) -> bool:
    """Whether another procedure, called where this catches, may bring it."""
    outer = element.attached_to or (view.graph.nodes[element.inside].inside if element.inside else None)
    calls = [each for each in view.diagram.elements.values() if each.kind is Kind.CALL]
    return any(outer is None or outer in view.graph.outwards(each.id) for each in calls)


def _looked_at(view: View, element: Element) -> Iterator[Fault]:
    rule = element.condition or ""
    if not feel.parse_fault(rule) and not feel.names_in(rule) - _FACTS:
        yield view.fault(
            element.id,
            f"The rule {quoted(rule)} reads no answer, so nothing that happens in a case could make it true. Name an"
            " answer in it, or use a timer.",
        )


def _twice(view: View) -> Iterator[Fault]:
    """Two events of one place that catch the same: only the first would."""
    seen: dict[tuple[str | None, bool, Trigger, str | None], str] = {}
    for element in view.diagram.elements.values():
        if element.trigger not in THROWN or throws(element):
            continue
        on_edge = element.kind is Kind.BOUNDARY
        outer = element.attached_to if on_edge else view.graph.nodes[element.inside].inside if element.inside else None
        first = seen.setdefault((outer, on_edge, element.trigger, element.named), element.id)
        if first != element.id:
            yield view.fault(
                element.id,
                f"{quoted(view.title(first))} catches the same {_CALLED[element.trigger]} here, so this never would."
                " Delete one of the two, or let one name another.",
            )
