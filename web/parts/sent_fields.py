"""Reading the forms of the office: what was typed, what is wrong with it, and showing both again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from uuid import UUID

from flask import request

from engine.errors import AlreadyHolds, AlreadyKnown, BadDetails
from engine.forms.drawn.model import Question, QuestionKind
from engine.forms.filled.values import Unreadable, read_typed

BOXES = ("-day", "-month", "-year")
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
WRITTEN = re.compile(  # the weekday may stand before it
    r"(?:[a-z]+day\s+|(?:mon|tue|wed|thu|fri|sat|sun)\s+)?(\d{1,2})[\s/.-]+([a-z]{3,9}|\d{1,2})[\s/.-]+(\d{4})"
)
LIKE = "Write a day like 1 September 2026 or 1/9/2026"


class Typed(dict[str, str]):
    """What stands in the fields of a form; a field that nothing was typed into is empty."""

    def __missing__(self, name: str) -> str:
        return ""


def boxes(name: str, day: date | None) -> dict[str, str]:
    """A day as it stands in three boxes."""
    parts = (day.day, day.month, day.year) if day else ()
    return {f"{name}{box}": str(part) for box, part in zip(BOXES, parts, strict=False)}


class SentForm:
    """A form that was sent, with what is wrong with it: field -> sentence."""

    def __init__(self) -> None:
        self.typed = Typed(request.form.items())
        self.messages: dict[str, str] = {}

    def text(self, name: str) -> str:
        """A text, without the spaces around it."""
        return self.typed[name].strip()

    def id(self, name: str, missing: str = "") -> UUID | None:
        """A choice among things that have ids. missing: what to say when nothing was chosen."""
        try:
            return UUID(self.typed[name])
        except ValueError:
            if missing:
                self.messages[name] = missing
            return None

    def day(self, name: str, what: str, missing: str = "") -> date | None:
        """A day from three boxes. what: it begins the sentence about a day that cannot be (“The first day”)."""
        typed = {box: (self.typed[f"{name}{box}"],) for box in BOXES}
        try:
            found = read_typed(Question(id=name, kind=QuestionKind.DATE, key=name), typed)
        except Unreadable as error:
            self.messages[name] = f"{what} {error}"
            return None
        if found is None and missing:
            self.messages[name] = missing
        return date.fromisoformat(str(found)) if found else None

    def refuse(self) -> None:
        """Raises BadDetails when something is wrong already."""
        if self.messages:
            raise BadDetails(self.messages)

    @contextmanager
    def checked(self) -> Iterator[None]:
        """Within `trying`: nothing inside happens when something is wrong already."""
        self.refuse()
        yield

    @contextmanager
    def trying(self, known: str = "email", holds: str = "role") -> Iterator[None]:
        """Whatever is refused inside becomes a sentence on its field."""
        try:
            yield
        except BadDetails as refusal:
            self.messages |= refusal.messages
        except AlreadyKnown as refusal:
            self.messages[known] = refusal.sentence.rstrip(".")
        except AlreadyHolds as refusal:
            self.messages[holds] = refusal.sentence.rstrip(".")


def read_day(text: str) -> date:
    """A day as people write it: “1 September 2026”, “1/9/2026”, “2026-09-01”. Raises ValueError with a sentence."""
    tidy = " ".join(text.replace(",", " ").lower().split())
    try:
        return date.fromisoformat(tidy)
    except ValueError:
        found = WRITTEN.fullmatch(tidy)
    if not found:
        raise ValueError(f"“{text.strip()[:40]}” is not a day. {LIKE}")
    try:
        return date(int(found[3]), _month(found[2]), int(found[1]))
    except ValueError as error:
        raise ValueError(f"“{text.strip()[:40]}” is not in the calendar. {LIKE}") from error


def _month(text: str) -> int:
    """1 to 12, from a number or a name that may be cut short; 0 for anything else."""
    if text.isdigit():
        return int(text)
    return next(
        (number for number, name in enumerate(MONTHS, 1) if name.startswith("sep" if text == "sept" else text)), 0
    )


def read_days(text: str) -> tuple[frozenset[date], str]:
    """Days, one on each line, and what is wrong with the first that cannot be read."""
    days = set()
    for line in text.splitlines():
        if line.strip():
            try:
                days.add(read_day(line))
            except ValueError as error:
                return frozenset(), str(error)
    return frozenset(days), ""
