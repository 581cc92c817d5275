"""What one request carries: its trust, its moment, and who is asking. Nothing of it outlives the request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import g

from engine.model.people import Me
from web.context.trusts import OpenTrust


@dataclass(frozen=True)
class SignedIn:
    """A person and the session they came in by."""

    me: Me
    session: str  # the hash of its id
    trust_name: str


@dataclass
class Visit:
    """Made before everything else of a request, and filled in as it goes."""

    id: str  # in the log and on the error page
    trust: OpenTrust
    now: datetime  # one moment for the whole request
    cookie: str | None = None  # what the browser sent, or what it will be sent
    send_cookie: bool = False
    token: str = ""  # of its forms, once a form was shown or sent
    looked: bool = False  # whether the session was looked up already
    signed_in: SignedIn | None = None


def visit() -> Visit:
    """The request's own."""
    found: Visit = g.visit
    return found


def visit_or_none() -> Visit | None:
    """None when the request failed before its trust was chosen."""
    found: Visit | None = g.get("visit")
    return found
