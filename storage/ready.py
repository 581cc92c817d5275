"""Reading with statements that pages ask again and again: put together once, then handed to SQLite's driver as text.

Around each sending SQLAlchemy does five times the work that SQLite does to answer. What it knows of a statement (its
text, how values are written and read) is asked of it once and kept. PostgreSQL is asked through SQLAlchemy as ever.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Connection, Select, TypeDecorator, Uuid
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

Given = Mapping[str, Any]
Reading = Select[*tuple[Any, ...]]
Row = Sequence[Any]
Change = Callable[[Any], Any]

NOTHING: Given = {}
DIALECT = sqlite.dialect()
MOST_LISTED = 64  # values in one list; longer lists go the long way round
MOST_KEPT = 512  # statements
MOST_IDS = 4_096


def read_rows(connection: Connection, statement: Reading, given: Given = NOTHING) -> Sequence[Row]:
    """Every row of the answer. statement: one that is built once and kept. Raises DBAPIError, as execute does."""
    ready = _ready(statement) if connection.dialect.name == DIALECT.name else None
    sent = ready.sent(given) if ready else None
    if ready is None or sent is None:
        return connection.execute(statement, given).all()
    text, values = sent
    for told in connection.dispatch.before_cursor_execute:
        told(connection, None, text, values, None, False)
    driver: Any = connection.connection.driver_connection
    try:
        found = driver.execute(text, values).fetchall()
    except sqlite3.Error as error:
        raise DBAPIError.instance(text, values, error, sqlite3.Error) from error
    return ready.read(found)


def read_row(connection: Connection, statement: Reading, given: Given = NOTHING) -> Row | None:
    """The first row of the answer, None when there is none. Raises DBAPIError, as execute does."""
    found = read_rows(connection, statement, given)
    return found[0] if found else None


def begin(connection: Connection) -> None:
    """One snapshot on SQLite from here on, until the connection goes back to its pool, which rolls back."""
    driver: Any = connection.connection.driver_connection
    driver.execute("BEGIN")


@lru_cache(MOST_KEPT)
def _ready(statement: Reading) -> _Ready:
    return _Ready(statement)


class _Ready:
    """What SQLAlchemy knows of one statement."""

    def __init__(self, statement: Reading) -> None:
        self._compiled: Any = statement.compile(dialect=DIALECT)
        binds: Mapping[str, BindParameter[Any]] = self._compiled.binds
        self._lists = tuple(name for name, bind in binds.items() if bind.expanding)
        self._own = {name: bind.effective_value for name, bind in binds.items() if not bind.required}
        self._writes = {name: _writes(bind) for name, bind in binds.items()}
        reads = ((place, _reads(column)) for place, column in enumerate(statement.selected_columns))
        self._reads = tuple((place, read) for place, read in reads if read)
        self._shapes: dict[tuple[int, ...], _Shape] = {}  # by how many values each list has

    def sent(self, given: Given) -> tuple[str, tuple[Any, ...]] | None:
        """The text and the values to send; None when a list is too long to keep a text of its length."""
        given = {**self._own, **given}
        for name in self._lists:
            given[name] = _padded(given[name])
        lengths = tuple(len(given[name]) for name in self._lists)
        if lengths and max(lengths) > MOST_LISTED:
            return None
        shape = self._shapes.get(lengths)
        if shape is None:
            shape = self._shapes[lengths] = _Shape(self._compiled.construct_expanded_state(given), self._writes)
        return shape.text, shape.values(given)

    def read(self, found: list[Any]) -> Sequence[Row]:
        """Rows as they were written."""
        return [self._read(row) for row in found] if self._reads else found

    def _read(self, row: Row) -> Row:
        values = list(row)
        for place, read in self._reads:
            values[place] = read(values[place])
        return values


class _Shape:
    """The text for lists of certain lengths, and which value stands where in it."""

    def __init__(self, state: Any, writes: Mapping[str, Change | None]) -> None:
        spread = {each: (name, at) for name, all_ in state.parameter_expansion.items() for at, each in enumerate(all_)}
        places = [spread.get(name, (name, None)) for name in state.positiontup]
        self.text: str = state.statement
        self._places = [(name, at, writes[name]) for name, at in places]

    def values(self, given: Given) -> tuple[Any, ...]:
        """In the order of the text."""
        found = []
        for name, at, write in self._places:
            value = given[name] if at is None else given[name][at]
            found.append(write(value) if write else value)
        return tuple(found)


def _padded(values: Sequence[Any]) -> Sequence[Any]:
    """A list with its last value again and again, so that few lengths are ever sent; it finds the same."""
    missing = (1 << (len(values) - 1).bit_length()) - len(values) if values else 0
    return [*values, *[values[-1]] * missing] if values else values


def _writes(bind: BindParameter[Any]) -> Change | None:
    found: Change | None = bind.type.dialect_impl(DIALECT).bind_processor(DIALECT)
    return found


def _reads(column: Any) -> Change | None:
    return _out_of(column.type)


def _out_of(kind: TypeEngine[Any]) -> Change | None:
    """As SQLAlchemy's own, but for ids: most of those that come back came back before."""
    if isinstance(kind, Uuid):
        return _as_id
    if isinstance(kind, TypeDecorator):
        inner, outer = _out_of(kind.load_dialect_impl(DIALECT)), kind.process_result_value
        return lambda value: outer(inner(value) if inner else value, DIALECT)
    found: Change | None = kind.dialect_impl(DIALECT).result_processor(DIALECT, None)
    return found


@lru_cache(MOST_IDS)
def _as_id(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)
