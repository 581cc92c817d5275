"""The first page: your tasks."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from engine import policy
from web.access import guard
from web.site.page import back_to

pages = Blueprint("home", __name__)


@pages.get("/")
@guard.allowed(policy.signed_in)
def index() -> ResponseReturnValue:
    """Whoever comes in sees what waits for them."""
    return back_to("tasks.index")
