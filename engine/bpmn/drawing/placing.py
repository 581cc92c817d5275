"""A sheet laid out on columns and rows: the library says which, lanes are put one below the other, arrows keep between.

The library knows no lanes, so the rows of each lane's own steps become that lane.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from engine.bpmn.drawing.grid import Arranger, Spot
from engine.bpmn.drawing.routing import Ground, ways
from engine.bpmn.drawing.sheet import Placed, SheetStep, StepSheet
from engine.bpmn.drawing.svg import Rectangle

GAP = 60.0  # between columns and between rows: arrows run there
PAD = 30.0  # inside a lane, above and below
STRIP = 30.0  # of a lane that holds its name
EVENT = 36.0


def place(sheet: StepSheet, arranger: Arranger) -> Placed:
    """The sheet with a place for everything on it."""
    return _Placing(sheet, arranger).placed()


@dataclass(frozen=True)
class _Placing:
    sheet: StepSheet
    arranger: Arranger

    @cached_property
    def standing(self) -> tuple[SheetStep, ...]:
        """All but events on an edge."""
        ids = {step.id for step in self.sheet.steps}
        return tuple(step for step in self.sheet.steps if step.host not in ids)

    @cached_property
    def hosts(self) -> dict[str, str]:
        own = {step.id for step in self.standing}
        return {step.id: step.host for step in self.sheet.steps if step.host and step.id not in own}

    @cached_property
    def inner_lanes(self) -> tuple[str | None, ...]:
        lanes: list[str | None] = [lane.id for lane in self.sheet.lanes if lane.is_inner]
        known = set(lanes)
        stray = any(step.lane not in known for step in self.standing)
        return (*lanes, None) if stray or not lanes else tuple(lanes)

    @cached_property
    def by_lane(self) -> dict[str | None, list[SheetStep]]:
        """The steps of each lane; under None those of no lane that is drawn."""
        known = set(self.inner_lanes)
        found: dict[str | None, list[SheetStep]] = {}
        for step in self.standing:
            found.setdefault(step.lane if step.lane in known else None, []).append(step)
        return found

    @cached_property
    def spots(self) -> dict[str, Spot]:
        """Column and row of each step, from 0 without holes, the rows of each lane one after the other."""
        ids = [step.id for step in self.sheet.steps]
        asked = self.arranger.spots(ids, [(arrow.source, arrow.target) for arrow in self.sheet.arrows], self.hosts)
        columns = {column: place for place, column in enumerate(sorted({column for column, _ in asked.values()}))}
        rows = self._rows(asked)
        return {
            step.id: (columns[asked[step.id][0]], rows[lane, asked[step.id][1]])
            for lane, steps in self.by_lane.items()
            for step in steps
        }

    def _rows(self, asked: Mapping[str, Spot]) -> dict[tuple[str | None, int], int]:
        found: dict[tuple[str | None, int], int] = {}
        row = 0
        for lane in self.inner_lanes:
            used: dict[int, set[int]] = {}
            for step in self.by_lane.get(lane, ()):
                used.setdefault(asked[step.id][1], set()).add(asked[step.id][0])
            held: set[int] = set()
            for old in sorted(used):
                if held & _reach(used[old]) or (len(self.inner_lanes) == 1 and held):
                    row, held = row + 1, set()
                held |= _reach(used[old])
                found[lane, old] = row
            row += 1
        return found

    @cached_property
    def lane_rows(self) -> dict[str | None, tuple[int, int]]:
        """The first and last row of each lane; of one without steps a row of its own."""
        found: dict[str | None, tuple[int, int]] = {}
        last = -1
        for lane in self.inner_lanes:
            own = [self.spots[step.id][1] for step in self.by_lane.get(lane, ())]
            found[lane] = (last + 1, max(own, default=last + 1))
            last = found[lane][1]
        return found

    @cached_property
    def ground(self) -> Ground:
        wide, high = _most(self.standing, self.spots, 0, 100.0), _most(self.standing, self.spots, 1, 80.0)
        left = STRIP * self.depth + GAP
        columns = list(_bands([wide.get(each, 100.0) for each in range(max(wide, default=0) + 1)], left, [GAP] * 999))
        last = max(row for _, row in self.lane_rows.values())
        firsts = {first for first, _ in self.lane_rows.values()}
        gaps = [2 * PAD if row + 1 in firsts else GAP for row in range(last + 1)]
        rows = list(_bands([high.get(row, 80.0) for row in range(last + 1)], PAD, gaps))
        return Ground(columns, rows, frozenset(self.spots.values()))

    @cached_property
    def depth(self) -> int:
        """How many names of lanes stand beside one another at the left."""
        around = {lane.id: lane.around for lane in self.sheet.lanes}
        return max((len(list(_outwards(lane, around))) for lane in around), default=0)

    def placed(self) -> Placed:
        ground, boxes = self.ground, dict(self._boxes())
        width = ground.columns[-1][1] + GAP
        height = ground.rows[-1][1] + PAD
        found = ways(self.sheet.arrows, boxes, {**self.spots, **self._edges()}, self.hosts, ground)
        blocks = frozenset(step.id for step in self.standing if step.inner)
        for part in [inner for step in self.standing if (inner := step.inside_of(boxes[step.id]))]:
            boxes.update(part.boxes)
            found.update(part.ways)
            blocks |= part.blocks
        lowest = max((y for way in found.values() for _, y in way), default=0.0)
        return Placed(width, max(height, lowest + PAD / 2), boxes, found, self._lanes(width), blocks)

    def _edges(self) -> dict[str, Spot]:
        return {event: self.spots[host] for event, host in self.hosts.items() if host in self.spots}

    def _boxes(self) -> Iterator[tuple[str, Rectangle]]:
        found = {}
        for step in self.standing:
            column, row = self.spots[step.id]
            (left, right), (top, bottom) = self.ground.columns[column], self.ground.rows[row]
            width, height = step.size
            found[step.id] = Rectangle((left + right - width) / 2, (top + bottom - height) / 2, width, height)
            yield step.id, found[step.id]
        count: dict[str, int] = {}
        for event, host in self.hosts.items():
            box = found.get(host)
            if box is not None:
                number = count[host] = count.get(host, 0) + 1
                x = max(box.right - number * (EVENT + 10), box.x - EVENT / 2)
                yield event, Rectangle(x, box.bottom - EVENT / 2, EVENT, EVENT)

    def _lanes(self, width: float) -> dict[str, Rectangle]:
        found: dict[str, Rectangle] = {}
        around = {lane.id: lane.around for lane in self.sheet.lanes}
        for lane in around:
            if lane in self.lane_rows:
                first, last = self.lane_rows[lane]
                left = STRIP * (len(list(_outwards(lane, around))) - 1)
                top, bottom = self.ground.rows[first][0] - PAD, self.ground.rows[last][1] + PAD
                found[lane] = Rectangle(left, top, width - left, bottom - top)
        for lane in reversed(around):  # outer ones stand before those inside them
            outer = around[lane]
            if outer is not None and lane in found:
                found[outer] = _around(found.get(outer), found[lane], width)
        return found


def _reach(columns: set[int]) -> set[int]:
    return set(range(min(columns), max(columns) + 1))


def _most(steps: Sequence[SheetStep], spots: Mapping[str, Spot], way: int, least: float) -> dict[int, float]:
    """How wide each column or how high each row must be."""
    found: dict[int, float] = {}
    for step in steps:
        place = spots[step.id][way]
        found[place] = max(found.get(place, least), step.size[way])
    return found


def _bands(sizes: Sequence[float], begin: float, gaps: Sequence[float]) -> Iterator[tuple[float, float]]:
    for size, gap in zip(sizes, gaps, strict=False):
        yield begin, begin + size
        begin += size + gap


def _outwards(lane: str | None, around: Mapping[str, str | None]) -> Iterator[str]:
    seen: set[str] = set()
    while lane is not None and lane in around and lane not in seen:
        seen.add(lane)
        yield lane
        lane = around[lane]


def _around(outer: Rectangle | None, box: Rectangle, width: float) -> Rectangle:
    top = min(outer.y if outer else box.y, box.y)
    bottom = max(outer.bottom if outer else box.bottom, box.bottom)
    left = box.x - STRIP
    return Rectangle(left, top, width - left, bottom - top)
