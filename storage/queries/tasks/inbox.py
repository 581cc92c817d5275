"""*Your tasks*: what waits for a person, on their own name, on their roles' lists, and on those of people they cover.

One query for each list, read in the order (due_at, id) from an index and stopped at a page, all of them merged: with
1,000,000 tasks in the database a page costs what it costs with 1,000. One query over all lists at once would not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    ScalarSelect,
    Select,
    String,
    Uuid,
    bindparam,
    func,
    literal,
    select,
    union_all,
)

from engine.model.people import Me, pool
from storage.queries.paging import PAGE, Cursor, Page, beyond, page, position
from storage.queries.tasks.due import DueGroup, bounds, group_of
from storage.ready import read_rows
from storage.tables import people, schools, tasks, versions

MOST_LISTS = 100  # in one statement; SQLite takes 500


class Why(StrEnum):
    """Why a task is on a person's page."""

    OWN = "own"  # they took it or were handed it
    ROLE = "role"  # anybody on the list may do it
    COVER = "cover"  # it is somebody else's, whom they cover


@dataclass(frozen=True)
class InboxRow:
    """One task on *Your tasks*."""

    task_id: UUID
    title: str
    item: str | None
    role: str
    case_id: UUID
    case_ref: str
    case_title: str
    due_at: datetime | None
    due_words: str | None
    ready_at: datetime
    level: int
    fallen: bool
    why: Why
    whose: str | None  # the name of the person covered
    school: str | None  # None: the whole trust
    procedure: str
    group: DueGroup


@dataclass(frozen=True)
class Filters:
    """What to leave out. `procedure`: a key."""

    group: DueGroup | None = None
    why: Why | None = None
    school_id: UUID | None = None
    procedure: str | None = None


EVERYTHING = Filters()


@dataclass(frozen=True)
class List:
    """One list a person's tasks come from: a pool, or a person's own name."""

    why: Why
    pool: str | None = None
    person_id: UUID | None = None
    whose: UUID | None = None


def inbox(
    connection: Connection,
    me: Me,
    now: datetime,
    after: Cursor | None = None,
    limit: int = PAGE,
    filters: Filters = EVERYTHING,
) -> Page[InboxRow]:
    """A page of a person's tasks, soonest due first, undated last."""
    found: list[InboxRow] = []
    for some in _statements(list(lists(me, filters.why))):
        found += _rows(connection, some, now, after, limit, filters)
    found.sort(key=lambda row: (row.due_at is None, row.due_at or now, row.task_id))
    return page(found, limit, lambda row: Cursor(row.due_at, row.task_id))


def lists(me: Me, why: Why | None = None) -> Iterator[List]:
    """Every list that a person's tasks come from, each once: their own before those they cover."""
    if why in (None, Why.OWN):
        yield List(Why.OWN, person_id=me.person.id)
    if why in (None, Why.ROLE):
        yield from (List(Why.ROLE, name) for name in sorted(me.pools))
    if why in (None, Why.COVER):
        whose = {pool(post.role, post.scope): post.person_id for post in me.covered}
        yield from (List(Why.COVER, person_id=absent, whose=absent) for absent in sorted(me.covered_people))
        yield from (List(Why.COVER, name, whose=whose[name]) for name in sorted(set(whose) - me.pools))


def _statements(mine: list[List]) -> Iterable[list[List]]:
    return (mine[start : start + MOST_LISTS] for start in range(0, len(mine), MOST_LISTS))


def _rows(
    connection: Connection, some: list[List], now: datetime, after: Cursor | None, limit: int, filters: Filters
) -> list[InboxRow]:
    given = {"at_most": limit + 1, **position(after), **_filtered(filters, now)}
    for number, each in enumerate(some):
        given |= {
            f"list_{number}": each.pool or each.person_id,
            f"why_{number}": each.why,
            f"whose_{number}": each.whose,
        }
    shape = tuple(each.pool is not None for each in some)
    return [_row(row, now) for row in read_rows(connection, _statement(shape, frozenset(given) & CONDITIONS), given)]


def _filtered(filters: Filters, now: datetime) -> dict[str, Any]:
    """The parameters of the filters that are set."""
    given: dict[str, Any] = {"school": filters.school_id, "procedure": filters.procedure}
    if filters.group:
        given["due_from"], given["due_before"] = bounds(filters.group, now)
    return {name: value for name, value in given.items() if value is not None}


def _row(row: Sequence[Any], now: datetime) -> InboxRow:
    """From the columns of _statement, which stand in the order of the fields."""
    shown = len(SHOWN)
    return InboxRow(*(*row[:shown], Why(row[shown]), *row[shown + 1 :], group_of(row[DUE], now)))


