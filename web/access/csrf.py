"""Every unsafe request must come from a page of ours, and prove it with a token derived from its own cookie.

The token needs no database, so a form can be sent again after one was away.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from urllib.parse import urlsplit

from flask import current_app, request

from engine.errors import SignedOut, StaleForm
from web.access import guard, sessions
from web.context.request import visit

FIELD = "csrf_token"
HEADER = "X-CSRF-Token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def token() -> str:
    """The token for this browser's forms. A browser without a cookie gets one."""
    here = visit()
    cookie = sessions.cookie_or_new()
    if not here.token:
        here.token = token_of(here.trust.settings.secret_key, cookie)
    return here.token


def token_of(secret_key: str, cookie: str) -> str:
    """The token that goes with a cookie: nobody without the secret key can work it out."""
    return hmac.new(secret_key.encode(), b"csrf:" + cookie.encode(), sha256).hexdigest()


def check() -> None:
    """Refuse an unsafe request that no page of ours sent.

    Raises StaleForm, or SignedOut when the browser has forgotten its cookie.
    """
    if request.method in SAFE:
        return
    if not _from_here():
        raise StaleForm
    cookie = visit().cookie
    given = request.headers.get(HEADER) or request.form.get(FIELD, "")
    if cookie and hmac.compare_digest(token().encode(), given.encode()):
        return
    if cookie is None and from_our_page() and not _open_to_all():
        raise SignedOut  # the browser has forgotten its cookie: signing in again keeps what was typed
    raise StaleForm


def from_our_page() -> bool:
    """Whether the browser itself says that a page of this very address sent the request. No other site can say so."""
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def _from_here() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def _open_to_all() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    lock = guard.lock_of(view)
    return view is None or (lock is not None and lock.for_all)
