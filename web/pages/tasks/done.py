"""What the banner on *Your tasks* says after something was done: what it was, and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine import policy
from engine.errors import NotFound
from engine.model.casework import Case, CaseStatus, Task, TaskStatus
from engine.model.people import Me
from storage.queries.tasks.around import one_action
from storage.store.sql_store import SqlStore
from web.parts.dates import full_day, local_day
from web.site.addresses import url_for
from web.site.page import case_address

MOST_TOLD = 3


@dataclass(frozen=True)
class Banner:
    """A banner. title: the word on its bar."""

    title: str
    heading: str
    lines: list[str]
    links: list[tuple[str, str]]  # address and text


def done_now(store: SqlStore, me: Me, now: datetime, args: Mapping[str, str]) -> Banner | None:
    """The banner that the address asks for; None when it asks for none, or for something that is not so."""
    kind = next((kind for kind in TELLS if args.get(kind)), None)
    if kind is None:
        return None
    try:
        return TELLS[kind](store, me, UUID(args[kind]), now)
    except (ValueError, NotFound):
        return None


def _done(store: SqlStore, me: Me, task_id: UUID, now: datetime) -> Banner | None:
    task = store.task(task_id)
    if task.done_by != me.person.id or task.status is not TaskStatus.DONE:
        return None
    case = store.case(task.case_id)
    waiting = store.open_tasks(case.id)
    mine = [
        (url_for("tasks.show", task_id=one.id), f"Go on: {one.title}")
        for one in waiting
        if policy.may_complete(me, one)
    ]
    address = case_address(case.ref)
    links = [*mine[:1], *([(address, f"See the case {case.ref}")] if address else [])]
    return Banner("Done", f"Done: {task.title}", _follows(store, case, task, waiting, now), links)


def _follows(store: SqlStore, case: Case, done: Task, waiting: list[Task], now: datetime) -> list[str]:
    if case.status is CaseStatus.ENDED:
        element = store.definition(case.version_id).diagram.elements.get(case.end or "")
        return [f"The case {case.ref} has ended: {element.name if element else 'the end'}."]
    begun = [task for task in waiting if task.ready_at == done.done_at]
    return _waits(store, begun, now) or [f"The case {case.ref} goes on once the others have done their part."]


def _waits(store: SqlStore, begun: list[Task], now: datetime) -> list[str]:
    """Who does what next, and by when."""
    roles = store.roles()
    names = store.people({task.person_id for task in begun if task.person_id})
    said = []
    for task in begun[:MOST_TOLD]:
        person = names.get(task.person_id) if task.person_id else None
        who = person.name if person else roles[task.role].label if task.role in roles else task.role
        said.append(f"Next: {who}: {task.title}{_by(task, now)}.")
    more = len(begun) - len(said)
    return [*said, f"And {more} more."] if more > 0 else said


def _by(task: Task, now: datetime) -> str:
    if task.due_at is None:
        return ""
    return f", by {full_day(task.due_at, year=local_day(task.due_at).year != local_day(now).year)}"


def _saved(store: SqlStore, me: Me, task_id: UUID, now: datetime) -> Banner | None:
    task = store.task(task_id)
    if store.draft(task.id, me.person.id) is None:
        return None
    return Banner("Saved", f"Saved for later: {task.title}", ["It has not been sent yet."], _back_to(task))


def _back_to(task: Task) -> list[tuple[str, str]]:
    return [(url_for("tasks.show", task_id=task.id), "Go on with it")]


def _handed(store: SqlStore, me: Me, task_id: UUID, now: datetime) -> Banner | None:
    task = store.task(task_id)
    if task.person_id is None or not _their_case(store, me, task):
        return None
    return Banner("Handed over", f"{task.title} is with {store.person(task.person_id).name}", ["They were told."], [])


def _freed(store: SqlStore, me: Me, task_id: UUID, now: datetime) -> Banner | None:
    task = store.task(task_id)
    if task.person_id is not None or not policy.may_complete(me, task):
        return None
    return Banner("Put back", f"{task.title} is back on the list", ["Colleagues on the same list can take it."], [])


def _their_case(store: SqlStore, me: Me, task: Task) -> bool:
    """Whether it still shows in what they may manage, or waited on a list of theirs."""
    return policy.may_manage(me, None) or task.pool in me.pools | me.covered_pools


def _ticked(store: SqlStore, me: Me, action_id: UUID, now: datetime) -> Banner | None:
    found = one_action(store.connection, action_id)
    if found.action.done_by != me.person.id:
        return None
    address = case_address(found.case_ref)
    links = [(address, f"See the case {found.case_ref}")] if address else []
    return Banner("Done", f"Ticked off: {found.action.title}", ["The case has it on record."], links)


def _started(store: SqlStore, me: Me, case_id: UUID, now: datetime) -> Banner | None:
    case = store.case(case_id)
    if case.started_by != me.person.id:
        return None
    return Banner("Started", f"Started: {case.title}", _waits(store, store.open_tasks(case.id), now), [])


def _added(store: SqlStore, me: Me, case_id: UUID, now: datetime) -> Banner | None:
    """To whoever may not read the case any more: it says nothing of it."""
    told = "Whoever works on the case has a message. As you answered, only they may read the case from here on."
    return Banner("Done", "What you know is kept with the case", [told], [])


TELLS = {
    "added": _added,
    "done": _done,
    "saved": _saved,
    "handed": _handed,
    "freed": _freed,
    "ticked": _ticked,
    "started": _started,
}
