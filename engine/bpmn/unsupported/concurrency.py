"""What crowds together on a diagram: joins one after another, and waits for one message at the same time."""

from __future__ import annotations

from engine.bpmn.diagram.elements import Diagram, Element
from engine.bpmn.diagram.graph import Graph


def joins_before(graph: Graph) -> dict[str, int]:
    """How many joins lie on the way to each node, itself counted, going forward only."""
    counted: dict[str, int] = {}
    for scope in graph.scopes:
        order, back = graph.forward(scope)
        for id in order:
            own = 1 if graph.is_join(id) else 0
            earlier = [counted.get(other, 0) for other in graph.before(id) if (other, id) not in back]
            counted[id] = own + max(earlier, default=0)
    return {id: count for id, count in counted.items() if graph.is_join(id)}


def rivals(graph: Graph) -> set[str]:
    """Waits for a message that another step, or another item, can be waiting for at the same time."""
    catches = [item for item in graph.diagram.elements.values() if item.waits_for_message and item.named]
    found = {item.id for item in catches if _inside_several(item, graph.diagram)}
    outwards = {item.id: graph.outwards(item.id) for item in catches}
    for _, ways in graph.branches:
        places: dict[str, list[tuple[str, int]]] = {}
        for item in catches:
            way = next((ways[id] for id in outwards[item.id] if id in ways), 0)
            places.setdefault(item.named or "", []).append((item.id, way))
        for each in places.values():
            found |= _on_different_ways([(id, way) for id, way in each if way])
    return found


def _on_different_ways(places: list[tuple[str, int]]) -> set[str]:
    """Ids of those that can be come to while another one is waited at: bits say on which ways each stands."""
    if len(places) < 2 or (len({way for _, way in places}) == 1 and places[0][1].bit_count() == 1):
        return set()
    return {id for id, way in places}


def _inside_several(item: Element, diagram: Diagram) -> bool:
    while item.inside:
        item = diagram.elements[item.inside]
        if item.several:
            return True
    return False
