"""What every part of the store does: write nouns down, and read them back as they were."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Table, insert
from sqlalchemy.dialects import postgresql, sqlite

from engine.errors import NotFound
from storage.memory import Memory

N = TypeVar("N")


class Keeper:
    """A connection inside a transaction, and the memory of its database."""

    def __init__(self, connection: Connection, memory: Memory) -> None:
        self.connection = connection
        self.memory = memory

    def add(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows in one statement; none costs nothing."""
        if len(rows) == 1:
            self.connection.execute(insert(table), rows[0])
        elif rows:  # RETURNING is what makes SQLAlchemy send many rows as one statement
            self.connection.execute(insert(table).returning(*_key(table)[:1]), list(rows))

    def add_new(self, table: Table, rows: Sequence[Mapping[str, Any]], *unique: Column[Any]) -> None:
        """Insert rows in one statement, passing over those whose `unique` columns are there already."""
        if rows:
            statement = self.upsert(table).on_conflict_do_nothing(index_elements=unique)
            self.connection.execute(statement.returning(*_key(table)[:1]), list(rows))

    def put(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows in one statement, or write over those with the same key."""
        if not rows:
            return
        key = _key(table)
        statement = self.upsert(table)
        changed = {name: statement.excluded[name] for name in rows[0] if name not in {column.name for column in key}}
        written = statement.on_conflict_do_update(index_elements=key, set_=changed)
        self.connection.execute(written.returning(*key[:1]), list(rows))

    def upsert(self, table: Table) -> postgresql.Insert | sqlite.Insert:
        """An insert that can say what to do about a conflict, in the database's own dialect."""
        if self.connection.dialect.name == "postgresql":
            return postgresql.insert(table)
        return sqlite.insert(table)


def columns(table: Table, noun: type[Any]) -> tuple[Column[Any], ...]:
    """The table's columns in the order of the noun's fields, so that `Noun(*row)` reads it back."""
    return tuple(table.c[field.name] for field in fields(noun))


def values(noun: Any) -> dict[str, Any]:
    """A noun's fields as a row."""
    return {field.name: getattr(noun, field.name) for field in fields(noun)}


def rows(nouns: Iterable[Any]) -> list[dict[str, Any]]:
    """Nouns of one kind as rows."""
    return [values(noun) for noun in nouns]


def found(noun: N | None) -> N:
    """The noun. Raises NotFound when there is none."""
    if noun is None:
        raise NotFound
    return noun


def changes(before: Any, after: Any) -> dict[str, Any]:
    """The fields that differ."""
    old = values(before)
    return {name: value for name, value in values(after).items() if value != old[name]}


def _key(table: Table) -> list[Column[Any]]:
    return list(table.primary_key.columns)
