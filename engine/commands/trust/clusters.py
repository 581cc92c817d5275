"""Clusters: groups of schools with a line of their own, and which school belongs to which."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from engine.commands.trust.people import administer, find_people_again
from engine.errors import BadDetails
from engine.model.people import Cluster, Me, School
from engine.model.text import one_line, too_long
from engine.ports import Store

LONGEST_NAME = 80


def add_cluster(store: Store, me: Me | None, name: str) -> Cluster:
    """Begin a new cluster. It has no schools yet."""
    administer(me)
    cluster = Cluster(uuid4(), _name(store, name, None))
    store.add_cluster(cluster)
    return cluster


def rename_cluster(store: Store, me: Me | None, cluster_id: UUID, name: str) -> Cluster:
    """Call a cluster something else."""
    administer(me)
    cluster = Cluster(cluster_id, _name(store, name, cluster_id))
    store.save_cluster(cluster)
    return cluster


def _name(store: Store, name: str, of: UUID | None) -> str:
    name = one_line(name)
    wrong = too_long("The name", name, LONGEST_NAME) if name else "Enter the name of the cluster"
    if wrong:
        raise BadDetails({"name": wrong})
    if any(each.name.casefold() == name.casefold() and each.id != of for each in store.clusters()):
        raise BadDetails({"name": "Another cluster has this name: give each its own"})
    return name


def place_school(store: Store, me: Me | None, school_id: UUID, cluster_id: UUID | None, now: datetime) -> School:
    """Put a school in a cluster, or in none; open tasks there find the people of its new cluster at once.

    Raises BadDetails for a cluster that is not there.
    """
    administer(me)
    if cluster_id is not None and cluster_id not in {cluster.id for cluster in store.clusters()}:
        raise BadDetails({"cluster": "Choose a cluster"})
    school = replace(store.school(school_id), cluster_id=cluster_id)
    store.save_schools([school])
    find_people_again(store, list(store.roles()), [school_id], now)
    return school
