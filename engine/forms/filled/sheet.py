"""A form with what was typed into it, field by field, and how many rows each list has.

Fields are named after paths: `reason`, `contact.name`, `causes[0].cause`; a date has three, `when-day` and so on.
Ticks that are off post nothing, so each row of a list also posts a field of its own path (`causes[0]`), and each
question of ticks an empty one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from engine.errors import BadAnswers, UnknownAnswers
from engine.forms.drawn.model import MOST_ROWS, Component, Form, Group, Listing, Question, is_file, walk
from engine.forms.filled.values import boxes, to_typed
from engine.model.text import clean

MOST_TYPED = 512 * 1024  # characters of all answers together
MOST_FIELDS = 10_000
ADD, REMOVE = "add:", "remove:"  # buttons: `add:causes`, `remove:causes:1`

Posted = Mapping[str, Sequence[str]]
_STEP = re.compile(r"[^.\[\]]+")
_ROW = re.compile(r"([A-Za-z][A-Za-z0-9_.]{0,200})\[([0-9]{1,5})\](?:\.([A-Za-z0-9_.-]{1,200}))?", re.ASCII)


@dataclass(frozen=True)
class SheetPlace:
    """One component where it stands: a column of a list has a place in every row."""

    path: str  # of its answer; a component without one has a path that no answer can have
    part: Component
    record: str = ""  # path of the group or row whose answers stand beside it
    above: tuple[str, ...] = ()  # paths of the groups and lists it stands in
    within: str = ""  # path of the group or row it stands in directly


@dataclass(frozen=True)
class Sheet:
    """What was typed. `typed`: field name -> texts, rows numbered from 0 without gaps."""

    form: Form
    names: Mapping[str, Any]  # what the case knows
    typed: Mapping[str, tuple[str, ...]]
    rows: Mapping[str, int] = field(default_factory=dict)  # path of a list -> how many
    final: bool = False  # sent to be kept: a default that nobody saw does not count as an answer
    too_many: frozenset[str] = frozenset()  # lists of which rows were left out

    def places(self) -> Iterator[SheetPlace]:
        """Every component in the form's order, the columns of a list once for each row."""
        return self._places(self.form.parts, "", "", ())

    def _places(
        self, parts: tuple[Component, ...], within: str, record: str, above: tuple[str, ...]
    ) -> Iterator[SheetPlace]:
        prefix = f"{record}." if record else ""
        for number, part in enumerate(parts):
            key = part.key if isinstance(part, Question | Group | Listing) else ""
            path = prefix + key if key else f"{within}#{number}"
            yield SheetPlace(path, part, record, above, within)
            if isinstance(part, Group):
                yield from self._places(part.parts, path, path if key else record, (*above, path))
            elif isinstance(part, Listing):
                for row in (f"{path}[{number}]" for number in range(self.rows.get(path, 0))):
                    yield from self._places(part.parts, row, row, (*above, path))

    def boxes_at(self, path: str, question: Question) -> dict[str, tuple[str, ...]]:
        """What was typed into one question, by box; a box that was not there is left out."""
        typed = self.typed
        return {box: typed[path + box] for box in boxes(question) if path + box in typed}

    def untouched(self, place: SheetPlace) -> bool:
        """Whether what the case knows, or else its default, holds: nobody may answer it, or nobody has seen it yet."""
        question = place.part
        if not isinstance(question, Question) or self.boxes_at(place.path, question):
            return False
        return not self.final or bool(question.readonly or question.disabled)

    def bounds(self, path: str, listing: Listing) -> tuple[int, int]:
        """How few and how many rows a list may have. A fixed list has those that the case knows."""
        known = self.known(path)
        if listing.fixed and isinstance(known, list):
            return min(len(known), MOST_ROWS), min(len(known), MOST_ROWS)
        return listing.least, listing.most

    def known(self, path: str) -> Any:
        """What the case knows about an answer already, None when nothing."""
        found: Any = self.names
        for step in _STEP.findall(path):
            if isinstance(found, Mapping):
                found = found.get(step)
            elif isinstance(found, list) and step.isdigit() and int(step) < len(found):
                found = found[int(step)]
            else:
                return None
        return found


