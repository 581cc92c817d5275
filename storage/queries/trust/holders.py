"""Which roles nobody holds, and where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, func, or_, select

from engine.model.people import SchoolStatus, ScopeKind
from storage.tables import people, posts, schools


@dataclass(frozen=True)
class Gap:
    """A role that is somebody's at some schools, but nobody's at these; `everywhere`: nobody holds it at all."""

    everywhere: bool = False
    schools: tuple[str, ...] = ()  # names


def gaps(connection: Connection, roles: Collection[str], day: date) -> dict[str, Gap]:
    """By role, those of `roles` that somebody is missing for, in two statements.

    A role held for the whole trust is missing nowhere; one that is held in a cluster serves the cluster's schools.
    """
    held = _held(connection, day)
    there = select(schools.c.id, schools.c.cluster_id, schools.c.name).where(schools.c.status == SchoolStatus.OPEN)
    open_schools = connection.execute(there.order_by(func.lower(schools.c.name))).all()
    found = {}
    for role in roles:
        scopes = held.get(role, {})
        if not scopes:
            found[role] = Gap(everywhere=True)
        elif ScopeKind.TRUST not in scopes.values():
            missing = tuple(name for school, cluster, name in open_schools if not {school, cluster} & scopes.keys())
            if missing:
                found[role] = Gap(schools=missing)
    return found


def _held(connection: Connection, day: date) -> dict[str, dict[UUID | None, ScopeKind]]:
    """Role -> the scopes it is held at by active people."""
    wanted = (
        select(posts.c.role, posts.c.scope_id, posts.c.scope_kind)
        .join_from(posts, people, people.c.id == posts.c.person_id)
        .where(people.c.active, posts.c.from_on <= day, or_(posts.c.to_on.is_(None), posts.c.to_on >= day))
        .distinct()
    )
    found: dict[str, dict[UUID | None, ScopeKind]] = defaultdict(dict)
    for role, scope_id, kind in connection.execute(wanted):
        found[role][scope_id] = kind
    return found
