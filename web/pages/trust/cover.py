"""While somebody is away: who does their tasks, from when to when, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from engine import policy
from engine.commands.trust import cover as commands
from engine.model.people import Post, ScopeKind
from storage.database import reading, reading_store, transaction
from storage.queries.trust.colleagues import Colleague, colleagues
from storage.queries.trust.people import CoverRow, covers_page
from storage.store.sql_store import SqlStore
from web.access import guard
from web.pages.trust.frame import form_page, items, office_page
from web.parts.sent_fields import SentForm, Typed, boxes
from web.site.page import back_to, database, looking, me, now, today

pages = Blueprint("cover", __name__)

DONE = {"arranged": "The cover is arranged, and your colleague has a message.", "stopped": "The cover has ended."}


@pages.get("/cover")
@guard.allowed(policy.signed_in)
def index() -> ResponseReturnValue:
    """One's own cover, either way; all of it for those who may arrange it for others."""
    with reading(database()) as connection:
        rows = covers_page(connection, today())
    mine = [row for row in rows if me().person.id in {row.cover.absent_id, row.cover.by_id}]
    everybody = policy.may_administer(me()) or policy.may_manage(me(), None)
    return office_page(
        "trust/cover/index.html",
        mine=mine,
        others=[row for row in rows if row not in mine] if everybody else [],
        for_others=policy.may_arrange_for_others(me()),
        my_id=me().person.id,
        may_stop=[row.cover.id for row in rows if _may_stop(row, everybody)],
        today=today(),
        done=DONE.get(request.args.get("done", ""), ""),
    )


def _may_stop(row: CoverRow, everybody: bool) -> bool:
    return everybody or row.cover.absent_id == me().person.id


@pages.get("/cover/for")
@guard.allowed(policy.may_arrange_for_others)
def find() -> ResponseReturnValue:
    """Who is away? Asked by their address, as a list of everybody would be long."""
    email = request.args.get("email")
    if email is None:
        return form_page("trust/cover/find.html", {})
    with reading_store(database()) as store:
        person = store.person_by_email(email)
    if person and person.active:
        return back_to("cover.add", absent=person.id)
    messages = {"email": "Nobody who works here has this email address"}
    return office_page("trust/cover/find.html", 422, messages=messages, typed=Typed(email=email))


@pages.get("/cover/add")
@guard.asked_by_command(policy.may_arrange_cover)
def add() -> ResponseReturnValue:
    """Who does the tasks? `absent` in the address: whose; else one's own."""
    return _add({**boxes("from", today()), "absent": request.args.get("absent", "")})


@pages.post("/cover/add")
@guard.asked_by_command(policy.may_arrange_cover, look=True)
def arrange() -> ResponseReturnValue:
    """Let a colleague do them."""
    asked = SentForm()
    if looking():
        return _add(asked)
    from_on = asked.day("from", "The first day", "Enter the first day")
    to_on = asked.day("to", "The last day", "Enter the last day")
    absent = asked.id("absent") or me().person.id
    with reading_store(database()) as store:
        by = _chosen(store, asked)
    with asked.trying(), asked.checked(), transaction(database()) as store:
        if by and from_on and to_on:
            commands.arrange_cover(store, me(), absent, by, from_on, to_on, asked.text("reason"), now())
    if asked.messages:
        return _add(asked)
    if absent != me().person.id and policy.may_administer(me()):
        return back_to("people.show", person_id=absent, done="cover")
    return back_to("cover.index", done="arranged")


def _chosen(store: SqlStore, asked: SentForm) -> UUID | None:
    """Somebody from the list, or whoever has the address that was typed."""
    email = asked.text("email")
    if not email:
        return asked.id("by", "Choose who does the tasks")
    person = store.person_by_email(email)
    if person is None or not person.active:
        asked.messages["email"] = "Nobody who works here has this email address"
        return None
    return person.id


def _add(asked: SentForm | Mapping[str, str]) -> ResponseReturnValue:
    typed = asked.typed if isinstance(asked, SentForm) else Typed(asked)
    with reading_store(database()) as store:
        absent = me().person.id if not typed["absent"] else _id(typed["absent"])
        commands.may_arrange(store, me(), absent, now())
        person, posts = store.person(absent), store.posts_of(absent)
        near = _near(store, posts)
    chosen = ((str(one.person_id), f"{one.name} – {one.does}") for one in near if one.person_id != absent)  # noqa: RUF001
    return form_page(
        "trust/cover/add.html",
        asked,
        person=person,
        own=absent == me().person.id,
        people=items([("", "Choose a colleague"), *chosen], typed["by"]),
    )


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)  # nobody's: the page says that it cannot be found


def _near(store: SqlStore, posts: Iterable[Post]) -> list[Colleague]:
    """People around where somebody works, by name."""
    at = [post.scope.id for post in posts if post.held_on(today()) and post.scope.kind is ScopeKind.SCHOOL]
    return colleagues(store.connection, at[0] if at else None, today())


@pages.post("/cover/<uuid:cover_id>/stop")
@guard.asked_by_command(policy.may_arrange_cover)
def stop(cover_id: UUID) -> ResponseReturnValue:
    """Back early: from this moment the tasks are one's own alone."""
    with transaction(database()) as store:
        commands.stop_cover(store, me(), cover_id, now())
    return back_to("cover.index", done="stopped")