@dataclass(frozen=True)
class Fields:
    """The names of every field a form can post."""

    plain: frozenset[str]
    columns: Mapping[str, frozenset[str]]  # path of a list -> names inside a row
    lists: Mapping[str, Listing]
    some_shown: bool  # some question may be read-only or disabled


def fields_of(form: Form) -> Fields:
    """Worked out once a form."""
    if "fields" not in form.memo:
        lists: dict[str, Listing] = {}
        plain = frozenset(_names(form.parts, "", lists))
        columns = {path: frozenset(_names(part.parts, "", {})) for path, part in lists.items()}
        asked = [part for part in walk(form.parts) if isinstance(part, Question)]
        some_shown = any(part.readonly or part.disabled for part in asked)
        form.memo["fields"] = Fields(plain, columns, lists, some_shown)
    found: Fields = form.memo["fields"]
    return found


def _names(parts: tuple[Component, ...], prefix: str, lists: dict[str, Listing]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, Question):
            yield from (prefix + part.key + box for box in boxes(part))
        elif isinstance(part, Group):
            yield from _names(part.parts, f"{prefix}{part.key}." if part.key else prefix, lists)
        elif isinstance(part, Listing):
            lists[prefix + part.key] = part


def posted_sheet(
    form: Form,
    posted: Posted,
    names: Mapping[str, Any],
    files: Mapping[str, Sequence[str]] | None = None,
    *,
    final: bool = False,
) -> Sheet:
    """The sheet as typed. `final`: sent to be kept; then fields that the form does not have raise UnknownAnswers."""
    fields = fields_of(form)
    typed: dict[str, tuple[str, ...]] = {}
    rows: dict[str, dict[int, dict[str, tuple[str, ...]]]] = {path: {} for path in fields.lists}
    unknown = []
    for name, given in posted.items():
        texts = _texts(given)
        if name in fields.plain:
            typed[name] = texts
        elif not _take_row(fields, rows, name, texts):
            unknown.append(name)
    if unknown and final:
        raise UnknownAnswers(_not_asked(unknown))
    typed |= {path: tuple((files or {}).get(path, ())) for path in form.files}
    return _without_forged(_with_rows(Sheet(form, names, typed, final=final), rows))


def _texts(given: Any) -> tuple[str, ...]:
    if isinstance(given, str):
        return (given,)
    return tuple(text for text in given if isinstance(text, str)) if isinstance(given, list | tuple) else ()


def _take_row(fields: Fields, rows: dict[str, dict[int, Any]], name: str, texts: tuple[str, ...]) -> bool:
    found = _ROW.fullmatch(name) if len(name) < 500 else None
    if not found or found[1] not in rows or (found[3] and found[3] not in fields.columns[found[1]]):
        return False
    rows[found[1]].setdefault(int(found[2]), {})[found[3] or ""] = texts
    return True


def _not_asked(names: Sequence[str]) -> str:
    shown = ", ".join(f"“{clean(name[:60])}”" for name in names[:5])
    more = f" and {len(names) - 5:,} more" if len(names) > 5 else ""
    return f"The page sent answers to questions that this form does not ask: {shown}{more}. Open the task again."


def _with_rows(sheet: Sheet, rows: Mapping[str, Mapping[int, Any]]) -> Sheet:
    typed, counts, too_many = dict(sheet.typed), {}, set()
    for path, listing in fields_of(sheet.form).lists.items():
        found = [row for _, row in sorted(rows[path].items())]
        if len(found) > MOST_ROWS:
            too_many.add(path)
        for number, row in enumerate(found[:MOST_ROWS]):
            typed.update({f"{path}[{number}].{name}": texts for name, texts in row.items() if name})
        least, _ = sheet.bounds(path, listing)
        counts[path] = max(len(found[:MOST_ROWS]), least)
    return replace(sheet, typed=typed, rows=counts, too_many=frozenset(too_many))


