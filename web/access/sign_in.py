"""Getting in: by password, by a link, and changing the password. Each is one transaction; hashing happens outside."""

from __future__ import annotations

from uuid import UUID

from flask import request

from engine.errors import BadDetails, LinkUsed, TooManyTries, WrongPassword
from engine.model.access import LinkKind
from engine.model.people import Person
from storage.access import accounts
from storage.access import sessions as stored_sessions
from storage.database import reading, transaction
from web.access import links, passwords, sessions, throttle
from web.context.request import visit


def sign_in(email: str, password: str) -> UUID:
    """Begin a session for whoever this is. Raises WrongPassword, alike for unknown people, or TooManyTries."""
    here = visit()
    one = _tries("sign-in", email, throttle.SIGN_IN)
    with transaction(here.trust.database) as store:
        may_try = throttle.count(store, one, here.now)
        found = accounts.account_by_email(store.connection, email)
    if not may_try:
        raise TooManyTries
    kept = found.password_hash if found else None
    if not passwords.verify(kept, password) or found is None or kept is None:
        raise WrongPassword
    stronger = passwords.renewed(kept, password)
    with transaction(here.trust.database) as store:
        throttle.forgive(store, one)
        if stronger:
            accounts.renew_password_hash(store.connection, found.person_id, kept, stronger)
    sessions.begin(found.person_id)
    return found.person_id


def ask_for_reset(email: str) -> None:
    """Send a way back in to whoever has this address. Says nothing of whether anybody has. Raises TooManyTries."""
    here = visit()
    with transaction(here.trust.database) as store:
        may_try = throttle.count(store, _tries("reset", email, throttle.RESET), here.now)
        person = store.person_by_email(email) if may_try else None
        if person and person.active:
            links.send(store, here.trust.settings, person, LinkKind.RESET, here.now)
    if not may_try:
        raise TooManyTries("There were too many tries. Wait 15 minutes and try again.")


def person_of_link(kind: LinkKind, secret: str) -> Person:
    """Whom a link lets in. Looking does not use it up: mail programs look too. Raises LinkUsed."""
    here = visit()
    with reading(here.trust.database) as connection:
        person = accounts.person_of_link(connection, links.token_hash(secret), kind, here.now)
    if person is None:
        raise LinkUsed
    return person


def choose_password(kind: LinkKind, secret: str, new: str, again: str) -> None:
    """Use the link up: a new password, every other session ended, and signed in here. Raises LinkUsed, BadDetails."""
    here = visit()
    person = person_of_link(kind, secret)
    _check_new(new, again, person.email)
    kept = passwords.hashed(new)
    with transaction(here.trust.database) as store:
        used = accounts.use_link(store.connection, links.token_hash(secret), kind, here.now)
        if used:
            accounts.set_password(store.connection, person.id, kept, here.now)
            accounts.spend_links(store.connection, person.id, here.now)
            stored_sessions.end_sessions(store.connection, person.id, here.now)
    if not used:
        raise LinkUsed
    sessions.begin(person.id)


def change_password(person: Person, current: str, new: str, again: str) -> None:
    """Change one's own. Every other session ends. Raises BadDetails, TooManyTries."""
    here = visit()
    one = _tries("sign-in", person.email, throttle.SIGN_IN)
    with transaction(here.trust.database) as store:
        may_try = throttle.count(store, one, here.now)
        found = accounts.account_by_email(store.connection, person.email)
    if not may_try:
        raise TooManyTries
    if found is None or not passwords.verify(found.password_hash, current):
        raise BadDetails({"current_password": "Your current password is not right"})
    _check_new(new, again, person.email)
    kept = passwords.hashed(new)
    with transaction(here.trust.database) as store:
        accounts.set_password(store.connection, person.id, kept, here.now)
        accounts.spend_links(store.connection, person.id, here.now)
        stored_sessions.end_sessions(store.connection, person.id, here.now)
        throttle.forgive(store, one)
    sessions.begin(person.id)


def _check_new(new: str, again: str, email: str) -> None:
    messages = {}
    fault = passwords.fault(new, email)
    if fault:
        messages["new_password"] = fault
    elif new != again:
        messages["password_again"] = "Enter the same password twice"  # noqa: S105 - a sentence
    if messages:
        raise BadDetails(messages)


def _tries(what: str, email: str, limits: throttle.Limits) -> throttle.Tries:
    address = request.remote_addr or ""
    return throttle.tries(visit().trust.settings.secret_key, what, email, address, limits)
