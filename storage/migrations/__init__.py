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

from storage.database import Database
from storage.refusals import translated

FOLDER = Path(__file__).parent
LOCK = 0x4845_4144  # any number that other programs in the same database do not use


def migrate(url: str | URL, to: str = "head") -> None:
    """Bring the database up to a revision. Raises Unavailable when it cannot be reached."""
    _run(url, lambda config: command.upgrade(config, to))


def downgrade(url: str | URL, to: str = "base") -> None:
    """Take the database back to a revision; "base" removes every table and what is in it."""
    _run(url, lambda config: command.downgrade(config, to))


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


def _run(url: str | URL, step: Callable[[Config], None]) -> None:
    database = Database(url, pool_size=1)
    try:
        with translated(), database.writing() as connection:
            if not database.is_sqlite:
                connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            step(_config(connection))
    finally:
        database.close()


def _config(connection: Connection) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
