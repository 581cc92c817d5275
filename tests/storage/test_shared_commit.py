"""Writers who wait for one another are committed together, and none is told that it is done before it is."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from engine.errors import Unavailable
from storage import shared_commit
from storage.database import Counted, Database, counting, reading, transaction
from tests.storage import made

BETTER = "thought better of it"
NAMES = text("select name from people order by name")


@pytest.fixture(autouse=True)
def time_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """However busy the machine is, those who wait may join."""
    monkeypatch.setattr(shared_commit, "WITHIN_SECONDS", 60.0)


def names(database: Database) -> list[str]:
    with reading(database) as connection:
        return list(connection.execute(NAMES).scalars())


class Queue:
    """Writers who come while somebody writes, one behind the other."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.pool = ThreadPoolExecutor(12)
        self.begun = 0

    def stand(self, work: Callable[[], None]) -> "Future[None]":
        """One more stands in the queue."""
        turns = self.database._writers._turns
        self.begun += 1
        running = self.pool.submit(work)
        while turns.waiting < self.begun:
            time.sleep(0.001)
        return running

    def write(self, name: str, then: Exception | None = None) -> "Future[None]":
        """Somebody who writes a person down, and may think better of it."""

        def work() -> None:
            with transaction(self.database) as store:
                made.known(store, name)
                if then:
                    raise then

        return self.stand(work)


@contextmanager
def queue_behind(database: Database, name: str = "A first") -> Iterator[tuple[Queue, Counted]]:
    """A queue behind a writer who is through once the block ends."""
    queue = Queue(database)
    with counting(database) as counted, queue.pool, transaction(database) as store:
        made.known(store, name)
        yield queue, counted


def test_writers_who_waited_are_committed_together(sqlite_database: Database) -> None:
    with queue_behind(sqlite_database) as (queue, counted):
        running = [queue.write(f"B {number}") for number in range(5)]

    assert [one.result() for one in running] == [None] * 5
    assert names(sqlite_database) == ["A first", *(f"B {number}" for number in range(5))]
    assert counted.commits == 1


def test_only_so_many_are_committed_together(sqlite_database: Database) -> None:
    with queue_behind(sqlite_database) as (queue, counted):
        running = [queue.write(f"B {number}") for number in range(10)]

    for one in running:
        one.result()
    assert len(names(sqlite_database)) == 11
    assert counted.commits > 1


@pytest.mark.parametrize("which", range(3))
def test_what_one_of_them_wrote_is_taken_back_alone(sqlite_database: Database, which: int) -> None:
    with queue_behind(sqlite_database) as (queue, _):
        running = [queue.write(f"B {number}", RuntimeError(BETTER) if number == which else None) for number in range(3)]

    with pytest.raises(RuntimeError, match=BETTER):
        running.pop(which).result()
    for one in running:
        one.result()
    assert names(sqlite_database) == ["A first", *(f"B {number}" for number in range(3) if number != which)]


def test_when_the_first_takes_its_own_back_the_others_write_without_it(sqlite_database: Database) -> None:
    def first() -> "Future[None]":
        with queue_behind(sqlite_database) as (queue, _):
            running.append(queue.write("B"))
            raise RuntimeError(BETTER)

    running = list["Future[None]"]()
    with pytest.raises(RuntimeError, match=BETTER):
        first()
    running[0].result()
    assert names(sqlite_database) == ["B"]


def test_nobody_is_told_that_it_is_done_before_it_is(sqlite_database: Database) -> None:
    told, go_on = list[str](), threading.Event()

    def slow() -> None:
        with transaction(sqlite_database) as store:
            made.known(store, "B slow")
            go_on.wait(5)
            told.append("slow is through")

    def first() -> None:
        with transaction(sqlite_database) as store:
            made.known(store, "A first")
            running.append(queue.stand(slow))
        told.append("first is told")
        assert names(sqlite_database) == ["A first", "B slow"]

    queue, running = Queue(sqlite_database), list["Future[None]"]()
    with queue.pool:
        done = queue.pool.submit(first)
        time.sleep(0.1)
        assert not done.done()
        assert names(sqlite_database) == []
        go_on.set()
        done.result()
    assert told == ["slow is through", "first is told"]


def test_when_it_cannot_be_committed_everybody_is_told(sqlite_database: Database) -> None:
    def refuse(_connection: object) -> None:
        raise OperationalError("commit", {}, Exception("the disk is gone"))

    with ThreadPoolExecutor(1) as pool:
        ready = threading.Event()

        def first() -> None:
            with queue_behind(sqlite_database) as (queue, _):
                running.extend(queue.write(f"B {number}") for number in range(2))
                event.listen(sqlite_database.engine, "commit", refuse, once=True)
                ready.set()

        running = list["Future[None]"]()
        with pytest.raises(Unavailable):
            pool.submit(first).result()
    for one in running:
        with pytest.raises((Unavailable, OperationalError)):
            one.result()
    assert names(sqlite_database) == []
    with transaction(sqlite_database) as store:
        made.known(store, "C later")
    assert names(sqlite_database) == ["C later"]
