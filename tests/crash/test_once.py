"""What starts by the clock and what cases send: killed in the middle, and with two at work, each happens once."""

from __future__ import annotations

import multiprocessing
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing.synchronize import Event

import pytest
from sqlalchemy import select

from engine.bpmn.package import Package
from engine.commands import clock
from engine.commands.jobs import do
from engine.model.casework import Job, JobKind
from storage.database import Database, reading, transaction
from storage.job_queue import work
from storage.migrations import migrate
from storage.store.sql_store import SqlStore
from storage.tables import cases, entries, jobs, kept_messages, tasks, versions
from tests.engine.bpmn.sketch import end, event, properties, sketch, step, timer, user
from tests.engine.commands.place import NOW, Place
from tests.engine.commands.procedures_of import begun, in_use

pytestmark = pytest.mark.slow
LATER = NOW + timedelta(days=8)  # one Monday after the one it is, and before the next
WAITS, SENDS = 6, 8
SPAWN = multiprocessing.get_context("spawn")


def works_until_killed(url: str, now: datetime, stops_at: str, may_begin: Event, in_the_middle: Event) -> None:
    """Do what is due, once it may; a job of the kind named is done and never finished."""
    may_begin.wait()
    database = Database(url)

    def carry_out(store: SqlStore, job: Job) -> None:
        do(store, job, now)
        if job.kind == stops_at:
            in_the_middle.set()
            time.sleep(60)

    while True:
        if not work(database, now, carry_out):
            time.sleep(0.02)


@dataclass
class Worker:
    """A process that works, until it is killed. All are made ready at once, since that takes them seconds."""

    url: str
    stops_at: str = ""
    may_begin: Event = field(default_factory=SPAWN.Event)
    in_the_middle: Event = field(default_factory=SPAWN.Event)

    def __post_init__(self) -> None:
        """Get ready."""
        given = (self.url, LATER, self.stops_at, self.may_begin, self.in_the_middle)
        self.process = SPAWN.Process(target=works_until_killed, args=given, daemon=True)
        self.process.start()

    def kill(self) -> None:
        """Without warning."""
        self.process.kill()
        self.process.join(30)


def fill(database: Database) -> None:
    """A start by the clock in each school; cases that send, and cases that wait, fewer of them."""
    place = Place(database).fill()
    clocked = step("startEvent", "s", "", inner=properties(trust__for="each school") + timer("P1W", "timeCycle"))
    rounds = sketch(clocked, user("a"), end(), flows="s>a>e", key="rounds", ends=False, trust__prefix="RND")
    heard = sketch(
        event("intermediateCatchEvent", "x", "message", "news"), user("after"),
        flows="s>x>after>e", key="waits", trust__prefix="WAI",
    )  # fmt: skip
    said = sketch(
        event("intermediateThrowEvent", "x", "message", "news"), flows="s>x>e", key="sends", trust__prefix="SEN"
    )
    in_use(place, Package(rounds), Package(heard), Package(said))
    with transaction(database) as store:
        clock.arrange(store, NOW)
    for _ in range(WAITS):
        begun(place, "waits")
    for _ in range(SENDS):
        begun(place, "sends")


def drained(database: Database) -> bool:
    with reading(database) as connection:
        due = select(jobs.c.id).where(jobs.c.run_at <= LATER, ~jobs.c.delivers, jobs.c.stopped_at.is_(None))
        return connection.execute(due.limit(1)).first() is None


def test_each_start_and_each_message_happens_once_whoever_is_killed(database_url: str) -> None:
    victims = [Worker(database_url, kind) for kind in (JobKind.BEGIN, JobKind.POST, JobKind.MESSAGE)]
    both = [Worker(database_url) for _ in range(2)]
    migrate(database_url)
    database = Database(database_url)
    try:
        fill(database)
        for worker in victims:
            worker.may_begin.set()
            assert worker.in_the_middle.wait(20), worker.stops_at
            worker.kill()
        for worker in both:
            worker.may_begin.set()
        until = time.monotonic() + 20
        while not drained(database) and time.monotonic() < until:
            time.sleep(0.05)

        assert drained(database)
        check(database)
    finally:
        for worker in (*victims, *both):
            worker.kill()
        database.close()


def check(database: Database) -> None:
    of_rounds = select(cases.c.school_id).join(versions, versions.c.id == cases.c.version_id)
    with reading(database) as connection:
        started = connection.execute(of_rounds.where(versions.c.key == "rounds")).scalars().all()
        heard = connection.execute(select(tasks.c.case_id).where(tasks.c.step == "after")).scalars().all()
        came = connection.execute(select(entries.c.id).where(entries.c.text.like("“news” came%"))).scalars().all()
        kept = connection.execute(select(kept_messages.c.id)).scalars().all()
        following = connection.execute(select(jobs.c.key).where(jobs.c.kind == JobKind.BEGIN)).scalars().all()

    assert len(started) == len(set(started)) == len(following) == 2  # once in each school, and once waited for
    assert len(heard) == len(set(heard)) == len(came) == WAITS
    assert len(kept) == SENDS - WAITS
