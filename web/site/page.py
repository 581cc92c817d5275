"""What pages are written with: who asks, when, of which trust, and how the answer is laid out."""

from __future__ import annotations

from datetime import date, datetime

from flask import current_app, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from engine.model.calendar import LONDON
from engine.model.people import Me
from storage.database import Database
from web.access import guard, sessions
from web.context.request import visit, visit_or_none
from web.context.trusts import OpenTrust
from web.site import carried
from web.site.addresses import url_for

NAVIGATION = (
    ("Your tasks", "tasks.index"),
    ("Start a procedure", "start.index"),
    ("Find a case", "cases.index"),
    ("Monitoring", "monitoring.index"),
    ("Procedures", "procedures.index"),
    ("Needs attention", "attention.index"),
    ("People and schools", "people.index"),
)

KEPT, MOST_KEPT = "headway-menus", 500
# The pages that the last of these leads on to.
OFFICE = frozenset({"people", "person", "schools", "imports", "calendars", "cover", "reminders", "roles"})


def me() -> Me:
    """The person asking. Raises SignedOut for a stranger."""
    return sessions.me()


def trust() -> OpenTrust:
    """The trust this request is for."""
    return visit().trust


def database() -> Database:
    """Its database."""
    return visit().trust.database


def now() -> datetime:
    """The moment of this request: one and the same throughout. Aware, UTC."""
    return visit().now


def today() -> date:
    """The day in London."""
    return now().astimezone(LONDON).date()


def page(template: str, status: int = 200, **values: object) -> tuple[str, int]:
    """A page within the layout. A form that was refused is shown again with status 422."""
    return render_template(template, **values, **frame()), status


def back_to(endpoint: str, **values: object) -> Response:
    """After something was done: see the page that shows it (303, so that a reload repeats nothing)."""
    return redirect(url_for(endpoint, **values), code=303)


def looking() -> bool:
    """Somebody who was signed out in the middle wants their form back as they typed it: show it, do nothing."""
    return carried.LOOK in request.form


def frame() -> dict[str, object]:
    """What the layout needs. Opens no database: it shows who is signed in only if that is known already."""
    here = visit_or_none()
    known = here.signed_in if here else None
    return {
        "signed_in": known,
        "trust_name": known.trust_name if known else None,
        **(_ways(known.me) if known else {"navigation": [], "menu": ""}),
        "demo": here.trust.settings.demo if here else False,
    }


def _ways(me: Me) -> dict[str, object]:
    """The ways to everything that somebody may open, and the menu made of them. It says nothing of the person, so it is
    kept for all who may open the same.
    """
    here = "people" if request.blueprint in OFFICE else request.blueprint
    key = (request.script_root, here, tuple(endpoint for _, endpoint in NAVIGATION if guard.may_open(endpoint, me)))
    kept: dict[object, dict[str, object]] = current_app.extensions.setdefault(KEPT, {})
    found = kept.get(key)
    if found is None:
        ways = [
            {"text": text, "href": url_for(endpoint), "current": endpoint.partition(".")[0] == here}
            for text, endpoint in NAVIGATION
            if endpoint in key[2]
        ]
        found = {"navigation": ways, "menu": Markup(render_template("parts/menu.html", navigation=ways))}  # noqa: S704 - the template escapes
        if len(kept) < MOST_KEPT:
            kept[key] = found
    return found


def home() -> str:
    """The address of the page that somebody who signs in sees first."""
    return url_for("home.index") if "home.index" in current_app.view_functions else "/"


def case_address(ref: str) -> str | None:
    """The address of a case's page, for whoever may go there."""
    return url_for("cases.show", ref=ref) if guard.may_open("cases.show", me()) else None
