"""Hold the runner to the oracle over random procedures, loading the case from its bytes at every step.

    python -m tests.engine.bpmn.random_models.fuzz --models 20000 --seed 1

Whatever is open is done in random order. After each step both must offer the same tasks, timers and messages, know the
same answers, have said and passed the same and be at the same end. What differs is printed with a recipe to repeat it.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from engine.bpmn.diagram.elements import Element, Kind
from engine.bpmn.runtime import runner
from engine.bpmn.runtime.rest import Rest
from engine.bpmn.runtime.variables import chain, number_of
from engine.errors import CaseStuck, ExpressionStopped
from engine.model.casework import Answers
from tests.engine.bpmn.random_models.handmade import Handmade
from tests.engine.bpmn.random_models.models import NAMES, Model, model
from tests.engine.bpmn.random_models.oracle import Oracle, Stuck

MOST_STEPS = 40


class Different(AssertionError):
    """Runner and oracle disagree."""


@dataclass
class Told:
    """How a random case went."""

    steps: list[str] = field(default_factory=list)
    ended: bool = False
    stuck: bool = False
    most_bytes: int = 0


class Pair:
    """One case, run by both."""

    def __init__(self, model: Model) -> None:
        self.definition = Handmade(model.diagram)
        self.oracle = Oracle(model.diagram, model.value_of, model.known)
        self.rest = Rest(b"", Answers())
        self.asked: list[str] = []  # tokens waiting for an answer

    def both(self, ours: Callable[[], Rest], theirs: Callable[[], None]) -> bool:
        """Let both take a step. False when both say the case is stuck."""
        before = self._open()
        stuck = False
        try:
            theirs()
        except Stuck:
            stuck = True
        try:
            self.rest = ours()
        except (CaseStuck, ExpressionStopped) as error:
            if stuck:
                return False
            raise Different(f"only the runner is stuck: {error}") from error
        if stuck:
            raise Different("only the oracle is stuck")
        self.asked += [said.answer_to for said in self.rest.said if said.answer_to]
        self.asked = [token for token in self.asked if token not in self.rest.gone]
        self._compare(before)
        return True

    def _open(self) -> set[str]:
        rest = self.rest
        return {each.token for open_ in (rest.waiting, rest.timers, rest.awaited, rest.watched) for each in open_}

    def _compare(self, before: set[str]) -> None:
        ours, theirs = self._ours(), self._theirs()
        for name, value in ours.items():
            if value != theirs[name]:
                raise Different(f"{name}: runner {value!r}, oracle {theirs[name]!r}")
        if self.rest.begun != self._open() - before or before - self._open() != self.rest.gone & before:
            raise Different(f"begun {self.rest.begun} and gone {self.rest.gone} do not fit what is open")

    def _ours(self) -> dict[str, Any]:
        rest, elements = self.rest, self.definition.diagram.elements
        return {
            "tasks": [(each.step, _numbers(each.scope), each.item) for each in rest.waiting],
            "timers": [(each.step, each.words) for each in rest.timers],
            "awaited": [(each.step, each.about) for each in rest.awaited],
            "watched": [each.step for each in rest.watched],
            "asked": len(self.asked),
            "values": rest.answers.values,
            "items": sorted(((_numbers(key), dict(own)) for key, own in rest.answers.items.items()), key=repr),
            "said": [
                (each.word, {name: each.parameters[name] for name in _said_by(elements[each.step])}, each.step)
                for each in rest.said
            ],
            "thrown": [(each.trigger, each.name, each.step, each.about) for each in rest.thrown],
            "passed": list(rest.passed),
            "end": rest.ended_at,
        }

    def _theirs(self) -> dict[str, Any]:
        oracle = self.oracle
        return {
            "tasks": [(each.element.id, oracle.where(each), oracle.item(each)) for each in oracle.open("task")],
            "timers": [(each.element.id, each.words) for each in oracle.open("timer")],
            "awaited": [(each.element.id, oracle.about(each)) for each in oracle.open("message")],
            "watched": [each.element.id for each in oracle.open("rule")],
            "asked": len(oracle.open("answer")),
            "values": oracle.values,
            "items": sorted(oracle.own_answers(), key=repr),
            "said": [(word, parameters, step) for word, parameters, step, _ in oracle.told.said],
            "thrown": [(trigger, name or "", step, about) for trigger, name, step, about in oracle.told.thrown],
            "passed": oracle.told.passed,
            "end": None if oracle.top.marks else oracle.ended,
        }

    # What can be done next: (what it is, for both, the same position in the same order).

    def choices(self) -> list[tuple[str, int]]:
        """Everything open, as (kind, position)."""
        counts = {
            "task": len(self.rest.waiting),
            "timer": len(self.rest.timers),
            "message": len(self.rest.awaited),
            "answer": len(self.asked),
        }
        return [(kind, place) for kind, count in counts.items() for place in range(count)]

    def start(self, answers: dict[str, Any], at: str | None = None) -> bool:
        """Begin the case. at: by which start, where there are several."""
        return self.both(
            lambda: runner.start(self.definition, Answers(answers), {}, at), lambda: self.oracle.start(answers, at)
        )

    def starts(self) -> list[str]:
        """The starts it may begin by."""
        drawn = self.definition.diagram.elements.values()
        return [each.id for each in drawn if each.kind is Kind.START and each.inside is None]

    def take(self, kind: str, place: int, new: dict[str, Any]) -> bool:
        """One step."""
        rest, given = self.rest, (self.definition, self.rest.state, self.rest.answers)
        mark = self.oracle.open(kind)[place]
        if kind == "task":
            token = rest.waiting[place].token
            return self.both(lambda: runner.complete(*given, token, new, {}), lambda: self.oracle.complete(mark, new))
        if kind == "timer":
            token = rest.timers[place].token
            return self.both(lambda: runner.wake(*given, token, {}), lambda: self.oracle.wake(mark))
        if kind == "message":
            token = rest.awaited[place].token
            return self.both(lambda: runner.message(*given, token, new, {}), lambda: self.oracle.hear(mark, new))
        token, value = self.asked[place], next(iter(new.values()), None)
        if mark.element.kind is Kind.CALL:
            value = {"started": bool(new), "answers": new}
        return self.both(lambda: runner.answer(*given, token, value, {}), lambda: self.oracle.answer(mark, value))


def _said_by(element: Element) -> set[str]:
    return {*element.parameters, *(["answers"] if element.hands_all else ())}


def _numbers(scope: str | None) -> tuple[int, ...]:
    return tuple(number_of(key) for key in chain(scope))


def tell(seed: int, size: int | None = None) -> Told:
    """Run the case of a seed to its end, or for MOST_STEPS. Raises Different with a recipe."""
    rng = random.Random(f"{seed} {size}")
    told = Told()
    pair = Pair(model(seed, size))
    try:
        going = pair.start(_new(rng), rng.choice(pair.starts()))
        while going and pair.choices() and len(told.steps) < MOST_STEPS:
            kind, place = rng.choice(pair.choices())
            new = _new(rng)
            told.steps.append(f"{kind} {place} {new}")
            going = pair.take(kind, place, new)
            told.most_bytes = max(told.most_bytes, len(pair.rest.state))
    except Different as error:
        steps = "\n  ".join(told.steps)
        raise Different(f"{error}\nrecipe: seed={seed} size={size}, steps:\n  {steps}") from None
    told.stuck = not going
    told.ended = going and pair.rest.ended_at is not None
    return told


def _new(rng: random.Random) -> dict[str, Any]:
    return {rng.choice(NAMES): rng.randint(0, 2) for _ in range(rng.randint(0, 2))}


def smallest(seed: int, tries: int = 300) -> str | None:
    """A smaller procedure that differs too, if one is found soon."""
    for size in range(1, 6):
        for other in range(seed, seed + tries // 5):
            try:
                tell(other, size)
            except Different as error:
                return str(error)
    return None


def main() -> int:
    """Look for a difference in so many procedures, or until the time is up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args()
    stop, seed = time.monotonic() + given.seconds, given.seed
    ended = stuck = 0
    while seed < given.seed + given.models and time.monotonic() < stop:
        try:
            told = tell(seed)
        except Different as error:
            sys.stdout.write(f"{error}\n\n{smallest(seed) or ''}\n")
            return 1
        ended, stuck, seed = ended + told.ended, stuck + told.stuck, seed + 1
    sys.stdout.write(f"{seed - given.seed} random procedures, the same in both: {ended} ended, {stuck} got stuck\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
