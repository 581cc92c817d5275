"""Transactions, turns, locks, and what becomes of a database that says no or is gone."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from engine.errors import AlreadyDone, Unavailable
from engine.model.casework import TaskStatus
from storage.database import Database, counting, read_url, reading, transaction
from storage.tables import people
from storage.writer_queue import Turns
from tests.storage import made

HOW_MANY = select(func.count()).select_from(people)


@pytest.fixture
def impatient(database: Database) -> Iterator[Database]:
    """The same database, seen by another process that does not wait long."""
    opened = Database(database.url, wait_seconds=0.2)
    yield opened
    opened.close()


def test_everything_in_a_transaction_happens_or_none_of_it_does(database: Database) -> None:
    with suppress(RuntimeError), transaction(database) as store:
        made.known(store)
        raise RuntimeError("changed our mind")
    with transaction(database) as store:
        made.known(store, "Ben Chair")

    with reading(database) as connection:
        assert connection.execute(HOW_MANY).scalar() == 1


def test_a_reader_sees_one_moment_and_waits_for_no_writer(database: Database) -> None:
    with reading(database) as connection:
        assert connection.execute(HOW_MANY).scalar() == 0
        with transaction(database) as store:
            made.known(store)
            assert connection.execute(HOW_MANY).scalar() == 0
        assert connection.execute(HOW_MANY).scalar() == 0


@pytest.mark.slow
def test_a_reader_on_postgresql_cannot_write(postgres_database_url: str) -> None:
    database = Database(postgres_database_url)
    with pytest.raises(Unavailable), reading(database) as connection:
        connection.execute(text("create table t (id int)"))
    database.close()


def complete(database: Database, task_id: UUID, by: UUID, together: threading.Barrier) -> str:
    """What completing a task does to the rows, with somebody else doing the same at the same moment."""
    together.wait()
    with transaction(database) as store:
        task, case = store.lock_task(task_id)
        if task.status is not TaskStatus.OPEN:
            raise AlreadyDone
        time.sleep(0.01)
        store.save_task(replace(task, status=TaskStatus.DONE, done_by=by))
        store.save_case(replace(case, state=case.state + b"+"))
    return "done"


def outcome(work: Callable[[], str]) -> str:
    try:
        return work()
    except AlreadyDone:
        return "too late"


def test_of_two_people_who_complete_a_task_at_once_one_does_and_the_other_is_told(database: Database) -> None:
    with transaction(database) as store:
        case = made.started(store, made.published(store))
        people_ = [made.known(store, name) for name in ("Amina Head", "Ben Deputy")]
        rounds = [made.offered(store, case) for _ in range(12)]
    together = threading.Barrier(2)

    with ThreadPoolExecutor(2) as pool:
        for task in rounds:
            work = [lambda by=by, task=task: complete(database, task.id, by.id, together) for by in people_]
            assert sorted(pool.map(outcome, work)) == ["done", "too late"]

    with transaction(database) as store:
        assert store.case(case.id).revision == len(rounds)
        assert store.case(case.id).state == case.state + b"+" * len(rounds)


def test_completing_while_the_case_itself_is_locked_waits_and_does_not_deadlock(database: Database) -> None:
    with transaction(database) as store:
        case = made.started(store, made.published(store))
        by = made.known(store)
        task = made.offered(store, case)
    locked, together = threading.Event(), threading.Barrier(1)

    def withdraw() -> None:
        with transaction(database) as store:
            held = store.lock_case(case.id)
            locked.set()
            time.sleep(0.2)
            store.withdraw_all_tasks(case.id, made.NOW)
            store.save_case(replace(held, state=b"withdrawn"))

    with ThreadPoolExecutor(2) as pool:
        withdrawn = pool.submit(withdraw)
        locked.wait()
        completed = pool.submit(outcome, lambda: complete(database, task.id, by.id, together))
        withdrawn.result()
        assert completed.result() == "too late"


def test_turns_are_taken_in_the_order_they_were_asked_for() -> None:
    turns, order = Turns(), list[int]()

    def write(number: int) -> None:
        with turns.turn(5):
            order.append(number)

    with turns.turn(5):
        threads = []
        for number in range(8):
            threads.append(threading.Thread(target=write, args=(number,)))
            threads[-1].start()
            while turns.waiting < number + 1:
                time.sleep(0.001)
    for thread in threads:
        thread.join()

    assert order == list(range(8))


def test_whoever_waits_too_long_for_a_turn_is_told_and_does_not_stand_in_the_way() -> None:
    turns = Turns()
    with turns.turn(1):
        with pytest.raises(Unavailable), turns.turn(0.01):
            pytest.fail("had a turn")
        assert turns.waiting == 0
    with turns.turn(0.01):
        assert turns.waiting == 0


def test_a_failing_writer_hands_its_turn_on() -> None:
    turns = Turns()
    with pytest.raises(RuntimeError), turns.turn(1):
        raise RuntimeError
    with turns.turn(0.01):
        assert turns.waiting == 0


def test_statements_and_commits_are_counted_without_begin_and_commit(database: Database) -> None:
    with counting(database) as counted, transaction(database) as store:
        made.known(store)
        made.known(store, "Ben Chair")
    with transaction(database) as store:
        made.known(store, "Not Counted")

    assert len(counted.statements) == 2
    assert counted.commits == 1


def test_a_locked_sqlite_file_is_unavailable(sqlite_url: str) -> None:
    database, other = Database(sqlite_url), Database(sqlite_url, wait_seconds=0.1)
    with transaction(database), pytest.raises(Unavailable), transaction(other):
        pytest.fail("both wrote")
    database.close()
    other.close()


def test_a_full_disk_is_unavailable_and_loses_nothing(sqlite_database: Database) -> None:
    database = sqlite_database
    with transaction(database) as store:
        made.known(store)

    def fill(connection: object, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # type: ignore[attr-defined]

    full = Database(database.url)
    event.listen(full.engine, "connect", fill)

    def write_much() -> None:
        with transaction(full) as store:
            for number in range(1000):
                made.known(store, f"Person {number}")

    with pytest.raises(Unavailable):
        write_much()
    with reading(full) as connection:
        assert connection.execute(HOW_MANY).scalar() == 1
    full.close()


def test_a_database_out_of_reach_is_unavailable(tmp_path: Path) -> None:
    nowhere = f"sqlite:///{tmp_path / 'missing' / 'headway.db'}"
    for url in (nowhere, "postgresql://postgres@127.0.0.1:1/headway"):
        database = Database(url)
        with pytest.raises(Unavailable), transaction(database):
            pytest.fail("reached")
        with pytest.raises(Unavailable), reading(database):
            pytest.fail("reached")
        database.close()


def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "headway.db").write_bytes(b"not a database at all, whatever its name says" * 100)
    database = Database(f"sqlite:///{tmp_path / 'headway.db'}")
    with pytest.raises(Unavailable), reading(database):
        pytest.fail("read")
    database.close()


@pytest.mark.slow
def test_a_connection_that_postgresql_ends_is_unavailable_and_the_next_one_works(postgres_database_url: str) -> None:
    database, other = Database(postgres_database_url), Database(postgres_database_url)

    def be_ended() -> None:
        with transaction(database) as store:
            pid = store.connection.execute(text("select pg_backend_pid()")).scalar()
            with other.writing() as connection:
                connection.execute(text("select pg_terminate_backend(:pid)"), {"pid": pid})
            store.connection.execute(text("select 1"))

    with pytest.raises(Unavailable):
        be_ended()
    with transaction(database) as store:
        assert store.connection.execute(text("select 1")).scalar() == 1
    database.close()
    other.close()


def test_no_connection_left_in_the_pool_is_unavailable(impatient: Database) -> None:
    small = Database(impatient.url, pool_size=1, wait_seconds=0.1)
    with reading(small), pytest.raises(Unavailable), reading(small):
        pytest.fail("read")
    small.close()


def test_a_fault_of_ours_is_not_dressed_up(database: Database) -> None:
    with pytest.raises((OperationalError, ProgrammingError)), transaction(database) as store:
        store.connection.execute(text("select * from no_such_table"))
    with pytest.raises(IntegrityError), transaction(database) as store:
        store.add_post(made.post(replace(made.person(), id=uuid4()), "head"))


def test_sqlite_keeps_what_it_acknowledged_and_checks_references(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with reading(database) as connection:
        found = {name: connection.execute(text(f"pragma {name}")).scalar() for name in ("synchronous", "journal_mode")}
        assert found == {"synchronous": 2, "journal_mode": "wal"}
        assert connection.execute(text("pragma foreign_keys")).scalar() == 1
        assert connection.execute(text("pragma busy_timeout")).scalar() == 5000
    database.close()


def test_addresses_name_the_driver_we_use() -> None:
    assert read_url("postgres://a@b/c").drivername == "postgresql+psycopg"
    assert read_url("postgresql://a@b/c").drivername == "postgresql+psycopg"
    assert read_url("sqlite:///x.db").drivername == "sqlite"
