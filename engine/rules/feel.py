"""FEEL, the only language a procedure can hold: evaluated in V8 by the engine the browser uses, never by Python.

What the language does here, beyond the standard (DMN 1.5, chapter 10; docs/decisions/0009-rules-in-decimals.md):
- Three outcomes: a value, null, or a fault. Null comes of what is not answered and of what is not there (an entry of a
  known group, a place beyond a list's end, the sum of nothing). Where DMN gives null to a mistake, this is a fault: a
  name nobody declared, kinds that do not go together (also by "="), a text or number as a condition, a function given
  what it cannot use, a division by zero, no such date. `if` takes its `else` at null.
- `and` and `or` forgive what went wrong with values where their other side decides: `n != 0 and total / n > 3`.
- Two questions not answered are not equal: `a = b` is null then, `a = null` true. In a table's cell nothing unanswered
  makes a test pass: an input left empty passes "-" and tests that say `null` themselves, and no `not(...)` without.
- In a filter, a name that one item of a list has all items have: as null. One that neither an item nor the case has is
  a fault.
- Numbers are decimals of 34 figures: 0.1 + 0.2 = 0.3. A result is kept as JSON's number: exact up to 15 figures, and a
  fault where more of them would be lost than thousandths.
- Names are plain words. `?` stands for something only in a table's cell.
- There is no clock: `today`, `today()`, `now` and `now()` are names given with the call.
- `school days between(a, b)`, `add school days(date, n)` and `is school day(date)` count by the name `calendar`:
  {"closed": [days], "terms": [[first, last], ...]}, as engine.model.calendar does. They take dates or ISO texts.

Dates travel: a Python date, time, datetime or timedelta among the names is FEEL's own; in a result it is its ISO text:
"2026-11-23", "09:30:00", "2026-11-23T09:30:00Z" (or with an offset, or "@Europe/London"), "P3D", "P1Y2M".
"""

from __future__ import annotations

import secrets
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from engine.errors import ExpressionStopped
from engine.rules.isolate import Broken, Isolate, IsolateKeeper, OutOfTime

_LANGUAGE = "values numbers moments comparing calling texts lists ranges school_days tree conditions groups calls"
SCRIPTS = (  # in this order, here and in the browser
    "feelin.bundle.js",
    *(f"language/{part}.js" for part in f"{_LANGUAGE} transport".split()),
    "feel_prelude.js",
)
PATIENCE_MS = (
    80  # reading new expressions in one call; well under the limit, so that a large table does not look hostile
)
MAX_READINGS = 100
MOST_WHOLE = 2**53 - 1  # JSON reads no whole number beyond exactly
NO_VALUE: Final[Any] = object()

_MARK = "\ue000" + secrets.token_hex(8)  # begins a date among texts; no text typed by a person can
_ROOM = Path(__file__).parent


@dataclass(frozen=True)
class Of:
    """What an earlier ask of the same call gave."""

    ask: int  # its place


@dataclass(frozen=True)
class Ask:
    """One expression to evaluate."""

    expression: str  # FEEL without the leading "="
    unary_on: Any = NO_VALUE  # when given: the expression is a decision table's cell, tested on this value (or Of)


class Told(NamedTuple):
    """What came of it: a value, or a fault and no value."""

    value: Any  # JSON; dates as ISO texts
    fault: str | None = None  # a part of a sentence: "nobody_here is not a name this procedure knows"


@dataclass(frozen=True)
class Reads:
    """What an expression reads from outside."""

    names: frozenset[str] = frozenset()
    filtered: frozenset[str] = frozenset()  # only inside a filter, where a name may be the item's own
    fault: str | None = None  # why it could not be read


def _make() -> Isolate:
    scripts = [(_ROOM / name).read_text(encoding="utf-8") for name in SCRIPTS]
    return Isolate(scripts, "(json) => headwayFeel.answer(json)")


_keeper = IsolateKeeper(_make)


def evaluate(
    asks: Sequence[Ask], names: Mapping[str, Any], scopes: Sequence[Mapping[str, Any]] | None = None
) -> list[Told]:
    """Every ask in one call into V8. `scopes` gives each ask names of its own, which hide the shared ones.

    250 ms and 64 MB a call. Raises ExpressionStopped when a limit was hit; the asks then stop together.
    """
    if not asks:
        return []
    sent = [_sent(ask, scope) for ask, scope in zip(asks, scopes or [{}] * len(asks), strict=True)]
    about = hash(tuple((ask.expression, ask.unary_on is NO_VALUE) for ask in asks))
    return _told({"names": names, "asks": sent, "mark": _MARK, "patience": PATIENCE_MS}, about)


