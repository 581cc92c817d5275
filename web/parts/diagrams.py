"""A diagram on a page: the drawing with its marks, and what the live viewer needs to show the same.

The drawing stands in the page itself, so it is there without JavaScript and on paper; islands/diagram.js puts the live
viewer in its place when it can.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import url_for
from markupsafe import Markup

from engine.bpmn.drawing import draw
from engine.bpmn.drawing.draw import State
from engine.bpmn.outline.changes import How

WORDS = {State.DONE: ("✓ done", "✓"), State.NOW: ("now", "now"), State.LATE: ("now, late", "▲ late")}


@dataclass(frozen=True)
class Mark:
    """A small label on a step. kind: done, now, late or waiting; it colours the step as well."""

    kind: str
    text: str
    short: str  # the same where there is little room; ▲ says late
    href: str = ""


@dataclass(frozen=True)
class Picture:
    """What the template of a diagram shows."""

    svg: Markup
    label: str  # what it is a diagram of
    source: str = ""  # the address of the diagram's own file; empty: the drawing alone
    marks: Mapping[str, Mark] = field(default_factory=dict)

    @property
    def data(self) -> str:
        """The marks for the live viewer, as JSON: element id -> label."""
        return json.dumps({id: vars(mark) for id, mark in self.marks.items()})


def source_of(key: str, number: int) -> str:
    """The address of the diagram's file of a version."""
    return url_for("procedures.download", key=key, number=number, name="procedure.bpmn")


def of_version(svg: bytes, label: str, source: str) -> Picture:
    """A diagram without marks."""
    return Picture(_safe(svg), label, source)


def of_case(svg: bytes, label: str, source: str, states: Mapping[str, State]) -> Picture:
    """Where one case stands."""
    marks = {id: Mark(str(state), *WORDS[state]) for id, state in states.items()}
    return Picture(_safe(draw.marks(svg, states)), label, source, marks)


def of_counts(
    svg: bytes, label: str, source: str, counts: Mapping[str, tuple[int, int]], links: Mapping[str, str]
) -> Picture:
    """Where all cases wait: element id -> (waiting, of those late), with the address of the list behind it."""
    marks = {id: _counted(waiting, late, links.get(id, "")) for id, (waiting, late) in counts.items() if waiting > 0}
    return Picture(_safe(draw.badges(svg, counts, links)), label, source, marks)


def of_faults(svg: bytes, label: str, numbers: Mapping[str, Sequence[int]]) -> Picture:
    """Which steps have which faults: element id -> numbers of the list beside it."""
    return Picture(_safe(draw.numbered(svg, numbers)), label)


CHANGED = {How.ADDED: ("added", "+ new"), How.CHANGED: ("changed", "≠ changed")}


def of_changes(svg: bytes, label: str, how: Mapping[str, How]) -> Picture:
    """What changed against another version, by colour and by a word on each."""
    signs = {id: CHANGED[each] for id, each in how.items() if each in CHANGED}
    return Picture(_safe(draw.changed(svg, signs)), label)


def _counted(waiting: int, late: int, href: str) -> Mark:
    if not late:
        return Mark("waiting", f"{waiting} waiting", str(waiting), href)
    return Mark("late", f"{waiting} waiting, {late} late", f"{waiting} ▲{late}", href)


def _safe(svg: bytes) -> Markup:
    """Our own drawing: engine/bpmn/drawing writes shapes, texts and links of ours, and nothing that runs."""
    return Markup(svg.decode())  # noqa: S704
