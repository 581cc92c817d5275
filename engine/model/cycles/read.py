"""Cycles as people write them, read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from engine.model.calendar import LONDON
from engine.model.cycles.moments import Cycle, Dated, Nth, OpenDays, Rhythm, Weekdays
from engine.model.wording import quoted

HOW_TO_REPEAT = (
    "Write it like “every 2 weeks”, “every school day”, “every Monday”, “first school day of each half-term”,"
    " “last Friday of each term”, “first Monday of each month”, “1 September each year”, or R3/P1W."
)
SHORTEST = timedelta(minutes=1)
MOST_LETTERS = 200
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKEND = frozenset({5, 6})
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_NUMBERS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_ALIKE = {
    "daily": "every day",
    "weekly": "every week",
    "fortnightly": "every 2 weeks",
    "monthly": "every month",
    "yearly": "every year",
    "annually": "every year",
    "termly": "first school day of each term",
    "half-termly": "first school day of each half-term",
    "half termly": "first school day of each half-term",
}
_EACH = r"(?:every|each)"
_DAY = rf"(?:{'|'.join(_DAYS)})"
_SOME_DAYS = rf"(?P<weekdays>{_DAY}(?:(?:,? and |, ){_DAY})*)"
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})"
_ST = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_OF = r"(?P<of>school year|year|term|half[- ]?term|month|week)"
_NTH = rf"(?:the )?(?P<number>last|\d{{1,2}}(?:st|nd|rd|th)|{'|'.join(_NUMBERS)})"
_UNITS = r"minute|hour|school day|working day|weekday|calendar day|day|week|fortnight|month|year"
_AT = re.compile(r",? at (\d{1,2})(?:[:.](\d{2}))? ?(am|pm)?$")
_TIMES = re.compile(r",? (?:at most )?(\d{1,6}) times$")
_FROM = re.compile(r",? (?:starting |beginning )?(?:from|on) (\d{4}-\d{2}-\d{2})$")
_HOLIDAYS = re.compile(r",? (?:in the |in )?holidays too$")
_ISO = re.compile(r"^r(\d*)/(.+)$", re.IGNORECASE)
_LENGTH = re.compile(
    r"^p(?:(\d{1,4})y)?(?:(\d{1,4})m)?(?:(\d{1,4})w)?(?:(\d{1,5})d)?(?:t(?:(\d{1,5})h)?(?:(\d{1,6})m)?(?:(\d{1,8})s)?)?$",
    re.IGNORECASE,
)
_CRON = re.compile(r"^@\w+$|^[\d*/,\-?lw#]+(?: (?:[\d*/,\-?lw#]|mon|tue|wed|thu|fri|sat|sun|[a-z]{3}\b)+){4,6}$")


def read_cycle(words: str) -> Cycle:
    """Raises ValueError with a sentence when the words cannot be read, or would never let any time pass."""
    return _read(words[: MOST_LETTERS + 1])


@lru_cache(maxsize=256)
def _read(words: str) -> Cycle:
    text = " ".join(words.lower().replace("\u2013", "-").split()).rstrip(".")
    try:
        found = _iso(text) or _in_words(text) if len(text) <= MOST_LETTERS else None
    except (OverflowError, ValueError):  # no such day, or further away than any
        found = None
    if _CRON.match(text) and found is None:
        raise ValueError(
            f"{quoted(words)} is written for machines (cron), which nobody here could read. {HOW_TO_REPEAT}"
        )
    if found is None:
        raise ValueError(f"{quoted(words)} does not say when something comes round. {HOW_TO_REPEAT}")
    if wrong := _never(found):
        raise ValueError(f"{quoted(words)} {wrong} {HOW_TO_REPEAT}")
    return found


def _never(found: Cycle) -> str | None:
    """Why something that can be read would never come round, or never stop."""
    if found.times == 0:
        return "says that it never happens."
    every = {Rhythm: "shortest", OpenDays: "count", Weekdays: "every"}.get(type(found))
    if every and not getattr(found, every):
        return "has no length, so it would happen without end in one moment."
    if isinstance(found, Rhythm) and found.shortest < SHORTEST:
        return "comes round more often than once a minute."
    named = found.weekdays if isinstance(found, Weekdays) else {found.weekday} if isinstance(found, Nth) else set()
    if named & _WEEKEND:
        return "falls on a weekend, when no school is open."
    return None


def _in_words(text: str) -> Cycle | None:
    said: dict[str, Any] = {}
    for _ in _TAILS:
        for pattern, taken in _TAILS:
            if found := pattern.search(text):
                text = text[: found.start()].strip()
                said |= taken(found)
    text = re.sub(r"^on ", "", _ALIKE.get(text, text))
    for written, make in _WRITTEN:
        if match := written.match(text):
            return replace(make({name: word for name, word in match.groupdict().items() if word}), **said)
    return None


def _at(found: re.Match[str]) -> dict[str, Any]:
    hour = int(found[1])
    if found[3]:
        hour = hour % 12 + (12 if found[3] == "pm" else 0)
    return {"at": time(hour, int(found[2] or 0))}


def _from(found: re.Match[str]) -> dict[str, Any]:
    return {"begins": datetime.combine(date.fromisoformat(found[1]), time(), LONDON)}


_TAILS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], dict[str, Any]]], ...] = (
    (_AT, _at),
    (_TIMES, lambda found: {"times": int(found[1])}),
    (_FROM, _from),
    (_HOLIDAYS, lambda found: {"days": "working"}),
)


def _every(said: Mapping[str, str]) -> Cycle:
    unit = said["unit"]
    count = _count(said.get("count"))
    if unit in ("school day", "working day", "weekday"):
        return OpenDays(count=count, days="school" if unit == "school day" else "working")
    if unit in ("minute", "hour"):
        return Rhythm(rest=timedelta(**{f"{unit}s": count}), exact=True)
    if unit == "calendar day":
        return Rhythm(whole_days=count, exact=True)
    if unit in ("month", "year"):
        return Rhythm(months=count * (12 if unit == "year" else 1))
    return Rhythm(whole_days=count * {"day": 1, "week": 7, "fortnight": 14}[unit])


def _count(text: str | None) -> int:
    if text in _NUMBERS:
        return _NUMBERS.index(text) + 1
    return 2 if text == "other" else int((text or "1").rstrip("stndrh"))


def _weekdays(said: Mapping[str, str]) -> Cycle:
    weekdays = frozenset(_DAYS.index(day) for day in re.findall(_DAY, said["weekdays"]))
    return Weekdays(weekdays=weekdays, every=_count(said.get("count")) * (2 if said.get("unit") == "fortnight" else 1))


def _nth(said: Mapping[str, str]) -> Cycle:
    of = "half-term" if said["of"].startswith("half") else said["of"]
    what = said.get("what", "day")
    number = -1 if said["number"] == "last" else _count(said["number"])
    if not number:
        raise ValueError("the first is the first")
    days = "working" if what == "working day" else "school"
    return Nth(number=number, weekday=_DAYS.index(what) if what in _DAYS else None, of=of, days=days)


def _edge(said: Mapping[str, str]) -> Cycle:
    number = "last" if said.get("edge") == "end" else "first"
    return _nth({"number": number, "of": said["of"]})


def _dated(said: Mapping[str, str]) -> Cycle:
    month = _MONTHS.index(said["month"]) + 1 if "month" in said else None
    date(2028, month or 1, int(said["day"]))  # raises ValueError
    return Dated(day=int(said["day"]), month=month)


_COUNT = r"(?:(?P<count>\d{1,4}|other|second|third|fourth) )?"
_WRITTEN: tuple[tuple[re.Pattern[str], Callable[[Mapping[str, str]], Cycle]], ...] = tuple(
    (re.compile(f"^{pattern}$"), make)
    for pattern, make in (
        (rf"{_EACH} {_COUNT}(?P<unit>{_UNITS})s?", _every),
        (rf"{_COUNT}(?P<unit>{_UNITS})s?", _every),
        (rf"{_EACH} {_COUNT}(?P<unit>week|fortnight)s? on (?:a )?{_SOME_DAYS}", _weekdays),
        (rf"{_EACH} {_COUNT}{_SOME_DAYS}", _weekdays),
        (rf"{_SOME_DAYS} {_EACH} week", _weekdays),
        (rf"{_NTH} (?P<what>school day|working day|day|{_DAY}) (?:of|in) (?:{_EACH}|the|a) {_OF}", _nth),
        (rf"(?:the |at the )?(?P<edge>start|beginning|end) of (?:{_EACH}|the|a) {_OF}", _edge),
        (rf"{_EACH} (?P<of>school year|term|half[- ]?term)", _edge),
        (rf"(?:the )?{_ST} (?:of )?{_MONTH} (?:of |in )?{_EACH} year", _dated),
        (rf"{_MONTH} {_ST},? {_EACH} year", _dated),
        (rf"{_EACH} (?:year on )?(?:the )?{_ST} (?:of )?{_MONTH}", _dated),
        (rf"(?:the )?{_ST} (?:day )?of (?:{_EACH}|the) month", _dated),
        (rf"{_EACH} month on the {_ST}", _dated),
    )
)


def _iso(text: str) -> Cycle | None:
    if (bare := _LENGTH.match(text)) and any(bare.groups()):
        return _length(text)
    match = _ISO.match(text)
    if not match:
        return None
    times = int(match[1]) if match[1] else None
    *start, length = match[2].split("/")
    if len(start) > 1:
        return None
    begins = _moment(start[0]) if start else None
    if begins and (end := _moment(length)):
        return Rhythm(times=times, begins=begins, rest=end - begins if end > begins else timedelta(), exact=True)
    rhythm = _length(length)
    return replace(rhythm, times=times, begins=begins) if rhythm else None


def _length(text: str) -> Rhythm | None:
    match = _LENGTH.match(text)
    if not match or not any(match.groups()):
        return None
    years, months, weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
    rest = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return Rhythm(months=years * 12 + months, whole_days=weeks * 7 + days, rest=rest, exact=True)


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text.upper())
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=LONDON)
