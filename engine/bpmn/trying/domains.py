"""What may be answered: for every kind of question the answers to try a rule with, and whether there are others.

Samples are chosen so that a rule made of comparisons cannot tell them from all the rest: below, at and above every
number it holds, every text it holds and one it does not, days before, on and after.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import islice
from typing import Any
from uuid import UUID, uuid5

from engine.forms.drawn.model import Component, Group, Listing, MomentKind, Question, QuestionKind
from engine.forms.filled.values import as_number
from engine.rules.literals import numbers_in, texts_in

TODAY = date(2026, 1, 5)  # a Monday
MOST_VALUES = 24  # tried of one name
MOST_ROWS = 30  # of a list that is tried
_DAYS = (-2000, -400, -31, -1, 0, 1, 31, 400, 2000)
_TIMES = ("00:00:00", "09:30:00", "23:59:00")


class Sort(StrEnum):
    """What kind of value a name holds, as a sentence calls it."""

    NUMBER = "a number"
    TEXT = "a text"
    YES_NO = "yes or no"
    DATE = "a date"
    TIME = "a time"
    MOMENT = "a date with a time"
    LIST = "a list"
    GROUP = "a group of answers"
    ANYTHING = "something"


@dataclass(frozen=True)
class Domain:
    """What a name may hold once it is answered. `values` are always tried; `open`: there are others beside them."""

    sort: Sort
    values: tuple[Any, ...] = ()
    open: bool = False
    least: Decimal | None = None
    most: Decimal | None = None
    whole: bool = False
    row: Domain | None = None  # of a list: what one of its items may be
    options: tuple[str, ...] = ()  # of a choice: every text there is to choose

    def tried(self, rules: Iterable[str]) -> tuple[Any, ...]:
        """The values to try rules with that hold these texts and numbers."""
        if not self.open:
            return self.values[:MOST_VALUES]
        found = [self.values, *(_MORE[self.sort](self, texts_in(rule), numbers_in(rule)) for rule in rules)]
        return tuple(islice(_each_once(value for values in found for value in values), MOST_VALUES))


def _each_once(values: Iterable[Any]) -> Iterable[Any]:
    seen: set[str] = set()
    for value in values:
        key = f"{type(value).__name__} {value!r}"
        if key not in seen:
            seen.add(key)
            yield value


def _numbers(domain: Domain, texts: list[str], numbers: list[float]) -> Iterable[Any]:
    for number in numbers[:8]:
        for found in (number - 1, number, number + 1, -number):
            value = Decimal(str(found))
            if _within(domain, value):
                yield as_number(value)


def _within(domain: Domain, value: Decimal) -> bool:
    if domain.whole and value != value.to_integral_value():
        return False
    return (domain.least is None or value >= domain.least) and (domain.most is None or value <= domain.most)


def _texts(domain: Domain, texts: list[str], numbers: list[float]) -> Iterable[Any]:
    yield from texts[:8]
    if len(texts) > 1:
        yield " ".join(texts[:8])
    yield from ("x" * (int(number) + more) for number in numbers[:3] if number < 2_000 for more in (0, 1))


def _dates(domain: Domain, texts: list[str], numbers: list[float]) -> Iterable[Any]:
    for text in texts[:4]:
        try:
            day = date.fromisoformat(text[:10])
        except ValueError:
            continue
        yield from ((day + timedelta(days=days)).isoformat() for days in (-1, 0, 1))


def _moments(domain: Domain, texts: list[str], numbers: list[float]) -> Iterable[Any]:
    return (f"{day}T09:30:00" for day in _dates(domain, texts, numbers))


def _lists(domain: Domain, texts: list[str], numbers: list[float]) -> Iterable[Any]:
    items = (
        domain.row.tried([f'"{text}"' for text in texts] + [str(number) for number in numbers]) if domain.row else ()
    )
    yield from ([item] for item in items)
    if items:
        yield from (
            [items[0]] * (int(number) + more) for number in numbers[:3] if number < MOST_ROWS for more in (0, 1)
        )
        yield list(items)


def _none(domain: Domain, texts: list[str], numbers: list[float]) -> Iterable[Any]:
    return ()


_MORE = {
    Sort.NUMBER: _numbers,
    Sort.TEXT: _texts,
    Sort.YES_NO: _none,
    Sort.DATE: _dates,
    Sort.TIME: _none,
    Sort.MOMENT: _moments,
    Sort.LIST: _lists,
    Sort.GROUP: _none,
    Sort.ANYTHING: _none,
}

YES_NO = Domain(Sort.YES_NO, (True, False))
TEXT = Domain(Sort.TEXT, ("Something else",), open=True)
ANYTHING = Domain(Sort.ANYTHING, (), open=True)
SOMEBODY = str(uuid5(UUID(int=0), "somebody"))
OFFERED = {"value": SOMEBODY, "label": "Amina", "person": SOMEBODY, "name": "Amina"}
PEOPLE = Domain(Sort.LIST, ([OFFERED, {**OFFERED, "label": "Ben", "name": "Ben"}],), open=False)


def of_question(question: Question) -> Domain:
    """What people may answer to a question."""
    return _OF[question.kind](question)


def _number(question: Question) -> Domain:
    limits = question.limits
    least = limits.least if isinstance(limits.least, Decimal) else None
    most = limits.most if isinstance(limits.most, Decimal) else None
    domain = Domain(Sort.NUMBER, (), True, least, most, whole=limits.decimals == 0)
    sampled = (*(end for end in (least, most) if end is not None), *map(Decimal, ("0", "1", "12", "-1", "1000000")))
    return replace(domain, values=tuple(dict.fromkeys(as_number(value) for value in sampled if _within(domain, value))))


def _text(question: Question) -> Domain:
    return TEXT


def _date(question: Question) -> Domain:
    days = [(TODAY + timedelta(days=days)).isoformat() for days in _DAYS if days >= 0 or not question.limits.from_today]
    if question.moment is MomentKind.TIME:
        return Domain(Sort.TIME, _TIMES, open=True)
    if question.moment is MomentKind.BOTH:
        return Domain(Sort.MOMENT, tuple(f"{day}T09:30:00" for day in days), open=True)
    return Domain(Sort.DATE, tuple(days), open=True)


def _tick(question: Question) -> Domain:
    return YES_NO


def _choice(question: Question) -> Domain:
    fixed = tuple(option.value for option in question.choices.fixed)
    if not fixed:
        return Domain(Sort.TEXT, (SOMEBODY,), open=True)
    sort = Sort.NUMBER if all(type(value) in (int, float) for value in fixed) else Sort.TEXT
    if all(isinstance(value, bool) for value in fixed):
        sort = Sort.YES_NO
    return Domain(sort, fixed, options=tuple(value for value in fixed if isinstance(value, str)))


def _ticks(question: Question) -> Domain:
    one = _choice(question)
    each = [[value] for value in one.values]
    return Domain(Sort.LIST, ([], *each, list(one.values)), open=one.open, row=one, options=one.options)


def _files(question: Question) -> Domain:
    return Domain(Sort.LIST, (["file"],), open=True, row=Domain(Sort.TEXT, ("file",)))


def _worked_out(question: Question) -> Domain:
    return ANYTHING


_OF = {
    QuestionKind.TEXT: _text,
    QuestionKind.LONG_TEXT: _text,
    QuestionKind.NUMBER: _number,
    QuestionKind.DATE: _date,
    QuestionKind.TICK: _tick,
    QuestionKind.TICKS: _ticks,
    QuestionKind.RADIO: _choice,
    QuestionKind.SELECT: _choice,
    QuestionKind.FILES: _files,
    QuestionKind.WORKED_OUT: _worked_out,
}


def of_parts(parts: Sequence[Component], known: dict[str, Domain] | None = None) -> dict[str, Domain]:
    """What each answer of these components may be, by key."""
    found = {} if known is None else known
    for part in parts:
        if isinstance(part, Question):
            found[part.key] = of_question(part)
        elif isinstance(part, Listing):
            found[part.key] = of_rows(of_parts(part.parts))
        elif isinstance(part, Group) and part.key:
            found[part.key] = Domain(Sort.GROUP, tuple(records(of_parts(part.parts))), open=True)
        elif isinstance(part, Group):
            of_parts(part.parts, found)
    return found


def of_rows(columns: dict[str, Domain]) -> Domain:
    """A list of groups of answers."""
    rows = tuple(records(columns))
    row = Domain(Sort.GROUP, rows)
    return Domain(Sort.LIST, ([], [rows[0]], list(rows)), open=True, row=row)


def records(columns: dict[str, Domain], rules: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Groups of answers in which every answer stands once; and one with nothing answered."""
    tried = {key: domain.tried(rules) or (None,) for key, domain in columns.items()}
    most = max(map(len, tried.values()), default=1)
    full = [{key: values[number % len(values)] for key, values in tried.items()} for number in range(min(most, 6))]
    return [*full, dict.fromkeys(columns)] if columns else full


