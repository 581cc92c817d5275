"""Writing with statements of every completion: put together once, then handed to SQLite's driver as text.

As storage/ready.py reads. What is written and what is raised are the same as ever, and whoever listens to an engine
hears of these statements too. On PostgreSQL SQLAlchemy sends them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import BindParameter, Column, Connection, Delete, Insert, Update
from sqlalchemy.exc import DBAPIError

from storage.ready import DIALECT

Given = Mapping[str, Any]
Write = Insert | Update | Delete
MANY = "__[POSTCOMPILE_{}]"  # where SQLAlchemy writes the values of a list


class Statement:
    """A statement that writes, with named parameters. Lists are parameters with `expanding`."""

    def __init__(self, statement: Write) -> None:
        """An insert or update writes the columns that it is given."""
        self._statement = statement
        self._spelled: dict[tuple[str, ...], _Spelled] = {}  # by the names given

    def run(self, connection: Connection, given: Given) -> int:
        """Returns how many rows it found. Raises DBAPIError, as execute does."""
        spelled = self._for(connection, given)
        if spelled is None:
            return connection.execute(self._statement, given).rowcount
        text, values = spelled.filled(given)
        cursor = _cursor(connection, text, values, many=False)
        try:
            return cursor.execute(text, values).rowcount
        except sqlite3.Error as error:
            raise DBAPIError.instance(text, None, error, sqlite3.Error, dialect=connection.dialect) from error

    def run_all(self, connection: Connection, rows: Sequence[Given], returning: Column[Any]) -> None:
        """Write rows with the same names in one statement, in which there are no lists. Raises DBAPIError.

        returning: RETURNING makes it one for PostgreSQL too; on SQLite it only costs time.
        """
        if len(rows) == 1:
            self.run(connection, rows[0])
        elif spelled := self._for(connection, rows[0]):
            spelled.send_all(connection, rows)
        elif isinstance(self._statement, Insert):
            connection.execute(self._statement.returning(returning), list(rows))

    def _for(self, connection: Connection, given: Given) -> _Spelled | None:
        """None where SQLAlchemy is to send it: to another database, or a list of nothing."""
        if connection.dialect.name != DIALECT.name:
            return None
        names = tuple(given)
        if names not in self._spelled:
            self._spelled[names] = _Spelled(self._statement, names)
        spelled = self._spelled[names]
        return spelled if all(given[name] for name in spelled.lists) else None


class _Spelled:
    """A statement in SQLite's words, and how our values become its own."""

    def __init__(self, statement: Write, names: tuple[str, ...]) -> None:
        compiled: Any = statement.compile(dialect=DIALECT, column_keys=list(names))
        binds: list[tuple[str, BindParameter[Any]]] = [(name, compiled.binds[name]) for name in compiled.positiontup]
        self._text: str = compiled.string
        self._places = [(name, bind.expanding, _into(bind), bind.value) for name, bind in binds]
        self.lists = tuple(name for name, bind in binds if bind.expanding)

    def filled(self, given: Given) -> tuple[str, list[Any]]:
        """The text and the values to send."""
        text, values = self._text, list[Any]()
        for name, is_list, into, fixed in self._places:
            value = given.get(name, fixed)
            if is_list:
                text = text.replace(MANY.format(name), ", ".join("?" * len(value)))
                values.extend(map(into, value) if into else value)
            else:
                values.append(into(value) if into else value)
        return text, values

    def send_all(self, connection: Connection, rows: Sequence[Given]) -> None:
        """One statement for many rows. Raises DBAPIError."""
        values = [self.filled(row)[1] for row in rows]
        cursor = _cursor(connection, self._text, values, many=True)
        try:
            cursor.executemany(self._text, values)
        except sqlite3.Error as error:
            raise DBAPIError.instance(self._text, None, error, sqlite3.Error, dialect=connection.dialect) from error


def _cursor(connection: Connection, text: str, values: list[Any], *, many: bool) -> sqlite3.Cursor:
    """A cursor of the driver, once whoever listens has been told."""
    driver: Any = connection.connection.driver_connection
    cursor: sqlite3.Cursor = driver.cursor()
    for told in connection.dispatch.before_cursor_execute:
        told(connection, cursor, text, values, None, many)
    return cursor


def _into(bind: BindParameter[Any]) -> Callable[[Any], Any] | None:
    into: Callable[[Any], Any] | None = bind.type.dialect_impl(DIALECT).bind_processor(DIALECT)
    return into
