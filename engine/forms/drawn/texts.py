"""Texts on a form: labels with `{{ FEEL }}` in them, and the few marks of Markdown that a passage may hold.

Placeholders stay apart from the text until a page escapes both, so an answer can never become a link or a heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from engine.model.wording import quoted

HOLE = re.compile(r"\{\{([^{}]{0,500})\}\}")


@dataclass(frozen=True)
class Feel:
    """An expression, without its leading "="."""

    text: str


# A text with placeholders, in reading order.
Words = tuple[str | Feel, ...]


class BlockKind(StrEnum):
    """What a block of a passage is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    BULLETS = "bullets"
    NUMBERS = "numbers"


@dataclass(frozen=True)
class StyledText:
    """A stretch of text in one style. `href`: https only."""

    words: Words
    strong: bool = False
    href: str | None = None


@dataclass(frozen=True)
class TextBlock:
    """A paragraph or heading (one line of runs), or a list (a line for each item). `level`: of a heading, 1 to 6."""

    kind: BlockKind
    lines: tuple[tuple[StyledText, ...], ...]
    level: int = 0


class BadText(ValueError):
    """A text uses something that Headway does not show. The message is a sentence for the designer."""


def words(text: str) -> Words:
    """A label or hint. A leading "=" makes all of it FEEL. Raises BadText."""
    text = text.strip()
    if text.startswith("="):
        return (Feel(text[1:].strip()),)
    return tuple(_pieces(text))


def _pieces(text: str) -> Iterator[str | Feel]:
    at = 0
    for found in HOLE.finditer(text):
        yield from _literal(text[at : found.start()])
        yield _hole(found.group(1).strip())
        at = found.end()
    yield from _literal(text[at:])


def _literal(text: str) -> Iterator[str]:
    if "{{" in text:
        raise BadText("A placeholder is not closed. Write it as {{ name }}, on one line.")
    if text:
        yield text


def _hole(expression: str) -> Feel:
    if not expression:
        raise BadText("A placeholder is empty. Write a name in it, like {{ name }}.")
    if expression[0] in "#/":
        raise BadText("{{#if}} and {{#loop}} are not supported. Use two texts and hide the one that does not apply.")
    return Feel(expression)


_HEADING = re.compile(r"(#{1,6})[ \t]+(.*)")
_BULLET = re.compile(r"[-*+][ \t]+(.*)")
_NUMBER = re.compile(r"[0-9]{1,3}[.)][ \t]+(.*)")
# Bold, or a link. Both ends stand on one line and hold no marks of their own kind.
_MARK = re.compile(r"\*\*([^*\n]{1,2000})\*\*|__([^_\n]{1,2000})__|(!?)\[([^\[\]\n]{1,500})\]\(([^)\[\s]{0,500})\)")
_IN_LISTS = {BlockKind.BULLETS: _BULLET, BlockKind.NUMBERS: _NUMBER}


def passage(text: str) -> tuple[TextBlock, ...]:
    """The blocks of a Markdown text: paragraphs, headings, bold, lists and https links. Raises BadText."""
    if text.lstrip().startswith("="):
        return (TextBlock(BlockKind.PARAGRAPH, ((StyledText(words(text)),),)),)
    found: list[TextBlock] = []
    for lines in _paragraphs(text):
        found.extend(_blocks(lines))
    return tuple(found)


def _paragraphs(text: str) -> Iterator[list[str]]:
    """Groups of lines between empty ones."""
    group: list[str] = []
    for line in [*text.replace("\r\n", "\n").split("\n"), ""]:
        if line.strip():
            group.append(line.strip())
        elif group:
            yield group
            group = []


def _blocks(lines: list[str]) -> Iterator[TextBlock]:
    """One group of lines holds headings, list items and plain lines in any order."""
    at = 0
    while at < len(lines):
        kind = _kind(lines[at])
        end = at + 1
        while kind is not BlockKind.HEADING and end < len(lines) and _kind(lines[end]) is kind:
            end += 1
        yield _block(kind, lines[at:end])
        at = end


def _kind(line: str) -> BlockKind:
    if _HEADING.match(line):
        return BlockKind.HEADING
    return next((kind for kind, mark in _IN_LISTS.items() if mark.match(line)), BlockKind.PARAGRAPH)


def _block(kind: BlockKind, lines: list[str]) -> TextBlock:
    if kind is BlockKind.PARAGRAPH:
        return TextBlock(kind, (_runs(" ".join(lines)),))
    if kind is BlockKind.HEADING:
        marks, title = lines[0].split(None, 1)
        return TextBlock(kind, (_runs(title.rstrip("#").strip()),), level=len(marks))
    return TextBlock(kind, tuple(_runs(line.split(None, 1)[1]) for line in lines))


def _runs(text: str) -> tuple[StyledText, ...]:
    found: list[StyledText] = []
    at = 0
    for mark in _MARK.finditer(text):
        found.extend(_plain(text[at : mark.start()]))
        found.append(_marked(mark))
        at = mark.end()
    found.extend(_plain(text[at:]))
    return tuple(found)


def _plain(text: str) -> Iterator[StyledText]:
    if text:
        yield StyledText(tuple(_pieces(text)))


def _marked(mark: re.Match[str]) -> StyledText:
    bold, also_bold, picture, title, address = mark.groups()
    if title is None:
        return StyledText(tuple(_pieces(bold or also_bold)), strong=True)
    if picture:
        raise BadText("Pictures are not supported. Describe it in words, or attach it to the case.")
    if not re.match(r"https://[A-Za-z0-9.-]+(?:[/?#:]|$)", address):
        raise BadText(f"The link {quoted(title)} must begin with https:// and may hold no placeholder.")
    return StyledText(tuple(_pieces(title)), href=address)


def holes(blocks: tuple[TextBlock, ...]) -> Iterator[Feel]:
    """Every placeholder of a passage, in reading order."""
    for block in blocks:
        for line in block.lines:
            for run in line:
                yield from (part for part in run.words if isinstance(part, Feel))
