"""Addresses of pages. Most name nothing, or one thing by its id; a page has a dozen of them, a list has fifty."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import flask
from flask import current_app, request

KEPT = "headway-addresses"
MOST = 1_000
PLAIN = re.compile(r"[A-Z]{1,9}-[0-9-]{1,20}")  # such as the number of a case: stands in an address as it is
SOME = UUID(int=(1 << 128) - 1)  # stands in a kept address where an id goes


def url_for(endpoint: str, **values: Any) -> str:
    """Flask's own url_for; asked only once for an address whose values say nothing of what is shown, and once for all
    addresses that differ by an id, or the number of a case, alone.
    """
    if endpoint == "static" or not values:
        return _kept((request.script_root, endpoint, *map(str, values.values())), endpoint, values)
    name, value = next(iter(values.items()))
    kind = type(value)
    if len(values) > 1 or not (kind is UUID or (kind is str and PLAIN.fullmatch(value))):
        return flask.url_for(endpoint, **values)
    some = SOME if kind is UUID else str(SOME)
    found = _kept((request.script_root, endpoint, name, kind.__name__), endpoint, {name: some})
    return found.replace(str(SOME), str(value))


def _kept(key: tuple[str, ...], endpoint: str, values: dict[str, Any]) -> str:
    kept: dict[tuple[str, ...], str] = current_app.extensions.setdefault(KEPT, {})
    found = kept.get(key)
    if found is None:
        found = flask.url_for(endpoint, **values)
        if len(kept) < MOST:
            kept[key] = found
    return found
