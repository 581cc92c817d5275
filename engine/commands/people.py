"""People, posts and cover, and finding open tasks their people again when those change."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

from engine import policy
from engine.commands.pools import Near
from engine.errors import AlreadyKnown, BadDetails, NotAllowed
from engine.model.calendar import LONDON
from engine.model.casework import Job, JobKind
from engine.model.people import Cover, Me, Person, Post, Scope, ScopeKind
from engine.ports import Store


def add_person(store: Store, me: Me | None, name: str, email: str, administrator: bool = False) -> Person:
    """Add somebody who works for the trust. me None: the command line of whoever runs the server."""
    _administer(me)
    messages = {}
    if not name.strip():
        messages["name"] = "Enter their name"
    if "@" not in email.strip("@ ") or " " in email.strip():
        messages["email"] = "Enter an email address in the correct format, like name@example.com"
    if messages:
        raise BadDetails(messages)
    if store.person_by_email(email.strip().lower()):
        raise AlreadyKnown
    person = Person(uuid4(), " ".join(name.split()), email.strip().lower(), administrator=administrator)
    store.add_person(person)
    return person


def _administer(me: Me | None) -> None:
    if me is not None and not policy.may_administer(me):
        raise NotAllowed


def set_active(store: Store, me: Me | None, person_id: UUID, active: bool) -> Person:
    """Let somebody in, or keep a leaver out. Sessions are the web's to revoke."""
    _administer(me)
    person = replace(store.person(person_id), active=active)
    store.save_person(person)
    return person


def give_post(
    store: Store,
    me: Me | None,
    person_id: UUID,
    role: str,
    scope: Scope,
    from_on: date,
    to_on: date | None,
    now: datetime,
) -> Post:
    """Give a person a role at a scope from a date; open tasks there find them at once, or on that date."""
    _administer(me)
    if role not in store.roles():
        raise BadDetails({"role": "Choose a role"})
    if to_on and to_on < from_on:
        raise BadDetails({"to": "The last day must be on or after the first day"})
    post = Post(uuid4(), person_id, role, scope, from_on, to_on)
    store.add_post(post)
    _changed(store, post, now)
    return post


def end_post(store: Store, me: Me | None, post_id: UUID, to_on: date, now: datetime) -> Post:
    """Give a post a last day. The tasks go back to the role, never lost with the leaver."""
    _administer(me)
    post = store.end_post(post_id, to_on)
    _changed(store, post, now)
    return post


def _changed(store: Store, post: Post, now: datetime) -> None:
    """Look again now, and on each day the post begins or ends."""
    school = post.scope.id if post.scope.kind is ScopeKind.SCHOOL else None
    find_people_again(store, [post.role], [school] if school else None, now)
    days = [post.from_on, *([post.to_on + timedelta(days=1)] if post.to_on else [])]
    moments = [datetime.combine(day, time(0, 1), LONDON) for day in days]
    payload = {"role": post.role, "school": str(school) if school else None}
    jobs = [Job(uuid4(), JobKind.POSTS, f"posts:{post.id}:{at.date()}", at, payload) for at in moments if at > now]
    if jobs:
        store.add_jobs(jobs)


def find_people_again(store: Store, roles: Collection[str], school_ids: Collection[UUID] | None, now: datetime) -> int:
    """Put open tasks of these roles (and of roles that fall to them) on the list of whoever holds them today.

    Returns how many tasks changed lists.
    """
    known = store.roles()
    wanted = set(roles) | {key for key, role in known.items() if role.falls_to in roles}
    day = now.astimezone(LONDON).date()
    nearby: dict[UUID | None, Near] = {}
    moved = 0
    for task, school_id in store.open_tasks_of_roles(wanted, school_ids):
        if school_id not in nearby:
            nearby[school_id] = Near(store, wanted, school_id, day)
        found = nearby[school_id].find(task.role)
        if (found.pool, found.fallen) != (task.pool, task.fallen):
            store.save_task(replace(task, pool=found.pool, fallen=found.fallen))
            moved += 1
    return moved


def arrange_cover(store: Store, me: Me, absent_id: UUID, by_id: UUID, from_on: date, to_on: date, reason: str) -> Cover:
    """Let a colleague do somebody's tasks while they are away: one's own, or an administrator's doing."""
    if me.person.id != absent_id and not policy.may_administer(me) and not policy.may_manage(me, None):
        raise NotAllowed
    messages = {}
    if absent_id == by_id:
        messages["by"] = "Choose somebody else"
    if to_on < from_on:
        messages["to"] = "The last day must be on or after the first day"
    if messages:
        raise BadDetails(messages)
    cover = Cover(uuid4(), absent_id, by_id, from_on, to_on, reason.strip())
    store.add_cover(cover)
    return cover
