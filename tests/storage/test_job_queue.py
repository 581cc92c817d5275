"""The queue: what is due is done once, what fails rests and then stops, what leaves the house is leased."""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from engine.errors import ExpressionStopped, NotFound
from engine.model.casework import Case, CaseStatus, EntryKind, Job, JobKind
from storage import job_queue, tables
from storage.database import Database, counting, reading, transaction
from storage.store.jobs import JOB
from storage.store.sql_store import SqlStore
from tests.storage import made
from tests.storage.made import HOUR, NOW
from tests.storage.plans import plans, settle_statistics

SECOND = timedelta(seconds=1)


def queue(database: Database, *added: Job) -> None:
    with transaction(database) as store:
        store.add_jobs(added)


def new_case(database: Database) -> Case:
    with transaction(database) as store:
        return made.started(store, store.live_version("diagnosis") or made.published(store))


def note(store: SqlStore, job: Job) -> None:
    """An effect that can be counted: a line in the case's journal, and the case's revision."""
    assert job.case_id
    case = store.lock_case(job.case_id)
    store.add_entries([made.entry(case, job.key, kind=EntryKind.WOKE)])
    store.save_case(replace(case, state=case.state + b"."))


def nothing(_store: SqlStore, _job: Job) -> None:
    """Do nothing."""


def refuse(store: SqlStore, job: Job) -> None:
    note(store, job)
    raise ExpressionStopped


def left(database: Database) -> list[Job]:
    with reading(database) as connection:
        wanted = select(*JOB).order_by(tables.jobs.c.run_at, tables.jobs.c.id)
        return [Job(*row) for row in connection.execute(wanted)]


def lines(database: Database) -> list[str]:
    with reading(database) as connection:
        return sorted(connection.execute(select(tables.entries.c.text)).scalars())


def test_a_due_job_is_done_and_gone_in_one_transaction(database: Database) -> None:
    case = new_case(database)
    job = made.job(case_id=case.id)
    queue(database, job)

    with counting(database) as counted:
        assert job_queue.work_one(database, NOW, note)

    assert counted.commits == 1
    assert lines(database) == [job.key]
    assert left(database) == []
    assert not job_queue.work_one(database, NOW, note)


def test_jobs_are_done_soonest_first_and_not_before_their_moment(database: Database) -> None:
    done: list[str] = []
    queue(
        database,
        made.job(key="third", run_at=NOW),
        made.job(key="first", run_at=NOW - 2 * HOUR),
        made.job(key="second", run_at=NOW - HOUR),
        made.job(key="not yet", run_at=NOW + made.MICRO),
        made.job(JobKind.MAIL, key="a delivery", run_at=NOW - HOUR),
        made.job(key="gave up", run_at=NOW - HOUR, stopped_at=NOW),
    )

    while job_queue.work_one(database, NOW, lambda _store, job: done.append(job.key)):
        pass

    assert done == ["first", "second", "third"]


def test_a_refused_job_leaves_no_trace_rests_longer_each_time_and_then_stops(database: Database) -> None:
    case = new_case(database)
    job = made.job(case_id=case.id)
    queue(database, job)
    now = NOW

    for number, pause in enumerate(job_queue.BACK_OFF, 1):
        assert job_queue.work_one(database, now, refuse)
        assert not job_queue.work_one(database, now + pause - SECOND, refuse)
        assert left(database) == [
            replace(job, attempts=number, run_at=now + pause, reason=ExpressionStopped().sentence)
        ]
        now += pause
    assert job_queue.work_one(database, now, refuse)

    assert left(database)[0].stopped_at == now
    assert left(database)[0].attempts == len(job_queue.BACK_OFF) + 1
    assert not job_queue.work_one(database, now + 1000 * HOUR, refuse)
    told = f"The case needs attention: {ExpressionStopped().sentence}"
    assert lines(database) == [told]
    with transaction(database) as store:
        assert store.case(case.id).status is CaseStatus.ATTENTION
        assert store.case(case.id).reason == ExpressionStopped().sentence
        store.retry_job(job.id, now)
    assert job_queue.work_one(database, now, note)
    assert lines(database) == sorted([told, job.key])


def test_a_case_that_has_ended_is_not_marked_by_a_job_that_stops(database: Database) -> None:
    case = new_case(database)
    with transaction(database) as store:
        store.save_case(replace(case, status=CaseStatus.ENDED))
    queue(database, made.job(case_id=case.id, attempts=len(job_queue.BACK_OFF)))

    job_queue.work_one(database, NOW, refuse)

    with transaction(database) as store:
        assert store.case(case.id).status is CaseStatus.ENDED


def test_one_bad_job_does_not_undo_those_beside_it(database: Database) -> None:
    case = new_case(database)
    queue(database, *(made.job(case_id=case.id, key=f"{n}", run_at=NOW - HOUR + n * SECOND) for n in range(6)))

    def do(store: SqlStore, job: Job) -> None:
        note(store, job)
        if job.key in "25":
            raise NotFound

    taken = [job_queue.work(database, NOW, do, within_seconds=60) for _ in range(5)]

    assert taken == [2, 1, 2, 1, 0]
    assert lines(database) == ["0", "1", "3", "4"]
    assert sorted((job.key, job.attempts) for job in left(database)) == [("2", 1), ("5", 1)]
    with transaction(database) as store:
        assert store.case(case.id).state == case.state + b"...."


