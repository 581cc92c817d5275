"""A diagram as SVG, drawn on the server from where its designer put things. No style, no script: colours come from CSS.

Every element is a group with `data-element` (its id), `data-box` (x y width height) and the classes `hw-drawing__item`
and `hw-drawing__item--userTask` (its BPMN name). The same facts as text are outline's to tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from lxml import etree

from engine.bpmn.diagram.dialect import WHAT, main_process
from engine.bpmn.diagram.tags import BPMN, BPMNDI, child, local, name_of
from engine.bpmn.drawing.interchange import box_of, points_of
from engine.bpmn.drawing.shapes import outside, pill, shape
from engine.bpmn.drawing.svg import INK, PAPER, SVG, Rectangle, line, put, write
from engine.readers.xml import read_xml

MARGIN = 24
WIDE = 400  # a lane or pool, not a step
NO_DRAWING = "This procedure has no drawing."
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]")
_BEHIND = ("participant", "lane", "group", "subProcess", "transaction", "adHocSubProcess")


class State(StrEnum):
    """Where one case stands with a step."""

    DONE = "done"
    NOW = "now"
    LATE = "late"


_SIGNS = {State.DONE: "✓ done", State.NOW: "now", State.LATE: "now, late"}


def svg(data: bytes) -> bytes:
    """The drawing of a diagram, UTF-8. Raises BadFile when it cannot be read."""
    return svg_of(read_xml(data, WHAT))


def svg_of(root: etree._Element) -> bytes:
    """The drawing of a diagram that is read already, UTF-8. Raises BadFile when no process is in it."""
    return etree.tostring(_Drawing(root).made(), encoding="utf-8")


def badges(drawing: bytes, counts: Mapping[str, tuple[int, int]], links: Mapping[str, str] | None = None) -> bytes:
    """The drawing with small labels: element id -> (waiting, of those late). Zero waiting is not shown.

    links: element id -> address; its labels then lead there. Lateness is said in a word, not by colour alone.
    """
    root = etree.fromstring(drawing, _own())
    if links:
        root.set("role", "group")  # an image could not hold links
    for group, box in _items(root):
        waiting, late = counts.get(group.get("data-element", ""), (0, 0))
        if waiting <= 0:
            continue
        group.set("class", f"{group.get('class')} hw-drawing__item--{'late' if late else 'waiting'}")
        held = _linked(group, (links or {}).get(group.get("data-element", "")), waiting, late)
        place = pill(held, f"{waiting} waiting", box.right + 8, box.y - 10, late=False)
        if late:
            pill(held, f"{late} late", place.x - 2, place.y, late=True)
    return etree.tostring(root, encoding="utf-8")


def marks(drawing: bytes, states: Mapping[str, State]) -> bytes:
    """The drawing of one case: which steps are done and which are open, by class and by a word on each."""
    root = etree.fromstring(drawing, _own())
    for group, box in _items(root):
        state = states.get(group.get("data-element", ""))
        if state is not None:
            group.set("class", f"{group.get('class')} hw-drawing__item--{state}")
            pill(group, _SIGNS[state], box.right + 8, box.y - 10, late=state is State.LATE)
    return etree.tostring(root, encoding="utf-8")


def numbered(drawing: bytes, numbers: Mapping[str, Sequence[int]]) -> bytes:
    """The drawing with the numbers of a list on its elements, e.g. of faults: element id -> numbers."""
    root = etree.fromstring(drawing, _own())
    for group, box in _items(root):
        found = numbers.get(group.get("data-element", ""))
        if found:
            group.set("class", f"{group.get('class')} hw-drawing__item--fault")
            right = box.right + 8 if box.width < WIDE else box.x + 2 * MARGIN  # a lane's where its name stands
            pill(group, f"! {', '.join(map(str, found))}", right, box.y - 10, late=True)
    return etree.tostring(root, encoding="utf-8")


def changed(drawing: bytes, signs: Mapping[str, tuple[str, str]]) -> bytes:
    """The drawing with a word on what changed: element id -> (kind, which colours it; word)."""
    root = etree.fromstring(drawing, _own())
    for group, box in _items(root):
        kind, word = signs.get(group.get("data-element", ""), ("", ""))
        if kind:
            group.set("class", f"{group.get('class')} hw-drawing__item--{kind}")
            pill(group, word, box.right + 8, box.y - 10, late=False)
    return etree.tostring(root, encoding="utf-8")


def described(drawing: bytes, said: str) -> bytes:
    """The drawing, with what it shows in words for whoever does not see it."""
    root = etree.fromstring(drawing, _own())
    for each in root.iterchildren(f"{{{SVG}}}desc"):
        each.text = said
    return etree.tostring(root, encoding="utf-8")


def width(drawing: bytes) -> float:
    """How wide the drawing is."""
    return float(etree.fromstring(drawing, _own()).get("width") or 0)


def _own() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


def _items(root: etree._Element) -> Iterator[tuple[etree._Element, Rectangle]]:
    for group in root.iter(f"{{{SVG}}}g"):
        if place := group.get("data-box"):
            yield group, Rectangle(*map(float, place.split()))


def _linked(group: etree._Element, address: str | None, waiting: int, late: int) -> etree._Element:
    if not address:
        return group
    title = group.find(f"{{{SVG}}}title")
    said = f"{title.text if title is not None else ''}: {waiting} waiting" + (f", {late} late" if late else "")
    return put(group, "a", href=address, aria_label=said, class_="hw-badge__link")


@dataclass(frozen=True)
class _Drawing:
    root: etree._Element

    @cached_property
    def key(self) -> str:
        """What ids of this drawing begin with, so that several fit on one page."""
        return _UNSAFE.sub("-", main_process(self.root).get("id") or "procedure")

    def made(self) -> etree._Element:
        process = main_process(self.root)
        elements = {item.get("id"): item for item in self.root.iter() if item.get("id") and _is_bpmn(item)}
        page = etree.fromstring(f'<svg xmlns="{SVG}"/>')
        page.set("role", "img")
        page.set("class", "hw-drawing")
        page.set("aria-labelledby", f"drawing-{self.key}-title drawing-{self.key}-desc")
        put(page, "title", id=f"drawing-{self.key}-title").text = name_of(process) or self._pool()
        description = put(page, "desc", id=f"drawing-{self.key}-desc")
        self._arrow(page)
        top, width, steps = 0.0, 0.0, 0
        for plane in self.root.iter(f"{{{BPMNDI}}}BPMNPlane"):
            made = _Plane(plane, elements, self.key)
            if made.frame is None:
                continue
            made.draw(put(page, "g", transform=f"translate({MARGIN - made.frame.x:g} {top + MARGIN - made.frame.y:g})"))
            top, width, steps = top + made.frame.height + 2 * MARGIN, max(width, made.frame.width), steps + made.steps
        description.text = f"{steps} steps, events and choices. The same as a list of steps stands on this page."
        if not steps:
            description.text = NO_DRAWING
            write(page, [NO_DRAWING], 180, 10)
            top, width = 40.0, 320.0
        self._size(page, width + 2 * MARGIN, top)
        return page

    def _pool(self) -> str:
        pool = next(self.root.iter(f"{{{BPMN}}}participant"), None)
        return "" if pool is None else name_of(pool)

    def _arrow(self, page: etree._Element) -> None:
        marker = put(
            put(page, "defs"),
            "marker",
            id=f"drawing-{self.key}-arrow",
            viewBox="0 0 10 10",
            refX=9,
            refY=5,
            markerWidth=9,
            markerHeight=9,
            orient="auto",
        )
        put(marker, "path", d="M0 1L10 5L0 9z", fill=INK, class_="hw-drawing__arrowhead")

    def _size(self, page: etree._Element, width: float, height: float) -> None:
        page.set("viewBox", f"0 0 {width:g} {height:g}")
        page.set("width", f"{width:g}")
        page.set("height", f"{height:g}")


def _is_bpmn(item: etree._Element) -> bool:
    return str(item.tag).startswith(f"{{{BPMN}}}")


@dataclass(frozen=True)
class _Plane:
    """One sheet of the file: the procedure, or the inside of a closed block."""

    plane: etree._Element
    elements: Mapping[str | None, etree._Element]
    key: str

    @cached_property
    def frame(self) -> Rectangle | None:
        """What everything on the sheet fits into."""
        drawn = [*self.plane.iter(f"{{{BPMNDI}}}BPMNShape", f"{{{BPMNDI}}}BPMNEdge")]
        boxes = [box for item in drawn for box in (box_of(item), _label(item)) if box is not None]
        points = [point for edge in self.plane.iter(f"{{{BPMNDI}}}BPMNEdge") for point in points_of(edge)]
        boxes += [Rectangle(x, y, 0, 0) for x, y in points]
        if not boxes:
            return None
        x, y = min(box.x for box in boxes), min(box.y for box in boxes)
        return Rectangle(x, y, max(box.right for box in boxes) - x, max(box.bottom for box in boxes) - y + 2 * MARGIN)

    @property
    def steps(self) -> int:
        """How many steps, events and choices stand on it."""
        return sum(
            local(drawn) not in ("participant", "lane", "group", "textAnnotation") for drawn, _, _ in self._shapes()
        )

    def draw(self, group: etree._Element) -> None:
        shapes = list(self._shapes())
        behind = [each for each in shapes if local(each[0]) in _BEHIND]
        for drawn, item, box in behind:
            self._shape(group, drawn, item, box)
        for edge in self.plane.iter(f"{{{BPMNDI}}}BPMNEdge"):
            self._edge(group, edge)
        for drawn, item, box in shapes:
            if local(drawn) not in _BEHIND:
                self._shape(group, drawn, item, box)

    def _shapes(self) -> Iterator[tuple[etree._Element, etree._Element, Rectangle]]:
        for item in self.plane.iter(f"{{{BPMNDI}}}BPMNShape"):
            drawn, box = self.elements.get(item.get("bpmnElement")), box_of(item)
            if drawn is not None and box is not None:
                yield drawn, item, box

    def _shape(self, group: etree._Element, drawn: etree._Element, item: etree._Element, box: Rectangle) -> None:
        held = self._group(group, drawn)
        held.set("data-box", f"{box.x:g} {box.y:g} {box.width:g} {box.height:g}")
        shape(held, drawn, box, _label(item), item.get("isExpanded") != "false")

    def _group(self, group: etree._Element, drawn: etree._Element) -> etree._Element:
        kind = f"hw-drawing__item hw-drawing__item--{local(drawn)}"
        held = put(group, "g", class_=kind, data_element=drawn.get("id") or "")
        if name := name_of(drawn):
            put(held, "title").text = name
        return held

    def _edge(self, group: etree._Element, edge: etree._Element) -> None:
        drawn, points = self.elements.get(edge.get("bpmnElement")), points_of(edge)
        if drawn is None or len(points) < 2:
            return
        held = self._group(group, drawn)
        middle = _halfway(points)
        held.set("data-box", f"{middle.middle[0]:g} {middle.y + 18:g} 0 0")
        way = "M" + "L".join(f"{x:g} {y:g}" for x, y in points)
        if local(drawn) == "sequenceFlow":
            line(held, way, marker_end=f"url(#drawing-{self.key}-arrow)", class_="hw-drawing__line")
            self._default(held, drawn, points)
            self._condition(held, drawn, points)
        else:
            line(held, way, stroke_dasharray="2 4", class_="hw-drawing__line")
        if name := name_of(drawn):
            outside(held, name, _label(edge) or middle)

    def _default(self, held: etree._Element, drawn: etree._Element, points: list[tuple[float, float]]) -> None:
        """The stroke across a default way out."""
        source = self.elements.get(drawn.get("sourceRef"))
        if source is None or source.get("default") != drawn.get("id"):
            return
        (x, y), (to_x, to_y) = points[0], points[1]
        far = max(abs(to_x - x) + abs(to_y - y), 1)
        across, down = x + (to_x - x) / far * 10, y + (to_y - y) / far * 10
        line(held, f"M{across - 5:.1f} {down + 5:.1f}l10 -10")

    def _condition(self, held: etree._Element, drawn: etree._Element, points: list[tuple[float, float]]) -> None:
        """The small diamond where an arrow with a condition leaves a step."""
        source = self.elements.get(drawn.get("sourceRef"))
        if source is None or local(source).endswith("Gateway") or child(drawn, "conditionExpression") is None:
            return
        (x, y), (to_x, to_y) = points[0], points[1]
        far = max(abs(to_x - x) + abs(to_y - y), 1)
        across, down = (to_x - x) / far, (to_y - y) / far
        middle, side, end = (8 * across, 8 * down), (-5 * down, 5 * across), (16 * across, 16 * down)
        corners = [(0, 0), _plus(middle, side), end, _plus(middle, (-side[0], -side[1]))]
        line(held, "M" + "L".join(f"{x + dx:.1f} {y + dy:.1f}" for dx, dy in corners) + "z", fill=PAPER)


def _plus(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    return one[0] + other[0], one[1] + other[1]


def _label(item: etree._Element) -> Rectangle | None:
    """Where its name stands; None where the file says nothing of use, as some programs write 0 0 for each."""
    label = item.find(f"{{{BPMNDI}}}BPMNLabel")
    box = None if label is None else box_of(label)
    return None if box is None or box.width < 2 or (box.x, box.y) == (0, 0) else box


def _halfway(points: list[tuple[float, float]]) -> Rectangle:
    """A place for a name that its designer left where it was: above the middle of the way."""
    (x, y), (to_x, to_y) = points[(len(points) - 1) // 2 : (len(points) - 1) // 2 + 2]
    return Rectangle((x + to_x) / 2 - 45, (y + to_y) / 2 - 18, 90, 14)
