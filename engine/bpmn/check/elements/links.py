"""Faults of links, and of empty circles on the way."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.check.subject import View
from engine.bpmn.diagram.elements import Element, Kind, Trigger
from engine.bpmn.diagram.links import is_jump
from engine.model.fault import Fault
from engine.model.wording import quoted


def faults(view: View) -> Iterator[Fault]:
    """Links without a name, without another end or with arrows they cannot have; circles that say nothing."""
    first: dict[tuple[str | None, str], str] = {}
    for element in view.diagram.elements.values():
        if element.is_milestone and not element.name:
            yield view.fault(
                element.id,
                "This circle says nothing. Name what has been reached here, such as “Plan agreed”, and it is written"
                " into the journal; or take it out and join the arrows.",
            )
        elif element.trigger is Trigger.LINK and not element.named:
            yield view.fault(element.id, "This link has no name. Give both ends of it the same name.")
        elif element.trigger is Trigger.LINK:
            yield from _link(view, element, first)


def _link(view: View, link: Element, first: dict[tuple[str | None, str], str]) -> Iterator[Fault]:
    out = link.kind is Kind.THROW
    arrows = view.graph.out[link.id] if out else view.graph.into[link.id]
    name = quoted(link.named or "")
    if not any(is_jump(flow) for flow in arrows) and (out or not _twice(link, first)):
        yield view.fault(link.id, _ALONE_OUT.format(name) if out else _ALONE_IN.format(name))
    elif not out and _twice(link, first):
        yield view.fault(link.id, f"Two links called {name} are gone on from in one place. Keep one of them.")
    for flow in arrows:
        if not is_jump(flow):
            yield view.fault(flow.id, _LEAVES if out else _LEADS)
    if not out:
        first.setdefault((link.inside, link.named or ""), link.id)


def _twice(link: Element, first: dict[tuple[str | None, str], str]) -> bool:
    return bool(first.get((link.inside, link.named or "")))


_ALONE_OUT = (
    "No link called {} is gone on from here. Draw the other end, a white arrow in a circle with the same name, in the"
    " same sub-process."
)
_ALONE_IN = (
    "No link called {} leads here. Draw the other end, a black arrow in a circle with the same name, in the same"
    " sub-process."
)
_LEAVES = "This arrow leaves a link, which goes on at its other end. Delete the arrow, or the link."
_LEADS = "This arrow leads to a link's other end, which is only come to by the link. Lead it to the step behind."
