"""Names between quotation marks in a story, whichever marks: what stands between them is one name, whatever it says."""

from __future__ import annotations

import re
import unicodedata

# Marks that begin and end a name. A single mark inside a word, as in “the head's view”, is none.
_PAIRS = (
    ('"\u201c\u201e\u201d\u00ab\u00bb', '"\u201d\u201c\u00bb\u00ab'),
    ("'`\u2018\u201a\u2039\u203a", "'`\u00b4\u2019\u2018\u203a\u2039"),
)
_QUOTED = re.compile(
    "|".join(rf"(?<!\S)[{opens}]([^{opens}{closes}]+|[^\n]+?)[{closes}](?=\s|$)" for opens, closes in _PAIRS)
)
_MARKS = "".join(sorted({mark for pair in _PAIRS for side in pair for mark in side}))
_HIDDEN = re.compile("\x00(\\d+)\x00")
# On one line and within a line's length: a file of stories may be long, and reading it must not take longer for that.
_BEGUN = re.compile(r"""(?m)^([ \t]*-[ \t]+)(["'])([^"'\n]{1,200})\2(?=[ \t]+[^\s#:])""")
_COLON_INSIDE = re.compile(
    r"""(?m)^([ \t]*-[ \t]+)([^"'\s{\[#][^"\n{\[]{0,200}"[^"\n:]{0,200}:[ \t][^"\n]{0,200}\""""
    r"""(?:[ \t]+[^:"\n]{0,200})?)(?=:\s|:?$)"""
)
_DASHES = re.compile("[\u2010-\u2015\u2212-]+")


def written_for_yaml(text: str) -> str:
    """The same file in which a line may begin with a name between marks, and a name between marks may hold a colon.

    YAML would take the first for the whole line, and the second for its end. No line is added or taken away.
    """
    text = _BEGUN.sub(lambda found: f"{found[1]}\u201c{found[3]}\u201d", text)
    return _COLON_INSIDE.sub(lambda found: found[1] + "'" + found[2].replace("'", "''") + "'", text)


def hide(text: str) -> tuple[str, list[str]]:
    """A line in which each name between marks is a number, and these names as they were written."""
    names: list[str] = []

    def number(found: re.Match[str]) -> str:
        names.append(found[0])
        return f"\x00{len(names) - 1}\x00"

    return _QUOTED.sub(number, text.replace("\x00", "")), names


def show(word: str, names: list[str]) -> str:
    """A word of such a line: the name without its marks, or a text with the marks that stood in it."""
    alone = _HIDDEN.fullmatch(word)
    if alone:
        return unquoted(names[int(alone[1])])
    return _HIDDEN.sub(lambda found: names[int(found[1])], word)


def unquoted(text: str) -> str:
    """A text without the marks around all of it."""
    text = " ".join(text.split())
    return text[1:-1].strip() if _QUOTED.fullmatch(text) and text[1:-1].strip() else text


def same(name: str) -> str:
    """What of a name counts: not its capitals, spaces, line breaks, or which marks and dashes stand in it."""
    text = unicodedata.normalize("NFKC", name).casefold()
    text = _DASHES.sub("-", "".join(character for character in text if character not in _MARKS))
    return " ".join(text.split()).rstrip(".!:").strip()
