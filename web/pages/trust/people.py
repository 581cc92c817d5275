"""Who works here: finding people, adding somebody, one person's page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from engine import policy
from engine.commands.trust import people as commands
from engine.model.access import LinkKind
from engine.model.people import Person
from engine.model.text import words_sought
from storage.database import Connection, reading, reading_store, transaction
from storage.queries.trust import people as queries
from storage.queries.trust.leaving import last_day
from storage.queries.trust.places import Places, places
from web.access import guard, links
from web.pages.trust.frame import form_page, items, office_page
from web.parts.sent_fields import SentForm
from web.site.page import back_to, database, looking, me, now, today, trust

pages = Blueprint("people", __name__)

STATES = (("", "Work here now"), ("left", "Have left"))


@dataclass(frozen=True)
class PeoplePage:
    """A page of people, as it was asked for."""

    rows: list[queries.PersonRow]
    more: str | None  # the address of the next page
    text: str
    school: str
    left: bool
    deeper: bool

    @property
    def fault(self) -> str:
        """What to say of words that were not looked for."""
        return words_sought(self.text)[1]

    @property
    def asked(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.text or self.school or self.left)


@pages.get("/people")
@guard.allowed(policy.signed_in)
def index() -> ResponseReturnValue:
    """Everybody, for administrators; whom one works with, for others."""
    may_change = policy.may_administer(me())
    with reading(database()) as connection:
        sight = policy.sight(me())
        near = places(connection, policy.Sight(me().person.id, everywhere=True) if may_change else sight)
        found = _found(connection, near, everybody=may_change or sight.everywhere)
    schools = items([("", "All schools"), *((str(key), name) for key, name in near.schools.items())], found.school)
    states = items(STATES, "left" if found.left else "")
    return office_page("trust/people/index.html", found=found, schools=schools, states=states, may_change=may_change)


def _found(connection: Connection, near: Places, everybody: bool) -> PeoplePage:
    text, school = request.args.get("q", "").strip(), request.args.get("school", "")
    left = request.args.get("state") == "left" and policy.may_administer(me())
    after = request.args.get("after") or None
    rows, following = queries.people_page(
        connection,
        today(),
        text,
        after,
        left=left,
        scopes=_scopes(near, school, everybody),
    )
    asked: dict[str, Any] = {"q": text or None, "school": school or None, "state": "left" if left else None}
    more = url_for("people.index", **asked, after=following) if following else None
    return PeoplePage(rows, more, text, school, left, after is not None)


def _scopes(near: Places, school: str, everybody: bool) -> list[UUID | None] | None:
    """Where somebody must hold a post to be listed; None: anywhere, or nowhere yet."""
    chosen = next((key for key in near.schools if str(key) == school), None)
    if chosen:
        return [chosen]
    return None if everybody else [None, *near.schools, *near.clusters]


@pages.get("/people/add")
@guard.allowed(policy.may_administer)
def add() -> ResponseReturnValue:
    """Somebody new."""
    return _add({})


@pages.post("/people/add")
@guard.allowed(policy.may_administer, look=True)
def create() -> ResponseReturnValue:
    """Add them, and send an invitation."""
    asked = SentForm()
    if looking():
        return _add(asked)
    with asked.trying(), asked.checked(), transaction(database()) as store:
        person = commands.add_person(
            store, me(), asked.text("name"), asked.text("email"), asked.typed["right"] == "yes"
        )
        link = links.send(store, trust().settings, person, LinkKind.INVITATION, now())
    if asked.messages:
        return _add(asked)
    return linked(person, link, LinkKind.INVITATION, new=True)


def _add(asked: SentForm | Mapping[str, str]) -> ResponseReturnValue:
    return form_page("trust/people/add.html", asked)


def linked(person: Person, link: str, kind: LinkKind, new: bool = False) -> ResponseReturnValue:
    """The link, shown this once: for a colleague whose mail does not come through."""
    mailed = bool(trust().settings.smtp_url)
    return office_page("trust/people/linked.html", person=person, link=link, kind=str(kind), new=new, mailed=mailed)


@pages.get("/people/<uuid:person_id>")
@guard.allowed(policy.may_administer)
def show(person_id: UUID) -> ResponseReturnValue:
    """One person: what they hold, and what can be changed."""
    with reading_store(database()) as store:
        found = queries.person_page(store.connection, person_id)
        leaves = last_day(store.connection, person_id)
    posts = [row for row in found.posts if row.post.to_on is None or row.post.to_on >= row.post.from_on]
    return office_page(
        "trust/people/show.html",
        found=found,
        current=[row for row in posts if row.post.to_on is None or row.post.to_on >= today()],
        past=[row for row in reversed(posts) if row.post.to_on and row.post.to_on < today()],
        covers=[row for row in found.covers if row.cover.to_on >= today()],
        leaves=leaves,
        today=today(),
        done=request.args.get("done", ""),
    )


@pages.get("/people/<uuid:person_id>/details")
@guard.allowed(policy.may_administer)
def details(person_id: UUID) -> ResponseReturnValue:
    """Correct a name or an address."""
    with reading_store(database()) as store:
        person = store.person(person_id)
    return form_page("trust/people/details.html", {"name": person.name, "email": person.email}, person=person)


@pages.post("/people/<uuid:person_id>/details")
@guard.allowed(policy.may_administer, look=True)
def change(person_id: UUID) -> ResponseReturnValue:
    """Keep the correction."""
    asked = SentForm()
    if not looking():
        with asked.trying(), asked.checked(), transaction(database()) as store:
            commands.change_person(store, me(), person_id, asked.text("name"), asked.text("email"))
        if not asked.messages:
            return back_to("people.show", person_id=person_id, done="details")
    with reading_store(database()) as store:
        person = store.person(person_id)
    return form_page("trust/people/details.html", asked, person=person)
