"""Who is asking: sessions kept on the server, known by a random cookie of which only the hash is stored."""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from flask import Response, request

from engine.errors import SignedOut, Unavailable
from engine.model.access import Session
from engine.model.people import Me
from storage.access import sessions
from storage.database import reading, transaction
from web.context.request import SignedIn, visit, visit_or_none

COOKIE = "__Host-headway"
# Some browsers keep no Secure cookie for a computer's own http address: there, and only there, this one stands in.
LOCAL_COOKIE = "headway"
COOKIE_LETTERS = 43  # of 32 random bytes
SEEN_EVERY = timedelta(minutes=5)  # how exactly we know when somebody was last here


def me() -> Me:
    """The person asking. Raises SignedOut for a stranger."""
    return signed_in().me


def signed_in() -> SignedIn:
    """The person asking and their session. Raises SignedOut for a stranger."""
    found = signed_in_or_none()
    if found is None:
        raise SignedOut
    return found


def signed_in_or_none() -> SignedIn | None:
    """Looked up once a request."""
    here = visit()
    if not here.looked:
        here.looked = True
        here.signed_in = _look_up(here.cookie) if here.cookie else None
    return here.signed_in


def _look_up(cookie: str) -> SignedIn | None:
    here, session = visit(), id_hash(cookie)
    database = here.trust.database
    with reading(database) as connection:
        found = sessions.session_me(connection, database.memory.office, session, here.now)
    if found is None:
        return None
    if here.now - found.seen_at >= SEEN_EVERY:
        with suppress(Unavailable), transaction(here.trust.database) as store:  # reading goes on while nobody can write
            sessions.seen(store.connection, session, here.now, here.now + here.trust.settings.idle)
    return SignedIn(found.me, session, found.trust_name)


def begin(person_id: UUID) -> None:
    """A new session under a new id; whatever id the browser came with is worth nothing from here on."""
    here, cookie = visit(), _new_cookie()
    settings, now = here.trust.settings, here.now
    session = Session(id_hash(cookie), person_id, now, now, now + settings.idle, now + settings.longest)
    with transaction(here.trust.database) as store:
        if here.cookie:
            sessions.end_session(store.connection, id_hash(here.cookie), now)
        sessions.add_session(store.connection, session)
    _give(cookie)


def end() -> None:
    """Sign out of this browser."""
    here = visit()
    if here.cookie:
        with transaction(here.trust.database) as store:
            sessions.end_session(store.connection, id_hash(here.cookie), here.now)
    _give(_new_cookie())


def end_everywhere(person_id: UUID) -> None:
    """Sign somebody out of every browser, this one too when it is theirs."""
    here = visit()
    with transaction(here.trust.database) as store:
        sessions.end_sessions(store.connection, person_id, here.now)


def _give(cookie: str) -> None:
    here = visit()
    here.cookie, here.send_cookie, here.token, here.looked, here.signed_in = cookie, True, "", False, None


def id_hash(cookie: str) -> str:
    """What is stored of a session's id. The id has 256 random bits, so a plain hash will do."""
    return sha256(cookie.encode()).hexdigest()


def cookie_or_new() -> str:
    """What the browser sent, or a fresh id for a stranger: their forms' token hangs on it."""
    here = visit()
    if here.cookie is None:
        here.cookie, here.send_cookie = _new_cookie(), True
    return here.cookie


def cookie_from_request(https: bool) -> str | None:
    """The id that came with the request, if it looks like one of ours."""
    for name in _names(https):
        value = request.cookies.get(name)
        if value and len(value) == COOKIE_LETTERS and value.isascii():
            return value
    return None


def send_cookie(response: Response) -> Response:
    """After a page: give the browser its id, for as long as it stays open."""
    here = visit_or_none()
    if here and here.send_cookie and here.cookie:
        https = here.trust.settings.https
        known = [name for name in _names(https) if name in request.cookies]
        for name in known[:1] or _names(https):
            response.set_cookie(name, here.cookie, secure=name == COOKIE, httponly=True, samesite="Lax", path="/")
    return response


def _names(https: bool) -> tuple[str, ...]:
    return (COOKIE,) if https else (COOKIE, LOCAL_COOKIE)


def _new_cookie() -> str:
    return secrets.token_urlsafe(32)
