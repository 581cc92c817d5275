"""Pages by cursor: a page goes on after the last row of the one before, however deep, at the price of a first page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Column, ColumnElement, bindparam, tuple_

from engine.errors import NotFound

R = TypeVar("R")
PAGE = 25  # rows


@dataclass(frozen=True)
class Cursor:
    """Where a page ended: the sort moment (None: no date, sorted last) and the id of its last row."""

    at: datetime | None
    id: UUID

    def __str__(self) -> str:
        """Fit for an address, see read_cursor."""
        return f"{self.at.isoformat() if self.at else ''}~{self.id.hex}"


@dataclass(frozen=True)
class Page(Generic[R]):
    """Some rows, and where to go on; `after` is None on the last page."""

    rows: tuple[R, ...]
    after: Cursor | None = None


def read_cursor(text: str | None) -> Cursor | None:
    """A cursor from an address; empty: the first page. Raises NotFound for anything made up."""
    if not text:
        return None
    at, mark, key = text.partition("~")
    try:
        moment = datetime.fromisoformat(at) if at else None
        if not mark or (moment is not None and moment.tzinfo is None):
            raise ValueError(text)
        return Cursor(moment, UUID(key))
    except ValueError as error:
        raise NotFound from error


def page(rows: Sequence[R], limit: int, cursor: Callable[[R], Cursor]) -> Page[R]:
    """A page of up to `limit` rows, out of one more than that when there are more."""
    if len(rows) <= limit:
        return Page(tuple(rows))
    return Page(tuple(rows[:limit]), cursor(rows[limit - 1]))


def beyond(at: Column[Any], key: Column[UUID], latest_first: bool = False) -> ColumnElement[bool]:
    """Rows after the parameters `after_at` and `after_id`, in the order (at, key)."""
    here = tuple_(at, key)
    there = tuple_(bindparam("after_at", type_=at.type), bindparam("after_id", type_=key.type))
    return here < there if latest_first else here > there


def position(after: Cursor | None) -> dict[str, Any]:
    """The parameters of `beyond`."""
    return {"after_at": after.at, "after_id": after.id} if after else {}
