"""A server with 20,000 open cases and nothing to do: what it costs, and whether a timer that comes due still fires."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import psutil
from sqlalchemy import select

from bench.figure import Measured
from bench.figures.timers import waiting
from bench.support.served import served
from bench.support.trust import Ground, ground
from storage.database import transaction
from storage.tables import jobs, tasks

OPEN, SECONDS = 20_000, 30
FAR = timedelta(days=300)


def measure() -> Mapping[str, Measured]:
    """Processor time over half a minute, then the lateness of one timer."""
    with ground() as here:
        waiting(here, OPEN, datetime.now(UTC) + FAR)
        url = here.database.url.render_as_string(hide_password=False)
        with served(url, here.folder) as process:
            time.sleep(8)
            percent = _percent(process.pid)
            late = _late(here)
    return {
        "idle_cpu_percent": Measured(percent, "percent", f"of one core over {SECONDS} s, {OPEN:,} open cases"),
        "idle_timer_late_s": Measured(late, "s", "from the moment a timer was due to its task being ready"),
    }


def _percent(pid: int) -> float:
    process = psutil.Process(pid)
    before = process.cpu_times()
    time.sleep(SECONDS)
    after = process.cpu_times()
    return 100 * (after.user + after.system - before.user - before.system) / SECONDS


def _late(here: Ground) -> float:
    due = datetime.now(UTC) + timedelta(seconds=3)
    with transaction(here.database) as store:
        job_id = store.connection.execute(select(jobs.c.id).where(jobs.c.kind == "wake").limit(1)).scalar_one()
        case_id = store.job(job_id).case_id
        store.move_jobs({job_id: due})
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with transaction(here.database) as store:
            ready = store.connection.execute(select(tasks.c.ready_at).where(tasks.c.case_id == case_id)).scalar()
        if ready is not None:
            return (datetime.now(UTC) - due).total_seconds()
        time.sleep(0.05)
    return float("inf")
