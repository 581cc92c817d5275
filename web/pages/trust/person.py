"""What changes for one person: roles they hold, their last day, their account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from engine import policy
from engine.commands.trust import leavers
from engine.commands.trust import people as commands
from engine.errors import BadDetails
from engine.model.access import LinkKind
from storage.access import accounts, sessions
from storage.database import reading_store, transaction
from storage.queries.trust import people as queries
from web.access import guard, links
from web.pages.trust.frame import form_page, items, place_items, read_place
from web.pages.trust.people import linked
from web.parts.sent_fields import SentForm, Typed, boxes
from web.site.page import back_to, database, looking, me, now, today, trust

pages = Blueprint("person", __name__)


@pages.get("/people/<uuid:person_id>/roles/add")
@guard.allowed(policy.may_administer)
def add_post(person_id: UUID) -> ResponseReturnValue:
    """Give a role."""
    return _add_post(person_id, boxes("from", today()))


@pages.post("/people/<uuid:person_id>/roles/add")
@guard.allowed(policy.may_administer, look=True)
def give_post(person_id: UUID) -> ResponseReturnValue:
    """From a day, to a day or without an end."""
    asked = SentForm()
    if looking():
        return _add_post(person_id, asked)
    scope = read_place(asked.typed["place"])
    if not asked.typed["role"]:
        asked.messages["role"] = "Choose a role"
    if scope is None:
        asked.messages["place"] = "Choose where"
    from_on = asked.day("from", "The first day", "Enter the first day")
    to_on = asked.day("to", "The last day")
    with asked.trying(), asked.checked(), transaction(database()) as store:
        if scope and from_on:
            commands.give_post(store, me(), person_id, asked.typed["role"], scope, from_on, to_on, now())
    if asked.messages:
        return _add_post(person_id, asked)
    return back_to("people.show", person_id=person_id, done="role")


def _add_post(person_id: UUID, asked: SentForm | Mapping[str, str]) -> ResponseReturnValue:
    typed = asked.typed if isinstance(asked, SentForm) else Typed(asked)
    with reading_store(database()) as store:
        person, roles = store.person(person_id), store.roles().values()
        places = place_items(store.clusters(), store.schools(), typed["place"])
    chosen = items([("", "Choose a role"), *((role.key, role.label) for role in roles)], typed["role"])
    return form_page("trust/people/add_post.html", asked, person=person, roles=chosen, places=places)


@pages.get("/people/<uuid:person_id>/roles/<uuid:post_id>/end")
@guard.allowed(policy.may_administer)
def end_post(person_id: UUID, post_id: UUID) -> ResponseReturnValue:
    """When is its last day?"""
    return _end_post(person_id, post_id, boxes("to", today()))


@pages.post("/people/<uuid:person_id>/roles/<uuid:post_id>/end")
@guard.allowed(policy.may_administer, look=True)
def ended(person_id: UUID, post_id: UUID) -> ResponseReturnValue:
    """That is its last day."""
    asked = SentForm()
    if looking():
        return _end_post(person_id, post_id, asked)
    to_on = asked.day("to", "The last day", "Enter the last day")
    with asked.trying(), asked.checked(), transaction(database()) as store:
        if to_on:
            commands.end_post(store, me(), post_id, to_on, now())
    if asked.messages:
        return _end_post(person_id, post_id, asked)
    return back_to("people.show", person_id=person_id, done="ended")


def _end_post(person_id: UUID, post_id: UUID, asked: SentForm | Mapping[str, str]) -> ResponseReturnValue:
    with reading_store(database()) as store:
        found = queries.person_page(store.connection, person_id)
        post = store.post(post_id)
    row = next((row for row in found.posts if row.post.id == post_id), queries.PostRow(post, post.role, None))
    return form_page("trust/people/end_post.html", asked, person=found.person, row=row)


@pages.get("/people/<uuid:person_id>/leaves")
@guard.allowed(policy.may_administer)
def leaves(person_id: UUID) -> ResponseReturnValue:
    """When is their last day?"""
    return _leaves(person_id, {})


@pages.post("/people/<uuid:person_id>/leaves")
@guard.allowed(policy.may_administer, look=True)
def leave(person_id: UUID) -> ResponseReturnValue:
    """Every post ends; after the last day they are let in no more, and at once when it is over."""
    asked = SentForm()
    if looking():
        return _leaves(person_id, asked)
    at_once = asked.typed["when"] == "now"
    day = today() - timedelta(days=1) if at_once else None
    if asked.typed["when"] == "day":
        day = asked.day("last_day", "The last day", "Enter the last day")
    elif not at_once:
        asked.messages["when"] = "Choose when"
    with asked.trying(), asked.checked(), transaction(database()) as store:
        if day and not leavers.leave(store, me(), person_id, day, now()).active:
            sessions.end_sessions(store.connection, person_id, now())
            accounts.spend_links(store.connection, person_id, now())
    if asked.messages:
        return _leaves(person_id, asked)
    return back_to("people.show", person_id=person_id, done="left" if at_once else "leaves")


def _leaves(person_id: UUID, asked: SentForm | Mapping[str, str]) -> ResponseReturnValue:
    with reading_store(database()) as store:
        person = store.person(person_id)
    return form_page("trust/people/leaves.html", asked, person=person)


@pages.post("/people/<uuid:person_id>/stays")
@guard.allowed(policy.may_administer)
def stay(person_id: UUID) -> ResponseReturnValue:
    """They do not leave after all, or are back. Old sessions and links stay worth nothing."""
    with transaction(database()) as store:
        was_active = store.person(person_id).active
        leavers.stay(store, me(), person_id)
        if not was_active:
            sessions.end_sessions(store.connection, person_id, now())
            accounts.spend_links(store.connection, person_id, now())
    return back_to("people.show", person_id=person_id, done="stays")


@pages.post("/people/<uuid:person_id>/link")
@guard.allowed(policy.may_administer)
def link(person_id: UUID) -> ResponseReturnValue:
    """Another invitation, or a way back in for somebody who has chosen a password before.

    Raises BadDetails for somebody who has left.
    """
    with transaction(database()) as store:
        found = queries.person_page(store.connection, person_id)
        if not found.person.active:
            raise BadDetails({"person": "This person has left: bring them back first"})
        kind = LinkKind.RESET if found.signs_in else LinkKind.INVITATION
        address = links.send(store, trust().settings, found.person, kind, now())
    return linked(found.person, address, kind)


@pages.get("/people/<uuid:person_id>/administrator")
@guard.allowed(policy.may_administer)
def administrator(person_id: UUID) -> ResponseReturnValue:
    """Ask whether they are sure."""
    return _administrator(person_id, {})


@pages.post("/people/<uuid:person_id>/administrator")
@guard.allowed(policy.may_administer)
def make_administrator(person_id: UUID) -> ResponseReturnValue:
    """Let them look after Headway, or no longer."""
    asked = SentForm()
    with asked.trying(), asked.checked(), transaction(database()) as store:
        commands.make_administrator(store, me(), person_id, request.form.get("administrator") == "yes")
    if asked.messages:
        return _administrator(person_id, asked)
    if person_id == me().person.id and request.form.get("administrator") != "yes":
        return back_to("people.index")
    return back_to("people.show", person_id=person_id, done="administrator")


def _administrator(person_id: UUID, asked: SentForm | Mapping[str, str]) -> ResponseReturnValue:
    with reading_store(database()) as store:
        person = store.person(person_id)
    return form_page("trust/people/administrator.html", asked, person=person)
