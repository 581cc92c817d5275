"""Writers of a SQLite database, one after the other, and one commit for those who came at once.

A commit waits for the disk, and while it does nobody else may write. So whoever has written and sees others waiting
leaves the transaction open and hands it on: each writes in a part of it that can be taken back alone, the last one
commits, and nobody is told that something is done before that.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Event

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from engine.errors import Unavailable
from storage.writer_queue import Turns

MOST_PARTS = 8  # writers in one transaction: whoever was first waits for them all
WITHIN_SECONDS = 0.05  # nobody joins a transaction that has been open for longer


class Writers:
    """The way to write to one SQLite database."""

    def __init__(self, engine: Engine, wait_seconds: float) -> None:
        self._engine, self._wait_seconds = engine, wait_seconds
        self._turns = Turns()
        self._handed_on: SharedTransaction | None = None  # for whoever has the turn next

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """All of the block is written at its end, or nothing when it raises. Raises Unavailable when it cannot be."""
        with self._turn() as shared, shared.part():
            yield shared.connection
        shared.wait()

    @contextmanager
    def _turn(self) -> Iterator[SharedTransaction]:
        self._turns.take(self._wait_seconds)
        with ExitStack() as taken:
            taken.callback(self._turns.hand_on)
            shared, self._handed_on = self._handed_on or SharedTransaction(self._engine), None
            taken.pop_all()
        try:
            yield shared
        finally:
            self._leave(shared)

    def _leave(self, shared: SharedTransaction) -> None:
        if shared.may_be_joined():
            self._handed_on = shared
            if self._turns.hand_on_if_awaited():
                return
            self._handed_on = None
        try:
            shared.end()
        finally:
            self._turns.hand_on()


class SharedTransaction:
    """A transaction of several writers, each of whom writes a part of it while the others wait."""

    def __init__(self, engine: Engine) -> None:
        """Begin it. Raises what the database raises when another process writes for too long."""
        with ExitStack() as opening:
            self.connection = opening.enter_context(engine.begin())
            self.connection.exec_driver_sql("BEGIN IMMEDIATE")  # plain BEGIN would find out too late that others write
            self._open = opening.pop_all()
        self._join_until = time.monotonic() + WITHIN_SECONDS
        self._parts = 0
        self._is_over = False
        self._is_lost = False  # nothing of it stays, though some are through with their part
        self._ended = Event()

    @contextmanager
    def part(self) -> Iterator[None]:
        """What one writer writes: taken back when the block raises, and what the others wrote stays."""
        self._parts += 1
        is_first, is_good = self._parts == 1, False
        try:
            if not is_first:
                self.connection.exec_driver_sql("SAVEPOINT part")
            yield
            if not is_first:
                self.connection.exec_driver_sql("RELEASE part")
            is_good = True
        finally:
            if not is_good:
                self._take_back(is_first)

    def _take_back(self, is_first: bool) -> None:
        """All of it while nobody else has written. Where not even that works the transaction is gone: SQLite gives it
        up by itself, e.g. on a full disk.
        """
        if is_first:
            self._roll_back()
            return
        try:
            self.connection.exec_driver_sql("ROLLBACK TO part")
            self.connection.exec_driver_sql("RELEASE part")
        except SQLAlchemyError:
            self._is_lost = True

    def may_be_joined(self) -> bool:
        """Whether one more writer may write in it."""
        if self._is_over or self._is_lost:
            return False
        return self._parts < MOST_PARTS and time.monotonic() < self._join_until

    def end(self) -> None:
        """Commit it, and let everybody know who waits. Raises what the database raises when it cannot be."""
        is_kept = False
        try:
            if self._is_lost:
                self._roll_back()
            self._open.close()  # commits what is still open
            is_kept = not self._is_lost
        finally:
            self._is_lost = not is_kept
            self._ended.set()

    def _roll_back(self) -> None:
        self._is_over = True
        self._open.__exit__(Unavailable, Unavailable(), None)

    def wait(self) -> None:
        """Until it has been committed. Raises Unavailable when it could not be."""
        self._ended.wait()
        if self._is_lost:
            raise Unavailable
