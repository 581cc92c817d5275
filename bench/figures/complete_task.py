"""Completing Diagnosis 1.3 and starting a case over HTTP, over the floor of the same run."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from uuid import UUID

from bench.figure import Measured, p50
from bench.support import baseline
from bench.support.in_process import inside
from bench.support.served import EMPTY, Visitor, served
from bench.support.trust import SIGNAL, TRIAGE, Ground, ground
from storage.database import counting, transaction
from web.context.library import SHIPPED

ROUNDS = 300
STEP = "triage"


def measure() -> Mapping[str, Measured]:
    """Both ratios; statements and commits of one completion."""
    with ground() as here:
        url = here.database.url.render_as_string(hide_password=False)
        waiting = [_triage(here) for _ in range(ROUNDS + 20)]
        with served(url, here.folder, CLOCK="no") as process:
            visitor = Visitor(process.port, here.database, here.people["director_of_education"].id)  # type: ignore[attr-defined]
            took = _in_turn(here, visitor, waiting)
        statements, commits = _count(here)
    return {
        "complete_task_ratio": _ratio(took["complete"], took["empty"], took["plain complete"], took["commit"]),
        "complete_task_statements": Measured(statements, "statements", "one completion in process, session included"),
        "complete_task_commits": Measured(commits, "commits", "the same"),
        "start_case_ratio": _ratio(took["start"], took["empty"], took["plain start"], took["commit"]),
    }


def _ratio(took: float, empty: float, plain: float, commit: float) -> Measured:
    under = empty + plain + commit
    parts = f"empty POST {empty * 1e3:.1f} + plain library {plain * 1e3:.1f} + commit {commit * 1e3:.1f}"
    return Measured(took / under, "ratio", f"p50 {took * 1e3:.1f} ms over {under * 1e3:.1f} ms ({parts})")


def _triage(here: Ground) -> UUID:
    with transaction(here.database) as store:
        case = here.start(store)
        return next(task.id for task in store.open_tasks(case.id) if task.step == STEP)


def _in_turn(here: Ground, visitor: Visitor, waiting: list[UUID]) -> dict[str, float]:
    """p50 of a completion, a start and each part of their floors, in turn, so that the machine's moods fall on all."""

    def sent(path: str, form: Mapping[str, list[str]]) -> None:
        status, leads = visitor.post(path, form)
        if status not in (204, 303):
            raise RuntimeError(f"{path} answered {status} {leads}")

    bpmn = (SHIPPED / "diagnosis.bpmn").read_bytes()
    kinds: dict[str, Callable[[], None]] = {
        "empty": lambda: sent(EMPTY, {}),
        "complete": lambda: sent(f"/tasks/{waiting.pop()}", {**TRIAGE, "complete": [""]}),
        "start": lambda: sent(START, {**SIGNAL, "school": [str(here.schools[0].id)], **CONFIRMED}),
        "plain complete": baseline.spiff(bpmn, "diagnosis", STEP),
        "plain start": baseline.spiff(bpmn, "diagnosis", None),
        "commit": baseline.committing(here.folder),
    }
    took: dict[str, list[float]] = {name: [] for name in kinds}
    for number in range(ROUNDS + 10):
        for name, once in kinds.items():
            began = time.perf_counter()
            once()
            if number >= 10:
                took[name].append(time.perf_counter() - began)
    return {name: p50(seconds) for name, seconds in took.items()}


START = "/start/diagnosis"
CONFIRMED: dict[str, list[str]] = {"title": ["Attendance in Year 4"], "start": [""], "anyway": ["yes"]}


def _count(here: Ground) -> tuple[int, int]:
    """Statements and commits of one completion through the pages, in this process."""
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
    return len(counted.statements) + counted.editions, counted.commits
