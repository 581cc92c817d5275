"""A form's HTML as the text it says: headings, paragraphs, lists and links. Whatever would run or ask is refused."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from engine.forms.drawn.texts import BadText

_ACTIVE = frozenset(
    [
        "script",
        "iframe",
        "frame",
        "object",
        "embed",
        "applet",
        "form",
        "input",
        "select",
        "textarea",
        "button",
        "base",
        "meta",
        "link",
    ]
)
_SILENT = frozenset(["style", "title", "head", "template", "noscript", "svg", "math"])
_APART = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "header",
        "footer",
        "ul",
        "ol",
        "dl",
        "table",
        "blockquote",
        "pre",
        "figure",
        "hr",
        "address",
    ]
)
_LINES = frozenset(["br", "tr", "dt", "dd", "caption", "figcaption"])
_HEADINGS = {f"h{level}": "#" * level for level in range(1, 7)}
_RUNS = (
    "This HTML holds a script, a form or a page of another website, which Headway never shows. Use a text component."
)
_LINK = re.compile(r"https://[A-Za-z0-9.-]+(?:[/?#:][^\s()\[\]{}]*)?")


def text_of(html: str) -> str:
    """The text in the few marks that a passage knows. Raises BadText for whatever would run or ask."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.said).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._silent = 0
        self._numbered: list[bool] = []
        self._links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: (value or "").strip() for name, value in attrs}
        address = given.get("href", "").lower()
        if (
            tag in _ACTIVE
            or any(name.startswith("on") for name in given)
            or address.startswith(("javascript:", "data:"))
        ):
            raise BadText(_RUNS)
        if tag in _SILENT:
            self._silent += 1
        elif tag in _HEADINGS:
            self.said.append(f"\n\n{_HEADINGS[tag]} ")
        elif tag == "li":
            self.said.append("\n1. " if self._numbered and self._numbered[-1] else "\n- ")
        elif tag == "a":
            self._links.append(given.get("href", "") if _LINK.fullmatch(given.get("href", "")) else "")
            self.said.append("[" if self._links[-1] else "")
        else:
            self._begin_block(tag)

    def _begin_block(self, tag: str) -> None:
        if tag in ("ul", "ol"):
            self._numbered.append(tag == "ol")
        self.said.append("\n\n" if tag in _APART else "\n" if tag in _LINES else " " if tag in ("td", "th") else "")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag == "a" and self._links:
            address = self._links.pop()
            self.said.append(f"]({address})" if address else "")
        elif tag in ("ul", "ol") and self._numbered:
            self._numbered.pop()
        if tag in _APART or tag in _HEADINGS:
            self.said.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said.append(re.sub(r"\s+", " ", data.replace("[", "(").replace("]", ")")))
