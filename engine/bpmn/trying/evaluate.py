"""Work rules out with samples: many at a time, each read once, and none for longer than a moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from engine.bpmn.trying.domains import FACTS
from engine.errors import ExpressionStopped
from engine.rules import feel
from engine.rules.feel import Ask, Told

AT_ONCE = 400  # asks in one call into V8
MOST_ASKS = 8_000  # of one procedure
MOST_TOGETHER = 120  # ways to answer the questions of one rule

Names = Mapping[str, Any]


class TooSlow(Exception):
    """A rule that takes too long, or needs too much memory, even with samples."""

    def __init__(self, rule: str) -> None:
        super().__init__()
        self.rule = rule


@dataclass
class Bench:
    """What one check may spend on trying. Every ask counts; when all are spent, rules are tried with fewer samples."""

    left: int = MOST_ASKS
    kept: dict[tuple[Any, ...], Told] = field(default_factory=dict)

    def work_out(self, asks: Sequence[tuple[Ask, Names]]) -> list[Told]:
        """Every ask with names of its own. Raises TooSlow."""
        self.left -= len(asks)
        found: list[Told] = []
        for start in range(0, len(asks), AT_ONCE):
            some = asks[start : start + AT_ONCE]
            try:
                found += _told(some)
            except ExpressionStopped:
                raise TooSlow(_slow_one(some)) from None
        return found

    def ways(self, choices: Mapping[str, Sequence[Any]]) -> tuple[list[dict[str, Any]], bool]:
        """Ways to answer some questions, and whether these are all there are."""
        count = 1
        for values in choices.values():
            count *= len(values)
        if count <= min(MOST_TOGETHER, max(self.left, 0)):
            return [dict(zip(choices, way, strict=True)) for way in product(*choices.values())], True
        return list(_each_in_turn(choices, 12 if self.left > 0 else 2)), False


def _each_in_turn(choices: Mapping[str, Sequence[Any]], most: int) -> Iterator[dict[str, Any]]:
    """Every value once or more often, then each question by itself unanswered, then all of them."""
    longest = max(map(len, choices.values()))
    first = {name: values[0] for name, values in choices.items()}
    for number in range(min(longest, most)):
        yield {name: values[number % len(values)] for name, values in choices.items()}
    for name in list(choices)[:most]:
        if None in choices[name]:
            yield first | {name: None}
    yield {name: None if None in values else values[0] for name, values in choices.items()}


def _told(asks: Sequence[tuple[Ask, Names]]) -> list[Told]:
    return feel.evaluate([ask for ask, _ in asks], FACTS, [names for _, names in asks])


def _slow_one(asks: Sequence[tuple[Ask, Names]]) -> str:
    """Which rule holds everything up: each once by itself, with the samples it has."""
    for ask, names in asks:
        try:
            _told([(ask, names)])
        except ExpressionStopped:
            return ask.expression
    return asks[0][0].expression
