"""Somebody leaves, or comes back: posts and cover end, their tasks go back to the role, and they are let in no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

from engine.commands.trust.cover import cut_cover
from engine.commands.trust.people import administer, cut_post, refuse_last
from engine.errors import BadDetails
from engine.model.calendar import LONDON
from engine.model.casework import Entry, EntryKind, Job, JobKind
from engine.model.people import Me, Person
from engine.ports import Store


def leaving_key(person_id: UUID) -> str:
    """The key of the job that closes somebody's account."""
    return f"leave:{person_id}"


def leave(store: Store, me: Me | None, person_id: UUID, last_day: date, now: datetime) -> Person:
    """Every post and cover ends on the last day; after it they are let in no more. A day that has passed: at once.

    Raises BadDetails for somebody who has left, or the last administrator.
    """
    administer(me)
    person = store.person(person_id)
    refuse_last(store, person, "last_day")
    if not person.active:
        raise BadDetails({"last_day": "This person has left already"})
    for post in store.posts_of(person_id):
        if post.to_on is None or post.to_on > last_day:
            cut_post(store, post, last_day, now)
    for cover in store.covers_of(person_id):
        cut_cover(store, cover, last_day)
    store.drop_jobs([leaving_key(person_id)])
    at = datetime.combine(last_day + timedelta(days=1), time(0, 1), LONDON)
    if at <= now:
        depart(store, person_id, now)
    else:
        payload = {"person": str(person_id), "last_day": last_day.isoformat()}
        store.add_jobs([Job(uuid4(), JobKind.LEAVE, leaving_key(person_id), at, payload)])
    return store.person(person_id)


def depart(store: Store, person_id: UUID, now: datetime) -> None:
    """Let them in no more, and put what they had taken back on its list. Nobody's departure may leave no administrator:
    then the account stays as it is.
    """
    person = store.person(person_id)
    if {each.id for each in store.administrators()} == {person_id}:
        return
    store.save_person(replace(person, active=False, administrator=False))
    entries = []
    for task in store.open_tasks_of_person(person_id):
        store.save_task(replace(task, person_id=None, done_for=None))
        text = f"{person.name} has left, so “{task.title}” is back on its list."
        entries.append(Entry(uuid4(), task.case_id, now, EntryKind.HANDED, text, None, task.step))
    if entries:
        store.add_entries(entries)


def stay(store: Store, me: Me | None, person_id: UUID) -> Person:
    """They do not leave after all, or are back. Posts that ended have to be given again."""
    administer(me)
    store.drop_jobs([leaving_key(person_id)])
    person = replace(store.person(person_id), active=True)
    store.save_person(person)
    return person
