"""10,000 timers spread over 100 seconds, three processes on one PostgreSQL: how late, and each once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from bench.figure import Measured, percentile
from bench.figures.timers import open_looks, waiting
from bench.support.served import SECRET
from bench.support.trust import Ground, ground
from storage.database import transaction
from storage.tables import jobs, tasks
from tests.postgres import running_postgres

COUNT, OVER_SECONDS, PROCESSES = 10_000, 100, 3
HEAD_START = timedelta(seconds=15)


def measure() -> Mapping[str, Measured]:
    """Lateness is the moment the next task became ready, less the moment its timer was due."""
    with running_postgres() as url, ground(url) as here:
        waiting(here, COUNT)
        first = _spread(here)
        workers = [_worker(url, here) for _ in range(PROCESSES)]
        try:
            _wait(here, first)
        finally:
            for worker in workers:
                worker.send_signal(signal.SIGTERM)
            for worker in workers:
                worker.wait(60)
        late, ready = _lateness(here, first)
    spread = f"p50 {percentile(late, 0.5):.2f} s, most {max(late):.2f} s"
    how = f"{COUNT:,} over {OVER_SECONDS} s, {PROCESSES} processes; {spread}"
    return {
        "timers_late_p99_s": Measured(percentile(late, 0.99), "s", how),
        "timers_fired_once": Measured(ready, "timers", "tasks that came of them, one a case"),
    }


def _spread(here: Ground) -> datetime:
    """Make the timers due one after another, the first in a moment."""
    first = datetime.now(UTC) + HEAD_START
    apart = timedelta(seconds=OVER_SECONDS) / COUNT
    with transaction(here.database) as store:
        wanted = select(jobs.c.id).where(jobs.c.kind == "wake").order_by(jobs.c.id)
        ids = list(store.connection.execute(wanted).scalars())
        store.move_jobs({job_id: first + number * apart for number, job_id in enumerate(ids)})
    return first


def _worker(url: str, here: Ground) -> subprocess.Popen[bytes]:
    env = {
        **os.environ,
        "DATABASE_URL": url,
        "SECRET_KEY": SECRET,
        "FILES_DIR": str(here.folder / "files"),
        "VAR_DIR": str(here.folder),
    }
    command = [sys.executable, "-m", "web.cli.main", "work"]
    return subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)


def _wait(here: Ground, first: datetime) -> None:
    until = first + timedelta(seconds=OVER_SECONDS * 3)
    while datetime.now(UTC) < until and open_looks(here) < COUNT:
        time.sleep(2)


def _lateness(here: Ground, first: datetime) -> tuple[Sequence[float], int]:
    """Seconds each was late. The n-th to be ready answers the n-th to be due: no timer can look earlier than it was."""
    apart = OVER_SECONDS / COUNT
    with transaction(here.database) as store:
        wanted = select(tasks.c.ready_at).where(tasks.c.step == "look").order_by(tasks.c.ready_at)
        ready = list(store.connection.execute(wanted).scalars())
    return [(at - first).total_seconds() - number * apart for number, at in enumerate(ready)], len(ready)
