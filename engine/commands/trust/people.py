"""People and posts, and finding open tasks their people again when those change."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

from engine import policy
from engine.casework.pools import PostsAround
from engine.errors import AlreadyHolds, AlreadyKnown, BadDetails, NotAllowed
from engine.model.calendar import LONDON
from engine.model.casework import Entry, EntryKind, Job, JobKind
from engine.model.people import Me, Person, Post, Role, Scope, ScopeKind, pool
from engine.model.text import one_line, too_long
from engine.ports import Store
from engine.readers.addresses import BadAddress, read_address

LONGEST_NAME = 120
LAST_ONE = "Nobody else could look after Headway: make somebody else an administrator first"
ONCE_MORE = timedelta(minutes=1)  # longer than any transaction takes
TURNED_ROUND = "The last day must be on or after the first day"


def add_person(store: Store, me: Me | None, name: str, email: str, administrator: bool = False) -> Person:
    """Add somebody who works for the trust. me None: the command line of whoever runs the server.

    Raises AlreadyKnown for an address that somebody has.
    """
    administer(me)
    name, email = _details(name, email)
    if store.person_by_email(email):
        raise AlreadyKnown
    person = Person(uuid4(), name, email, administrator=administrator)
    store.add_person(person)
    return person


def change_person(store: Store, me: Me | None, person_id: UUID, name: str, email: str) -> Person:
    """Correct somebody's name or address. Raises AlreadyKnown for an address that somebody else has."""
    administer(me)
    name, email = _details(name, email)
    known = store.person_by_email(email)
    if known and known.id != person_id:
        raise AlreadyKnown
    person = replace(store.person(person_id), name=name, email=email)
    store.save_person(person)
    return person


def make_administrator(store: Store, me: Me | None, person_id: UUID, administrator: bool) -> Person:
    """Let somebody look after Headway, or no longer. There is always one left who does.

    Raises BadDetails for the last one, or for somebody who has left.
    """
    administer(me)
    person = store.person(person_id)
    if not administrator:
        refuse_last(store, person, "administrator")
    elif not person.active:
        raise BadDetails({"administrator": "Only somebody who works here can be an administrator"})
    person = replace(person, administrator=administrator)
    store.save_person(person)
    return person


def refuse_last(store: Store, person: Person, field: str) -> None:
    """Raises BadDetails when nobody else could administer."""
    if {each.id for each in store.administrators()} == {person.id}:
        raise BadDetails({field: LAST_ONE})


def administer(me: Me | None) -> None:
    """Raises NotAllowed for anybody but an administrator and the command line (None)."""
    if me is not None and not policy.may_administer(me):
        raise NotAllowed


def _details(name: str, email: str) -> tuple[str, str]:
    name, address = one_line(name), ""
    messages = {}
    if not name:
        messages["name"] = "Enter their name"
    elif wrong := too_long("The name", name, LONGEST_NAME):
        messages["name"] = wrong
    try:
        address = read_address(email).shown.lower()
    except BadAddress as error:
        messages["email"] = str(error)
    if messages:
        raise BadDetails(messages)
    return name, address


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
    """Give a person a role at a scope from a date; open tasks there find them at once, or on that date.

    Raises BadDetails for no such role or place, days the wrong way round, or somebody who has left.
    """
    administer(me)
    messages = {}
    if role not in store.roles():
        messages["role"] = "Choose a role"
    if not _is_there(store, scope):
        messages["place"] = "Choose where"
    if to_on and to_on < from_on:
        messages["to"] = TURNED_ROUND
    if messages:
        raise BadDetails(messages)
    if not store.person(person_id).active:
        raise BadDetails({"role": "This person has left: bring them back first"})
    post = Post(uuid4(), person_id, role, scope, from_on, to_on)
    _refuse_overlap(store, post)
    store.add_post(post)
    changed(store, post, now)
    return post


def _is_there(store: Store, scope: Scope) -> bool:
    if scope.kind is ScopeKind.TRUST:
        return scope.id is None
    if scope.kind is ScopeKind.CLUSTER:
        return scope.id in {cluster.id for cluster in store.clusters()}
    return scope.id in {school.id for school in store.schools()}


