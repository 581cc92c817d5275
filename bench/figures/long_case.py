"""What the pages of a case that goes round and round cost in its thousandth round, over its tenth."""

from __future__ import annotations

import random
import string
import time
from collections.abc import Mapping
from datetime import UTC, datetime

from bench.figure import Measured, p50
from bench.figures.loop import LETTERS, LOOPING, ROLE, turn
from bench.support.in_process import Browser, inside
from bench.support.trust import Ground, ground, publish
from engine.commands.cases import start
from engine.model.casework import Case, Task
from storage.database import transaction

FIRST, LAST = 10, 1_000
OPENINGS = 40


def measure() -> Mapping[str, Measured]:
    """5 KB a round; the pages in process, so that nothing but the page is measured."""
    with ground() as here, inside(here, ROLE) as browser:
        with transaction(here.database) as store:
            me = here.me(store, ROLE)
            publish(store, LOOPING)
            case = start.start_case(store, me, "loop", here.schools[0].id, "Loop", {}, datetime.now(UTC))
        draw = random.Random(5)
        took: dict[int, tuple[float, float]] = {}
        for number in range(1, LAST + 1):
            task = _waiting(here, case)
            if number in (FIRST, LAST):
                took[number] = _open(browser, f"/tasks/{task.id}"), _open(browser, f"/cases/{case.ref}")
            case = turn(here, me, task, "".join(draw.choices(string.ascii_letters, k=LETTERS)))
    return {
        f"{name}_page_growth": Measured(
            took[LAST][number] / took[FIRST][number],
            "ratio",
            f"p50 of {OPENINGS} openings at round {LAST:,}: {took[LAST][number] * 1e3:.1f} ms of processor time, "
            f"at round {FIRST}: {took[FIRST][number] * 1e3:.1f}",
        )
        for number, name in enumerate(("task", "case"))
    }


def _waiting(here: Ground, case: Case) -> Task:
    with transaction(here.database) as store:
        (task,) = store.open_tasks(case.id)
    return task


def _open(browser: Browser, path: str) -> float:
    browser.get(path)
    took = []
    for _ in range(OPENINGS):
        began = time.process_time()
        browser.get(path)
        took.append(time.process_time() - began)
    return p50(took)