def _without_forged(sheet: Sheet) -> Sheet:
    """Nothing typed counts for a question that is only shown."""
    shown = [
        place
        for place in (sheet.places() if fields_of(sheet.form).some_shown else ())
        if isinstance(place.part, Question) and True in (place.part.readonly, place.part.disabled)
    ]
    forged = {place.path + box for place in shown if isinstance(place.part, Question) for box in boxes(place.part)}
    return replace(sheet, typed={name: texts for name, texts in sheet.typed.items() if name not in forged})


def refuse_excess(posted: Posted) -> None:
    """Refuse more than any form needs, before anything reads it. Raises BadAnswers."""
    size = sum(len(name) + sum(map(len, _texts(given))) for name, given in posted.items())
    if len(posted) > MOST_FIELDS or size > MOST_TYPED:
        raise BadAnswers({"": ["Your answers are too long. Shorten them to 500,000 characters in all"]})


def known_sheet(form: Form, names: Mapping[str, Any], files: Mapping[str, Sequence[str]] | None = None) -> Sheet:
    """The sheet as it opens: what the case knows already, else empty."""
    typed: dict[str, tuple[str, ...]] = {}
    counts: dict[str, int] = {}
    _fill(form.parts, names, "", typed, counts)
    typed |= {path: tuple((files or {}).get(path, ())) for path in form.files}
    return Sheet(form, names, typed, counts)


def _fill(
    parts: tuple[Component, ...],
    known: Mapping[str, Any],
    prefix: str,
    typed: dict[str, tuple[str, ...]],
    counts: dict[str, int],
) -> None:
    for part in parts:
        if isinstance(part, Question) and not is_file(part):
            typed.update({prefix + part.key + box: texts for box, texts in to_typed(part, known.get(part.key)).items()})
        elif isinstance(part, Group):
            inside = known.get(part.key) if part.key else known
            inside = inside if isinstance(inside, Mapping) else {}
            _fill(part.parts, inside, f"{prefix}{part.key}." if part.key else prefix, typed, counts)
        elif isinstance(part, Listing):
            rows = known.get(part.key)
            rows = rows[:MOST_ROWS] if isinstance(rows, list) else None
            counts[prefix + part.key] = len(rows) if rows is not None else max(part.first, part.least)
            for number, row in enumerate(rows or ()):
                inside = row if isinstance(row, Mapping) else {}
                _fill(part.parts, inside, f"{prefix}{part.key}[{number}].", typed, counts)


def changes_rows(posted: Posted) -> bool:
    """Whether a button that adds or removes a row was pressed."""
    return any(name.startswith((ADD, REMOVE)) for name in posted)


def rows_changed(form: Form, posted: Posted) -> dict[str, list[str]]:
    """What was typed with a row more or a row fewer, as the button said; the button is left out, nothing else is."""
    kept = {name: list(_texts(given)) for name, given in posted.items() if not name.startswith((ADD, REMOVE))}
    for name in posted:
        if name.startswith(ADD):
            _add(form, kept, name.removeprefix(ADD))
        elif name.startswith(REMOVE):
            path, _, number = name.removeprefix(REMOVE).rpartition(":")
            _remove(form, kept, path, number)
    return kept


def _row_numbers(kept: Mapping[str, Any], path: str) -> list[int]:
    found = (_ROW.fullmatch(name) for name in kept if len(name) < 500)
    return sorted({int(row[2]) for row in found if row and row[1] == path})


def _add(form: Form, kept: dict[str, list[str]], path: str) -> None:
    listing = fields_of(form).lists.get(path)
    numbers = _row_numbers(kept, path)
    if listing and len(numbers) < listing.most:
        kept[f"{path}[{numbers[-1] + 1 if numbers else 0}]"] = ["row"]


def _remove(form: Form, kept: dict[str, list[str]], path: str, number: str) -> None:
    listing = fields_of(form).lists.get(path)
    if listing and len(_row_numbers(kept, path)) > listing.least:
        for name in [name for name in kept if name == f"{path}[{number}]" or name.startswith(f"{path}[{number}].")]:
            del kept[name]
