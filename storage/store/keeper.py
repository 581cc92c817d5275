"""What every part of the store does: write nouns down, and read them back as they were.

Statements on the path of completing a task are built once, when their module is read, and take their values as
parameters: building one anew costs SQLAlchemy two to four times as much as sending it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Table, insert
from sqlalchemy.dialects import postgresql, sqlite

from engine.errors import NotFound
from storage.store.office import Edition
from storage.store.statement import Statement
from storage.store.version_cache import Memory

N = TypeVar("N")
T = TypeVar("T")


class Keeper:
    """A connection inside a transaction, and the memory of its database."""

    def __init__(self, connection: Connection, memory: Memory) -> None:
        self.connection = connection
        self.memory = memory
        self._dialect = connection.dialect.name
        self._edition = Edition(connection)

    def ask_office(self, about: Hashable, read: Callable[[], T]) -> T:
        """What is read of the office, or was while it was the same: see storage.store.office."""
        return self.memory.office.ask_of(self._edition.now(), about, read)

    def add(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows in one statement; none costs nothing."""
        self._send(_adding(table), table, rows)

    def add_new(self, table: Table, rows: Sequence[Mapping[str, Any]], *unique: Column[Any]) -> None:
        """Insert rows in one statement, passing over those whose `unique` columns are there already."""
        self._send(_adding_new(self._dialect, table, unique), table, rows)

    def put(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows in one statement, or write over those with the same key."""
        if rows:
            self._send(_putting(self._dialect, table, tuple(rows[0])), table, rows)

    def _send(self, statement: Statement, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            statement.run_all(self.connection, rows, returning=next(iter(table.primary_key.columns)))


def upsert(dialect: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An insert that can say what to do about a conflict, in the database's own dialect."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


@cache
def _adding(table: Table) -> Statement:
    return Statement(insert(table))


@cache
def _adding_new(dialect: str, table: Table, unique: tuple[Column[Any], ...]) -> Statement:
    return Statement(upsert(dialect, table).on_conflict_do_nothing(index_elements=unique))


@cache
def _putting(dialect: str, table: Table, names: tuple[str, ...]) -> Statement:
    statement = upsert(dialect, table)
    key = [column.name for column in table.primary_key.columns]
    changed = {name: statement.excluded[name] for name in names if name not in key}
    return Statement(statement.on_conflict_do_update(index_elements=key, set_=changed))


def names(noun: type[Any]) -> tuple[str, ...]:
    """The names of a noun's fields, in order. Every dataclass keeps them ready for pattern matching."""
    found: tuple[str, ...] = noun.__match_args__
    return found


def columns(table: Table, noun: type[Any]) -> tuple[Column[Any], ...]:
    """The table's columns in the order of the noun's fields, so that `Noun(*row)` reads it back."""
    return tuple(table.c[name] for name in names(noun))


def values(noun: Any) -> dict[str, Any]:
    """A noun's fields as a row."""
    return {name: getattr(noun, name) for name in names(type(noun))}


def rows(nouns: Iterable[Any]) -> list[dict[str, Any]]:
    """Nouns of one kind as rows."""
    return [values(noun) for noun in nouns]


def found(noun: N | None) -> N:
    """The noun. Raises NotFound when there is none."""
    if noun is None:
        raise NotFound
    return noun


def changes(before: Any, after: Any) -> dict[str, Any]:
    """The fields that differ, with their new values."""
    both = ((name, getattr(before, name), getattr(after, name)) for name in names(type(after)))
    return {name: new for name, old, new in both if new is not old and new != old}
