"""A hundred timers a second, three processes on one PostgreSQL: how late, and each once; also beside a busy core."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from bench.figure import Measured, percentile
from bench.figures.timers import open_looks, waiting
from bench.support.served import SECRET
from bench.support.trust import Ground, ground
from storage.database import transaction
from storage.tables import jobs, tasks
from tests.postgres import running_postgres

COUNT, PROCESSES = 10_000, 3
BUSY_COUNT = 4_000
APART = timedelta(milliseconds=10)
HEAD_START = timedelta(seconds=15)
SPIN = "while True: pass"


def measure() -> Mapping[str, Measured]:
    """Lateness is the moment the next task became ready, less the moment its timer was due."""
    late, ready = _late(COUNT)
    with _busy_core():
        busy, _ = _late(BUSY_COUNT)
    return {
        "timers_late_p99_s": Measured(percentile(late, 0.99), "s", _how(late)),
        "timers_fired_once": Measured(ready, "timers", "tasks that came of them, one a case"),
        "timers_late_busy_p99_s": Measured(percentile(busy, 0.99), "s", f"{_how(busy)}; another keeps a core busy"),
    }


def _how(late: Sequence[float]) -> str:
    spread = f"p50 {percentile(late, 0.5):.2f} s, most {max(late):.2f} s"
    return f"{len(late):,} over {(len(late) * APART).total_seconds():.0f} s, {PROCESSES} processes; {spread}"


def _late(count: int) -> tuple[Sequence[float], int]:
    """How late each was, and how many tasks came of them. Raises RuntimeError when some never fired or fired twice."""
    with running_postgres() as url, ground(url) as here:
        waiting(here, count)
        first = _spread(here)
        workers = [_worker(url, here) for _ in range(PROCESSES)]
        try:
            _wait(here, first, count)
        finally:
            for worker in workers:
                worker.send_signal(signal.SIGTERM)
            for worker in workers:
                worker.wait(60)
        late = _lateness(here, first)
    if len(late) != count:
        raise RuntimeError(f"{len(late)} tasks came of {count} timers")
    return late, len(late)


@contextmanager
def _busy_core() -> Iterator[None]:
    """A process that does nothing but take a core's time."""
    spinning = subprocess.Popen([sys.executable, "-c", SPIN])
    try:
        yield
    finally:
        spinning.kill()
        spinning.wait(10)


def _spread(here: Ground) -> datetime:
    """Make the timers due one after another, the first in a moment."""
    first = datetime.now(UTC) + HEAD_START
    with transaction(here.database) as store:
        wanted = select(jobs.c.id).where(jobs.c.kind == "wake").order_by(jobs.c.id)
        ids = list(store.connection.execute(wanted).scalars())
        store.move_jobs({job_id: first + number * APART for number, job_id in enumerate(ids)})
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


def _wait(here: Ground, first: datetime, count: int) -> None:
    until = first + count * APART * 3
    while datetime.now(UTC) < until and open_looks(here) < count:
        time.sleep(2)


def _lateness(here: Ground, first: datetime) -> Sequence[float]:
    """Seconds each was late. The n-th to be ready answers the n-th to be due: no timer can look earlier than it was."""
    with transaction(here.database) as store:
        wanted = select(tasks.c.ready_at).where(tasks.c.step == "look").order_by(tasks.c.ready_at)
        ready = list(store.connection.execute(wanted).scalars())
    return [(at - first - number * APART).total_seconds() for number, at in enumerate(ready)]