def test_good_jobs_beside_each_other_are_one_commit(database: Database) -> None:
    case = new_case(database)
    queue(database, *(made.job(case_id=case.id) for _ in range(6)))

    with counting(database) as counted:
        assert job_queue.work(database, NOW, note, within_seconds=60) == 6

    assert counted.commits == 1


def test_a_fault_of_ours_is_raised_once_the_others_are_safe_and_the_job_rests(database: Database) -> None:
    case = new_case(database)
    queue(database, made.job(case_id=case.id, key="a", run_at=NOW - HOUR), made.job(case_id=case.id, key="b"))

    def do(store: SqlStore, job: Job) -> None:
        note(store, job)
        if job.key == "b":
            raise KeyError("oops")

    assert job_queue.work(database, NOW, do, within_seconds=60) == 1
    with pytest.raises(KeyError):
        job_queue.work(database, NOW, do, within_seconds=60)

    assert lines(database) == ["a"]
    assert left(database)[0].reason == "Something went wrong inside Headway (KeyError)."


def test_a_statement_the_database_refuses_undoes_only_its_own_job(database: Database) -> None:
    case = new_case(database)
    queue(database, made.job(case_id=case.id, key="a", run_at=NOW - HOUR), made.job(case_id=case.id, key="b"))

    def do(store: SqlStore, job: Job) -> None:
        note(store, job)
        if job.key == "a":
            store.add_case(case)

    with pytest.raises(Exception, match=r"(?i)unique"):
        job_queue.work(database, NOW, do, within_seconds=60)
    assert job_queue.work(database, NOW, note) == 1

    assert lines(database) == ["b"]


def test_a_database_that_goes_away_is_no_fault_of_the_job(database: Database) -> None:
    queue(database, made.job())

    def pull_the_plug(_store: SqlStore, _job: Job) -> None:
        raise SystemExit

    with pytest.raises(SystemExit):
        job_queue.work(database, NOW, pull_the_plug)

    assert left(database)[0].attempts == 0


def test_a_job_that_an_earlier_one_took_back_or_moved_is_not_done(database: Database) -> None:
    done: list[str] = []
    first, gone, moved = (made.job(key=key, run_at=NOW - HOUR + n * SECOND) for n, key in enumerate(("a", "b", "c")))
    queue(database, first, gone, moved)

    def do(store: SqlStore, job: Job) -> None:
        done.append(job.key)
        store.drop_jobs(["b"])
        store.move_jobs({moved.id: NOW + HOUR})

    job_queue.work(database, NOW, do, within_seconds=60)

    assert done == ["a"]
    assert [job.key for job in left(database)] == ["c"]


def test_a_job_may_queue_itself_again_under_its_own_key(database: Database) -> None:
    job = made.job(key="chase")
    queue(database, job)

    job_queue.work(database, NOW, lambda store, done: store.add_jobs([made.job(key=done.key, run_at=NOW + HOUR)]))

    assert [(job.key, job.run_at) for job in left(database)] == [("chase", NOW + HOUR)]


def test_a_transaction_takes_no_more_jobs_once_it_has_lasted_long_enough(database: Database) -> None:
    queue(database, *(made.job() for _ in range(10)))

    longer = (job_queue.IN_A_FILE if database.is_sqlite else job_queue.BESIDE_OTHERS)[1] * 1.1

    assert job_queue.work(database, NOW, lambda _store, _job: time.sleep(longer)) == 1
    assert len(left(database)) == 9
    assert job_queue.work(database, NOW, nothing, at_most=2, within_seconds=60) == 2


def test_what_is_read_with_a_job_is_not_used_once_a_job_before_it_changed_the_case(database: Database) -> None:
    case = new_case(database)
    queue(database, *(made.job(case_id=case.id, key=f"{n}", run_at=NOW - HOUR + n * SECOND) for n in range(3)))

    with counting(database) as counted:
        assert job_queue.work(database, NOW, note, within_seconds=60) == 3

    with transaction(database) as store:
        assert store.case(case.id).revision == 3
        assert store.case(case.id).state.endswith(b"...")
    assert lines(database) == ["0", "1", "2"]
    read = [text for text in counted.statements if text.startswith("SELECT cases.")]
    assert len(read) == 2  # the first was read with its job; after it each is read anew


def drain(database: Database, together: threading.Barrier, do: job_queue.Do) -> int:
    together.wait()
    done = 0
    idle = 0
    while idle < 5:
        taken = job_queue.work(database, NOW, do, within_seconds=60)
        done += taken
        idle = 0 if taken else idle + 1
        if not taken:
            time.sleep(0.02)
    return done