@lru_cache(256)
def _statement(shape: tuple[bool, ...], conditions: frozenset[str]) -> Select[*tuple[Any, ...]]:
    """A page from so many lists (True: a pool), under the conditions whose parameters these are. Built once each."""
    parts = [_part(number, is_pool, conditions) for number, is_pool in enumerate(shape)]
    merged = union_all(*(select(part.subquery()) for part in parts)).subquery()
    page_ = select(merged).order_by(merged.c.due_at, merged.c.task_id).limit(bindparam("at_most")).subquery("page")
    names = (people.c.name.label("whose"), schools.c.name.label("school"), versions.c.title.label("procedure"))
    return (
        select(*(page_.c[column.name] for column in SHOWN), page_.c.why, *names)
        .outerjoin_from(page_, versions, versions.c.id == page_.c.version_id)
        .outerjoin(schools, schools.c.id == page_.c.school_id)
        .outerjoin(people, people.c.id == page_.c.whose)
        .order_by(page_.c.due_at, page_.c.task_id)
    )


def _part(number: int, is_pool: bool, conditions: frozenset[str]) -> Select[*tuple[Any, ...]]:
    """The first rows of one list."""
    mark = bindparam(f"list_{number}", type_=String() if is_pool else Uuid())
    why = bindparam(f"why_{number}", type_=String()).label("why")
    whose = bindparam(f"whose_{number}", type_=Uuid()).label("whose")
    one = select(*SHOWN, tasks.c.school_id, tasks.c.version_id, why, whose).where(tasks.c.listed)
    mine = (tasks.c.pool == mark) & tasks.c.person_id.is_(None) if is_pool else tasks.c.person_id == mark
    one = one.where(mine, *(condition for name, condition in WHERE.items() if name in conditions))
    return one.order_by(tasks.c.due_at, tasks.c.id).limit(bindparam("at_most"))


SHOWN = (
    tasks.c.id.label("task_id"),
    tasks.c.title,
    tasks.c.item,
    tasks.c.role,
    tasks.c.case_id,
    tasks.c.case_ref,
    tasks.c.case_title,
    tasks.c.due_at,
    tasks.c.due_words,
    tasks.c.ready_at,
    tasks.c.level,
    tasks.c.fallen,
)
DUE = [column.name for column in SHOWN].index("due_at")
OF_PROCEDURE = select(versions.c.id).where(versions.c.key == bindparam("procedure"))
WHERE = {  # by the name of a parameter: the condition that comes with it
    "after_id": beyond(tasks.c.due_at, tasks.c.id),
    "due_from": tasks.c.due_at >= bindparam("due_from"),
    "due_before": tasks.c.due_at < bindparam("due_before"),
    "school": tasks.c.school_id == bindparam("school"),
    "procedure": tasks.c.version_id.in_(OF_PROCEDURE),
}
CONDITIONS = frozenset(WHERE)


@dataclass(frozen=True)
class GroupCounts:
    """How many tasks are in each group. A number that reached `cap` means "that many or more"."""

    late: int
    today: int
    week: int
    later: int
    cap: int


def counts(
    connection: Connection, me: Me, now: datetime, cap: int = 1000, filters: Filters = EVERYTHING
) -> GroupCounts:
    """Count a person's tasks by group, in one statement that stops counting at `cap`."""
    mine = list(lists(me, filters.why))
    given = {"at_most": cap, **_filtered(filters, now)}
    given["pools"] = [each.pool for each in mine if each.pool]
    given["people"] = [each.person_id for each in mine if each.person_id]
    for group in DueGroup:
        given[f"{group}_from"], given[f"{group}_before"] = bounds(group, now)
    (found,) = read_rows(connection, _counting(frozenset(given) & CONDITIONS - DATES), given)
    late, today, week, later = (min(number, cap) for number in found)
    return GroupCounts(late, today, week, later, cap)


DATES = frozenset({"due_from", "due_before"})


@lru_cache(16)
def _counting(conditions: frozenset[str]) -> Select[*tuple[Any, ...]]:
    on_lists = tasks.c.pool.in_(bindparam("pools", expanding=True)) & tasks.c.person_id.is_(None)
    on_names = tasks.c.person_id.in_(bindparam("people", expanding=True))
    extra = [condition for name, condition in WHERE.items() if name in conditions]
    return select(*(_count(group, (on_lists, on_names), extra) for group in DueGroup))


def _count(
    group: DueGroup, parts: tuple[ColumnElement[bool], ...], extra: list[ColumnElement[bool]]
) -> ScalarSelect[int]:
    due = (tasks.c.due_at >= bindparam(f"{group}_from"), tasks.c.due_at < bindparam(f"{group}_before"))
    found = (
        select(literal(1).label("one")).where(tasks.c.listed, part, *due, *extra).limit(bindparam("at_most"))
        for part in parts
    )
    return (
        select(func.count())
        .select_from(union_all(*(select(each.subquery()) for each in found)).subquery())
        .scalar_subquery()
    )
