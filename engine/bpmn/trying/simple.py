"""Whether a rule is made of comparisons alone, so that samples around what stands in it say all there is to say."""

from __future__ import annotations

import re
from collections.abc import Iterable

from engine.rules.literals import outside_texts

_CALLED = re.compile(r"([A-Za-z_][\w ]*?)\s*\(")
_FINE = frozenset({"date", "count", "not", "list contains", "contains", "starts with", "ends with", "string length"})
_FINE |= {"is defined", "and", "or", "in", "if", "then", "else"}
_OTHER = re.compile(r"[+*/{}]|(?<=[\w)\]\"])\s*-|\b(?:for|some|every|function|return|instance)\b")


def is_simple(rules: Iterable[str]) -> bool:
    """Whether rules only compare: no arithmetic, no loops, and no function that makes something new of an answer."""
    return all(_is_simple(outside_texts(rule)) for rule in rules)


def _is_simple(plain: str) -> bool:
    called = {" ".join(found[1].split()) for found in _CALLED.finditer(plain)}
    return not _OTHER.search(plain) and all(name in _FINE or _ends_fine(name) for name in called)


def _ends_fine(name: str) -> bool:
    """`a and not(`: what stands before the bracket may be more than one word."""
    return any(name.endswith(f" {fine}") for fine in _FINE)
