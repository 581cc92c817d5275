"""What stands around the list of somebody's tasks: what to filter by, messages not read yet, and actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, String, bindparam, cast, func, literal, or_, select, true, union_all

from engine.model.casework import Action
from engine.model.people import Me, SchoolStatus
from engine.policy import Sight
from storage.ready import read_rows
from storage.store.keeper import columns, found
from storage.tables import actions, cases, notices, people, schools, versions

ACTION = columns(actions, Action)

MOST_UNREAD = 1000
MOST_ACTIONS = 50


@dataclass(frozen=True)
class ListAround:
    """procedures: key -> title, schools: id -> name, both by name. unread: counted up to MOST_UNREAD."""

    procedures: dict[str, str]
    schools: dict[UUID, str]
    unread: int


def around_tasks(connection: Connection, sight: Sight) -> ListAround:
    """In one statement."""
    given = {"me": sight.person_id}
    near = {} if sight.everywhere else {"near": sorted(sight.schools), "clusters": sorted(sight.clusters)}
    named: dict[str, dict[str, str]] = {"procedure": {}, "school": {}}
    unread = 0
    for kind, key, label, count in read_rows(connection, _around(sight.everywhere), given | near):
        if kind == "unread":
            unread = count
        else:
            named[kind][key] = label
    return ListAround(named["procedure"], {UUID(key): name for key, name in named["school"].items()}, unread)


@cache
def _around(everywhere: bool) -> Select[*tuple[Any, ...]]:
    """Built once for those who reach every school, once for all others."""
    parts = union_all(_procedures(), _schools(everywhere), _unread()).subquery()
    return select(parts).order_by(func.lower(parts.c.label))


def _part(kind: str, key: Any, label: Any, count: Any) -> Select[*tuple[Any, ...]]:
    return select(literal(kind).label("kind"), key.label("key"), label.label("label"), count.label("count"))


def _procedures() -> Select[*tuple[Any, ...]]:
    """Those withdrawn too: their cases go on."""
    title: Any = func.max(versions.c.title)
    return _part("procedure", versions.c.key, title, literal(0)).group_by(versions.c.key)


def _schools(everywhere: bool) -> Select[*tuple[Any, ...]]:
    """Those in reach."""
    near = schools.c.id.in_(bindparam("near", expanding=True))
    wanted = true() if everywhere else or_(near, schools.c.cluster_id.in_(bindparam("clusters", expanding=True)))
    part = _part("school", cast(schools.c.id, String), schools.c.name, literal(0))
    return part.where(wanted, schools.c.status != SchoolStatus.CLOSED)


def _unread() -> Select[*tuple[Any, ...]]:
    mine = (notices.c.person_id == bindparam("me"), notices.c.read_at.is_(None))
    some = select(notices.c.id).where(*mine).limit(MOST_UNREAD).subquery()
    count = select(func.count()).select_from(some).scalar_subquery()
    return _part("unread", literal(""), literal(""), count)


@dataclass(frozen=True)
class ActionRow:
    """One action that waits on a list of somebody's."""

    id: UUID
    title: str
    pool: str
    due_on: date | None
    at: datetime
    case_ref: str
    case_title: str
    school: str | None


WAITING = (
    select(actions.c.id, actions.c.title, actions.c.pool, actions.c.due_on, actions.c.at)
    .add_columns(cases.c.ref, cases.c.title, schools.c.name)
    .join_from(actions, cases, cases.c.id == actions.c.case_id)
    .outerjoin(schools, schools.c.id == actions.c.school_id)
    .where(actions.c.pool.in_(bindparam("pools", expanding=True)), actions.c.done_at.is_(None))
    .order_by(actions.c.due_on.is_(None), actions.c.due_on, actions.c.id)
    .limit(MOST_ACTIONS)
)


def waiting_actions(connection: Connection, me: Me) -> list[ActionRow]:
    """Actions of a person's own lists and of those they cover, soonest first, undated last."""
    pools = sorted(me.pools | me.covered_pools)
    if not pools:
        return []
    return [ActionRow(*row) for row in read_rows(connection, WAITING, {"pools": pools})]


@dataclass(frozen=True)
class OneAction:
    """An action with the names of what it points at."""

    action: Action
    case_ref: str
    case_title: str
    school: str | None
    done_by: str | None


def one_action(connection: Connection, action_id: UUID) -> OneAction:
    """Raises NotFound."""
    wanted = (
        select(cases.c.ref, cases.c.title, schools.c.name, people.c.name, *ACTION)
        .join_from(actions, cases, cases.c.id == actions.c.case_id)
        .outerjoin(schools, schools.c.id == actions.c.school_id)
        .outerjoin(people, people.c.id == actions.c.done_by)
        .where(actions.c.id == action_id)
    )
    ref, title, school, done_by, *action = found(connection.execute(wanted).first())
    return OneAction(Action(*action), ref, title, school, done_by)
