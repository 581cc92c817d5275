"""For whatever watches over the servers: does this one work? Says nothing about anybody."""

from __future__ import annotations

from functools import cache

from flask import Blueprint
from flask.typing import ResponseReturnValue

from engine.errors import Unavailable
from storage.database import reading
from storage.migrations import latest, revision
from web.access import guard
from web.site.page import trust

pages = Blueprint("health", __name__)

PATH = "/healthz"


@pages.get(PATH)
@guard.open_to_all
def index() -> ResponseReturnValue:
    """200 when the database answers and is up to date, else 503."""
    try:
        with reading(trust().database) as connection:
            current = revision(connection) == _needed()
    except Unavailable:
        return {"status": "the database does not answer"}, 503
    if not current:
        return {"status": "the database is not up to date: headway migrate"}, 503
    return {"status": "ok"}, 200


@cache
def _needed() -> str | None:
    """The revision this code needs, worked out once: the code does not change while it runs."""
    return latest()
