"""How templates say days and moments: in words, seen from the visit's own moment."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import Flask

from web.context.request import visit
from web.parts import dates


def add_filters(app: Flask) -> None:
    """`day`, `moment`, `full_day` and `due` for every template."""
    app.jinja_env.filters |= {"day": _day, "moment": _moment, "full_day": dates.full_day, "due": _due}


def _day(moment: date | datetime) -> str:
    return dates.day_in_words(moment, visit().now)


def _moment(moment: datetime) -> str:
    return dates.moment_in_words(moment, visit().now)


def _due(due_at: datetime | None, calendar: Any = None, days: str = "school") -> str:
    return dates.due_in_words(due_at, visit().now, calendar, days)
