"""For whatever watches over the servers: does this one work? Says nothing about anybody."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from engine.errors import Unavailable
from storage.migrations import is_current
from web import guard
from web.view import trust

pages = Blueprint("health", __name__)

PATH = "/healthz"


@pages.get(PATH)
@guard.allowed(guard.ANYONE)
def index() -> ResponseReturnValue:
    """200 when the database answers and is up to date, else 503."""
    try:
        current = is_current(trust().database)
    except Unavailable:
        return {"status": "the database does not answer"}, 503
    if not current:
        return {"status": "the database is not up to date: headway migrate"}, 503
    return {"status": "ok"}, 200
