"""“Did you mean …?”: the known name that is written most like an unknown one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

LONGEST = 60  # characters of a name that may be misspelt
MOST_COMPARED = 200  # names; comparing two takes a moment


def nearest(name: str, known: Iterable[str], cutoff: float = 0.7) -> str | None:
    """The one most like it, if any is like it at all. Names that begin and end otherwise are not compared."""
    if not name or len(name) > LONGEST:
        return None
    alike = [other for other in known if _may_be(name, other)]
    found = get_close_matches(name, sorted(alike)[:MOST_COMPARED], n=1, cutoff=cutoff)
    return found[0] if found else None


def _may_be(name: str, other: str) -> bool:
    near = abs(len(other) - len(name)) <= max(3, len(name) // 2) and len(other) <= LONGEST
    return near and (other[:1] == name[:1] or other[-1:] == name[-1:])
