"""Resident memory of a server after 10,000 completions."""

from __future__ import annotations

from collections.abc import Mapping

import psutil

from bench.figure import Measured
from bench.figures.complete_task import STEP
from bench.support.served import Visitor, served
from bench.support.trust import TRIAGE, Ground, ground
from storage.database import transaction

COUNT = 10_000
TOGETHER = 200


def measure() -> Mapping[str, Measured]:
    """Cases are started and their first task completed over HTTP, all forms, tables and mail included."""
    with ground() as here:
        url = here.database.url.render_as_string(hide_password=False)
        with served(url, here.folder, CLOCK="no") as process:
            visitor = Visitor(process.port, here.database, here.people["director_of_education"].id)  # type: ignore[attr-defined]
            before = _megabytes(process.pid)
            for _ in range(COUNT // TOGETHER):
                _complete_some(here, visitor)
            after = _megabytes(process.pid)
    how = f"after {COUNT:,} completions over HTTP; {before:.0f} MB before the first"
    return {"rss_mb": Measured(after, "MB", how)}


def _megabytes(pid: int) -> float:
    return float(psutil.Process(pid).memory_info().rss) / 1e6


def _complete_some(here: Ground, visitor: Visitor) -> None:
    with transaction(here.database) as store:
        begun = [here.start(store).id for _ in range(TOGETHER)]
        waiting = [task.id for case_id in begun for task in store.open_tasks(case_id) if task.step == STEP]
    for task_id in waiting:
        status, leads = visitor.post(f"/tasks/{task_id}", {**TRIAGE, "complete": [""]})
        if status != 303:
            raise RuntimeError(f"a completion answered {status} {leads}")
