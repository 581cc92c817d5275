"""Whom a task can be handed to: people with a post at the school, in its cluster or for the whole trust."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection, and_, func, or_, select

from engine.model.people import ScopeKind
from storage.tables import clusters, people, posts, roles, schools


@dataclass(frozen=True)
class Colleague:
    """Somebody with what they do: “Headteacher, Saltmarsh Primary” or “Director of education”."""

    person_id: UUID
    name: str
    does: str


def colleagues(connection: Connection, school_id: UUID | None, day: date) -> list[Colleague]:
    """Active people with a post on this day, by name. school_id: of the case; None: people of the whole trust alone."""
    near = [posts.c.scope_kind == ScopeKind.TRUST]
    if school_id:
        cluster = select(schools.c.cluster_id).where(schools.c.id == school_id).scalar_subquery()
        near += [posts.c.scope_id == school_id, posts.c.scope_id == cluster]
    held = and_(posts.c.from_on <= day, or_(posts.c.to_on.is_(None), posts.c.to_on >= day))
    wanted = (
        select(people.c.id, people.c.name, func.coalesce(roles.c.label, posts.c.role), schools.c.name, clusters.c.name)
        .join_from(posts, people, people.c.id == posts.c.person_id)
        .outerjoin(roles, roles.c.key == posts.c.role)
        .outerjoin(schools, schools.c.id == posts.c.scope_id)
        .outerjoin(clusters, clusters.c.id == posts.c.scope_id)
        .where(people.c.active, held, or_(*near))
        .order_by(people.c.name, people.c.id, roles.c.place)
    )
    found: dict[UUID, Colleague] = {}
    for person_id, name, label, school, cluster_name in connection.execute(wanted):
        does = ", ".join(part for part in (label, school or cluster_name) if part)
        earlier = found.get(person_id)
        found[person_id] = Colleague(person_id, name, f"{earlier.does}; {does}" if earlier else does)
    return list(found.values())
