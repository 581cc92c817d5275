"""How values are kept, the same on SQLite and PostgreSQL: moments, choices from a list, documents, scopes.

Moments are whole microseconds since 1970 on SQLite: against ISO text they take a third of the room in an index, and
reading a row of them is faster. Documents are text and never jsonb, which would reorder their keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

import orjson
from sqlalchemy import BigInteger, ColumnClause, Dialect, String, Text, TypeDecorator, Uuid, literal_column
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.types import TypeEngine

from engine.model.calendar import Calendar
from engine.model.casework import Answers
from engine.model.reminders import Chase, HouseTable

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
NO_DATE = datetime(9999, 12, 31, tzinfo=UTC)  # sorts after every date
EVERYWHERE = UUID(int=0)

S = TypeVar("S", bound=StrEnum)


class Moment(TypeDecorator[datetime]):
    """An aware datetime, given and returned in UTC."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """timestamptz on PostgreSQL, an integer on SQLite."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | int | None:
        """Refuses a moment without a zone: nobody can say when it was."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a zone: {value}")
        return value if dialect.name == "postgresql" else (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Aware, in UTC."""
        if value is None:
            return None
        if dialect.name == "postgresql":
            moment: datetime = value.astimezone(UTC)
            return moment
        return EPOCH + timedelta(microseconds=value)


class DueMoment(Moment):
    """A moment or none, where none sorts last on both databases and still fits an index that is read in order."""

    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | int | None:
        """None becomes the last day there is."""
        return super().process_bind_param(NO_DATE if value is None else value, dialect)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """The last day there is becomes None."""
        moment = super().process_result_value(value, dialect)
        return None if moment == NO_DATE else moment


class Choice(TypeDecorator[S]):
    """One of the values of a StrEnum, kept as its text."""

    impl = String
    cache_ok = True

    def __init__(self, choices: type[S]) -> None:
        super().__init__()
        self.choices = choices

    def process_bind_param(self, value: S | None, dialect: Dialect) -> str | None:
        """The text of the choice."""
        return None if value is None else str(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> S | None:
        """The choice of this text."""
        return None if value is None else self.choices(value)

    def process_literal_param(self, value: S | None, dialect: Dialect) -> str:
        """For conditions that a partial index must recognise in the statement's own text."""
        return "" if value is None else str(value)


def spelled(choice: S) -> ColumnClause[S]:
    """A choice of ours in the statement's own text, so that SQLite recognises a partial index.

    SQLAlchemy's `literal_execute` puts it there too, but anew each time that the statement is sent.
    """
    return literal_column(f"'{choice}'", Choice(type(choice)))


class Document(TypeDecorator[Any]):
    """JSON as text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """The text of the document; None stays null."""
        return None if value is None else orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """The document."""
        return None if value is None else orjson.loads(value)


class AnswersDocument(TypeDecorator[Answers]):
    """What a case knows, in one document."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Answers | None, dialect: Dialect) -> str | None:
        """Values and items side by side."""
        return None if value is None else orjson.dumps({"values": value.values, "items": value.items}).decode()

    def process_result_value(self, value: Any, dialect: Dialect) -> Answers | None:
        """As it was."""
        return None if value is None else Answers(**orjson.loads(value))


class CalendarDocument(TypeDecorator[Calendar]):
    """The days of one school, or of the trust."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Calendar | None, dialect: Dialect) -> str | None:
        """Sorted, so that the same days are the same text."""
        if value is None:
            return None
        days = {"terms": value.terms, "closed": sorted(value.closed), "holidays": sorted(value.holidays)}
        return orjson.dumps(days).decode()

    def process_result_value(self, value: Any, dialect: Dialect) -> Calendar | None:
        """Dates again."""
        if value is None:
            return None
        days: Mapping[str, Any] = orjson.loads(value)
        day = date.fromisoformat
        terms = tuple((day(first), day(last)) for first, last in days["terms"])
        return Calendar(terms, frozenset(map(day, days["closed"])), frozenset(map(day, days["holidays"])))


class HouseDocument(TypeDecorator[HouseTable]):
    """The rows of the house table."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: HouseTable | None, dialect: Dialect) -> str | None:
        """A list of rows."""
        return None if value is None else orjson.dumps(value.chases).decode()

    def process_result_value(self, value: Any, dialect: Dialect) -> HouseTable | None:
        """Rows again."""
        return None if value is None else HouseTable(tuple(Chase(**row) for row in orjson.loads(value)))


class NamesDocument(TypeDecorator[tuple[str, ...]]):
    """Names in their order; none is kept as nothing."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str | None:
        """A list."""
        return orjson.dumps(value).decode() if value else None

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[str, ...]:
        """A tuple again."""
        return tuple(orjson.loads(value)) if value else ()


class ScopeId(TypeDecorator[UUID]):
    """The cluster or school of a scope; for the trust (None) a fixed id, so that one index finds all three."""

    impl = Uuid
    cache_ok = True

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> UUID:
        """None: the trust."""
        return value or EVERYWHERE

    def process_result_value(self, value: Any, dialect: Dialect) -> UUID | None:
        """None: the trust."""
        return None if value == EVERYWHERE else value
