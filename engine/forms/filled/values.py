"""What a person typed into one question, read into an answer as it is kept (JSON), and back into boxes to show again.

Reading is lenient about how people write (spaces, commas, "9.30am", "Dec") and strict about what comes out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from engine.forms.drawn.model import MomentKind, Question, QuestionKind
from engine.model.text import clean, one_line, several_lines

LONGEST_TEXT = 20_000  # characters of one answer
DAY, MONTH, YEAR, TIME = "-day", "-month", "-year", "-time"
YEARS = range(1900, 2200)

Typed = Mapping[str, tuple[str, ...]]  # by box: "" for most questions, DAY and its siblings for dates

_BOXES = {MomentKind.DATE: (DAY, MONTH, YEAR), MomentKind.TIME: ("",), MomentKind.BOTH: (DAY, MONTH, YEAR, TIME)}
_FIGURE = re.compile(r"([+-]?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:\.([0-9]+))?", re.ASCII)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_CLOCK = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?(?::00)?\s*(am|pm)?", re.ASCII)
MOST_DIGITS = 15  # what a browser and a JSON number keep exactly


class Unreadable(ValueError):
    """What was typed is no answer. The message says what is wrong, to follow the question's name ("must be ...")."""


def boxes(question: Question) -> tuple[str, ...]:
    """What the names of a question's fields end in."""
    return _BOXES[question.moment] if question.kind is QuestionKind.DATE else ("",)


def option_key(text: str) -> str:
    """By what a posted option is known again: browsers change its line ends, and the door takes out what is unseen."""
    return one_line(text)


def chosen(question: Question, posted: Sequence[str]) -> list[Any]:
    """The values of the options that were posted, in their own order; fewer than posted when one is no option."""
    keys = set(map(option_key, posted))
    return [option.value for option in question.choices.fixed if option_key(as_text(option.value)) in keys]


def read_typed(question: Question, typed: Typed) -> Any:
    """The answer in what was typed, None when nothing was. Options are still texts. Raises Unreadable."""
    return _READERS[question.kind](question, typed)


def _last(typed: Typed, box: str = "") -> str:
    """The one text of a box; of several the last, as browsers count."""
    texts = typed.get(box, ())
    return texts[-1] if texts else ""


def _read_text(question: Question, typed: Typed) -> str | None:
    tidy = several_lines if question.kind is QuestionKind.LONG_TEXT else one_line
    text = tidy(_last(typed))
    if len(text) > LONGEST_TEXT:
        raise Unreadable(f"must be {LONGEST_TEXT:,} characters or fewer: it is {len(text) - LONGEST_TEXT:,} too long")
    return text or None


def _read_number(question: Question, typed: Typed) -> int | float | None:
    text = _bare(question, _last(typed))
    if not text:
        return None
    found = _FIGURE.fullmatch(text)
    if not found or not (found[2] or found[3]):
        raise Unreadable("must be a number, like 12" if question.limits.decimals == 0 else "must be a number")
    sign, whole, part = found[1], (found[2] or "0").replace(",", ""), found[3] or ""
    if len(whole.lstrip("0")) + len(part) > MOST_DIGITS:
        raise Unreadable(f"must have {MOST_DIGITS} digits or fewer")
    return as_number(Decimal(f"{sign}{whole}.{part or '0'}"))


def _bare(question: Question, text: str) -> str:
    """A number without spaces and without the unit that stands beside its box."""
    text = one_line(text)
    for unit in (*question.prefix, *question.suffix):
        if isinstance(unit, str) and unit.strip():
            text = text.replace(unit.strip(), "")
    return text.removeprefix("£").replace(" ", "").replace("\N{MINUS SIGN}", "-")


def as_number(found: Decimal) -> int | float:
    """A number as JSON keeps it."""
    return int(found) if found == found.to_integral_value() else float(found)


def _read_moment(question: Question, typed: Typed) -> str | None:
    if question.moment is MomentKind.TIME:
        clock = _read_clock(_last(typed))
        return clock.isoformat() if clock else None
    day = _read_date(typed)
    if question.moment is MomentKind.DATE:
        return day.isoformat() if day else None
    clock = _read_clock(_last(typed, TIME))
    if day and clock:
        return datetime.combine(day, clock).isoformat()
    if day or clock:
        raise Unreadable("must include a time, like 9:30am" if day else "must include a day, a month and a year")
    return None


