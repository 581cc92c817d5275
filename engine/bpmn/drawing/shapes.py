"""The shapes of a diagram as people know them from the modeller, each drawn into a group of its own."""

from __future__ import annotations

import math

from lxml import etree

from engine.bpmn.diagram.tags import child, definitions, local, name_of
from engine.bpmn.drawing.events import sign
from engine.bpmn.drawing.svg import FONT, INK, LINE, PAPER, Rectangle, line, put, width_of, wrapped, write
from engine.model.text import clean

LABEL_WIDTH = 110  # of a name beside its shape
HALO: dict[str, str | float] = {"stroke": PAPER, "stroke_width": 3, "paint_order": "stroke"}  # keeps lines off letters
STRIP = 30  # the part of a lane or pool that holds its name


def shape(
    parent: etree._Element, drawn: etree._Element, box: Rectangle, label: Rectangle | None, expanded: bool
) -> None:
    """One element of a diagram, whatever it is."""
    tag = local(drawn)
    if tag in ("participant", "lane"):
        _strip(parent, drawn, box)
    elif tag == "textAnnotation":
        _note(parent, drawn, box)
    elif tag == "group":
        put(parent, "rect", **_rect(box), rx=8, fill="none", stroke=INK, stroke_dasharray="8 4")
    elif tag.endswith("Gateway"):
        _diamond(parent, drawn, box)
        _beside(parent, drawn, box, label)
    elif tag.endswith("Event"):
        _circle(parent, drawn, box)
        _beside(parent, drawn, box, label)
    elif tag in ("dataObjectReference", "dataStoreReference"):
        _kept(parent, tag, box)
        _beside(parent, drawn, box, label)
    else:
        _step(parent, drawn, box, expanded)


def _rect(box: Rectangle) -> dict[str, str | float]:
    return {"x": box.x, "y": box.y, "width": box.width, "height": box.height}


def _strip(parent: etree._Element, drawn: etree._Element, box: Rectangle) -> None:
    put(parent, "rect", **_rect(box), fill=PAPER, stroke=INK, class_="hw-drawing__shape")
    if local(drawn) == "participant":
        line(parent, f"M{box.x + STRIP:g} {box.y:g}V{box.bottom:g}")
    name = wrapped(name_of(drawn), box.height - 10, 2)
    x, y = box.x + STRIP / 2, box.middle[1]
    turned = put(parent, "g", transform=f"rotate(-90 {x:g} {y:g})")
    write(turned, name, x, y - LINE * len(name) / 2, font_weight="bold")


