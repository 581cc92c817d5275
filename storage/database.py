"""One trust's database: how it is opened, and the one place where work is committed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy import Connection as Connection  # pages pass it on to the queries
from sqlalchemy.pool import QueuePool

from storage.constraints import translated
from storage.ready import begin
from storage.shared_commit import Writers
from storage.store.office import EDITION
from storage.store.sql_store import SqlStore
from storage.store.version_cache import Memory

WAIT_SECONDS = 5.0  # for a connection, for one's turn to write, and for another process to let go of the file
PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",  # NORMAL would lose acknowledged work when the power goes
    "foreign_keys = ON",
    "temp_store = MEMORY",
    "journal_size_limit = 67108864",
)
# A forgotten transaction must not hold a case for ever, nor a dead machine's connection.
POSTGRES_OPTIONS = "-c timezone=UTC -c idle_in_transaction_session_timeout=60000 -c lock_timeout=15000"
KEEPALIVES = {"keepalives": 1, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


class Database:
    """One trust's database. Everything of that trust that lives in memory hangs on this object."""

    def __init__(self, url: str | URL, pool_size: int = 10, wait_seconds: float = WAIT_SECONDS) -> None:
        self.url = read_url(url)
        self.memory = Memory()
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        opened = _sqlite if self.is_sqlite else _postgres
        self.engine: Engine = opened(self.url, pool_size, wait_seconds)
        self._writers = Writers(self.engine, wait_seconds)
        self._readers = self.engine.execution_options(**({} if self.is_sqlite else _SNAPSHOT))

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that may change things: committed at the end, rolled back when anything is raised.

        On SQLite writers take turns in the order they came, and those who wait already are committed together.
        """
        with self._writers.writing() if self.is_sqlite else self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One snapshot to read from, let go without a commit. It waits for no writer, and no writer waits for it."""
        with self._readers.connect() as connection:
            if self.is_sqlite:
                begin(connection)
            yield connection

    def close(self) -> None:
        """Close every connection, e.g. before the process ends."""
        self.engine.dispose()


@contextmanager
def transaction(database: Database) -> Iterator[SqlStore]:
    """Everything inside happens, or none of it does."""
    with translated(), database.writing() as connection:
        yield SqlStore(connection, database.memory)


@contextmanager
def reading_store(database: Database) -> Iterator[SqlStore]:
    """The store on a snapshot, for pages that read nouns: nothing in it may be held or written."""
    with translated(), database.reading() as connection:
        yield SqlStore(connection, database.memory)


@contextmanager
def reading(database: Database) -> Iterator[Connection]:
    """A snapshot for the queries of one screen."""
    with translated(), database.reading() as connection:
        yield connection


@dataclass
class Counted:
    """What was sent to the database while counting; BEGIN, COMMIT and the like are not statements."""

    statements: list[str] = field(default_factory=list)
    commits: int = 0
    editions: int = 0  # how often it was asked whether the office changed, apart from these statements


@contextmanager
def counting(database: Database) -> Iterator[Counted]:
    """Count statements and commits of every thread that uses this database, for tests and measurements."""
    counted = Counted()

    def statement(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        if text == EDITION:
            counted.editions += 1
        elif not text.lstrip().upper().startswith(NOT_COUNTED):
            counted.statements.append(text)

    def committed(_connection: Any) -> None:
        counted.commits += 1

    event.listen(database.engine, "before_cursor_execute", statement)
    event.listen(database.engine, "commit", committed)
    try:
        yield counted
    finally:
        event.remove(database.engine, "before_cursor_execute", statement)
        event.remove(database.engine, "commit", committed)


def read_url(url: str | URL) -> URL:
    """The address with the driver we use, so that `postgresql://…` and `postgres://…` will do."""
    found = make_url(url)
    if found.drivername in {"postgres", "postgresql"}:
        return found.set(drivername="postgresql+psycopg")
    return found


_SNAPSHOT: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def _sqlite(url: URL, pool_size: int, wait_seconds: float) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=0,
        pool_use_lifo=True,  # who comes next finds the pages that whoever came last has read
        pool_timeout=wait_seconds,
        query_cache_size=1200,
        connect_args={"check_same_thread": False, "timeout": wait_seconds},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where we say so
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _postgres(url: URL, pool_size: int, wait_seconds: float) -> Engine:
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=wait_seconds,
        pool_pre_ping=True,
        query_cache_size=1200,
        connect_args={"options": POSTGRES_OPTIONS, "connect_timeout": 5, **KEEPALIVES},
    )
