"""One sheet of a drawing that is laid out: its steps, arrows and lanes, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.bpmn.drawing.svg import Rectangle

Way = tuple[tuple[float, float], ...]  # the corners of an arrow


@dataclass(frozen=True)
class Placed:
    """A sheet laid out, its upper left corner at 0 0; what is inside its blocks included."""

    width: float
    height: float
    boxes: Mapping[str, Rectangle] = field(default_factory=dict)
    ways: Mapping[str, Way] = field(default_factory=dict)
    lanes: Mapping[str, Rectangle] = field(default_factory=dict)
    blocks: frozenset[str] = frozenset()  # drawn open

    def moved(self, x: float, y: float) -> Placed:
        """The same further right and down."""
        return Placed(
            self.width,
            self.height,
            {id: _moved(box, x, y) for id, box in self.boxes.items()},
            {id: tuple((px + x, py + y) for px, py in way) for id, way in self.ways.items()},
            {id: _moved(box, x, y) for id, box in self.lanes.items()},
            self.blocks,
        )

    def widened(self, width: float) -> Placed:
        """The same with lanes as long as the widest pool."""
        lanes = {id: Rectangle(box.x, box.y, width - box.x, box.height) for id, box in self.lanes.items()}
        return Placed(width, self.height, self.boxes, self.ways, lanes, self.blocks)


@dataclass(frozen=True)
class SheetStep:
    """A box, circle or diamond. inner: of a block, what is inside."""

    id: str
    tag: str
    host: str | None = None  # of an event on an edge
    lane: str | None = None  # innermost
    inner: Placed | None = None

    def inside_of(self, box: Rectangle) -> Placed | None:
        """What is inside, when the block itself stands there."""
        return self.inner.moved(box.x + INSET, box.y + TITLE) if self.inner else None

    @property
    def size(self) -> tuple[float, float]:
        """Its width and height."""
        if self.inner is not None:
            return max(self.inner.width + 2 * INSET, 160), max(self.inner.height + INSET + TITLE, 100)
        if self.tag.endswith("Event"):
            return 36, 36
        return (50, 50) if self.tag.endswith("Gateway") else (100, 80)


@dataclass(frozen=True)
class SheetArrow:
    """An arrow."""

    id: str
    source: str
    target: str


@dataclass(frozen=True)
class SheetLane:
    """A lane and the one around it."""

    id: str
    around: str | None
    is_inner: bool  # holds no further lanes


@dataclass(frozen=True)
class StepSheet:
    """What stands on one sheet, in the order of the file."""

    steps: tuple[SheetStep, ...]
    arrows: tuple[SheetArrow, ...]
    lanes: tuple[SheetLane, ...] = ()


INSET, TITLE = 30.0, 40.0  # around what is inside a block, and above it


def _moved(box: Rectangle, x: float, y: float) -> Rectangle:
    return Rectangle(box.x + x, box.y + y, box.width, box.height)
