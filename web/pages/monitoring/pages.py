"""Monitoring: per procedure how its cases stand, and where they wait, with the list behind every number."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from engine import policy
from storage.database import reading
from web.access import guard
from web.pages.monitoring.view import lines, monitor, part_of, waiting
from web.site.page import database, me, now, page

pages = Blueprint("monitoring", __name__)


@pages.get("/monitoring")
@guard.allowed(policy.may_monitor)
def index() -> ResponseReturnValue:
    """Every procedure."""
    with reading(database()) as connection:
        part = part_of(connection, me(), request.args)
        found = lines(connection, me(), now(), part)
    return page("monitoring/index.html", part=part, lines=found)


@pages.get("/monitoring/<key>")
@guard.allowed(policy.may_monitor)
def show(key: str) -> ResponseReturnValue:
    """One procedure, step by step."""
    with reading(database()) as connection:
        found = monitor(connection, me(), now(), part_of(connection, me(), request.args), key)
    return page("monitoring/show.html", monitor=found)


@pages.get("/monitoring/<key>/waiting")
@guard.allowed(policy.may_monitor)
def waiting_at(key: str) -> ResponseReturnValue:
    """The list behind a number."""
    with reading(database()) as connection:
        found = waiting(connection, me(), now(), key, request.args)
    return page("monitoring/waiting.html", key=key, list=found)
