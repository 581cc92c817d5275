"""Texts and numbers as they stand in rules: what can be said of them without working anything out."""

from __future__ import annotations

import re
from typing import Any

_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")
_PLAIN = re.compile(r'\s*(?:-|null|true|false|"[^"\\]*"|-?\d{1,15}(?:\.\d{1,15})?)\s*')
MOST_FOUND = 100  # texts or numbers in one rule


def is_plain(rule: str) -> bool:
    """Whether a rule or cell is a text, a number, true, false or nothing by itself."""
    return _PLAIN.fullmatch(rule) is not None


def plain_value(rule: str) -> Any:
    """The value of a text, number, true or false by itself; None for everything else."""
    text = rule.strip()
    if not is_plain(text) or text in ("-", "null"):
        return None
    if text[0] == '"':
        return text[1:-1]
    if text in ("true", "false"):
        return text == "true"
    return float(text) if "." in text else int(text)


def outside_texts(rule: str) -> str:
    """A rule with every text in quotation marks emptied, as long as before."""
    return _TEXT.sub(lambda found: '"' + "_" * (len(found[0]) - 2) + '"', rule)


def texts_in(rule: str) -> list[str]:
    """The texts that stand in a rule, without their quotation marks."""
    return [found[0][1:-1] for found in _TEXT.finditer(rule)][:MOST_FOUND]


def numbers_in(rule: str) -> list[float]:
    """The numbers that stand in a rule."""
    found = _NUMBER.findall(outside_texts(rule).replace("..", " "))
    return [float(text) for text in found[:MOST_FOUND] if len(text) < 16]
