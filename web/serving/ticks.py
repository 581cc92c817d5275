"""The clock in every process: it rings, and whatever is due by then is done. It keeps no work of its own.

APScheduler only says when to look. Looking costs one short reading of an index, so a quiet process stays quiet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from threading import Event

from apscheduler.schedulers.background import BackgroundScheduler

from engine.commands import jobs as commands
from storage import job_queue
from storage.access import accounts
from storage.database import reading, transaction
from web.access import throttle
from web.context import logs
from web.context.trusts import OpenTrust, Trusts
from web.context.utc import utc_now
from web.serving import allocator
from web.serving.mail import NotDelivered, Postman

TRIMMING = allocator.Trimming()  # the memory is the process's, whatever trusts it serves
KEEP = timedelta(days=2)  # what has run out is remembered so long, e.g. whose session it was
QUIET_FAILURES = 60  # after the first, a failure that goes on is only said every so often

Now = Callable[[], datetime]
Tick = Callable[[OpenTrust, Now, Event], int]  # returns how much was done


class Clock:
    """Rings for every trust of this process."""

    def __init__(self, trusts: Trusts, now: Now = utc_now, ticks: Sequence[tuple[Tick, float]] | None = None) -> None:
        """ticks: what to do, and every how many seconds."""
        self._trusts = trusts
        self._now = now
        self._stopping = Event()
        self._failures: Counter[tuple[str, int]] = Counter()
        # A tick that is late runs once, as soon as it can; one that is still running is not started twice.
        self._scheduler = BackgroundScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        for tick, seconds in TICKS if ticks is None else ticks:
            self._scheduler.add_job(self._ring, "interval", [tick], seconds=seconds, id=tick.__name__)

    def start(self) -> None:
        """Begin to ring."""
        self._scheduler.start()

    def stop(self) -> None:
        """Finish what is being done, begin nothing more."""
        self._stopping.set()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)

    def _ring(self, tick: Tick) -> None:
        for trust in self._trusts:
            self._safely(tick, trust)

    def _safely(self, tick: Tick, trust: OpenTrust) -> None:
        """One trust's trouble, or one job's, is nobody else's: say it, and ring on."""
        what = (tick.__name__, id(trust))
        try:
            tick(trust, self._now, self._stopping)
        except Exception as error:
            if self._failures[what] % QUIET_FAILURES == 0:
                logs.say_failure("tick failed", error, tick=tick.__name__, times=self._failures[what] + 1)
            self._failures[what] += 1
        else:
            self._failures.pop(what, None)


def work(trust: OpenTrust, clock: Now, stopping: Event) -> int:
    """Carry out the engine jobs that are due, batch by batch. Returns how many."""
    done, count = 0, 1
    if not _anything_due(trust, clock()):
        return 0
    while count and not stopping.is_set():
        now = clock()
        count = job_queue.work(trust.database, now, partial(commands.do, now=now))
        done += count
    return done


def send(trust: OpenTrust, clock: Now, stopping: Event) -> int:
    """Send the deliveries that are due, one after the other. Returns how many were tried."""
    tried = 0
    with Postman(trust) as postman:
        while not stopping.is_set() and _anything_due(trust, clock()):
            job = job_queue.claim_delivery(trust.database, clock())
            if job is None:
                break
            tried += 1
            try:
                postman.deliver(job, clock())
            except NotDelivered as reason:
                job_queue.delivery_failed(trust.database, job.id, str(reason), clock(), reason.for_good)
            else:
                job_queue.delivered(trust.database, job.id)
    return tried


def tidy(trust: OpenTrust, clock: Now, _stopping: Event) -> int:
    """Forget sessions, links and counters that ran out long ago."""
    with transaction(trust.database) as store:
        accounts.tidy(store.connection, clock(), KEEP, throttle.WINDOW)
    return 0


def trim(_trust: OpenTrust, _clock: Now, _stopping: Event) -> int:
    """Give memory that is free back to the machine, soon after work has taken some."""
    return int(TRIMMING.look())


def _anything_due(trust: OpenTrust, now: datetime) -> bool:
    with reading(trust.database) as connection:
        at = job_queue.next_due(connection)
    return at is not None and at <= now


TICKS: tuple[tuple[Tick, float], ...] = ((work, 1), (send, 2), (trim, 2), (tidy, 3600))
