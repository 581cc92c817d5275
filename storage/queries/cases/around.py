"""What stands around one case: its journal by pages, the moments and cases it waits for, and who is on its lists."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    and_,
    false,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
    union_all,
)

from engine.errors import NotFound
from engine.model.casework import CaseStatus, Entry, JobKind
from engine.model.people import Role, Scope, ScopeKind, pool
from storage.store.keeper import columns
from storage.tables import cases, entries, jobs, people, posts, roles

ENTRY, ROLE = columns(entries, Entry), columns(roles, Role)
LINES = 20  # of the journal, on one page
MOST_LINKED = 50  # cases that it asked for, the newest
FAR = 9000  # the year beyond which a timer is only held by a pause


@dataclass(frozen=True)
class JournalLine:
    """A line of the journal; `by` is None for Headway itself."""

    entry: Entry
    by: str | None


@dataclass(frozen=True)
class SubCase:
    """A case that this one asked for."""

    id: UUID
    ref: str
    title: str
    status: CaseStatus


@dataclass(frozen=True)
class JournalCursor:
    """Where a page of the journal ended: the moment of its last line, and which of that moment's lines it was."""

    at: datetime
    place: int
    id: UUID

    def __str__(self) -> str:
        """Fit for an address, see read_journal_cursor."""
        return f"{self.at.isoformat()}~{self.place}~{self.id.hex}"


@dataclass(frozen=True)
class JournalPage:
    """Some lines, newest first, and where to go on; `after` is None on the last page."""

    lines: tuple[JournalLine, ...]
    after: JournalCursor | None


@dataclass(frozen=True)
class CaseAround:
    """What a case asked for and waits for besides people. `moments`: a timer's token -> its moment, None when held."""

    asked: tuple[SubCase, ...]
    moments: Mapping[str, datetime | None]


@dataclass(frozen=True)
class Lists:
    """The trust's roles, who is on the lists asked for (a list's key -> names), and the people asked for by id."""

    roles: Mapping[str, Role]
    holders: Mapping[str, tuple[str, ...]]
    people: Mapping[UUID, str]


def read_journal_cursor(text: str | None) -> JournalCursor | None:
    """A cursor from an address; empty: the newest lines. Raises NotFound for anything made up."""
    if not text:
        return None
    at, _, rest = text.partition("~")
    place, _, key = rest.partition("~")
    try:
        found = JournalCursor(datetime.fromisoformat(at), int(place), UUID(key))
    except ValueError as error:
        raise NotFound from error
    if found.at.tzinfo is None or abs(found.place) >= 2**31:
        raise NotFound
    return found


def journal(
    connection: Connection, case_id: UUID, after: JournalCursor | None = None, limit: int = LINES
) -> JournalPage:
    """A page of a case's journal, newest first, in one statement."""
    order: tuple[Column[Any], ...] = (entries.c.at, entries.c.place, entries.c.id)
    wanted = (
        select(people.c.name, entries.c.place, *ENTRY)
        .outerjoin_from(entries, people, people.c.id == entries.c.by)
        .where(entries.c.case_id == case_id)
        .order_by(*(column.desc() for column in order))
        .limit(limit + 1)
    )
    if after:
        last = (after.at, after.place, after.id)
        given = (literal(value, column.type) for value, column in zip(last, order, strict=True))
        wanted = wanted.where(tuple_(*order) < tuple_(*given))
    rows = connection.execute(wanted).all()
    shown = tuple(JournalLine(Entry(*row[2:]), row[0]) for row in rows[:limit])
    end = rows[limit - 1] if len(rows) > limit else None
    return JournalPage(shown, JournalCursor(end.at, end.place, end.id) if end else None)


def around(connection: Connection, case_id: UUID) -> CaseAround:
    """The cases it asked for, in order, and the moments it waits for, in one statement."""
    asked = select(
        cases.c.started_at.label("at"), cases.c.id, cases.c.ref, cases.c.title, cases.c.status, null().label("token")
    ).where(cases.c.parent_id == case_id)
    newest = asked.order_by(cases.c.started_at.desc(), cases.c.id).limit(MOST_LINKED).subquery()
    moments = select(
        jobs.c.run_at, jobs.c.id, literal(""), literal(""), literal(CaseStatus.OPEN, cases.c.status.type), jobs.c.token
    ).where(jobs.c.case_id == case_id, jobs.c.kind == JobKind.WAKE)
    both = union_all(select(newest), moments).subquery()
    rows = connection.execute(select(both).order_by(both.c.at, both.c.id)).all()
    return CaseAround(
        tuple(SubCase(row.id, row.ref, row.title, row.status) for row in rows if row.token is None),
        {row.token: row.at if row.at.year < FAR else None for row in rows if row.token is not None},
    )


def lists(connection: Connection, pools: Collection[str], day: date, ids: Collection[UUID] = ()) -> Lists:
    """Every role, the active people on each of these lists on this day, and these people, in one statement."""
    held = and_(
        posts.c.role == roles.c.key,
        posts.c.from_on <= day,
        or_(posts.c.to_on.is_(None), posts.c.to_on >= day),
        or_(false(), *(_on(pool) for pool in pools)),
    )
    on_lists = (
        select(people.c.name, posts.c.scope_kind, posts.c.scope_id, people.c.id.label("person"), roles.c.place, *ROLE)
        .outerjoin_from(roles, posts, held)
        .outerjoin(people, and_(people.c.id == posts.c.person_id, people.c.active))
    )
    nothing = (null() for _ in ROLE)
    by_id = select(people.c.name, null(), null(), people.c.id, null(), *nothing).where(people.c.id.in_(sorted(ids)))
    both = union_all(on_lists, by_id).subquery() if ids else on_lists.subquery()
    return _lists(connection.execute(select(both).order_by(both.c.place, func.lower(both.c.name))).all())


def _lists(rows: Sequence[Any]) -> Lists:
    known: dict[str, Role] = {}
    holders: dict[str, tuple[str, ...]] = {}
    by_id: dict[UUID, str] = {}
    for name, kind, scope_id, person, place, *role in rows:
        if place is None:
            by_id[person] = name
            continue
        found = known.setdefault(role[0], Role(*role))
        if name:
            key = pool(found.key, Scope(kind, scope_id))
            holders[key] = (*holders.get(key, ()), name)
    return Lists(known, holders, by_id)


def _on(key: str) -> ColumnElement[bool]:
    """A post that opens the list with this key, see engine.model.people.pool."""
    role, _, place = key.rpartition("@")
    kind, _, scope_id = place.partition(":")
    if kind not in set(ScopeKind):
        return false()
    at = [posts.c.scope_id == UUID(scope_id)] if scope_id else []
    return and_(posts.c.role == role, posts.c.scope_kind == ScopeKind(kind), *at)
