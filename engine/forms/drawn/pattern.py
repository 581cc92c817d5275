"""Patterns a text must match, kept to those that can never hold a worker.

A pattern is read by the grammar below (what browsers and Python write alike: no look-around, no back-references), and
the steps that trying every way to match a text could take are counted. A pattern is allowed when they stay under a
limit for texts of a useful length.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from engine.model.wording import quoted

MOST_STEPS = 3_000_000  # about a tenth of a second
LENGTHS = (1000, 250, 100, 40)  # characters a text may have, longest first
LONGEST_PATTERN = 500
ENDLESS = float("inf")

_ESCAPED = re.compile(r"\\(?:[dDwWsSbB]|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|[nrtfv]|[^A-Za-z0-9])", re.ASCII)
_SET = re.compile(r"\[\^?(?:[^\[\]\\]|\\[^A-Za-z]|\\[dDwWsSnrtfv])+\]", re.ASCII)
_ODD_SET = re.compile(r"--|&&|~~|\|\|")  # Python keeps these for itself
_COUNT = re.compile(r"\{([0-9]{1,4})(?:(,)([0-9]{1,4})?)?\}")


class BadPattern(ValueError):
    """The pattern cannot be used. The message is a sentence for the designer."""


@dataclass(frozen=True)
class Pattern:
    """A pattern that is safe on texts of up to `longest` characters."""

    regex: re.Pattern[str]
    longest: int

    def fits(self, text: str) -> bool:
        """Whether the text matches somewhere, as in the form editor."""
        return self.regex.search(text) is not None


@dataclass(frozen=True)
class _Cost:
    """`ways` to match, and `steps` to try them all."""

    ways: float
    steps: float


_ONE = _Cost(1, 1)


@lru_cache(maxsize=512)
def pattern(text: str, longest: int | None = None) -> Pattern:
    """Read a pattern for texts of up to `longest` characters (None: as long as is safe). Raises BadPattern."""
    if len(text) > LONGEST_PATTERN:
        raise BadPattern("The pattern is too long. Keep it under 500 characters.")
    for length in (longest,) if longest else LENGTHS:
        if _Reader(text, length).whole().steps <= MOST_STEPS:
            return Pattern(_compiled(text), length)
    raise BadPattern(
        "The pattern could take too long to check. Repeat single characters, not groups that repeat something in them."
    )


def _compiled(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text, re.ASCII)
    except (re.error, OverflowError, RecursionError) as error:
        raise BadPattern("The pattern cannot be read. Check its brackets.") from error


class _Reader:
    """Reads one pattern from left to right, counting what matching a text of `length` characters could cost."""

    def __init__(self, text: str, length: int) -> None:
        self.text = text
        self.length = length
        self.at = 0
        self.depth = 0

    def whole(self) -> _Cost:
        """The whole pattern: unless it is anchored, it is tried from every character."""
        cost = self.branches()
        if self.at < len(self.text):
            raise BadPattern("The pattern has a closing bracket too many.")
        anchored = self.text.startswith("^") and "|" not in self.text
        return cost if anchored else _Cost(cost.ways, cost.steps * self.length)

    def branches(self) -> _Cost:
        cost = self.sequence()
        while self.take("|"):
            other = self.sequence()
            cost = _Cost(cost.ways + other.ways, cost.steps + other.steps)
        return cost

    def sequence(self) -> _Cost:
        ways, steps = 1.0, 1.0
        while self.at < len(self.text) and self.text[self.at] not in "|)":
            part = self.repeated(self.atom())
            steps += ways * part.steps
            ways *= part.ways
        return _Cost(ways, steps)

    def atom(self) -> _Cost:
        if self.take("("):
            return self.group()
        for shape in (_ESCAPED, _SET):
            if found := shape.match(self.text, self.at):
                self.at = found.end()
                return self.plain(found[0])
        if self.text[self.at] in "\\[{*+?":
            raise BadPattern(f"The pattern cannot be read near {quoted(self.text[self.at : self.at + 10])}.")
        self.at += 1
        return _ONE

    def plain(self, atom: str) -> _Cost:
        if atom.startswith("[") and _ODD_SET.search(atom):
            raise BadPattern(f"Write {quoted(atom)} without doubled marks.")
        return _ONE

    def group(self) -> _Cost:
        self.depth += 1
        if self.depth > 20:
            raise BadPattern("The pattern has too many brackets inside one another.")
        if self.take("?") and not self.take(":"):
            raise BadPattern("The pattern looks ahead or back, or names a group. Use plain brackets only.")
        cost = self.branches()
        if not self.take(")"):
            raise BadPattern("The pattern has an opening bracket too many.")
        self.depth -= 1
        return cost

    def repeated(self, body: _Cost) -> _Cost:
        bounds = self.bounds()
        if bounds is None:
            return body
        self.take("?")  # a lazy repeat has as many ways
        low, high = bounds
        if body.ways == 1:
            return _Cost(high - low + 1, max(1, min(high, self.length)) * body.steps)
        if high > 64 or body.ways > 1e4:
            return _Cost(ENDLESS, ENDLESS)
        tries = [body.ways**count for count in range(high + 1)]
        return _Cost(sum(tries[low:]), max(1, sum(tries[:high])) * body.steps)

    def bounds(self) -> tuple[int, int] | None:
        """How often the last atom may come, at least and at most."""
        for mark, bounds in (("*", (0, self.length)), ("+", (1, self.length)), ("?", (0, 1))):
            if self.take(mark):
                return bounds
        found = _COUNT.match(self.text, self.at)
        if not found:
            return None
        self.at = found.end()
        low = int(found[1])
        if not found[2]:
            return low, low
        high = int(found[3]) if found[3] else max(low, self.length)
        if high < low:
            raise BadPattern("The pattern repeats something from more to fewer times.")
        return low, high

    def take(self, mark: str) -> bool:
        if not self.text.startswith(mark, self.at):
            return False
        self.at += len(mark)
        return True
