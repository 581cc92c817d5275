"""The clock in every process: it rings, and whatever is due by then is done. It keeps no work of its own.

APScheduler only says when to look. Looking costs one short reading of an index, so a quiet process stays quiet.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from threading import Event

from apscheduler.schedulers.background import BackgroundScheduler

from engine.commands import jobs as commands
from storage import accounts, jobs
from storage.database import reading, transaction
from web import deliver, logs, throttle
from web.moment import utc_now
from web.trust import Trust, Trusts

WORK_SECONDS = 1
DELIVER_SECONDS = 2
TIDY_HOURS = 1
KEEP = timedelta(days=2)  # what has run out is remembered so long, e.g. whose session it was
QUIET_FAILURES = 60  # after the first, a failure that goes on is only said every so often


class Clock:
    """Rings for every trust of this process."""

    def __init__(self, trusts: Trusts, now: Callable[[], datetime] = utc_now) -> None:
        self._trusts = trusts
        self._now = now
        self._stopping = Event()
        self._failures: dict[str, int] = {}
        # A tick that is late runs once, as soon as it can; one that is still running is not started twice.
        self._scheduler = BackgroundScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )

    def start(self) -> None:
        """Begin to ring."""
        ring = self._scheduler.add_job
        ring(self._each, "interval", [work, "work"], seconds=WORK_SECONDS, id="work")
        ring(self._each, "interval", [send, "send"], seconds=DELIVER_SECONDS, id="send")
        ring(self._each, "interval", [tidy, "tidy"], hours=TIDY_HOURS, id="tidy", jitter=300)
        self._scheduler.start()

    def stop(self) -> None:
        """Finish what is being done, begin nothing more."""
        self._stopping.set()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)

    def _each(self, tick: Tick, what: str) -> None:
        for trust in self._trusts:
            self._safely(tick, what, trust)

    def _safely(self, tick: Tick, what: str, trust: Trust) -> None:
        """One trust's trouble, or one job's, is nobody else's: say it, and ring on."""
        try:
            tick(trust, self._now, self._stopping)
        except Exception as error:
            count = self._failures.get(what, 0)
            self._failures[what] = count + 1
            if count % QUIET_FAILURES == 0:
                logs.say_failure("tick failed", error, tick=what, times=count + 1)
        else:
            self._failures.pop(what, None)


Tick = Callable[[Trust, Callable[[], datetime], Event], int]


def work(trust: Trust, clock: Callable[[], datetime], stopping: Event) -> int:
    """Carry out the engine jobs that are due, batch by batch. Returns how many."""
    done = 0
    while not stopping.is_set() and _anything_due(trust, clock()):
        now = clock()
        count = jobs.work(trust.database, now, partial(commands.do, now=now))
        done += count
        if not count:
            break
    return done


def send(trust: Trust, clock: Callable[[], datetime], stopping: Event) -> int:
    """Send the deliveries that are due, one after the other. Returns how many were tried."""
    tried = 0
    while not stopping.is_set() and _anything_due(trust, clock()):
        job = jobs.claim_delivery(trust.database, clock())
        if job is None:
            break
        tried += 1
        try:
            deliver.deliver(trust, job, clock())
        except deliver.NotDelivered as reason:
            jobs.delivery_failed(trust.database, job.id, str(reason), clock())
        else:
            jobs.delivered(trust.database, job.id)
    return tried


def tidy(trust: Trust, clock: Callable[[], datetime], _stopping: Event) -> int:
    """Forget sessions, links and counters that ran out long ago."""
    with transaction(trust.database) as store:
        accounts.tidy(store.connection, clock(), KEEP, throttle.WINDOW)
    return 0


def _anything_due(trust: Trust, now: datetime) -> bool:
    with reading(trust.database) as connection:
        at = jobs.next_due(connection)
    return at is not None and at <= now