def _note(parent: etree._Element, drawn: etree._Element, box: Rectangle) -> None:
    line(parent, f"M{box.x + 12:g} {box.y:g}H{box.x:g}V{box.bottom:g}H{box.x + 12:g}")
    said = child(drawn, "text")
    text = "" if said is None else clean("".join(map(str, said.itertext())))
    lines = wrapped(text, box.width - 14, max(1, int(box.height // LINE)))
    write(parent, lines, box.x + 7, box.y + 4, text_anchor="start")


def _kept(parent: etree._Element, tag: str, box: Rectangle) -> None:
    """A sheet with a folded corner for a document, a drum for where many are kept."""
    x, y, right, bottom = box.x, box.y, box.right, box.bottom
    if tag == "dataObjectReference":
        fold = min(box.width, box.height) / 3
        way = f"M{x:g} {y:g}H{right - fold:g}L{right:g} {y + fold:g}V{bottom:g}H{x:g}z"
        way += f"M{right - fold:g} {y:g}v{fold:g}h{fold:g}"
    else:
        half, high = box.width / 2, box.height / 8
        lid = f"a{half:g} {high:g} 0 1 0 {box.width:g} 0a{half:g} {high:g} 0 1 0 {-box.width:g} 0"
        foot = f"V{bottom - high:g}a{half:g} {high:g} 0 0 0 {box.width:g} 0V{y + high:g}"
        way = f"M{x:g} {y + high:g}{lid}{foot}"
    line(parent, way, fill=PAPER, class_="hw-drawing__shape")


def _step(parent: etree._Element, drawn: etree._Element, box: Rectangle, expanded: bool) -> None:
    tag, name = local(drawn), name_of(drawn)
    dots = {"stroke_dasharray": "2 4"} if drawn.get("triggeredByEvent") == "true" else {}
    thick = 4 if tag == "callActivity" else 1.5
    look: dict[str, str | float] = {"fill": PAPER, "stroke": INK, "stroke_width": thick, **dots}
    put(parent, "rect", **_rect(box), rx=10, class_="hw-drawing__shape", **look)
    if tag == "transaction":
        inner = Rectangle(box.x + 3, box.y + 3, box.width - 6, box.height - 6)
        put(parent, "rect", **_rect(inner), rx=8, fill="none", stroke=INK)
    block = tag in ("subProcess", "transaction", "adHocSubProcess")
    if block and expanded:
        write(parent, wrapped(name, box.width - 20, 1), box.middle[0], box.y + 6, font_weight="bold")
    else:
        marks = 14 if _marks(drawn) or block else 0
        lines = wrapped(name, box.width - 12, max(1, int((box.height - 8 - marks) // LINE)))
        top = box.middle[1] - LINE * len(lines) / 2
        _icon(parent, tag, box)
        write(parent, lines, box.middle[0], max(top, box.y + 18) if len(lines) < 4 and tag in ICONS else top)
    _below(parent, drawn, box, block and not expanded)


def _marks(drawn: etree._Element) -> bool:
    loops = ("multiInstanceLoopCharacteristics", "standardLoopCharacteristics")
    return any(child(drawn, tag) is not None for tag in loops)


def _below(parent: etree._Element, drawn: etree._Element, box: Rectangle, closed: bool) -> None:
    """The small signs at a step's lower edge: for several, closed block."""
    x, y = box.middle[0], box.bottom - 14
    if _marks(drawn):
        _loop(parent, child(drawn, "multiInstanceLoopCharacteristics"), x, y)
        x += 20
    if closed:
        line(parent, f"M{x - 6:g} {y - 1:g}h12v12h-12zM{x:g} {y + 1:g}v8M{x - 4:g} {y + 5:g}h8")


def _loop(parent: etree._Element, several: etree._Element | None, x: float, y: float) -> None:
    """A round arrow for what repeats itself; bars for several, level when they are done one after the other."""
    if several is None:
        line(parent, f"M{x - 3:g} {y + 9:g}A5 5 0 1 1 {x + 3:g} {y + 9:g}M{x - 7:g} {y + 9.5:g}h4.5v-4.5")
    elif several.get("isSequential") == "true":
        line(parent, "".join(f"M{x - 5:g} {y + 5 + dy:g}h10" for dy in (-4, 0, 4)), stroke_width=2)
    else:
        line(parent, "".join(f"M{x + dx:g} {y:g}v10" for dx in (-4, 0, 4)), stroke_width=2)


# In a square of 16, drawn at the upper left of a step.
ICONS = {
    "userTask": "M8 2a3 3 0 1 0 .01 0M2 15v-1a6 5 0 0 1 12 0v1z",
    "manualTask": "M2 8l3-4h4l-1 2h6v2h-6m0 0h5v2h-5m0 0h4v2h-4m0 0h3v2h-7l-4-3z",
    "serviceTask": "M8 5a3 3 0 1 0 .01 0M8 1v3M8 12v3M1 8h3M12 8h3M3 3l2 2M11 11l2 2M3 13l2-2M11 5l2-2",
    "sendTask": "M1 3h14v10h-14zM1 3l7 6l7-6",
    "receiveTask": "M1 3h14v10h-14zM1 3l7 6l7-6",
    "scriptTask": "M4 1h9v14h-9zM6 5h5M6 8h5M6 11h5",
    "businessRuleTask": "M1 2h14v12h-14zM1 6h14M5 6v8",
}


def _icon(parent: etree._Element, tag: str, box: Rectangle) -> None:
    if tag in ICONS:
        held = put(parent, "g", transform=f"translate({box.x + 5:g} {box.y + 4:g}) scale(0.85)")
        line(held, ICONS[tag], stroke_width=1.2, class_="hw-drawing__icon")


def _diamond(parent: etree._Element, drawn: etree._Element, box: Rectangle) -> None:
    x, y = box.middle
    points = f"{x:g},{box.y:g} {box.right:g},{y:g} {x:g},{box.bottom:g} {box.x:g},{y:g}"
    put(parent, "polygon", points=points, fill=PAPER, stroke=INK, stroke_width=1.5, class_="hw-drawing__shape")
    part = min(box.width, box.height) / 5
    signs = {
        "exclusiveGateway": f"M{x - part:g} {y - part:g}L{x + part:g} {y + part:g}M{x + part:g} {y - part:g}"
        f"L{x - part:g} {y + part:g}",
        "parallelGateway": f"M{x - part * 1.3:g} {y:g}H{x + part * 1.3:g}M{x:g} {y - part * 1.3:g}V{y + part * 1.3:g}",
    }
    if local(drawn) in signs:
        line(parent, signs[local(drawn)], stroke_width=3)
    elif local(drawn) == "eventBasedGateway":
        for radius in (part * 1.5, part * 1.25):
            put(parent, "circle", cx=x, cy=y, r=radius, fill="none", stroke=INK, stroke_width=1)
        line(parent, _pentagon(x, y, part * 0.8), stroke_width=1.2)
    else:
        put(parent, "circle", cx=x, cy=y, r=part * 1.2, fill="none", stroke=INK, stroke_width=2)


def _pentagon(x: float, y: float, radius: float) -> str:
    turns = [corner * 2 * math.pi / 5 for corner in range(5)]
    corners = (f"{x + math.sin(turn) * radius:.1f} {y - math.cos(turn) * radius:.1f}" for turn in turns)
    return "M" + "L".join(corners) + "z"


def _circle(parent: etree._Element, drawn: etree._Element, box: Rectangle) -> None:
    tag, kinds = local(drawn), definitions(drawn)
    x, y = box.middle
    radius = min(box.width, box.height) / 2
    beside = "false" in (drawn.get("cancelActivity"), drawn.get("isInterrupting"))
    dashes = {"stroke_dasharray": "4 3"} if beside else {}
    look: dict[str, str | float] = {"fill": PAPER, "stroke": INK, **dashes}
    thick = 4 if tag == "endEvent" else 1.5
    put(parent, "circle", cx=x, cy=y, r=radius, stroke_width=thick, class_="hw-drawing__shape", **look)
    if tag not in ("startEvent", "endEvent"):
        put(parent, "circle", cx=x, cy=y, r=radius - 3, stroke_width=1.5, **look)
    for kind in kinds:
        sign(parent, kind, box.middle, radius, says=tag in ("endEvent", "intermediateThrowEvent"))


def _beside(parent: etree._Element, drawn: etree._Element, box: Rectangle, label: Rectangle | None) -> None:
    """A name under its shape, or where the designer put it."""
    name = name_of(drawn)
    if not name:
        return
    if label is None:
        write(parent, wrapped(name, LABEL_WIDTH, 4), box.middle[0], box.bottom + 3, class_="hw-drawing__label", **HALO)
    else:
        outside(parent, name, label)


def outside(parent: etree._Element, name: str, label: Rectangle) -> None:
    """A name in the place that its designer gave it."""
    lines = wrapped(name, label.width * 1.15 + FONT / 2, max(4, round(label.height / LINE)))
    write(parent, lines, label.middle[0], label.y, class_="hw-drawing__label", **HALO)


def pill(parent: etree._Element, text: str, right: float, top: float, late: bool) -> Rectangle:
    """A small label with a number and a word; returns where it stands."""
    wide = width_of(text) * 1.05 + 14  # in bold
    box = Rectangle(right - wide, top, wide, 18)
    kind = "hw-badge hw-badge--late" if late else "hw-badge"
    held = put(parent, "g", class_=kind)
    put(held, "rect", **_rect(box), rx=9, fill=INK if late else PAPER, stroke=INK, stroke_width=1.5)
    write(
        held, [text], box.middle[0], top + 2, fill=PAPER if late else INK, font_weight="bold", class_="hw-badge__text"
    )
    return box
