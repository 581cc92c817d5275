"""The refusal table: everything a diagram may hold that Headway does not run, and what to draw instead.

A row is lifted when a procedure needs it: write its reading and running, hold it against the oracle, delete the row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from engine.bpmn.diagram.processes import looked_at
from engine.bpmn.diagram.tags import BPMN, DRAWING, local, name_of, namespace
from engine.bpmn.unsupported.matchers import ANY, FOREIGN, Refusal, WholeFile, owner
from engine.bpmn.unsupported.shapes import BLOCKS, GATEWAYS, HAPPENINGS
from engine.bpmn.unsupported.steps import CODE, DATA_AND_POOLS, REST, TASKS

_BARE = frozenset({"incoming", "outgoing", "flowNodeRef"})  # of ids alone, and there are many

TABLE: tuple[Refusal, ...] = (*GATEWAYS, *BLOCKS, *HAPPENINGS, *TASKS, *DATA_AND_POOLS, *CODE, *REST)


@dataclass(frozen=True)
class Unsupported:
    """A row that a file meets, and where."""

    row: Refusal
    element: str | None
    name: str | None
    sentence: str


def refused(scene: WholeFile) -> list[Unsupported]:
    """Everything in a file that Headway does not run, in the order of the file, each thing once."""
    found: dict[tuple[str, str | None, str], Unsupported] = {}
    for element in looked_at(scene.root):
        if namespace(element) not in DRAWING and local(element) not in _BARE:
            for each in _of(element, scene):
                found.setdefault((each.row.key, each.element, each.sentence), each)
    return list(found.values())


def _of(element: etree._Element, scene: WholeFile) -> Iterator[Unsupported]:
    everywhere = ANY if namespace(element) == BPMN else FOREIGN
    for row in (*_BY_TAG.get(local(element), ()), *_BY_TAG[everywhere]):
        if found := row.found(element, scene):
            part = owner(element)
            yield Unsupported(row, part.get("id"), name_of(part) or None, row.sentence(found))


def _by_tag() -> dict[str, list[Refusal]]:
    found: dict[str, list[Refusal]] = {}
    for row in TABLE:
        for tag in row.on.split():
            found.setdefault(tag, []).append(row)
    return found


_BY_TAG = _by_tag()
