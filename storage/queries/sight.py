"""What a person may read, as a condition. Lists, search, counts and exports all use these, so that they agree."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Connection, Subquery, and_, false, or_, select, true, union

from engine.model.casework import Sensitivity
from engine.policy import Sight
from storage.store.cases import OPEN_TASK
from storage.tables import cases, schools, tasks


def readable(sight: Sight) -> ColumnElement[bool]:
    """Of cases: those the person may read. Mirrors policy.may_read_case."""
    return _readable(sight, cases.c.id, cases.c.school_id, cases.c.sensitivity)


def readable_task(sight: Sight) -> ColumnElement[bool]:
    """Of tasks: those of cases the person may read, by the copies a task carries."""
    return _readable(sight, tasks.c.case_id, tasks.c.school_id, tasks.c.sensitivity)


def is_named(connection: Connection, sight: Sight, case_id: UUID) -> bool:
    """Whether the person started the case, holds or did a task of it, or one waits on a list of theirs."""
    named = _named(sight)
    return connection.execute(select(named.c.id).where(named.c.id == case_id).limit(1)).first() is not None


def _readable(
    sight: Sight, case_id: Column[UUID], school_id: Column[Any], sensitivity: Column[Any]
) -> ColumnElement[bool]:
    in_reach = or_(school_id.is_(None), _reach(school_id, sight.everywhere, sight.schools, sight.clusters))
    leads = _reach(school_id, sight.leads_everywhere, sight.leads_schools, sight.leads_clusters)
    if sight.leads_everywhere or sight.leads_schools or sight.leads_clusters:
        leads = or_(school_id.is_(None), leads)
    return or_(
        and_(sensitivity == Sensitivity.STAFF, in_reach),
        and_(sensitivity == Sensitivity.LEADERS, leads),
        case_id.in_(select(_named(sight).c.id)),
    )


def _reach(
    school_id: Column[Any], everywhere: bool, schools_: Collection[UUID], clusters: Collection[UUID]
) -> ColumnElement[bool]:
    if everywhere:
        return true()
    reached: list[ColumnElement[bool]] = [school_id.in_(sorted(schools_))] if schools_ else []
    if clusters:
        reached.append(school_id.in_(select(schools.c.id).where(schools.c.cluster_id.in_(sorted(clusters)))))
    return or_(false(), *reached)


def _named(sight: Sight) -> Subquery:
    """The cases a person is named on, each part found by an index of its own."""
    mine = [
        select(cases.c.id).where(cases.c.started_by == sight.person_id),
        select(tasks.c.case_id).where(tasks.c.person_id == sight.person_id),
        select(tasks.c.case_id).where(tasks.c.done_by == sight.person_id),
    ]
    if sight.pools:
        waiting = select(tasks.c.case_id).where(tasks.c.status == OPEN_TASK, tasks.c.pool.in_(sorted(sight.pools)))
        mine.append(waiting)
    return union(*mine).subquery()


def readable_among(connection: Connection, sight: Sight, case_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of these cases that the person may read, in one statement; none costs nothing."""
    if not case_ids:
        return frozenset()
    wanted = select(cases.c.id).where(cases.c.id.in_(sorted(case_ids)), readable(sight))
    return frozenset(connection.execute(wanted).scalars())
