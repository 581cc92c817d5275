"""A case's names, and FEEL asked about them, for the tests of FEEL."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from engine.rules.feel import NO_VALUE, Ask, Told, evaluate

TERMS = ((date(2026, 9, 2), date(2026, 10, 23)), (date(2026, 11, 2), date(2026, 12, 18)))
CLOSED = (date(2026, 11, 24), date(2026, 12, 1))
NAMES: dict[str, Any] = {
    "score": 7,
    "route": "urgent",
    "agreed": "no",
    "open": True,
    "unanswered": None,
    "visit": "2026-12-01",
    "causes": [{"cause": "staffing", "sources": 2}, {"cause": "reading", "sources": 3}],
    "school": {"name": "Oak", "phase": "primary"},
    "today": date(2026, 11, 23),
    "now": datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
    "calendar": {
        "closed": [day.isoformat() for day in CLOSED],
        "terms": [[first.isoformat(), last.isoformat()] for first, last in TERMS],
    },
}


def told(expression: str, on: Any = NO_VALUE, **names: Any) -> Told:
    return evaluate([Ask(expression, on)], NAMES | names)[0]


def value(expression: str, on: Any = NO_VALUE, **names: Any) -> Any:
    found = told(expression, on, **names)
    assert found.fault is None
    return found.value


def fault(expression: str, on: Any = NO_VALUE, **names: Any) -> str:
    found = told(expression, on, **names)
    assert found.fault is not None
    assert found.value is None
    return found.fault
