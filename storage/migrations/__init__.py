"""Bringing a database up to date: Alembic, run from here and never from a configuration file.

Two processes that start at once must not both migrate: the whole run is one transaction that begins by taking the
database (BEGIN IMMEDIATE on SQLite, an advisory lock on PostgreSQL), so the second one finds nothing left to do.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, text

from storage.constraints import translated
from storage.database import Database

FOLDER = Path(__file__).parent
LOCK = 0x4845_4144  # any number that other programs in the same database do not use


def migrate(url: str | URL, to: str = "head") -> None:
    """Bring the database up to a revision. Raises Unavailable when it cannot be reached."""
    _run(url, lambda connection: upgrade_within(connection, to))


def downgrade(url: str | URL, to: str = "base") -> None:
    """Take the database back to a revision; "base" removes every table and what is in it."""
    _run(url, lambda connection: downgrade_within(connection, to))


def is_current(database: Database) -> bool:
    """Whether no migration is pending."""
    with translated(), database.reading() as connection:
        return revision(connection) == latest()


def revision(connection: Connection) -> str | None:
    """The revision a database is at, None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def latest() -> str | None:
    """The revision this code needs."""
    return ScriptDirectory(str(FOLDER)).get_current_head()


def upgrade_within(connection: Connection, to: str = "head") -> None:
    """Bring the database up inside a transaction that is open already."""
    command.upgrade(_config(connection), to)


def downgrade_within(connection: Connection, to: str = "base") -> None:
    """Take the database back inside a transaction that is open already."""
    command.downgrade(_config(connection), to)


def known_revisions() -> frozenset[str]:
    """Every revision this code can come from."""
    return frozenset(script.revision for script in ScriptDirectory(str(FOLDER)).walk_revisions())


def _run(url: str | URL, step: Callable[[Connection], None]) -> None:
    database = Database(url, pool_size=1)
    try:
        with translated(), database.writing() as connection:
            lock(connection)
            step(connection)
    finally:
        database.close()


def lock(connection: Connection) -> None:
    """Let no other process migrate until this transaction ends. On SQLite the transaction itself is the lock."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def _config(connection: Connection) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
