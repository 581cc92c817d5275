"""What somebody typed, carried over a sign-in or a failure, so that nothing has to be typed twice.

It travels in the page itself, so it needs no database. Passwords and files are never carried.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from web.access import csrf
from web.site import sealed

FIELD = "kept"  # a sealed copy in the sign-in form
LOOK = "look"  # asks a page to show its form again, filled in
MOST_BYTES = 200_000
MOST_FIELDS = 2_000
_NEVER = frozenset({csrf.FIELD, FIELD, LOOK})


@dataclass(frozen=True)
class CarriedPost:
    """A post that was not carried out."""

    path: str
    endpoint: str | None
    fields: tuple[tuple[str, str], ...]
    files: bool = False  # files came with it: they must be chosen again
    cut: bool = False  # some of it was too long to carry
    session: str = ""  # whose it is: the hash of the session it came by


def posted(session: str = "") -> CarriedPost:
    """What the request at hand posted."""
    fields, cut = _capped(
        [
            (name, value)
            for name, value in request.form.items(multi=True)
            if name not in _NEVER and "password" not in name.lower()
        ]
    )
    files = any(file.filename for _, file in request.files.items(multi=True))
    return CarriedPost(request.full_path.rstrip("?"), request.endpoint, fields, files, cut, session)


def _capped(pairs: list[tuple[str, str]]) -> tuple[tuple[tuple[str, str], ...], bool]:
    left = MOST_BYTES
    fields: list[tuple[str, str]] = []
    for name, value in pairs[:MOST_FIELDS]:
        left -= len(name.encode()) + len(value.encode())
        if left >= 0:
            fields.append((name, value))
    return tuple(fields), len(fields) < len(pairs)


def seal(kept: CarriedPost) -> str:
    """As one value of a hidden field that nobody else can have written."""
    return sealed.seal("kept", [kept.path, kept.endpoint, kept.fields, kept.files, kept.cut, kept.session])


def unseal(text: str) -> CarriedPost | None:
    """None when it is empty, altered or a day old."""
    found = sealed.unseal("kept", text)
    if found is None:
        return None
    path, endpoint, fields, files, cut, session = found
    return CarriedPost(path, endpoint, tuple((name, value) for name, value in fields), files, cut, session)