def _refuse_overlap(store: Store, post: Post) -> None:
    """Holding the same role at the same place twice on one day would say nothing."""
    for held in store.posts_of(post.person_id):
        alike = (held.role, held.scope) == (post.role, post.scope)
        if alike and held.from_on <= (post.to_on or date.max) and post.from_on <= (held.to_on or date.max):
            raise AlreadyHolds


def end_post(store: Store, me: Me | None, post_id: UUID, to_on: date, now: datetime) -> Post:
    """Give a post a last day. The tasks go back to the role, never lost with the leaver.

    Raises BadDetails for a day before its first.
    """
    administer(me)
    post = store.post(post_id)
    if to_on < post.from_on:
        raise BadDetails({"to": TURNED_ROUND})
    return cut_post(store, post, to_on, now)


def cut_post(store: Store, post: Post, to_on: date, now: datetime) -> Post:
    """Write the last day down, and look for whoever does its tasks then."""
    ended = store.end_post(post.id, to_on)
    changed(store, ended, now)
    return ended


def changed(store: Store, post: Post, now: datetime) -> None:
    """Look again now, and on each day the post begins or ends.

    And once more in a moment: a task that comes about just now is put on its list by somebody who cannot see this yet.
    """
    give_back(store, post.id, now)
    school = post.scope.id if post.scope.kind is ScopeKind.SCHOOL else None
    find_people_again(store, [post.role], [school] if school else None, now)
    ends = [post.to_on + timedelta(days=1)] if post.to_on and post.to_on < date.max else []
    moments = [now + ONCE_MORE, *(datetime.combine(day, time(0, 1), LONDON) for day in (post.from_on, *ends))]
    payload = {"role": post.role, "school": str(school) if school else None, "post": str(post.id)}
    store.add_jobs(
        [Job(uuid4(), JobKind.POSTS, f"posts:{post.id}:{at.isoformat()}", at, payload) for at in moments if at > now]
    )


def give_back(store: Store, post_id: UUID, now: datetime) -> None:
    """Put back on its list what somebody took as the holder of a post that has ended."""
    post, day = store.post(post_id), now.astimezone(LONDON).date()
    held = [each for each in store.posts_of(post.person_id) if each.held_on(day)]
    if any((each.role, each.scope) == (post.role, post.scope) for each in held) or post.from_on > day:
        return
    entries = []
    for task in store.open_tasks_of_person(post.person_id):
        if task.pool == pool(post.role, post.scope):
            store.save_task(replace(task, person_id=None, done_for=None))
            text = f"“{task.title}” is back on its list: whoever had it does not hold the role any more."
            entries.append(Entry(uuid4(), task.case_id, now, EntryKind.HANDED, text, None, task.step))
    if entries:
        store.add_entries(entries)


def find_people_again(store: Store, roles: Collection[str], school_ids: Collection[UUID] | None, now: datetime) -> int:
    """Put open tasks and actions of these roles (and of roles that fall to them) on the list of whoever holds them
    today. Returns how many tasks changed lists.
    """
    wanted = _falling_to(roles, store.roles())
    around = PostsAround(store, wanted, now.astimezone(LONDON).date())
    moved = 0
    for task, school_id in store.open_tasks_of_roles(wanted, school_ids):
        found = around.near(school_id).find(task.role)
        if (found.pool, found.fallen) != (task.pool, task.fallen):
            store.save_task(replace(task, pool=found.pool, fallen=found.fallen))
            moved += 1
    actions = store.open_actions_of_roles(wanted, school_ids)
    pools = {action.id: around.near(action.school_id).find(action.role).pool for action in actions}
    store.move_actions({action.id: pools[action.id] for action in actions if pools[action.id] != action.pool})
    return moved


def _falling_to(roles: Collection[str], known: Mapping[str, Role]) -> set[str]:
    """These roles and all that fall to them, over however many steps."""
    found, new = set(roles), set(roles)
    while new:
        new = {key for key, role in known.items() if role.falls_to in new} - found
        found |= new
    return found
