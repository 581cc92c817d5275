"""How Headway puts several things into one sentence."""

from __future__ import annotations

from collections.abc import Iterable


def in_a_row(texts: Iterable[str], last: str = "and", most: int | None = None) -> str:
    """“a, b and c”; with `most`, of more than one above it the first so many and how many others. Empty for none."""
    said = list(texts)
    if most is not None and len(said) > most + 1:
        return f"{', '.join(said[:most])} {last} {len(said) - most} others"
    return f"{', '.join(said[:-1])} {last} {said[-1]}" if len(said) > 1 else "".join(said)
