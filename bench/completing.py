"""Completing Diagnosis 1.3 and starting a case over HTTP, over the floor of the same run."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from uuid import UUID

from bench import floor
from bench.figure import Measured, p50
from bench.ground import SIGNAL, TRIAGE, Ground, ground
from bench.served import EMPTY, Visitor, served
from storage.database import counting, transaction
from web.library import SHIPPED

ROUNDS = 300
STEP = "triage"


def measure() -> Mapping[str, Measured]:
    """Both ratios; statements and commits of one completion."""
    with ground() as here:
        url = here.database.url.render_as_string(hide_password=False)
        waiting = [_triage(here) for _ in range(ROUNDS + 20)]
        with served(url, here.folder, CLOCK="no") as process:
            visitor = Visitor(process.port, here.database, here.people["director_of_education"].id)  # type: ignore[attr-defined]
            empty, completing, starting = _in_turn(here, visitor, waiting)
        statements, commits = _count(here)
        bpmn = (SHIPPED / "diagnosis.bpmn").read_bytes()
        commit = floor.commit_seconds(here.folder)
        plain, plain_start = floor.spiff_seconds(bpmn, "diagnosis", STEP), floor.spiff_seconds(bpmn, "diagnosis", None)
    floors = empty + plain + commit, empty + plain_start + commit
    return {
        "complete_task_ratio": _ratio(completing, floors[0], empty, plain, commit),
        "complete_task_statements": Measured(statements, "statements", "one completion in process, session included"),
        "complete_task_commits": Measured(commits, "commits", "the same"),
        "start_case_ratio": _ratio(starting, floors[1], empty, plain_start, commit),
    }


def _ratio(took: float, under: float, empty: float, plain: float, commit: float) -> Measured:
    parts = f"empty POST {empty * 1e3:.1f} + plain library {plain * 1e3:.1f} + commit {commit * 1e3:.1f}"
    return Measured(took / under, "ratio", f"p50 {took * 1e3:.1f} ms over {under * 1e3:.1f} ms ({parts})")


def _triage(here: Ground) -> UUID:
    with transaction(here.database) as store:
        case = here.start(store)
        return next(task.id for task in store.open_tasks(case.id) if task.step == STEP)


def _in_turn(here: Ground, visitor: Visitor, waiting: list[UUID]) -> tuple[float, float, float]:
    """p50 of an empty POST, a completion and a start, taken in turn so that the machine's moods fall on all alike."""
    kinds: dict[str, Callable[[], tuple[int, str]]] = {
        "empty": lambda: visitor.post(EMPTY, {}),
        "complete": lambda: visitor.post(f"/tasks/{waiting.pop()}", {**TRIAGE, "complete": [""]}),
        "start": lambda: visitor.post(START, {**SIGNAL, "school": [str(here.schools[0].id)], **CONFIRMED}),
    }
    took: dict[str, list[float]] = {name: [] for name in kinds}
    for number in range(ROUNDS + 10):
        for name, once in kinds.items():
            began = time.perf_counter()
            status, leads = once()
            elapsed = time.perf_counter() - began
            if status not in (204, 303):
                raise RuntimeError(f"{name} answered {status} {leads}")
            if number >= 10:
                took[name].append(elapsed)
    return p50(took["empty"]), p50(took["complete"]), p50(took["start"])


START = "/start/diagnosis"
CONFIRMED: dict[str, list[str]] = {"title": ["Attendance in Year 4"], "start": [""], "anyway": ["yes"]}


def _count(here: Ground) -> tuple[int, int]:
    """Statements and commits of one completion through the pages, in this process."""
    from bench.inside import inside

    _triage(here)
    task_id = _triage(here)
    with inside(here, "director_of_education") as browser:
        browser.post(f"/tasks/{_triage(here)}", {**TRIAGE, "complete": [""]})
        with counting(here.database) as counted:
            browser.post(f"/tasks/{task_id}", {**TRIAGE, "complete": [""]})
    with transaction(here.database) as store:
        done = store.task(task_id)
    if done.done_at is None:
        raise RuntimeError("the completion that was counted did not happen")
    return len(counted.statements), counted.commits
