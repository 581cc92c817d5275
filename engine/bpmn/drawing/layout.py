"""A drawing for a file that has none, and for what is missing on one: written into the file as a modeller would."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import count

from lxml import etree

from engine.bpmn.diagram.dialect import main_process
from engine.bpmn.diagram.tags import BPMN, BPMNDI, child, children, local, text_of
from engine.bpmn.drawing.grid import Arranger
from engine.bpmn.drawing.interchange import DrawnSheet, boxes_of, edges_of, is_missing
from engine.bpmn.drawing.placing import STRIP, place
from engine.bpmn.drawing.sheet import SheetArrow, SheetLane, SheetStep, StepSheet, Way
from engine.bpmn.drawing.svg import Rectangle

MOST_STEPS, MOST_ARROWS = 400, 800  # of all processes of a file; more are refused anyway
BLOCKS = ("subProcess", "transaction", "adHocSubProcess")
ASIDE = ("lane", "participant", "messageFlow", "textAnnotation", "association", "dataObjectReference")
MOST_ASIDE = 1_500
BETWEEN = 60.0  # pools
CLOSED = 60.0  # the height of a pool without steps
NOTES = ("textAnnotation", "dataObjectReference", "dataStoreReference")


def draw_missing(root: etree._Element) -> bool:
    """Draw what a diagram that was read holds and does not show. False: nothing is missing, or it is too large."""
    drawn = _Layout(root)
    if not drawn.missing or drawn.is_too_large:
        return False
    with Arranger() as arranger:
        drawn.draw(arranger)
    return True


def is_step(element: etree._Element) -> bool:
    """Whether it is a box, circle or diamond that arrows may join."""
    tag = local(element)
    named = tag.endswith(("Task", "Event", "Gateway")) or tag in (*BLOCKS, "task", "callActivity")
    return named and bool(element.get("id"))


@dataclass(frozen=True)
class _Layout:
    root: etree._Element

    @cached_property
    def scopes(self) -> list[etree._Element]:
        """Processes and blocks, outer ones first."""
        return [item for item in self.root.iter(f"{{{BPMN}}}*") if local(item) in ("process", *BLOCKS)]

    @property
    def missing(self) -> bool:
        """Whether a step or an arrow has no place on the drawing."""
        boxes, edges = boxes_of(self.root), edges_of(self.root)
        for scope in self.scopes:
            for item in children(scope):
                if is_missing(item, boxes if is_step(item) else edges, is_step(item)):
                    return True
        return False

    @property
    def is_too_large(self) -> bool:
        parts = [item for scope in self.scopes for item in children(scope)]
        arrows = sum(local(item) == "sequenceFlow" for item in parts)
        if sum(map(is_step, parts)) > MOST_STEPS or arrows > MOST_ARROWS:
            return True
        return sum(1 for _ in self.root.iter(*(f"{{{BPMN}}}{tag}" for tag in ASIDE))) > MOST_ASIDE

    def draw(self, arranger: Arranger) -> None:
        if boxes_of(self.root):
            _Rest(self.root, self.scopes, arranger).draw()
        else:
            _Whole(self.root, arranger).draw()


@dataclass(frozen=True)
class _Whole:
    """A file without any drawing."""

    root: etree._Element
    arranger: Arranger

    def draw(self) -> None:
        for empty in self.root.findall(f"{{{BPMNDI}}}BPMNDiagram"):
            self.root.remove(empty)
        main = main_process(self.root)
        processes = [main, *(item for item in children(self.root) if local(item) == "process" and item is not main)]
        together = next((item for item in children(self.root) if local(item) == "collaboration"), None)
        number = count(1)
        if together is not None and child(together, "participant") is not None:
            self._pools(together, processes, next(number))
            shown = {pool.get("processRef") for pool in together.iterfind(f"{{{BPMN}}}participant")}
            processes = [item for item in processes if item.get("id") not in shown]
        for process in processes:
            if any(map(is_step, children(process))):
                page = DrawnSheet.new(self.root, process.get("id", ""), next(number))
                placed = place(sheet_of(process, self.arranger), self.arranger)
                page.put(process, placed)
                self._notes(page, process, placed.boxes, placed.height)

    def _pools(self, together: etree._Element, processes: list[etree._Element], number: int) -> None:
        page = DrawnSheet.new(self.root, together.get("id", ""), number)
        of = {item.get("id"): item for item in processes}
        pools = [(pool, of.get(pool.get("processRef"))) for pool in together.iterfind(f"{{{BPMN}}}participant")]
        placed = {
            process.get("id"): place(sheet_of(process, self.arranger), self.arranger)
            for _, process in pools
            if process is not None and any(map(is_step, children(process)))
        }
        width = max((each.width for each in placed.values()), default=600.0) + STRIP
        boxes: dict[str, Rectangle] = {}
        y = 0.0
        for pool, process in pools:
            sheet = placed.pop(process.get("id"), None) if process is not None else None
            height = sheet.height if sheet else CLOSED
            boxes[pool.get("id", "")] = Rectangle(0.0, y, width, height)
            page.shape(pool.get("id", ""), boxes[pool.get("id", "")], flat=True)
            if sheet is not None and process is not None:
                moved = sheet.widened(width - STRIP).moved(STRIP, y)
                boxes.update(moved.boxes)
                page.put(process, moved)
            y += height + BETWEEN
        for flow in together.iterfind(f"{{{BPMN}}}messageFlow"):
            source, target = boxes.get(flow.get("sourceRef", "")), boxes.get(flow.get("targetRef", ""))
            if source and target:
                page.edge(flow.get("id", ""), _message(source, target))
        for scope in (together, *(process for _, process in pools if process is not None)):
            y = self._notes(page, scope, boxes, y)

    def _notes(self, page: DrawnSheet, scope: etree._Element, boxes: Mapping[str, Rectangle], y: float) -> float:
        """Notes and documents in a line below everything, joined to what they belong to. Returns where that ends."""
        joined = dict(_joined(scope))
        found: dict[str, Rectangle] = {}
        x = 0.0
        for item in scope.iter(*(f"{{{BPMN}}}{tag}" for tag in NOTES)):
            id, (width, height) = item.get("id", ""), _note_size(item)
            near = boxes.get(joined.get(id, ""))
            x = max(x, near.middle[0] - width / 2 if near else x)
            found[id] = Rectangle(x, y + 20, width, height)
            page.shape(id, found[id])
            x += width + 30
        for line, (one, other) in _lines(scope):
            ends = [found.get(id) or boxes.get(id) for id in (one, other)]
            if ends[0] and ends[1] and (one in found or other in found):
                page.edge(line, tuple(_nearest(ends[0], ends[1])))
        return max((box.bottom for box in found.values()), default=y)


@dataclass(frozen=True)
class _Rest:
    """A drawing on which something is missing: what is drawn stays where it is."""

    root: etree._Element
    scopes: list[etree._Element]
    arranger: Arranger

    def draw(self) -> None:
        pages = DrawnSheet.existing(self.root)
        number = count(len(pages) + 1)
        where = {id: page for page in reversed(pages) for id in page.boxes}
        for scope in self.scopes:
            steps = [item for item in children(scope) if is_step(item)]
            missing = [item for item in steps if item.get("id") not in where]
            page = next((where[item.get("id", "")] for item in steps if item.get("id") in where), None)
            outer = where.get(scope.get("id", ""))
            if missing and page is None and local(scope) in BLOCKS and outer is not None:
                self._inside(scope, outer, next(number), where)
            elif missing:
                self._below(missing, page or outer or pages[0], where)
        for scope in self.scopes:
            self._arrows(scope, where)

    def _inside(self, block: etree._Element, outer: DrawnSheet, number: int, where: dict[str, DrawnSheet]) -> None:
        """All of a block is missing: it is drawn closed, with a sheet of its own."""
        outer.close(block.get("id", ""))
        page = DrawnSheet.new(self.root, block.get("id", ""), number)
        placed = place(sheet_of(block, self.arranger), self.arranger)
        page.put(block, placed)
        where.update(dict.fromkeys(placed.boxes, page))

    def _below(self, missing: list[etree._Element], page: DrawnSheet, where: dict[str, DrawnSheet]) -> None:
        x, y = page.left, page.bottom + 40
        for item in missing:
            id, host = item.get("id", ""), page.boxes.get(item.get("attachedToRef", ""))
            step = step_of(item, None, self.arranger)
            width, height = step.size
            if host is not None:
                box = Rectangle(host.x + 10, host.bottom - height / 2, width, height)
            else:
                box = Rectangle(x, y, width, height)
                x += width + 50
            page.shape(id, box, expanded=step.inner is not None or None)
            where[id] = page
            if inner := step.inside_of(box):
                page.put(item, inner)
                where.update(dict.fromkeys(inner.boxes, page))

    def _arrows(self, scope: etree._Element, where: Mapping[str, DrawnSheet]) -> None:
        edged = {item.get("id", "") for item in children(scope) if item.get("attachedToRef")}
        for flow in scope.iterfind(f"{{{BPMN}}}sequenceFlow"):
            source, target, id = flow.get("sourceRef", ""), flow.get("targetRef", ""), flow.get("id", "")
            page = where.get(source)
            if page is not None and id and page is where.get(target) and id not in page.edges:
                page.edge(id, tuple(_between(page.boxes[source], page.boxes[target], source in edged)))


def sheet_of(scope: etree._Element, arranger: Arranger) -> StepSheet:
    """What stands right inside a process or block, blocks laid out already."""
    lanes = list(_lanes(scope))
    lane_of = {
        text_of(item): lane.get("id", "") for lane, _ in lanes for item in lane.iterfind(f"{{{BPMN}}}flowNodeRef")
    }
    steps = tuple(step_of(item, lane_of.get(item.get("id", "")), arranger) for item in children(scope) if is_step(item))
    flows = scope.iterfind(f"{{{BPMN}}}sequenceFlow")
    arrows = (SheetArrow(each.get("id", ""), each.get("sourceRef", ""), each.get("targetRef", "")) for each in flows)
    held = tuple(SheetLane(lane.get("id", ""), around, child(lane, "childLaneSet") is None) for lane, around in lanes)
    return StepSheet(steps, tuple(arrow for arrow in arrows if arrow.id), held)


def step_of(item: etree._Element, lane: str | None, arranger: Arranger) -> SheetStep:
    """One step, laid out inside when it is a block that holds steps."""
    block = local(item) in BLOCKS and any(map(is_step, children(item)))
    inner = place(sheet_of(item, arranger), arranger) if block else None
    return SheetStep(item.get("id", ""), local(item), item.get("attachedToRef"), lane, inner)


def _lanes(scope: etree._Element) -> Iterator[tuple[etree._Element, str | None]]:
    """The lanes of a process with the lane around each, outer ones first."""
    for lane in scope.iterfind(f"{{{BPMN}}}laneSet//{{{BPMN}}}lane"):
        if lane.get("id"):
            holder = lane.getparent()
            outer = holder.getparent() if holder is not None else None
            yield lane, outer.get("id") if outer is not None and local(outer) == "lane" else None


def _joined(scope: etree._Element) -> Iterator[tuple[str, str]]:
    """Each note or document with one step it belongs to."""
    for _, (one, other) in _lines(scope):
        yield one, other
        yield other, one


def _lines(scope: etree._Element) -> Iterator[tuple[str, tuple[str, str]]]:
    """Dotted lines: id, and what they join."""
    for item in scope.iter(f"{{{BPMN}}}association"):
        yield item.get("id", ""), (item.get("sourceRef", ""), item.get("targetRef", ""))
    for item in scope.iter(f"{{{BPMN}}}dataInputAssociation", f"{{{BPMN}}}dataOutputAssociation"):
        step = item.getparent()
        moved = child(item, "sourceRef" if local(item) == "dataInputAssociation" else "targetRef")
        if step is not None and item.get("id"):
            yield item.get("id", ""), (step.get("id", ""), text_of(moved))


def _note_size(item: etree._Element) -> tuple[float, float]:
    if local(item) != "textAnnotation":
        return (36, 50) if local(item) == "dataObjectReference" else (50, 50)
    return 160, min(160, 16 + 14 * (1 + len(text_of(child(item, "text"))) // 22))


def _message(source: Rectangle, target: Rectangle) -> Way:
    """Straight down or up where it can be, else with a bend in the middle."""
    down = source.middle[1] < target.middle[1]
    x = source.middle[0] if source.width < target.width else target.middle[0]
    start = x if source.width > target.width else source.middle[0]
    y, to_y = (source.bottom, target.y) if down else (source.y, target.bottom)
    end = start if target.width > source.width else target.middle[0]
    if start == end:
        return ((start, y), (end, to_y))
    return ((start, y), (start, (y + to_y) / 2), (end, (y + to_y) / 2), (end, to_y))


def _nearest(one: Rectangle, other: Rectangle) -> Iterator[tuple[float, float]]:
    below = one.y > other.y
    yield one.middle[0], one.y if below else one.bottom
    yield other.middle[0], other.bottom if below else other.y


def _between(source: Rectangle, target: Rectangle, on_edge: bool) -> Iterator[tuple[float, float]]:
    """To the right, or over the top of both; from an event on the lower edge of a step down and below both."""
    if on_edge:
        below = max(source.bottom, target.bottom) + 20
        yield source.middle[0], source.bottom
        yield source.middle[0], below
        yield target.middle[0], below
        yield target.middle[0], target.bottom
        return
    if target.x > source.right:
        across = (source.right + target.x) / 2
        yield source.right, source.middle[1]
        if source.middle[1] != target.middle[1]:
            yield across, source.middle[1]
            yield across, target.middle[1]
        yield target.x, target.middle[1]
        return
    above = min(source.y, target.y) - 20
    yield source.middle[0], source.y
    yield source.middle[0], above
    yield target.middle[0], above
    yield target.middle[0], target.y
