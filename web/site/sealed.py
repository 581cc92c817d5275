"""Values that travel in a page and come back as they were: nobody else can have written them, nor keep them long."""

from __future__ import annotations

from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer

from web.context.request import visit

SECONDS = 24 * 60 * 60


def seal(purpose: str, value: Any) -> str:
    """JSON as one value of a hidden field. purpose: what is sealed for one thing cannot be used for another."""
    return str(_sealer(purpose).dumps(value))


def unseal(purpose: str, text: str) -> Any:
    """The value that was sealed. None when the text is empty, altered or a day old."""
    try:
        return _sealer(purpose).loads(text, max_age=SECONDS)
    except BadData:
        return None


def _sealer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(visit().trust.settings.secret_key, salt=purpose)