def _read_date(typed: Typed) -> date | None:
    parts = {box: one_line(_last(typed, box)) for box in (DAY, MONTH, YEAR)}
    missing = [box.removeprefix("-") for box, text in parts.items() if not text]
    if len(missing) == 3:
        return None
    if missing:
        raise Unreadable(f"must include a {' and a '.join(missing)}")
    try:
        day, month, year = _part(parts[DAY]), _month(parts[MONTH]), _part(parts[YEAR])
        if len(parts[YEAR]) != 4:
            raise Unreadable("must have a year of 4 numbers, like 2027")
        found = date(year, month, day)
    except ValueError as error:
        raise error if isinstance(error, Unreadable) else Unreadable("must be a real date") from error
    if found.year not in YEARS:
        raise Unreadable(f"must be between {YEARS[0]} and {YEARS[-1]}")
    return found


def _part(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text, re.ASCII):
        raise Unreadable("must be a real date")
    return int(text)


def _month(text: str) -> int:
    name = text[:3].lower()
    return _MONTHS.index(name) + 1 if name in _MONTHS and text.isascii() and text.isalpha() else _part(text)


def _read_clock(text: str) -> time | None:
    text = one_line(text).lower().replace("a.m.", "am").replace("p.m.", "pm")
    if not text:
        return None
    found = _CLOCK.fullmatch({"noon": "12:00", "midday": "12:00", "midnight": "0:00"}.get(text, text))
    if not found or not (found[2] or found[3]):
        raise Unreadable("must be a time, like 9:30am or 14:30")
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if minute > 59 or hour > 23 or (half and not 1 <= hour <= 12):
        raise Unreadable("must be a real time, like 9:30am or 14:30")
    return time(hour % 12 + (12 if half == "pm" else 0) if half else hour, minute)


def _read_tick(question: Question, typed: Typed) -> bool:
    return _last(typed) in ("true", "on")


def _read_choice(question: Question, typed: Typed) -> str | None:
    text = clean(_last(typed))
    return text if text.strip() else None


def _read_ticks(question: Question, typed: Typed) -> list[str]:
    """Every option ticked, once, in the order posted."""
    return [text for text in dict.fromkeys(clean(text) for text in typed.get("", ())) if text.strip()]


def _read_files(question: Question, typed: Typed) -> list[str]:
    return list(typed.get("", ()))


def _read_nothing(question: Question, typed: Typed) -> None:
    return None


_READERS: Mapping[QuestionKind, Callable[[Question, Typed], Any]] = {
    QuestionKind.TEXT: _read_text,
    QuestionKind.LONG_TEXT: _read_text,
    QuestionKind.NUMBER: _read_number,
    QuestionKind.DATE: _read_moment,
    QuestionKind.TICK: _read_tick,
    QuestionKind.TICKS: _read_ticks,
    QuestionKind.RADIO: _read_choice,
    QuestionKind.SELECT: _read_choice,
    QuestionKind.FILES: _read_files,
    QuestionKind.WORKED_OUT: _read_nothing,
}


def to_typed(question: Question, answer: Any) -> dict[str, tuple[str, ...]]:
    """An answer as a person would have typed it, by box. Without an answer, or with one that does not fit: no box."""
    if answer is None or isinstance(answer, dict):
        return {}
    if question.kind is QuestionKind.DATE:
        return _moment_boxes(question, answer)
    if question.kind in (QuestionKind.TICKS, QuestionKind.FILES):
        return {"": tuple(as_text(item) for item in answer)} if isinstance(answer, list) else {}
    if isinstance(answer, list):
        return {}
    if question.kind is QuestionKind.TICK:
        return {"": ("true",) if answer is True else ()}
    return {"": (as_text(answer),)}


def _moment_boxes(question: Question, answer: Any) -> dict[str, tuple[str, ...]]:
    day, clock = moment_of(answer)
    found: dict[str, tuple[str, ...]] = {}
    if day and question.moment is not MomentKind.TIME:
        found = {DAY: (str(day.day),), MONTH: (str(day.month),), YEAR: (f"{day.year:04}",)}
    if clock and question.moment is not MomentKind.DATE:
        found[TIME if question.moment is MomentKind.BOTH else ""] = (f"{clock:%H:%M}",)
    return found


def moment_of(answer: Any) -> tuple[date | None, time | None]:
    """The day and the time of day in a kept or worked-out moment; None where it has none."""
    if isinstance(answer, datetime):
        return answer.date(), answer.time()
    if isinstance(answer, date):
        return answer, None
    if isinstance(answer, time):
        return None, answer
    for read in (date.fromisoformat, datetime.fromisoformat, time.fromisoformat):
        try:
            return moment_of(read(str(answer)))
        except ValueError:
            continue
    return None, None


def as_text(value: Any) -> str:
    """A value as it stands in a field: the text that an option is posted as."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else str(value)


def as_kept(value: Any) -> Any:
    """A value that FEEL worked out, as JSON keeps it."""
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return as_number(value)
    if isinstance(value, Mapping):
        return {str(key): as_kept(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_kept(item) for item in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
