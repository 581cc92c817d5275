"""The marks a drawing is made of: small helpers that write SVG elements, and texts wrapped to a width."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

SVG = "http://www.w3.org/2000/svg"
FONT = 12
LINE = 14  # from one line of text to the next
INK = "#1d2b36"
PAPER = "#ffffff"
_NARROW, _WIDE = frozenset("iljtfrI.,:;'|!()[] -"), frozenset("mwMW@%—…")
_MOST = 100_000.0  # coordinates beyond this are no drawing


@dataclass(frozen=True)
class Rectangle:
    """A rectangle on the page."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> tuple[float, float]:
        """Its centre."""
        return self.x + self.width / 2, self.y + self.height / 2


def number(text: str | None) -> float | None:
    """A coordinate, None when it is none."""
    try:
        found = float(text or "")
    except ValueError:
        return None
    return found if -_MOST <= found <= _MOST else None


def put(parent: etree._Element, tag: str, **attributes: str | float) -> etree._Element:
    """A new SVG element. `class_` is the class; an underscore in other names stands for a hyphen."""
    made = etree.SubElement(parent, f"{{{SVG}}}{tag}")
    for name, value in attributes.items():
        text = f"{value:g}" if isinstance(value, int | float) else value
        made.set("class" if name == "class_" else name.replace("_", "-"), text)
    return made


def line(parent: etree._Element, path: str, **attributes: str | float) -> etree._Element:
    """A path in ink."""
    look: dict[str, str | float] = {"fill": "none", "stroke": INK, "stroke_width": 1.5, **attributes}
    return put(parent, "path", d=path, **look)


def width_of(text: str, size: float = FONT) -> float:
    """About how wide a text is, in the same units as its size; rather too wide than too narrow for most fonts."""
    ems = (0.34 if c in _NARROW else 0.92 if c in _WIDE else 0.72 if c.isupper() else 0.6 for c in text)
    return sum(ems) * size


def wrapped(text: str, width: float, most: int, size: float = FONT) -> list[str]:
    """The lines of a text of at most this width; what does not fit into `most` lines ends in "…"."""
    lines: list[str] = []
    for word in text.split():
        for piece in _pieces(word, width, size):
            joined = f"{lines[-1]} {piece}" if lines else piece
            if lines and width_of(joined, size) <= width:
                lines[-1] = joined
            else:
                lines.append(piece)
    if len(lines) > most:
        last = lines[most - 1]
        while last and width_of(f"{last}…", size) > width:
            last = last[:-1]
        lines = [*lines[: most - 1], f"{last.rstrip()}…"]
    return lines


def _pieces(word: str, width: float, size: float) -> list[str]:
    """A word cut where it is wider than a whole line."""
    pieces = [""]
    for letter in word:
        if pieces[-1] and width_of(pieces[-1] + letter, size) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def write(parent: etree._Element, lines: list[str], x: float, top: float, **attributes: str | float) -> None:
    """Lines of text, centred on x unless said otherwise; `top` is the upper edge of the first."""
    said: dict[str, str | float] = {
        "font_size": FONT,
        "text_anchor": "middle",
        "fill": INK,
        "class_": "hw-drawing__text",
        **attributes,
    }
    text = put(parent, "text", **said)
    for place, content in enumerate(lines):
        put(text, "tspan", x=round(x, 1), y=round(top + LINE * (place + 0.8), 1)).text = content
