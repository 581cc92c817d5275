"""How much faster Headway became: completions, rounds and pages against an earlier commit, in turn, in one run."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from bench.figure import Measured, p50
from bench.support.two_sides import BASE_COMMIT, Side, Visitor, together, two_sides

CLIENTS = 8
TURNS = 5
AT_ONCE = 50  # tasks in one turn
PAGES = 60
NOT_HERE = f"commit {BASE_COMMIT} is not in this clone: fetch the whole history to measure against it"


def measure() -> Mapping[str, Measured]:
    """Each the base's time over this tree's. Zero, and missed, where the base's commit cannot be had."""
    with two_sides() as sides:
        if sides is None:
            return {name: Measured(0, "times", NOT_HERE) for name in ("clients_8_gain", "round_gain", "task_page_gain")}
        for side in sides:
            side.add_cases(AT_ONCE)
            together(side, CLIENTS, Visitor.round)
        return {
            "clients_8_gain": _gain(sides, Visitor.complete, "completed"),
            "round_gain": _gain(sides, Visitor.round, "rounds (task page, completion, the list it leads to)"),
            "task_page_gain": _page_gain(sides),
        }


def _gain(sides: tuple[Side, Side], each: Callable[[Visitor, str], object], what: str) -> Measured:
    took: list[list[float]] = [[], []]
    used: list[list[float]] = [[], []]
    for _ in range(TURNS):
        for times, spent, side in zip(took, used, sides, strict=True):
            side.add_cases(AT_ONCE)
            began = side.processor()
            times.append(together(side, CLIENTS, each))
            spent.append((side.processor() - began) / AT_ONCE * 1e3)
    before, after = (AT_ONCE / p50(times) for times in took)
    worked = [p50(spent) for spent in used]
    said = f"{after:.0f} {what} a second by {CLIENTS} clients over {before:.0f}"
    return Measured(after / before, "times", f"{said}; processor {worked[1]:.1f} ms each over {worked[0]:.1f}")


def _page_gain(sides: tuple[Side, Side]) -> Measured:
    took: list[list[float]] = [[], []]
    for side in sides:
        side.add_cases(1)
    began = [side.processor() for side in sides]
    visitors = [side.visitor() for side in sides]
    for _ in range(PAGES):
        for times, side, visitor in zip(took, sides, visitors, strict=True):
            start = time.perf_counter()
            visitor.get(f"/tasks/{side.waiting[0]}")
            times.append(time.perf_counter() - start)
    used = [(side.processor() - then) / PAGES * 1e3 for side, then in zip(sides, began, strict=True)]
    before, after = (p50(times) * 1e3 for times in took)
    said = f"p50 of {PAGES} openings: {after:.1f} ms, {before:.1f} ms before"
    return Measured(before / after, "times", f"{said}; processor {used[1]:.1f} ms each over {used[0]:.1f}")
