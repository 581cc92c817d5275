"""Who catches what is thrown on a diagram: an error, an escalation, a block cancelled as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagram.elements import Element, Kind, Trigger
from engine.bpmn.diagram.graph import Graph

THROWN = frozenset({Trigger.ERROR, Trigger.ESCALATION, Trigger.CANCEL})


def throws(element: Element) -> bool:
    """Whether an event says something, where others wait for it."""
    return element.kind in (Kind.END, Kind.THROW)


def never_come(graph: Graph) -> frozenset[str]:
    """Events that wait for what nothing on the diagram throws to them, nor a called procedure might bring."""
    elements = graph.diagram.elements.values()
    throwers = [each for each in elements if throws(each) and each.trigger in THROWN]
    caught = {found.id for thrower in throwers for found in catchers(graph, thrower)}
    calls = [outer for each in elements if each.kind is Kind.CALL for outer in graph.outwards(each.id)]
    waiting = [each for each in elements if each.trigger in THROWN and not throws(each) and each.id not in caught]
    return frozenset(each.id for each in waiting if not calls or (each.attached_to and each.attached_to not in calls))


def catchers(graph: Graph, thrower: Element) -> Iterator[Element]:
    """The event that catches what is thrown, if any: of the innermost place that has one."""
    inside, out_of = thrower.inside, None
    while True:
        starts = [start for block in _event_blocks(graph, inside) if block != out_of for start in graph.starts(block)]
        edges = graph.timers.get(inside or "", ())
        for ids in (starts, edges):
            if found := _takes(graph, ids, thrower):
                yield found
                return
        if inside is None or inside not in graph.nodes:
            return
        out_of, inside = inside, graph.nodes[inside].inside


def _event_blocks(graph: Graph, inside: str | None) -> list[str]:
    return [id for id in graph.inside(inside) if graph.kind(id) is Kind.EVENT_SUB]


def _takes(graph: Graph, ids: list[str] | tuple[str, ...], thrower: Element) -> Element | None:
    nodes = [node for id in ids if isinstance(node := graph.nodes[id], Element) and node.trigger is thrower.trigger]
    exact = (node for node in nodes if node.named == thrower.named)
    return next(exact, None) or next((node for node in nodes if not node.named), None)
