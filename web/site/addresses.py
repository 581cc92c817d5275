"""Addresses of pages. Those that name nothing are the same on every page, and a page has a dozen of them."""

from __future__ import annotations

from typing import Any

import flask
from flask import current_app, request

KEPT = "headway-addresses"
MOST = 1_000


def url_for(endpoint: str, **values: Any) -> str:
    """Flask's own url_for; asked only once for an address whose values say nothing of what is shown."""
    if values and endpoint != "static":
        return flask.url_for(endpoint, **values)
    kept: dict[tuple[str, ...], str] = current_app.extensions.setdefault(KEPT, {})
    key = (request.script_root, endpoint, *map(str, values.values()))
    found = kept.get(key)
    if found is None:
        found = flask.url_for(endpoint, **values)
        if len(kept) < MOST:
            kept[key] = found
    return found
