"""The signs inside the circles of events: what each is about, filled where it says it and open where it waits."""

from __future__ import annotations

import math

from lxml import etree

from engine.bpmn.drawing.svg import INK, PAPER, line, put

# Corners in a square from -1 to 1, y downwards.
_CLOSED = {
    "signal": ((0, -0.85), (0.85, 0.65), (-0.85, 0.65)),
    "error": ((-0.85, 0.75), (-0.35, -0.75), (0.25, 0.1), (0.85, -0.85), (0.35, 0.75), (-0.25, -0.1)),
    "escalation": ((0, -0.9), (0.7, 0.8), (0, 0.15), (-0.7, 0.8)),
    "cancel": (
        (-0.8, -0.55), (-0.55, -0.8), (0, -0.25), (0.55, -0.8), (0.8, -0.55), (0.25, 0),
        (0.8, 0.55), (0.55, 0.8), (0, 0.25), (-0.55, 0.8), (-0.8, 0.55), (-0.25, 0),
    ),
}  # fmt: skip


def sign(parent: etree._Element, kind: str, middle: tuple[float, float], radius: float, says: bool) -> None:
    """What an event is about. says: it throws it, instead of waiting for it."""
    x, y = middle
    if kind == "terminate":
        put(parent, "circle", cx=x, cy=y, r=radius * 0.6, fill=INK)
    elif kind == "timer":
        _clock(parent, x, y, radius * 0.55)
    elif kind == "message":
        _envelope(parent, x, y, radius * 0.5, says)
    elif kind == "conditional":
        _page(parent, x, y, radius * 0.5)
    elif kind == "link":
        line(parent, _arrow(x, y, radius * 0.55), fill=INK if says else "none", stroke_width=1.2)
    elif kind in _CLOSED:
        size = radius * 0.6
        points = " ".join(f"{x + across * size:.1f},{y + down * size:.1f}" for across, down in _CLOSED[kind])
        put(parent, "polygon", points=points, fill=INK if says else PAPER, stroke=INK, stroke_width=1.2)


def _envelope(parent: etree._Element, x: float, y: float, half: float, says: bool) -> None:
    tall = half * 1.4
    box = {"x": x - half, "y": y - half * 0.7, "width": half * 2, "height": tall}
    put(parent, "rect", **box, fill=INK if says else PAPER, stroke=INK, stroke_width=1.2)
    flap = f"M{x - half:g} {y - half * 0.7:g}l{half:g} {half * 0.8:g}l{half:g} {-half * 0.8:g}"
    line(parent, flap, stroke=PAPER if says else INK)


def _page(parent: etree._Element, x: float, y: float, half: float) -> None:
    put(parent, "rect", x=x - half * 0.8, y=y - half, width=half * 1.6, height=half * 2, fill=PAPER, stroke=INK)
    rows = (-0.55, -0.2, 0.2, 0.55)
    line(parent, "".join(f"M{x - half * 0.55:.1f} {y + half * row:.1f}h{half * 1.1:.1f}" for row in rows))


def _arrow(x: float, y: float, half: float) -> str:
    shaft, head = half * 0.3, half * 0.8
    return (
        f"M{x - half:.1f} {y - shaft:.1f}H{x + half * 0.2:.1f}V{y - head:.1f}L{x + half:.1f} {y:.1f}"
        f"L{x + half * 0.2:.1f} {y + head:.1f}V{y + shaft:.1f}H{x - half:.1f}z"
    )


def _clock(parent: etree._Element, x: float, y: float, radius: float) -> None:
    put(parent, "circle", cx=x, cy=y, r=radius, fill="none", stroke=INK, stroke_width=1.2)
    ticks = ""
    for hour in range(0, 12, 3):
        across, down = math.sin(hour * math.pi / 6), -math.cos(hour * math.pi / 6)
        outer, inner = (f"{x + across * far:.1f} {y + down * far:.1f}" for far in (radius, radius * 0.75))
        ticks += f"M{outer}L{inner}"
    line(
        parent,
        f"{ticks}M{x:g} {y:g}L{x + radius * 0.3:.1f} {y - radius * 0.7:.1f}M{x:g} {y:g}h{radius * 0.5:.1f}",
        stroke_width=1.2,
    )
