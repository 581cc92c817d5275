"""Who somebody is today, in words: the posts they hold and those of the people they cover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Date, Select, and_, bindparam, func, or_, select, union

from engine.model.people import Scope, ScopeKind, pool
from storage.ready import read_rows
from storage.store.office import Office
from storage.tables import clusters, covers, people, posts, roles, schools


@dataclass(frozen=True)
class Stand:
    """One post held today, by the person asked about or by somebody they cover. Somebody without posts has one line."""

    person_id: UUID
    name: str
    role: str  # empty for somebody without posts, as are label and pool
    label: str  # of the role
    place: str | None  # the school or cluster; None: the whole trust
    pool: str
    until: date | None = None  # the last day of the cover; None: their own post


def standing(connection: Connection, office: Office, person_id: UUID, day: date) -> list[Stand]:
    """Their own posts first, in one statement, and none while the office stays as it is."""
    return list(office.ask(connection, ("standing", person_id, day), lambda: _read(connection, person_id, day)))


def _read(connection: Connection, person_id: UUID, day: date) -> Sequence[Stand]:
    return [_stand(*row) for row in read_rows(connection, STANDING, {"me": person_id, "day": day})]


def _standing() -> Select[*tuple[Any, ...]]:
    me, day = bindparam("me", type_=people.c.id.type), bindparam("day", type_=Date())
    away = and_(covers.c.absent_id == people.c.id, covers.c.by_id == me, covers.c.from_on <= day, covers.c.to_on >= day)
    held = and_(
        posts.c.person_id == people.c.id, posts.c.from_on <= day, or_(posts.c.to_on.is_(None), posts.c.to_on >= day)
    )
    absent = select(covers.c.absent_id).where(covers.c.by_id == me, covers.c.from_on <= day, covers.c.to_on >= day)
    whose = union(select(me), absent)
    return (
        select(
            people.c.id,
            people.c.name,
            posts.c.role,
            func.coalesce(roles.c.label, posts.c.role),
            func.coalesce(schools.c.name, clusters.c.name),
            posts.c.scope_kind,
            posts.c.scope_id,
            covers.c.to_on,
        )
        .outerjoin_from(people, posts, held)
        .outerjoin(covers, away)
        .outerjoin(roles, roles.c.key == posts.c.role)
        .outerjoin(schools, schools.c.id == posts.c.scope_id)
        .outerjoin(clusters, clusters.c.id == posts.c.scope_id)
        .where(people.c.id.in_(whose))  # ids that an index finds: with OR every person would be looked at
        .order_by(people.c.id != me, people.c.name, roles.c.place)
    )


STANDING = _standing()


def _stand(
    person_id: UUID,
    name: str,
    role: str | None,
    label: str | None,
    place: str | None,
    kind: ScopeKind | None,
    scope_id: UUID | None,
    until: date | None,
) -> Stand:
    held = pool(role, Scope(kind, scope_id)) if role and kind else ""
    return Stand(person_id, name, role or "", label or "", place, held, until)
