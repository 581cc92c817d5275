"""The headers that every answer carries."""

from __future__ import annotations

from flask import Response, request

from web.context.request import visit_or_none

# Nothing is loaded from other hosts, nothing runs that is not a file of ours, nobody may frame us.
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in POLICY.items()),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
TWO_YEARS = 2 * 365 * 24 * 60 * 60
YEAR = 365 * 24 * 60 * 60


def protect(response: Response) -> Response:
    """Add them. A page may set its own, stricter or for its own need, first."""
    own = {name.lower() for name in response.headers.keys()}  # noqa: SIM118 - its own iteration gives pairs
    for name, value in HEADERS.items():
        if name.lower() not in own:
            response.headers.add(name, value)
    visit = visit_or_none()
    if visit and visit.trust.settings.https:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={TWO_YEARS}; includeSubDomains")
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"  # pages speak of people: shared computers must not keep them
    return response


def cache_static(response: Response, hashes: dict[str, str]) -> Response:
    """A file asked for by its content's hash never changes; asked for without, it is checked each time."""
    name = (request.view_args or {}).get("filename", "")
    current = hashes.get(name)
    fresh = current is not None and request.args.get("v") == current
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if fresh else "no-cache"
    return response