def test_several_workers_do_each_job_once(database: Database) -> None:
    cases = [new_case(database) for _ in range(5)]
    queue(database, *(made.job(case_id=cases[n % 5].id) for n in range(60)), *(made.job() for _ in range(10)))
    counted: Counter[str] = Counter()

    def do(store: SqlStore, job: Job) -> None:
        if job.case_id:
            note(store, job)
        counted[job.key] += 1

    together = threading.Barrier(3)
    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(lambda _: drain(database, together, do), range(3))) == 70

    assert left(database) == []
    assert set(counted.values()) == {1}
    assert len(lines(database)) == 60
    with transaction(database) as store:
        assert [store.case(case.id).revision for case in cases] == [12] * 5


@pytest.mark.slow
def test_on_postgresql_a_job_whose_case_somebody_holds_is_left_for_later(postgres_database: Database) -> None:
    database = postgres_database
    held, free = new_case(database), new_case(database)
    queue(database, made.job(case_id=held.id, run_at=NOW - HOUR), made.job(case_id=free.id, key="free"))

    with transaction(database) as store:
        store.lock_case(held.id)
        assert job_queue.work(database, NOW, note) == 1
        assert lines(database) == ["free"]
        store.drop_case_jobs(held.id)
    assert left(database) == []


def mail(**kept: Any) -> Job:
    return made.job(JobKind.MAIL, **kept)


def test_a_delivery_is_leased_and_sent_again_under_the_same_key_until_it_is_delivered(database: Database) -> None:
    job = mail(key="mail:1")
    queue(database, job, mail(run_at=NOW + HOUR))

    first = job_queue.claim_delivery(database, NOW)
    assert first == job
    assert job_queue.claim_delivery(database, NOW + job_queue.LEASE - SECOND) is None
    second = job_queue.claim_delivery(database, NOW + job_queue.LEASE)
    assert second
    assert (second.id, second.key, second.attempts) == (job.id, "mail:1", 1)

    job_queue.delivered(database, job.id)
    assert job_queue.claim_delivery(database, NOW + 2 * job_queue.LEASE) is None


def test_a_delivery_that_fails_rests_longer_each_time_and_then_stops(database: Database) -> None:
    job = mail()
    queue(database, job)
    now = NOW

    for pause in job_queue.DELIVERY_BACK_OFF:
        assert job_queue.claim_delivery(database, now)
        job_queue.delivery_failed(database, job.id, "The mail server said no (451).", now)
        assert job_queue.claim_delivery(database, now + pause - SECOND) is None
        now += pause
    assert job_queue.claim_delivery(database, now)
    job_queue.delivery_failed(database, job.id, "The mail server said no (550).", now)

    assert job_queue.claim_delivery(database, now + 1000 * HOUR) is None
    assert left(database)[0].stopped_at == now
    assert left(database)[0].reason == "The mail server said no (550)."
    job_queue.delivery_failed(database, made.job().id, "gone already", now)


def test_deliveries_claimed_at_once_are_different_ones(database: Database) -> None:
    queue(database, *(mail() for _ in range(20)))
    together = threading.Barrier(4)

    def claim(_: int) -> list[str]:
        together.wait()
        return [job.key for _ in range(5) if (job := job_queue.claim_delivery(database, NOW))]

    with ThreadPoolExecutor(4) as pool:
        keys = [key for found in pool.map(claim, range(4)) for key in found]
    while job := job_queue.claim_delivery(database, NOW):
        keys.append(job.key)

    assert len(keys) == len(set(keys)) == 20


def test_the_next_moment_is_that_of_whatever_comes_first(database: Database) -> None:
    def next_due() -> object:
        with reading(database) as connection:
            return job_queue.next_due(connection)

    assert next_due() is None
    queue(database, made.job(run_at=NOW - HOUR, stopped_at=NOW), made.job(run_at=NOW + 2 * HOUR))
    assert next_due() == NOW + 2 * HOUR
    queue(database, mail(run_at=NOW + HOUR))
    assert next_due() == NOW + HOUR


def test_finding_what_is_due_reads_an_index_in_order_and_stops(database: Database) -> None:
    case = new_case(database)
    queue(database, *(made.job(case_id=case.id, run_at=NOW + n * SECOND) for n in range(2000)))
    queue(database, *(mail(run_at=NOW + n * SECOND) for n in range(2000)))
    settle_statistics(database)

    def look_ahead() -> object:
        with reading(database) as connection:
            return job_queue.next_due(connection)

    taking = [
        lambda: job_queue.work(database, NOW - HOUR, nothing),
        lambda: job_queue.claim_delivery(database, NOW - HOUR),
    ]
    found = [plan for ask in taking for plan in plans(database, ask)[:1]]
    assert not [plan for plan in found if "Sort " in plan or "TEMP B-TREE" in plan]
    for plan in [*found, *plans(database, look_ahead)]:
        assert "ix_jobs_due" in plan
        assert "Seq Scan on jobs" not in plan
        assert "SCAN jobs\n" not in plan + "\n"
