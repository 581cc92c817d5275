"""Schools by cluster, one school, and the clusters themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from engine import policy
from engine.commands.trust import clusters as commands
from engine.errors import NotFound
from engine.model.people import Cluster, SchoolStatus
from storage.database import reading, reading_store, transaction
from storage.queries.trust import people as queries
from web.access import guard
from web.pages.trust.frame import form_page, items, office_page
from web.parts.sent_fields import SentForm
from web.site.page import back_to, database, looking, me, now, today

pages = Blueprint("schools", __name__)

IMPORTED = re.compile(r"(\d{1,4})-(\d{1,4})-(\d{1,4})", re.ASCII)


@pages.get("/schools")
@guard.allowed(policy.signed_in)
def index() -> ResponseReturnValue:
    """Every school, in its cluster."""
    closed = request.args.get("closed") == "yes"
    with reading(database()) as connection:
        rows = queries.schools_page(connection, today(), closed=True)
    shown = [row for row in rows if closed or row.school.status is not SchoolStatus.CLOSED]
    names = sorted({row.cluster for row in shown if row.cluster}, key=str.casefold)
    groups = [(name, [row for row in shown if row.cluster == name]) for name in (*names, None)]
    return office_page(
        "trust/schools/index.html",
        groups=[(name, found) for name, found in groups if found],
        closed=closed,
        closed_count=sum(row.school.status is SchoolStatus.CLOSED for row in rows),
        may_change=policy.may_administer(me()),
        done=_imported(request.args.get("done", "")),
    )


def _imported(counts: str) -> str:
    """What an import did, from the address it leads to."""
    found = IMPORTED.fullmatch(counts)
    if not found:
        return ""
    added, changed, closed = found.groups()
    return f"The extract is imported: {added} added, {changed} changed, {closed} closed."


@pages.get("/schools/<uuid:school_id>")
@guard.allowed(policy.signed_in)
def show(school_id: UUID) -> ResponseReturnValue:
    """What is known of a school."""
    return _show(school_id, {})


@pages.post("/schools/<uuid:school_id>/cluster")
@guard.allowed(policy.may_administer, look=True)
def place(school_id: UUID) -> ResponseReturnValue:
    """Put it in a cluster, or in none."""
    asked = SentForm()
    if looking():
        return _show(school_id, asked)
    none = asked.typed["cluster"] == "none"
    cluster = None if none else asked.id("cluster", "Choose a cluster")
    with asked.trying(), asked.checked(), transaction(database()) as store:
        commands.place_school(store, me(), school_id, cluster, now())
    if asked.messages:
        return _show(school_id, asked)
    return back_to("schools.show", school_id=school_id, done="cluster")


def _show(school_id: UUID, asked: SentForm | Mapping[str, str]) -> ResponseReturnValue:
    with reading_store(database()) as store:
        school, clusters = store.school(school_id), store.clusters()
    chosen = asked.typed["cluster"] if isinstance(asked, SentForm) else str(school.cluster_id or "none")
    return form_page(
        "trust/schools/show.html",
        asked,
        school=school,
        cluster=next((each.name for each in clusters if each.id == school.cluster_id), None),
        clusters=items([("none", "No cluster"), *((str(each.id), each.name) for each in clusters)], chosen),
        may_change=policy.may_administer(me()),
        done=request.args.get("done", ""),
    )


@pages.get("/schools/clusters")
@guard.allowed(policy.may_administer)
def clusters() -> ResponseReturnValue:
    """The clusters, to add one or rename one."""
    return _clusters({})


@pages.post("/schools/clusters")
@guard.allowed(policy.may_administer, look=True)
def add_cluster() -> ResponseReturnValue:
    """A new one."""
    asked = SentForm()
    if looking():
        return _clusters(asked)
    with asked.trying(), asked.checked(), transaction(database()) as store:
        commands.add_cluster(store, me(), asked.text("name"))
    return _clusters(asked) if asked.messages else back_to("schools.clusters", done="added")


def _clusters(asked: SentForm | Mapping[str, str]) -> ResponseReturnValue:
    with reading_store(database()) as store:
        rows = queries.schools_page(store.connection, today())
        found = [(each, sum(row.school.cluster_id == each.id for row in rows)) for each in store.clusters()]
    return form_page("trust/schools/clusters.html", asked, clusters=found, done=request.args.get("done", ""))


@pages.get("/schools/clusters/<uuid:cluster_id>")
@guard.allowed(policy.may_administer)
def cluster(cluster_id: UUID) -> ResponseReturnValue:
    """One cluster's name."""
    found = _cluster(cluster_id)
    return form_page("trust/schools/cluster.html", {"name": found.name}, cluster=found)


@pages.post("/schools/clusters/<uuid:cluster_id>")
@guard.allowed(policy.may_administer, look=True)
def rename_cluster(cluster_id: UUID) -> ResponseReturnValue:
    """Another name."""
    asked = SentForm()
    if not looking():
        with asked.trying(), asked.checked(), transaction(database()) as store:
            commands.rename_cluster(store, me(), cluster_id, asked.text("name"))
        if not asked.messages:
            return back_to("schools.clusters", done="renamed")
    return form_page("trust/schools/cluster.html", asked, cluster=_cluster(cluster_id))


def _cluster(cluster_id: UUID) -> Cluster:
    with reading_store(database()) as store:
        found = next((each for each in store.clusters() if each.id == cluster_id), None)
    if found is None:
        raise NotFound
    return found
