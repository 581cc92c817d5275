"""Finding people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.bpmn.runtime.rest import Said
from engine.casework.context import CaseInHand
from engine.casework.words.roles import label_of, role_key
from engine.model.casework import EntryKind
from engine.model.people import Post, ScopeKind

MOST_FOUND = 50


def find_people(run: CaseInHand, said: Said) -> list[dict[str, Any]]:
    """Who holds a role within a scope today, each once, by name. Never more than 50."""
    role = role_key(run, str(said.parameters["role"]))
    within = _within(run, str(said.parameters.get("scope") or "trust"))
    home = run.school.id if run.school and said.parameters.get("not_from_school") else None
    held = run.store.posts_of_role(role, run.today, not_from=home)  # in any role: they would not be independent of it
    offers = {post.person_id: _offer(post, name, school) for post, name, school in reversed(held) if within(post)}
    least = int(said.parameters.get("at_least") or 0)
    if len(offers) < least:
        label = label_of(run, role)
        run.writes.note(EntryKind.ATTENTION, f"Only {len(offers)} of {least} found for {label}.", step=said.step)
    return sorted(offers.values(), key=lambda offer: (offer["label"], offer["value"]))[:MOST_FOUND]


def _offer(post: Post, name: str, school: str | None) -> dict[str, Any]:
    person = str(post.person_id)
    return {"value": person, "label": f"{name}, {school or 'trust'}", "person": person, "name": name}


def _within(run: CaseInHand, scope: str) -> Callable[[Post], bool]:
    """Which posts count: at the case's school; at it, beside it in its cluster or over it; anywhere."""
    here = run.school
    if scope == "trust" or here is None:
        return lambda post: True
    if scope == "school":
        return lambda post: post.scope.id == here.id
    places = {here.id, here.cluster_id} - {None}
    if here.cluster_id:
        places |= {school.id for school in run.store.schools() if school.cluster_id == here.cluster_id}
    return lambda post: post.scope.kind is ScopeKind.TRUST or post.scope.id in places
