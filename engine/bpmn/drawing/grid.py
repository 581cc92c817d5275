"""Where the steps of a sheet stand, as columns and rows: asked of bpmn-auto-layout, run in V8 with a limit of time.

It is given numbers in place of the file's names, so nothing that a file says reaches it. What it cannot arrange, and it
gives up over some circles, stands in one row as far as it can.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from time import process_time

from engine.rules.isolate import Broken, Isolate

Spot = tuple[int, int]  # column, row
WIDE, HIGH = 150, 140  # a cell of the library's
_MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
MOST_SECONDS = 0.3  # of all sheets of a file
_ONE_AT_A_TIME = threading.Lock()


class Arranger:
    """The library, made when first asked and thrown away at the end. Once it has taken too long it is asked no more."""

    def __init__(self) -> None:
        self._isolate: Isolate | None = None
        self._left = MOST_SECONDS

    def __enter__(self) -> Arranger:
        """One at a time: each takes 20 MB."""
        _ONE_AT_A_TIME.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        """Throw the isolate away."""
        if self._isolate is not None:
            self._isolate.close()
        _ONE_AT_A_TIME.release()

    def spots(
        self, steps: Sequence[str], arrows: Sequence[tuple[str, str]], hosts: Mapping[str, str]
    ) -> dict[str, Spot]:
        """A column and a row for each step, no two alike. hosts: of events on an edge, which get none."""
        known = set(steps)
        joined = [(source, target) for source, target in dict.fromkeys(arrows) if {source, target} <= known]
        found = self._asked(steps, joined, hosts)
        standing = [step for step in steps if step not in hosts]
        led = [(hosts.get(source, source), target) for source, target in joined if target not in hosts]
        columns = _columns(standing, led)
        return _apart({step: (columns[step], found[step][1] if step in found else 0) for step in standing})

    def _asked(
        self, steps: Sequence[str], arrows: Sequence[tuple[str, str]], hosts: Mapping[str, str]
    ) -> dict[str, Spot]:
        if self._left <= 0 or len(steps) < 3:  # two stand in one row, whoever is asked
            return {}
        names = {step: f"n{number}" for number, step in enumerate(steps)}
        began = process_time()
        try:
            self._isolate = self._isolate or Isolate([_script()], "arrange")
            self._isolate.call(_process(names, arrows, hosts).encode())
            told = json.loads(self._isolate.call(b""))
        except Broken:
            self._left = 0.0
            return {}
        self._left -= process_time() - began
        steps_of = {name: step for step, name in names.items()}
        return {steps_of[name]: (int(x // WIDE), int(y // HIGH)) for name, x, y in told or ()}


@cache
def _script() -> str:
    return Path(__file__).with_name("arrange.bundle.js").read_text(encoding="utf-8")


def _process(names: Mapping[str, str], arrows: Sequence[tuple[str, str]], hosts: Mapping[str, str]) -> str:
    into: dict[str, list[str]] = {step: [] for step in names}
    out: dict[str, list[str]] = {step: [] for step in names}
    for number, (source, target) in enumerate(arrows):
        out[source].append(f"<outgoing>f{number}</outgoing>")
        into[target].append(f"<incoming>f{number}</incoming>")
    flows = [
        f'<sequenceFlow id="f{number}" sourceRef="{names[source]}" targetRef="{names[target]}"/>'
        for number, (source, target) in enumerate(arrows)
    ]
    steps = [
        f'<boundaryEvent id="{name}" attachedToRef="{names[hosts[step]]}">{"".join(out[step])}</boundaryEvent>'
        if step in hosts
        else f'<task id="{name}">{"".join(into[step])}{"".join(out[step])}</task>'
        for step, name in names.items()
    ]
    inner = "".join((*steps, *flows))
    return f'<definitions xmlns="{_MODEL}" id="d"><process id="p">{inner}</process></definitions>'


def _columns(steps: Sequence[str], arrows: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Each step a column after the last that leads forward to it: the library leaves gaps, and puts joins early."""
    order, back = _forward(steps, arrows)
    after: dict[str, list[str]] = {step: [] for step in steps}
    for source, target in arrows:
        if (source, target) not in back:
            after[source].append(target)
    column = dict.fromkeys(steps, 0)
    for step in order:
        for other in after[step]:
            column[other] = max(column[other], column[step] + 1)
    return column


def _forward(steps: Sequence[str], arrows: Sequence[tuple[str, str]]) -> tuple[list[str], set[tuple[str, str]]]:
    """The steps in an order in which what comes before stands before, and the arrows that lead back."""
    after: dict[str, list[str]] = {step: [] for step in steps}
    for source, target in arrows:
        after[source].append(target)
    led_to = {target for _, target in arrows}
    seen: set[str] = set()
    open_: set[str] = set()
    done: list[str] = []
    back: set[tuple[str, str]] = set()
    for first in (*(step for step in steps if step not in led_to), *steps):
        work = [] if first in seen else [(first, iter(after[first]))]
        while work:
            step, rest = work[-1]
            seen.add(step)
            open_.add(step)
            other = next(rest, None)
            if other is None:
                done.append(work.pop()[0])
                open_.discard(step)
            elif other in open_:
                back.add((step, other))
            elif other not in seen:
                work.append((other, iter(after[other])))
    return done[::-1], back


def _apart(found: Mapping[str, Spot]) -> dict[str, Spot]:
    """The same with no two steps on one spot: the later one goes down to the next that is free."""
    taken: dict[Spot, str] = {}
    free: dict[int, int] = {}
    for step, (column, row) in found.items():
        if (column, row) in taken:
            row = max(free.get(column, 0), row)
            while (column, row) in taken:
                row += 1
            free[column] = row + 1
        taken[column, row] = step
    return {step: spot for spot, step in taken.items()}
