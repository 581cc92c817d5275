"""The part of a file that says where things stand, read and written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from engine.bpmn.diagram.tags import BPMNDI, DC, DI, local
from engine.bpmn.drawing.sheet import Placed, Way
from engine.bpmn.drawing.svg import Rectangle, number

MADE = "Headway_drawn_"  # what ids of shapes and arrows begin with that were laid out here
_NAMES = {"bpmndi": BPMNDI, "dc": DC, "di": DI}


def box_of(shape: etree._Element) -> Rectangle | None:
    """Where a shape or label stands; None when it does not say."""
    bounds = shape.find(f"{{{DC}}}Bounds")
    found = [number(bounds.get(name)) for name in ("x", "y", "width", "height")] if bounds is not None else []
    kept = [each for each in found if each is not None]
    return Rectangle(*kept) if len(kept) == 4 and kept[2] >= 0 and kept[3] >= 0 else None


def points_of(edge: etree._Element) -> list[tuple[float, float]]:
    """The corners of an arrow."""
    found = [(number(point.get("x")), number(point.get("y"))) for point in edge.iterfind(f"{{{DI}}}waypoint")]
    return [(x, y) for x, y in found if x is not None and y is not None]


def boxes_of(root: etree._Element) -> dict[str, Rectangle]:
    """Everything that has a place, by the id of what it stands for."""
    shapes = ((shape.get("bpmnElement", ""), box_of(shape)) for shape in root.iter(f"{{{BPMNDI}}}BPMNShape"))
    return {id: box for id, box in shapes if box is not None}


def edges_of(root: etree._Element) -> set[str]:
    """Every line that can be drawn."""
    edges = root.iter(f"{{{BPMNDI}}}BPMNEdge")
    return {edge.get("bpmnElement", "") for edge in edges if len(points_of(edge)) > 1}


def is_missing(item: etree._Element, drawn: Mapping[str, Rectangle] | set[str], is_step: bool) -> bool:
    """Whether a step or an arrow is not among what is drawn."""
    return bool(item.get("id")) and (is_step or local(item) == "sequenceFlow") and item.get("id") not in drawn


@dataclass(frozen=True)
class DrawnSheet:
    """One sheet in a file, to draw on."""

    plane: etree._Element
    boxes: dict[str, Rectangle] = field(default_factory=dict)
    edges: set[str] = field(default_factory=set)

    @classmethod
    def new(cls, root: etree._Element, of: str, count: int) -> DrawnSheet:
        """An empty sheet for a process, block or for all pools. count: which of the file's it is, from 1."""
        made = etree.SubElement(root, f"{{{BPMNDI}}}BPMNDiagram", nsmap=_NAMES)
        made.set("id", f"{MADE}diagram_{count}")
        plane = etree.SubElement(made, f"{{{BPMNDI}}}BPMNPlane")
        plane.set("id", f"{MADE}plane_{count}")
        plane.set("bpmnElement", of)
        return cls(plane)

    @classmethod
    def existing(cls, root: etree._Element) -> list[DrawnSheet]:
        """The sheets of a file."""
        return [cls(plane, boxes_of(plane), edges_of(plane)) for plane in root.iter(f"{{{BPMNDI}}}BPMNPlane")]

    @property
    def left(self) -> float:
        """Where the drawing begins."""
        return min((box.x for box in self.boxes.values()), default=0.0)

    @property
    def bottom(self) -> float:
        """Where the drawing ends."""
        return max((box.bottom for box in self.boxes.values()), default=0.0)

    def put(self, scope: etree._Element, placed: Placed) -> None:
        """Everything of a process or block that was laid out."""
        for id, box in placed.lanes.items():
            self.shape(id, box, flat=True)
        holding = {item.get("id") for item in scope.iter() if local(item) == "sequenceFlow"}
        for id, box in placed.boxes.items():
            self.shape(id, box, expanded=True if id in placed.blocks else None)
        for id, way in placed.ways.items():
            if id in holding:
                self.edge(id, way)

    def shape(self, id: str, box: Rectangle, flat: bool = False, expanded: bool | None = None) -> None:
        """A box at a place. flat: a pool or lane that lies."""
        made = self._made("BPMNShape", id)
        if flat:
            made.set("isHorizontal", "true")
        if expanded is not None:
            made.set("isExpanded", "true" if expanded else "false")
        bounds = etree.SubElement(made, f"{{{DC}}}Bounds")
        for name, value in (("x", box.x), ("y", box.y), ("width", box.width), ("height", box.height)):
            bounds.set(name, f"{value:g}")
        self.boxes[id] = box

    def edge(self, id: str, way: Way) -> None:
        """A line with these corners, in place of one that cannot be drawn."""
        for old in self._lines.pop(id, ()):
            self.plane.remove(old)
        made = self._made("BPMNEdge", id)
        for x, y in way:
            point = etree.SubElement(made, f"{{{DI}}}waypoint")
            point.set("x", f"{x:g}")
            point.set("y", f"{y:g}")
        self.edges.add(id)

    def close(self, id: str) -> None:
        """A block is drawn closed."""
        for shape in self._shapes.get(id, ()):
            shape.set("isExpanded", "false")

    @cached_property
    def _lines(self) -> dict[str, list[etree._Element]]:
        return _by_id(self.plane.iterchildren(f"{{{BPMNDI}}}BPMNEdge"))

    @cached_property
    def _shapes(self) -> dict[str, list[etree._Element]]:
        return _by_id(self.plane.iterchildren(f"{{{BPMNDI}}}BPMNShape"))

    def _made(self, tag: str, id: str) -> etree._Element:
        made = etree.SubElement(self.plane, f"{{{BPMNDI}}}{tag}")
        made.set("id", f"{MADE}{id}")
        made.set("bpmnElement", id)
        return made


def _by_id(drawn: Iterator[etree._Element]) -> dict[str, list[etree._Element]]:
    found: dict[str, list[etree._Element]] = {}
    for item in drawn:
        found.setdefault(item.get("bpmnElement", ""), []).append(item)
    return found
