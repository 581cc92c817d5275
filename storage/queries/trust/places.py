"""The schools and clusters that somebody may look at, to filter by."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, func, or_, select, true

from engine.model.people import SchoolStatus
from engine.policy import Sight
from storage.tables import clusters, schools


@dataclass(frozen=True)
class Places:
    """By name: id -> name."""

    schools: dict[UUID, str]
    clusters: dict[UUID, str]


def places(connection: Connection, sight: Sight) -> Places:
    """Open schools in reach, with their clusters, in one statement."""
    near = or_(schools.c.id.in_(sorted(sight.schools)), schools.c.cluster_id.in_(sorted(sight.clusters)))
    wanted = (
        select(schools.c.id, schools.c.name, clusters.c.id, clusters.c.name)
        .outerjoin_from(schools, clusters, clusters.c.id == schools.c.cluster_id)
        .where(true() if sight.everywhere else near, schools.c.status != SchoolStatus.CLOSED)
        .order_by(func.lower(schools.c.name))
    )
    rows = connection.execute(wanted).all()
    grouped = {cluster: name for _, _, cluster, name in rows if cluster}
    by_name = dict(sorted(grouped.items(), key=lambda pair: pair[1].casefold()))
    return Places({id: name for id, name, _, _ in rows}, by_name)
