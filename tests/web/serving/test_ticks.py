"""The clock rings in every process; what is due is done, and one trust's trouble is nobody else's."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from engine.errors import Unavailable
from engine.model.access import LinkKind
from engine.model.casework import Job, JobKind
from storage.access import throttle
from storage.database import counting, reading, transaction
from storage.tables import jobs as job_table
from storage.tables import links as link_table
from storage.tables import sessions as session_table
from storage.tables import throttle as throttle_table
from tests.web.site import Site
from web.access import links
from web.context import logs
from web.context.trusts import OpenTrust, Trusts
from web.context.utc import utc_now
from web.serving import ticks
from web.serving.ticks import Clock


def posts_job(site: Site, at: datetime) -> Job:
    """An engine job: look again who holds a role."""
    job = Job(uuid4(), JobKind.POSTS, f"posts:{uuid4()}", at, {"role": "headteacher", "school": None})
    with transaction(site.trust.database) as store:
        store.add_jobs([job])
    return job


def left(site: Site) -> int:
    with reading(site.trust.database) as connection:
        return connection.execute(select(func.count()).select_from(job_table)).scalar_one()


def within(seconds: float, true: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while not true() and time.monotonic() < until:
        time.sleep(0.02)
    return true()


def test_what_is_due_is_done_and_what_is_not_waits(site: Site) -> None:
    for minutes in (-1, 0, 1):
        posts_job(site, site.clock() + timedelta(minutes=minutes))

    done = ticks.work(site.trust, site.clock, Event())

    assert (done, left(site)) == (2, 1)
    site.clock.passes(minutes=1)
    assert ticks.work(site.trust, site.clock, Event()) == 1


def test_a_long_queue_is_worked_off_in_one_ring(site: Site) -> None:
    for _ in range(70):
        posts_job(site, site.clock())

    assert ticks.work(site.trust, site.clock, Event()) == 70
    assert left(site) == 0


def test_a_running_clock_does_what_comes_due_within_two_seconds(site: Site) -> None:
    running = Clock(Trusts(site.trust), utc_now)
    running.start()
    try:
        posts_job(site, utc_now() + timedelta(seconds=0.5))

        assert within(2.5, lambda: left(site) == 0)
    finally:
        running.stop()


def test_when_nothing_is_due_a_ring_costs_one_statement_and_writes_nothing(site: Site) -> None:
    posts_job(site, site.clock() + timedelta(hours=1))

    with counting(site.trust.database) as counted:
        ticks.work(site.trust, site.clock, Event())
        ticks.send(site.trust, site.clock, Event())

    assert len(counted.statements) == 2
    assert [statement for statement in counted.statements if not statement.startswith("SELECT")] == []


def test_a_clock_that_is_told_to_stop_begins_nothing_more(site: Site) -> None:
    stopping = Event()
    stopping.set()
    posts_job(site, site.clock())

    assert ticks.work(site.trust, site.clock, stopping) == 0
    assert left(site) == 1


def test_stopping_waits_for_what_has_begun(site: Site) -> None:
    began, ended = Event(), Event()

    def slowly(_trust: OpenTrust, _now: Callable[[], datetime], _stopping: Event) -> int:
        began.set()
        time.sleep(0.3)
        ended.set()
        return 1

    running = Clock(Trusts(site.trust), utc_now, ((slowly, 0.05),))
    running.start()
    began.wait(5)
    running.stop()

    assert ended.is_set()


def test_trouble_with_one_trust_is_said_and_stops_no_other(
    sites: Callable[..., Site], capsys: pytest.CaptureFixture[str]
) -> None:
    troubled, other = sites(), sites()
    rang: list[OpenTrust] = []
    logs.set_up()

    def tick(trust: OpenTrust, _now: Callable[[], datetime], _stopping: Event) -> int:
        if trust is troubled.trust:
            raise Unavailable("Amina Head was here")
        rang.append(trust)
        return 1

    trusts = Trusts(troubled.trust, {"other.example.org": other.trust})
    running = Clock(trusts, utc_now, ((tick, 0.05),))
    running.start()
    assert within(5, lambda: len(rang) >= 3)
    running.stop()
    logging.getLogger().handlers.clear()

    said = [line for line in capsys.readouterr().out.splitlines() if "tick failed" in line]
    assert len(said) == 1  # and not once a ring
    assert "error=Unavailable" in said[0]
    assert "Amina" not in said[0]


def test_sessions_links_and_counters_that_ran_out_are_forgotten(site: Site) -> None:
    amina = site.person("Amina Head")
    site.browser(amina)
    with transaction(site.trust.database) as store:
        links.send(store, site.trust.settings, amina, LinkKind.RESET, site.clock())
        throttle.count_try(store.connection, "key", site.clock(), timedelta(minutes=15))

    def kept() -> list[int]:
        with reading(site.trust.database) as connection:
            tables = (session_table, link_table, throttle_table)
            return [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables]

    ticks.tidy(site.trust, site.clock, Event())
    before = kept()
    site.clock.passes(days=3)
    ticks.tidy(site.trust, site.clock, Event())

    assert before == [1, 1, 1]
    assert kept() == [0, 0, 0]
