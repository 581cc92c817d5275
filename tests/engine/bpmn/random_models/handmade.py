"""A procedure made from a diagram's values, without any file, for trying the runner alone."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from engine.bpmn.definition import Definition
from engine.bpmn.diagram.elements import Diagram, Element, Flow, Kind
from engine.rules.tables import Decision


class Handmade(Definition):
    """A Drawn that was never a file."""

    def __init__(self, diagram: Diagram, decisions: Mapping[str, Decision] | None = None) -> None:
        self.diagram = diagram
        self.forms = {}
        self.decisions = decisions or {}


def handmade(
    *elements: Element, flows: str, names: str = "", decisions: Mapping[str, Decision] | None = None, **conditions: str
) -> Handmade:
    """A procedure. flows: "s>a>e x>b", each arrow called f_from_to; conditions: by that name. Ends: `s` and `e`."""
    found = {each.id: each for each in (Element("s", Kind.START, "Start"), *elements, Element("e", Kind.END, "End"))}
    arrows: list[Flow] = []
    for chain in flows.split():
        stops = chain.split(">")
        for source, target in pairwise(stops):
            id = f"f_{source}_{target}"
            arrows.append(Flow(id, source, target, condition=conditions.get(id), inside=found[source].inside))
    diagram = Diagram("trial", "A trial", found, tuple(arrows), properties={"trust:names": names})
    return Handmade(diagram, decisions)


def user(id: str, **said: Any) -> Element:
    """A step for a person."""
    return Element(id, Kind.USER, id.capitalize(), **said)
