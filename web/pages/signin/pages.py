"""Signing in and out, invitations and forgotten passwords."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine.errors import BadDetails, Refused, TooManyTries, WrongPassword
from engine.model.access import LinkKind
from engine.model.people import Person
from storage.access import accounts
from storage.access import sessions as stored_sessions
from storage.database import reading
from web.access import guard, sessions
from web.access import sign_in as entry
from web.context.request import visit
from web.site import carried
from web.site.page import back_to, database, home, page

pages = Blueprint("signin", __name__)

MADE_UP = ".example"  # RFC 2606: no real person's address ends like this, so the demo lets in nobody who is real


@pages.get("/sign-in")
@guard.open_to_all
def index() -> ResponseReturnValue:
    """The sign-in page; whoever is signed in already goes on."""
    if sessions.signed_in_or_none():
        return redirect(_next(), 303)
    return _form(next=_next())


@pages.post("/sign-in")
@guard.open_to_all
def sign_in() -> ResponseReturnValue:
    """Try an email address and a password."""
    email, password = request.form.get("email", "").strip(), request.form.get("password", "")
    try:
        entry.sign_in(email, password)
    except WrongPassword as refusal:
        return _form(422, refusal, email, next=_next())
    except TooManyTries as refusal:
        return _form(429, refusal, email, next=_next())
    return go_on()


def go_on() -> ResponseReturnValue:
    """After signing in: back to what was typed, or to the page that was asked for."""
    typed = carried.unseal(request.form.get(carried.FIELD, ""))
    if typed is None:
        return redirect(_next(), 303)
    with reading(database()) as connection:
        owner = stored_sessions.owner_of_session(connection, typed.session)
    if owner not in {None, sessions.me().person.id}:
        return redirect(home(), 303)  # somebody else sits here now: what was typed is not theirs to see
    return page("signin/kept.html", kept=typed, look=guard.can_look(typed.endpoint))


def signed_out(sentence: str) -> ResponseReturnValue:
    """For a stranger at a page for people: the sign-in page, and afterwards back with what was typed."""
    if request.method in {"GET", "HEAD"}:
        return redirect(url_for("signin.index", next=request.full_path.rstrip("?")), 303)
    session = sessions.id_hash(visit().cookie or "")
    typed = carried.seal(carried.posted(session))
    return _form(401, Refused(sentence), typed=typed, again=_made_up_owner(session))


def _made_up_owner(session: str) -> Person | None:
    """In the demo nobody has a password, so whoever was signed in goes on with one button."""
    if not visit().trust.settings.demo:
        return None
    with reading(database()) as connection:
        return accounts.pick_of_session(connection, session, MADE_UP)


def _form(
    status: int = 200,
    refusal: Refused | None = None,
    email: str = "",
    next: str = "",
    typed: str = "",
    again: Person | None = None,
) -> tuple[str, int]:
    typed = typed or request.form.get(carried.FIELD, "")
    return page("signin/sign_in.html", status, refusal=refusal, email=email, next=next, kept=typed, again=again)


def _next() -> str:
    """Where to go afterwards: only ever a page of ours."""
    wanted = request.values.get("next", "")
    parts = urlsplit(wanted)
    ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc
    return wanted if ours and wanted.isprintable() and "\\" not in wanted else home()


@pages.post("/sign-out")
@guard.open_to_all
def sign_out() -> ResponseReturnValue:
    """End this browser's session. Signing out twice does no harm."""
    sessions.end()
    return back_to("signin.index")


@pages.get("/forgotten-password")
@guard.open_to_all
def forgotten() -> ResponseReturnValue:
    """Ask for a way back in."""
    return page("signin/forgotten.html", asked=False)


@pages.post("/forgotten-password")
@guard.open_to_all
def send_reset() -> ResponseReturnValue:
    """The same answer whoever asks, so that nobody learns who has an account."""
    entry.ask_for_reset(request.form.get("email", "").strip())
    return page("signin/forgotten.html", asked=True)


@pages.get("/invitation/<secret>")
@guard.open_to_all
def invitation(secret: str) -> ResponseReturnValue:
    """Somebody invited chooses their first password."""
    return _choose(LinkKind.INVITATION, secret)


@pages.post("/invitation/<secret>")
@guard.open_to_all
def accept(secret: str) -> ResponseReturnValue:
    """Their first password, and in they are."""
    return _chosen(LinkKind.INVITATION, secret)


@pages.get("/reset/<secret>")
@guard.open_to_all
def reset(secret: str) -> ResponseReturnValue:
    """Somebody who forgot their password chooses another."""
    return _choose(LinkKind.RESET, secret)


@pages.post("/reset/<secret>")
@guard.open_to_all
def set_new(secret: str) -> ResponseReturnValue:
    """The new one, and in they are; every other browser is signed out."""
    return _chosen(LinkKind.RESET, secret)


def _choose(kind: LinkKind, secret: str, refusal: BadDetails | None = None) -> tuple[str, int]:
    person = entry.person_of_link(kind, secret)
    messages = refusal.messages if refusal else {}
    return page("signin/choose.html", 422 if refusal else 200, person=person, kind=kind, messages=messages)


def _chosen(kind: LinkKind, secret: str) -> ResponseReturnValue:
    new, again = request.form.get("new_password", ""), request.form.get("password_again", "")
    try:
        entry.choose_password(kind, secret, new, again)
    except BadDetails as refusal:
        return _choose(kind, secret, refusal)
    return redirect(home(), 303)