def _sent(ask: Ask, scope: Mapping[str, Any] | None) -> dict[str, Any]:
    sent: dict[str, Any] = {"text": ask.expression}
    if scope:
        sent["scope"] = scope
    if isinstance(ask.unary_on, Of):
        sent.update(cell=True, of=ask.unary_on.ask)
    elif ask.unary_on is not NO_VALUE:
        sent.update(cell=True, on=ask.unary_on)
    return sent


def _told(payload: Mapping[str, Any], about: int) -> list[Told]:
    """One call; the first time, when there is much to read, a few. Each has the whole limit for itself."""
    for _ in range(MAX_READINGS):
        outcomes: list[Mapping[str, Any]] | None = _call(payload, about)
        if outcomes is not None:
            return [Told(outcome["value"], outcome["fault"]) for outcome in outcomes]
    raise ExpressionStopped("There were too many rules to read at once, so they were stopped.")


@lru_cache(maxsize=4_096)
def reads(expression: str, unary: bool = False) -> Reads:
    """What an expression (unary: a decision table's cell) reads, or why it cannot be read."""
    try:
        told = _call({"read": {"text": expression, "cell": unary}})
    except ExpressionStopped:
        return Reads(fault="takes too long to read")
    return Reads(frozenset(told["names"]), frozenset(told["filtered"]), told["fault"])


def names_in(expression: str, unary: bool = False) -> frozenset[str]:
    """Every name the expression may read: all that must be sent along. Empty when it cannot be read.

    Includes names in a filter, which may be an item's own, and `calendar`, `today` and `now` where functions need
    them; not the functions. To find names nobody declared, ask unknown_names.
    """
    found = reads(expression, unary)
    return found.names | found.filtered


def unknown_names(expression: str, known: Container[str], unary: bool = False) -> list[str]:
    """Names the expression certainly reads from outside and that are not known, sorted."""
    return sorted(name for name in reads(expression, unary).names if name not in known)


def parse_fault(expression: str, unary: bool = False) -> str | None:
    """Why the expression cannot be read, as a part of a sentence; None when it can."""
    return reads(expression, unary).fault


def _call(payload: Mapping[str, Any], about: int | None = None) -> Any:
    try:
        return orjson.loads(_keeper.call(_dump(payload), about))
    except OutOfTime as error:
        raise ExpressionStopped("A rule took too long to work out, so it was stopped.") from error
    except (Broken, orjson.JSONDecodeError) as error:
        raise ExpressionStopped("A rule needed too much memory to work out, so it was stopped.") from error


def _dump(payload: Mapping[str, Any]) -> bytes:
    def plain(value: Any) -> Any:
        if isinstance(value, Decimal):
            return _MARK + f"n{value:f}"
        if isinstance(value, set | frozenset):
            return sorted(value)
        if isinstance(value, Mapping):
            return dict(value)
        return _MARK + _moment(value)

    options = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_SUBCLASS
    try:
        return orjson.dumps(payload, plain, options | orjson.OPT_STRICT_INTEGER)
    except orjson.JSONEncodeError:  # perhaps a whole number of more figures than JavaScript reads exactly
        return orjson.dumps(_long_numbers_marked(payload), plain, options)


def _long_numbers_marked(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _long_numbers_marked(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_long_numbers_marked(item) for item in value]
    if isinstance(value, int) and abs(value) > MOST_WHOLE:
        return f"{_MARK}n{value}"
    return value


def _moment(value: Any) -> str:
    """A letter for the kind, and the ISO text."""
    if isinstance(value, datetime):
        return "m" + value.isoformat()
    if isinstance(value, date):
        return "d" + value.isoformat()
    if isinstance(value, time):
        return "t" + value.isoformat()
    if isinstance(value, timedelta):
        sign = "-" if value < timedelta(0) else ""
        return f"p{sign}PT{abs(value) // timedelta(seconds=1)}.{abs(value).microseconds:06}S"
    raise TypeError(f"a {type(value).__name__} has no place in FEEL")