def of_values(values: Sequence[Any], *, open: bool) -> Domain:
    """What something worked out may be, from what it gave."""
    given = tuple(_each_once(value for value in values if value is not None))
    sorts = {_sort(value) for value in given}
    sort = sorts.pop() if len(sorts) == 1 else Sort.ANYTHING
    texts = tuple(value for value in given if isinstance(value, str)) if sort is Sort.TEXT and not open else ()
    row = of_values([item for value in given for item in value], open=open) if sort is Sort.LIST else None
    return Domain(sort, given, open=open, options=texts, row=row)


def _sort(value: Any) -> Sort:
    if isinstance(value, bool):
        return Sort.YES_NO
    if isinstance(value, int | float | Decimal):
        return Sort.NUMBER
    if isinstance(value, str):
        return _text_sort(value)
    return Sort.LIST if isinstance(value, list) else Sort.GROUP


def _text_sort(text: str) -> Sort:
    if len(text) == 10 and text[4:5] == "-":
        try:
            date.fromisoformat(text)
        except ValueError:
            return Sort.TEXT
        return Sort.DATE
    return Sort.TEXT


# Facts that every rule may read, as in a case that began today.
FACTS: dict[str, Any] = {
    "case": {
        "ref": "CASE-2026-0001",
        "title": "A case",
        "started_on": TODAY,
        "sensitivity": "staff",
        "started_by": SOMEBODY,
    },
    "school": {"name": "Harbour Primary School", "urn": "900001", "phase": "primary"},
    "today": TODAY,
    "now": datetime.combine(TODAY, datetime.min.time()).replace(hour=9),
    "calendar": {"terms": [], "closed": []},
    "item_number": 1,
    "items_done": 1,
    "items_total": 3,
    "times_done": 1,
}
