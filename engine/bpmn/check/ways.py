"""Faults of the ways a case can go: steps never reached, ways that never end, joins that can wait for ever."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.check.soundness import TooMany, stuck
from engine.bpmn.check.subject import View
from engine.bpmn.diagram.elements import Element, Kind, Trigger
from engine.bpmn.diagram.graph import Graph, spread
from engine.bpmn.words import registry
from engine.model.fault import Fault

WAITS = frozenset({Kind.USER, Kind.CATCH, Kind.RECEIVE})
WORK = WAITS | {Kind.SERVICE, Kind.SCRIPT, Kind.RULE, Kind.SEND, Kind.SUB, Kind.THROW, Kind.CALL}


def faults(view: View) -> Iterator[Fault]:
    """Every fault of the ways a case can go."""
    for scope in view.graph.scopes:
        if view.graph.starts(scope):
            yield from _reached(view, scope)
            yield from _joins(view, scope)
    yield from _circles(view)
    yield from _twice(view)


def _reached(view: View, scope: str | None) -> Iterator[Fault]:
    graph = view.graph
    reached = graph.reach(graph.begins(scope))
    stops = [id for id in graph.inside(scope) if not graph.out[id]]
    ending = spread(stops, graph.before)
    for id in graph.inside(scope):
        if id not in reached and not _is_link_in(graph, id) and not _is_loose(graph, id):
            yield view.fault(id, "No arrow leads here from the start. Join it up, or delete it.")
        elif id in reached and id in stops and not _may_stop(graph, id):
            yield view.fault(id, "Nothing follows this. Draw an arrow to the next step or to an end.")
    for knot in graph.knots(lambda id: id in reached and id not in ending):
        sentence = f"From here a case can never come to an end: it goes round {view.titles(knot)}. Draw a way out."
        yield view.fault(knot[0], sentence)


def _is_loose(graph: Graph, id: str) -> bool:
    """Whether this is an event on the edge of nothing, which is told as such."""
    node = graph.nodes[id]
    return isinstance(node, Element) and node.kind is Kind.BOUNDARY and node.attached_to not in graph.nodes


def _is_link_in(graph: Graph, id: str) -> bool:
    """Whether this is the end of a link that is gone on from: what leads there is told by the link."""
    node = graph.nodes[id]
    return isinstance(node, Element) and node.is_event(Kind.CATCH, Trigger.LINK)


def _may_stop(graph: Graph, id: str) -> bool:
    node = graph.nodes[id]
    if isinstance(node, Element) and node.is_event(Kind.THROW, Trigger.LINK):
        return True  # that its other end is missing is told by the link
    return graph.kind(id) in (Kind.END, Kind.EVENT_SUB) or (not isinstance(node, Element) and node.tag == "endEvent")


def _circles(view: View) -> Iterator[Fault]:
    """Rounds that nobody and nothing ever holds up."""
    for knot in view.graph.knots(lambda id: not rests(view.graph, id)):
        yield view.fault(
            knot[0],
            f"{view.titles(knot)} would go round and round without a stop. Put a person's task or a timer into it.",
        )


def rests(graph: Graph, id: str) -> bool:
    """Whether a case that comes here waits for a person, a time, a message or another procedure."""
    element = graph.diagram.elements.get(id)
    if element is None:
        return True  # not run at all, and told so
    if element.kind is Kind.SUB:
        free = spread(graph.starts(id), lambda other: [] if rests(graph, other) else graph.next(other))
        return not any(graph.kind(other) is Kind.END for other in free)
    if element.kind in (Kind.SERVICE, Kind.SEND, Kind.CALL):
        return element.word == "start_procedure" and registry.asks(element.word, element.parameters)
    return element.kind in WAITS and not element.passes


def _joins(view: View, scope: str | None) -> Iterator[Fault]:
    if any(item.inside == scope for item in view.diagram.unread):
        return  # how such a diagram would move is not known
    try:
        waiting = stuck(view.graph, scope)
    except TooMany:
        yield view.fault(
            scope, "There are too many choices side by side to check. Put some of them into sub-processes."
        )
        return
    for join, missing in waiting.items():
        sentence = (
            f"This diamond with a plus waits for every arrow that leads to it, but a case can come here without ever"
            f" reaching {view.titles(missing)}, and would then wait for ever. Bring ways of which only one is taken"
            " together in a diamond with an X, and ways of which any number may be taken in a diamond with a circle."
        )
        yield view.fault(join, sentence)


def _twice(view: View) -> Iterator[Fault]:
    """Ways followed at the same time that run into one without a join."""
    graph = view.graph
    order = {id: place for scope in graph.scopes for place, id in enumerate(graph.forward(scope)[0])}
    found: dict[str, str] = {}
    for parting, ways in graph.branches:
        both = [id for id, way in ways.items() if way.bit_count() > 1 and graph.kind(id) in WORK]
        if both:
            found.setdefault(min(both, key=lambda id: (order.get(id, 0), id)), parting)
    for id, parting in found.items():
        sentence = (
            f"This would be done twice: ways that part at {view.titles([parting])} are followed at the same time and"
            " both come here. Bring them together in a diamond with a plus first, or let one of them end."
        )
        yield view.fault(id, sentence)
