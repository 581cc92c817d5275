"""One's own account: the password, and signing out everywhere."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from engine import policy
from engine.errors import BadDetails
from web.access import guard, sessions, sign_in
from web.site.page import back_to, me, page

pages = Blueprint("account", __name__)


@pages.get("/account")
@guard.allowed(policy.signed_in)
def index() -> ResponseReturnValue:
    """Who you are here."""
    return page("signin/account.html", messages={}, changed="changed" in request.args)


@pages.post("/account/password")
@guard.allowed(policy.signed_in)
def change_password() -> ResponseReturnValue:
    """Change it; every other browser is signed out."""
    form = request.form
    current, new, again = (form.get(name, "") for name in ("current_password", "new_password", "password_again"))
    try:
        sign_in.change_password(me().person, current, new, again)
    except BadDetails as refusal:
        return page("signin/account.html", 422, messages=refusal.messages, changed=False)
    return back_to("account.index", changed="yes")


@pages.post("/account/sign-out-everywhere")
@guard.allowed(policy.signed_in)
def sign_out_everywhere() -> ResponseReturnValue:
    """End every session of yours, this one too."""
    sessions.end_everywhere(me().person.id)
    return back_to("signin.index")
