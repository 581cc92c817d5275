"""Cover: a colleague does somebody's tasks while they are away. The record says who really did them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from engine import policy
from engine.errors import BadDetails, NotAllowed
from engine.model.calendar import LONDON
from engine.model.casework import Notice
from engine.model.people import Cover, Me, School, ScopeKind
from engine.model.text import one_line, too_long
from engine.model.wording import day_of_month
from engine.ports import Store

LONGEST_REASON = 200
LONGEST = timedelta(days=400)


def arrange_cover(
    store: Store, me: Me, absent_id: UUID, by_id: UUID, from_on: date, to_on: date, reason: str, now: datetime
) -> Cover:
    """Let a colleague do somebody's tasks while they are away: one's own, or a manager's or administrator's doing.

    Raises BadDetails for wrong days, the same person twice, nobody who works here, or no reason.
    """
    may_arrange(store, me, absent_id, now)
    today = now.astimezone(LONDON).date()
    messages = dict(_wrong_days(from_on, to_on, today))
    if absent_id == by_id:
        messages["by"] = "Choose somebody else"
    elif not store.person(by_id).active:
        messages["by"] = "Choose somebody who works here at the moment"
    reason = one_line(reason)
    if not reason:
        messages["reason"] = "Enter why, such as “Holiday” or “Training”"
    elif wrong := too_long("The reason", reason, LONGEST_REASON):
        messages["reason"] = wrong
    if not messages and _twice(store, absent_id, by_id, from_on, to_on):
        messages["by"] = "They are covering then already"
    if messages:
        raise BadDetails(messages)
    cover = Cover(uuid4(), absent_id, by_id, from_on, to_on, reason)
    store.add_cover(cover)
    _tell(store, me, cover, now)
    return cover


def _wrong_days(from_on: date, to_on: date, today: date) -> Mapping[str, str]:
    if to_on < from_on:
        return {"to": "The last day must be on or after the first day"}
    if to_on < today:
        return {"to": "The last day must be today or later"}
    if to_on - from_on > LONGEST:
        return {"to": "Cover can be arranged for up to a year at a time"}
    return {}


def _twice(store: Store, absent_id: UUID, by_id: UUID, from_on: date, to_on: date) -> bool:
    return any(
        (cover.absent_id, cover.by_id) == (absent_id, by_id) and cover.from_on <= to_on and from_on <= cover.to_on
        for cover in store.covers_of(absent_id)
    )


def _tell(store: Store, me: Me, cover: Cover, now: datetime) -> None:
    """A message on the screen of whoever covers, and of the absent one when somebody else arranged it."""
    people = store.people([cover.absent_id, cover.by_id])
    absent, by = people[cover.absent_id], people[cover.by_id]
    days = f"from {day_of_month(cover.from_on)} to {day_of_month(cover.to_on)} {cover.to_on:%Y}"
    subject, text = f"You cover for {absent.name}", f"{days}. Their tasks appear on your list on those days."
    notices = [Notice(uuid4(), by.id, now, subject, f"{text[0].upper()}{text[1:]}")]
    if me.person.id != absent.id:
        text = f"{me.person.name} arranged this. Your tasks appear on their list on those days."
        notices.append(Notice(uuid4(), absent.id, now, f"{by.name} covers for you {days}", text))
    store.add_notices([notice for notice in notices if notice.person_id != me.person.id])


def may_arrange(store: Store, me: Me, absent_id: UUID, now: datetime) -> None:
    """Raises NotAllowed unless it is one's own absence, or one administers or manages where that person works."""
    if not policy.may_arrange_cover(me, absent_id, _schools(store, absent_id, now)):
        raise NotAllowed


def _schools(store: Store, person_id: UUID, now: datetime) -> Iterator[School]:
    """Where they work, read only when it comes to that."""
    day = now.astimezone(LONDON).date()
    held = (post for post in store.posts_of(person_id) if post.held_on(day) and post.scope.kind is ScopeKind.SCHOOL)
    yield from (store.school(post.scope.id) for post in held if post.scope.id)


def stop_cover(store: Store, me: Me, cover_id: UUID, now: datetime) -> Cover:
    """End a cover early: from this moment on they do not see the other's tasks any more."""
    cover = store.cover(cover_id)
    may_arrange(store, me, cover.absent_id, now)
    cut_cover(store, cover, now.astimezone(LONDON).date() - timedelta(days=1))
    return cover


def cut_cover(store: Store, cover: Cover, last_day: date) -> None:
    """Let a cover end on this day at the latest; one that would begin later is forgotten."""
    if cover.from_on > last_day:
        store.drop_cover(cover.id)
    elif cover.to_on > last_day:
        store.save_cover(replace(cover, to_on=last_day))
