"""Ways for arrows on a sheet of columns and rows: along the gaps between them, so that none runs through a step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.bpmn.drawing.grid import Spot
from engine.bpmn.drawing.sheet import SheetArrow, Way
from engine.bpmn.drawing.svg import Rectangle

HALF = 30.0  # of a gap
_ASIDE = (0.0, 8.0, -8.0, 16.0, -16.0)  # so that arrows in one gap lie beside one another


@dataclass(frozen=True)
class Ground:
    """Where columns and rows begin and end, and which spots are taken."""

    columns: Sequence[tuple[float, float]]
    rows: Sequence[tuple[float, float]]
    taken: frozenset[Spot]
    _used: dict[tuple[str, int], int] = field(default_factory=dict)

    def beside(self, column: int) -> float:
        """The middle of the gap after a column; -1: before the first."""
        middle = self.columns[column][1] + HALF if column >= 0 else self.columns[0][0] - HALF
        return middle + self._aside("column", column)

    def below(self, row: int) -> float:
        """The middle of the gap below a row; -1: above the first."""
        middle = self.rows[row][1] + HALF if row >= 0 else self.rows[0][0] - HALF / 2
        return middle + self._aside("row", row) * (1 if row >= 0 else 0.5)

    def is_free(self, row: int, first: int, last: int) -> bool:
        """Whether nothing stands in a row from one column to another."""
        return all((column, row) not in self.taken for column in range(first, last + 1))

    def is_free_down(self, column: int, row: int, to: int) -> bool:
        """Whether nothing stands in a column beyond one row as far as another, that one included."""
        step = 1 if to > row else -1
        return all((column, each) not in self.taken for each in range(row + step, to + step, step))

    def _aside(self, kind: str, number: int) -> float:
        count = self._used[kind, number] = self._used.get((kind, number), -1) + 1
        return _ASIDE[count % len(_ASIDE)]


def ways(
    arrows: Sequence[SheetArrow],
    boxes: Mapping[str, Rectangle],
    spots: Mapping[str, Spot],
    hosts: Mapping[str, str],
    ground: Ground,
) -> dict[str, Way]:
    """The corners of each arrow whose ends stand on the sheet. hosts: of events on a step's edge."""
    found: dict[str, Way] = {}
    for arrow in arrows:
        if arrow.source in spots and arrow.target in spots and {arrow.source, arrow.target} <= boxes.keys():
            ends = boxes[arrow.source], boxes[arrow.target]
            spot, to = spots[arrow.source], spots[arrow.target]
            if arrow.source in hosts:
                found[arrow.id] = _from_edge(ends, spot, to, ground)
            else:
                found[arrow.id] = _way(ends, spot, to, ground)
    return found


def _way(ends: tuple[Rectangle, Rectangle], spot: Spot, to: Spot, ground: Ground) -> Way:
    (column, row), (to_column, to_row) = spot, to
    if to_column <= column:
        return _back(ends, spot, to, ground)
    clear = ground.is_free(to_row, column + 1, to_column - 1)
    if row == to_row and clear:
        return (_right(ends[0]), _left(ends[1]))
    small = ends[0].width <= 50  # a diamond: by its own corner
    if row != to_row and small and clear and ground.is_free_down(column, row, to_row):
        return _corner(ends, to_row > row)
    return _forward(ends, spot, to, ground)


def _forward(ends: tuple[Rectangle, Rectangle], spot: Spot, to: Spot, ground: Ground) -> Way:
    (column, row), (to_column, to_row) = spot, to
    (x, y), (to_x, to_y) = _right(ends[0]), _left(ends[1])
    if row != to_row and ground.is_free(to_row, column + 1, to_column - 1):
        across = ground.beside(column)
        return ((x, y), (across, y), (across, to_y), (to_x, to_y))
    if row != to_row and ground.is_free(row, column + 1, to_column - 1):
        across = ground.beside(to_column - 1)
        return ((x, y), (across, y), (across, to_y), (to_x, to_y))
    out, down, back = (
        ground.beside(column),
        ground.below(row if to_row >= row else row - 1),
        ground.beside(to_column - 1),
    )
    return ((x, y), (out, y), (out, down), (back, down), (back, to_y), (to_x, to_y))


def _back(ends: tuple[Rectangle, Rectangle], spot: Spot, to: Spot, ground: Ground) -> Way:
    """Over the top of the step, and in at the left of the one before."""
    (x, _), (to_x, to_y) = ends[0].middle, _left(ends[1])
    above, across = ground.below(spot[1] - 1), ground.beside(to[0] - 1)
    return ((x, ends[0].y), (x, above), (across, above), (across, to_y), (to_x, to_y))


def _from_edge(ends: tuple[Rectangle, Rectangle], spot: Spot, to: Spot, ground: Ground) -> Way:
    """From an event on the lower edge: down into the gap, and along it."""
    (x, _), (to_x, to_y) = ends[0].middle, _left(ends[1])
    below, across = ground.below(spot[1]), ground.beside(to[0] - 1)
    if to[0] > spot[0] and to[1] == spot[1] + 1 and ground.is_free(to[1], spot[0], to[0] - 1):
        return ((x, ends[0].bottom), (x, to_y), (to_x, to_y))
    return ((x, ends[0].bottom), (x, below), (across, below), (across, to_y), (to_x, to_y))


def _corner(ends: tuple[Rectangle, Rectangle], down: bool) -> Way:
    x, y = ends[0].middle[0], ends[0].bottom if down else ends[0].y
    to_x, to_y = _left(ends[1])
    return ((x, y), (x, to_y), (to_x, to_y))


def _right(box: Rectangle) -> tuple[float, float]:
    return box.right, box.middle[1]


def _left(box: Rectangle) -> tuple[float, float]:
    return box.x, box.middle[1]
