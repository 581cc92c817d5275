"""Addresses of pages. Most name nothing, or one thing by its id; a page has a dozen of them, a list has fifty."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import flask
from flask import current_app, request

KEPT = "headway-addresses"
MOST = 1_000
SOME = UUID(int=(1 << 128) - 1)  # stands in a kept address where an id goes


def url_for(endpoint: str, **values: Any) -> str:
    """Flask's own url_for; asked only once for an address whose values say nothing of what is shown, and once for all
    addresses that differ by an id alone.
    """
    if endpoint == "static" or not values:
        return _kept((request.script_root, endpoint, *map(str, values.values())), endpoint, values)
    name, value = next(iter(values.items()))
    if len(values) > 1 or type(value) is not UUID:
        return flask.url_for(endpoint, **values)
    found = _kept((request.script_root, endpoint, name, "id"), endpoint, {name: SOME})
    return found.replace(str(SOME), str(value))


def _kept(key: tuple[str, ...], endpoint: str, values: dict[str, Any]) -> str:
    kept: dict[tuple[str, ...], str] = current_app.extensions.setdefault(KEPT, {})
    found = kept.get(key)
    if found is None:
        found = flask.url_for(endpoint, **values)
        if len(kept) < MOST:
            kept[key] = found
    return found
