"""In the demo: be whoever you like, of the people who are made up."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from engine.errors import NotFound
from storage.access import accounts
from storage.database import reading
from web.access import guard, sessions
from web.pages.signin.pages import MADE_UP, go_on
from web.site.page import database, page, today, trust

pages = Blueprint("demo", __name__)


@dataclass
class DemoPlace:
    """The trust, a cluster or a school, with its people and their roles."""

    name: str
    picks: list[accounts.Pick] = field(default_factory=list)


@pages.get("/demo")
@guard.open_to_all
def index() -> ResponseReturnValue:
    """Pick a person."""
    places = _by_place(_picks())
    sessions.signed_in_or_none()
    return page("signin/demo.html", places=places)


@pages.post("/demo")
@guard.open_to_all
def pick() -> ResponseReturnValue:
    """Be this person. Raises NotFound for nobody of the demo."""
    wanted = request.form.get("person", "")
    person = next((one.person for one in _picks() if str(one.person.id) == wanted), None)
    if person is None:
        raise NotFound
    sessions.begin(person.id)
    return go_on()


def _picks() -> list[accounts.Pick]:
    if not trust().settings.demo:
        raise NotFound
    with reading(database()) as connection:
        return accounts.picks(connection, today(), MADE_UP)


def _by_place(picks: list[accounts.Pick]) -> list[DemoPlace]:
    places: dict[str, DemoPlace] = {"": DemoPlace("The trust")}
    for pick in picks:
        name = pick.place or ""
        places.setdefault(name, DemoPlace(name)).picks.append(pick)
    return [place for place in places.values() if place.picks]
