"""What a backup holds: rows in a plain form that is the same from either database, and the sums to check them by.

An archive is a zip file: `manifest.json`; `tables/<name>.jsonl`, a row a line; `files/<sha256>`. The manifest tells
each column's kind, so an archive can be read without knowing the tables as they are today.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    Integer,
    LargeBinary,
    Select,
    TableClause,
    Text,
    Uuid,
    column,
    literal,
    select,
    table,
)
from sqlalchemy.types import TypeEngine

from engine.errors import BadFile
from engine.model.text import storable
from storage.tables.types import EPOCH, MICROSECOND, Moment, ScopeId

FORMAT = 1
MANIFEST = "manifest.json"
AT_ONCE = 1000  # rows
NUL = b"\\u0000"  # as JSON spells it


@dataclass(frozen=True)
class TableSum:
    """One table in an archive. `total`: over all rows in any order; `sha256`: over the bytes as they lie there."""

    name: str
    columns: tuple[tuple[str, str], ...]  # name and kind
    rows: int
    total: str
    sha256: str

    @property
    def member(self) -> str:
        """Its name in the archive."""
        return f"tables/{self.name}.jsonl"


@dataclass(frozen=True)
class Manifest:
    """What an archive holds."""

    format: int
    revision: str  # of the migrations
    made_at: str  # ISO 8601
    tables: tuple[TableSum, ...]  # in the order in which they can be filled
    files: tuple[str, ...]  # sha256 of each
    missing: tuple[str, ...] = ()  # files that could not be read when the backup was made

    @property
    def members(self) -> set[str]:
        """Every name in the archive."""
        return {MANIFEST, *(table.member for table in self.tables), *(file_member(sha256) for sha256 in self.files)}

    def to_json(self) -> bytes:
        """For the archive."""
        return orjson.dumps(asdict(self), option=orjson.OPT_INDENT_2)


def read_manifest(data: bytes) -> Manifest:
    """Raises BadFile for anything but a manifest of ours."""
    try:
        read = orjson.loads(data)
        tables = tuple(
            TableSum(**{**each, "columns": tuple((name, kind) for name, kind in each["columns"])})
            for each in read.pop("tables")
        )
        manifest = Manifest(
            **{**read, "tables": tables, "files": tuple(read["files"]), "missing": tuple(read["missing"])}
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadFile("This is not a backup that Headway made.") from error
    if manifest.format != FORMAT:
        raise BadFile("This backup was made by another version of Headway, in a form that this one cannot read.")
    return manifest


def file_member(sha256: str) -> str:
    """The name of a file in the archive."""
    return f"files/{sha256}"


@dataclass(frozen=True)
class ColumnKind:
    """How values of one kind are read from a database and written to a line."""

    type: type[TypeEngine[Any]]
    write: Callable[[Any], Any] = lambda value: value
    read: Callable[[Any], Any] = lambda value: value


def _moment(microseconds: int) -> datetime:
    return EPOCH + microseconds * MICROSECOND


KINDS: Mapping[str, ColumnKind] = {
    "uuid": ColumnKind(Uuid, lambda value: value.hex, UUID),
    "moment": ColumnKind(Moment, lambda value: (value - EPOCH) // MICROSECOND, _moment),
    "date": ColumnKind(Date, date.isoformat, date.fromisoformat),
    "boolean": ColumnKind(Boolean),
    "integer": ColumnKind(Integer),
    "bytes": ColumnKind(LargeBinary, lambda value: base64.b64encode(value).decode(), base64.b64decode),
    "text": ColumnKind(Text),
}


def kind_of(of: Column[Any]) -> str:
    """Which kind a column is of; documents and choices are text."""
    for name, types in (("moment", Moment), ("uuid", (Uuid, ScopeId)), ("date", Date), ("boolean", Boolean)):
        if isinstance(of.type, types):
            return name
    if isinstance(of.type, Integer):
        return "integer"
    return "bytes" if isinstance(of.type, LargeBinary) else "text"


def plain(name: str, columns: Iterable[tuple[str, str]]) -> TableClause:
    """A table by its columns' kinds alone."""
    return table(name, *(column(each, KINDS[kind].type()) for each, kind in columns))


def lines(connection: Connection, name: str, columns: Sequence[tuple[str, str]]) -> Iterator[bytes]:
    """Every row of a table as a line, those that others of the same table point at first."""
    writers = [KINDS[kind].write for _, kind in columns]
    rows = connection.execution_options(yield_per=AT_ONCE).execute(_ordered(plain(name, columns)))
    for row in rows:
        values = [None if value is None else write(value) for write, value in zip(writers, row, strict=True)]
        yield orjson.dumps(values, option=orjson.OPT_APPEND_NEWLINE)


def rows(found: Iterable[bytes], columns: Sequence[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    """Lines as rows again."""
    readers = [(name, KINDS[kind].read) for name, kind in columns]
    for line in found:
        values = zip(readers, orjson.loads(line), strict=True)
        yield {name: None if value is None else read(value) for (name, read), value in values}


def storable_line(line: bytes) -> bytes:
    """A line without what no database should hold: SQLite kept NUL in texts once, which PostgreSQL refuses."""
    if NUL not in line:
        return line
    values = [storable(value) if isinstance(value, str) else value for value in orjson.loads(line)]
    return orjson.dumps(values, option=orjson.OPT_APPEND_NEWLINE)


class Summing:
    """The sums of a table's lines as they pass by."""

    def __init__(self) -> None:
        self.rows = 0
        self._total = 0
        self._all = hashlib.sha256()

    def over(self, found: Iterable[bytes]) -> Iterator[bytes]:
        """The same lines, summed up."""
        for line in found:
            self.rows += 1
            self._total += int.from_bytes(hashlib.sha256(line).digest())
            self._all.update(line)
            yield line

    @property
    def total(self) -> str:
        """The same for the same rows in whatever order: two databases may sort differently."""
        return f"{self._total % 2**256:064x}"

    @property
    def sha256(self) -> str:
        """Over the lines as they came."""
        return self._all.hexdigest()


def _ordered(of: TableClause) -> Select[*tuple[Any, ...]]:
    """Rows of a table that points at itself by `parent_id` come level by level; others as they lie."""
    if "parent_id" not in of.c:
        return select(of)
    top = select(of.c.id, literal(0).label("level")).where(of.c.parent_id.is_(None))
    levels = top.cte("levels", recursive=True)
    below = select(of.c.id, levels.c.level + 1).join_from(of, levels, of.c.parent_id == levels.c.id)
    levels = levels.union_all(below)
    return select(of).join_from(of, levels, levels.c.id == of.c.id).order_by(levels.c.level)
