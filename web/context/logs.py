"""The log: one line a happening, on standard output, in key=value pairs, without anything personal.

No names, no addresses of people, no query strings, no texts of exceptions (they may quote what somebody typed).
"""

from __future__ import annotations

import json
import logging
import sys
import time
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from flask import Flask, Response, g, request

from web.context.request import visit_or_none

LOG = logging.getLogger("headway")


class LogLine(logging.Formatter):
    """at=… level=… event=… and whatever the caller adds under `extra={"facts": {...}}`."""

    def format(self, record: logging.LogRecord) -> str:
        facts: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info and record.exc_info[0]:
            facts |= {"error": record.exc_info[0].__name__, "where": _where(record.exc_info[2])}
        return " ".join(f"{key}={_value(value)}" for key, value in facts.items())


def _value(value: object) -> str:
    text = str(value)
    plain = text.isascii() and text.isprintable() and not set(text) & set(' "=')
    return text if text and plain else json.dumps(text)


def _where(trace: TracebackType | None) -> str:
    """The innermost calls, as file:line, innermost first."""
    frames = traceback.extract_tb(trace)[-12:]
    return " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}:{frame.name}" for frame in reversed(frames))


def set_up() -> None:
    """Send the log to standard output. Libraries say only what is a warning or worse."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(LogLine())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    LOG.setLevel(logging.INFO)
    for chatty in ("apscheduler", "waitress.queue", "alembic"):  # say what is no trouble: a tick skipped, a short queue
        logging.getLogger(chatty).setLevel(logging.ERROR)


def say(event: str, level: int = logging.INFO, **facts: object) -> None:
    """One line."""
    LOG.log(level, event, extra={"facts": facts})


def say_failure(event: str, error: BaseException, **facts: object) -> None:
    """One line about something that went wrong inside, with where but without what was said."""
    LOG.error(event, exc_info=error, extra={"facts": facts})


def watch(app: Flask) -> None:
    """Log every request but those for the files that pages are made of."""

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        if request.endpoint != "static":
            _say_request(response)
        return response


def _say_request(response: Response) -> None:
    visit = visit_or_none()
    say(
        "request",
        id=visit.id if visit else "-",
        method=request.method,
        route=request.url_rule.rule if request.url_rule else "-",
        status=response.status_code,
        ms=round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000),
    )
