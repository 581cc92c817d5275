"""The database's own no, translated once: a constraint by its name, a database that is gone into Unavailable.

PostgreSQL's errors are known by what they carry: its driver, 9 MB, is not read in beside an SQLite file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from sqlalchemy import Index, Table, UniqueConstraint
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from engine.errors import AlreadyDone, AlreadyHolds, AlreadyKnown, AlreadyPublished, Refused, Unavailable
from storage.tables import metadata

SAYS: dict[str, type[Refused]] = {
    "uq_people_email_key": AlreadyKnown,
    "uq_posts_held": AlreadyHolds,
    "uq_versions_key_number": AlreadyPublished,
    "uq_versions_in_use": AlreadyPublished,
    "uq_submissions_task_id": AlreadyDone,
}

# The low byte of SQLite's codes: busy, locked, read-only, I/O error, corrupt, full, cannot open, not a database.
SQLITE_GONE = {5, 6, 8, 10, 11, 13, 14, 26}
# Classes of PostgreSQL's codes: connection, resources, intervention (shutdown, cancel), system error; and single ones:
# deadlock, serialization, read-only, idle in transaction, lock not available, too many connections.
POSTGRES_GONE_CLASSES = {"08", "53", "57", "58", "XX"}
POSTGRES_GONE = {"40P01", "40001", "25006", "25P03", "55P03"}


@contextmanager
def translated() -> Iterator[None]:
    """Raise what the database refuses as a refusal of ours; a fault in a statement stays what it is.

    Raises Unavailable when the database is busy or gone.
    """
    try:
        yield
    except PoolTimeout as error:
        raise Unavailable from error
    except IntegrityError as error:
        refusal = as_refusal(error)
        if refusal is None:
            raise
        raise refusal from error
    except DBAPIError as error:
        if not is_gone(error):
            raise
        raise Unavailable from error


def as_refusal(error: IntegrityError) -> Refused | None:
    """The refusal that stands for a broken constraint, if one does."""
    name = constraint_name(error.orig)
    return SAYS[name]() if name in SAYS else None


def constraint_name(error: BaseException | None) -> str | None:
    """PostgreSQL tells the name; SQLite lists the columns, or names an index."""
    told_by_postgres = getattr(error, "diag", None)
    if told_by_postgres is not None:
        return str(told_by_postgres.constraint_name)
    told = str(error).partition("constraint failed: ")[2]
    return _names_by_columns().get(told, told.removeprefix("index ").strip("'"))


def is_gone(error: DBAPIError) -> bool:
    """Whether the database is locked, full, read-only or out of reach, so that trying again may help."""
    cause = error.orig
    if error.connection_invalidated:
        return True
    if isinstance(cause, sqlite3.Error):
        return (getattr(cause, "sqlite_errorcode", 0) & 0xFF) in SQLITE_GONE
    code = getattr(cause, "sqlstate", None)
    if code is None:  # it never got as far as the server
        return isinstance(error, OperationalError)
    return code[:2] in POSTGRES_GONE_CLASSES or code in POSTGRES_GONE


@cache
def _names_by_columns() -> dict[str, str]:
    """How SQLite tells a constraint -> its name, e.g. people.email_key -> uq_people_email_key."""
    return {told: name for table in metadata.tables.values() for told, name in _uniques(table)}


def _uniques(table: Table) -> Iterator[tuple[str, str]]:
    constraints = [part for part in table.constraints if isinstance(part, UniqueConstraint)]
    found: list[UniqueConstraint | Index] = [*constraints, *(index for index in table.indexes if index.unique)]
    for part in found:
        yield ", ".join(f"{table.name}.{column.name}" for column in part.columns), str(part.name)
