"""What people write who know another way of writing rules, and how it is written here.

FEEL reads some of it as something else: `> 5,000` is two tests, `500-5000` a subtraction, `n => 5` a range. So it is
told by its look, before anything is worked out. Texts in quotation marks are never looked into.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from engine.model.wording import short
from engine.rules.literals import outside_texts, texts_in

LONGEST = 500  # characters of a rule or cell that is looked at; slips are in short ones
NUMBERS = frozenset({"number", "integer", "long", "double"})

Told = str | None

_FIGURE = r"-?\d+(?:\.\d+)?"
_DASHED = re.compile(rf"[\[(\]]\s*({_FIGURE})\s*-\s*({_FIGURE})\s*[\])\[]")
_IN_DASHED = re.compile(rf"\bin\s*{_DASHED.pattern}")
_RANGE = re.compile(rf"({_FIGURE})\s*[-\u2013]\s*({_FIGURE})")
_GROUPED = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?![\d,.])")
_BOUNDS = re.compile(rf"([<>]=?)\s*({_FIGURE})\s*(?:and\b|&&?)?\s*([<>]=?)\s*({_FIGURE})")
_SIGN = re.compile(r"(==|<>|=>|=<|> =|< =)\s*(.*)", re.DOTALL)
_VALUE = rf'(?:"_*"|{_FIGURE})'
_EITHER = re.compile(rf"{_VALUE}(?:\s+or\s+{_VALUE})+")
_TEXTS = re.compile(r'(?:not\s*\()?\s*"_*"(?:\s*,\s*"_*")*\s*\)?')
_FIGURES = re.compile(rf"(?:[<>]=?\s*)?{_FIGURE}(?:\s*,\s*{_FIGURE})*")
_ONE = re.compile(rf'"(?:[^"\\]|\\.)*"|{_FIGURE}')

# What is written, and what to write in its place.
_SIGNS = {"==": "=", "<>": "!=", "=>": ">=", "=<": "<=", "&&": "and", "||": "or"}
# A column's type, what it tests, and what makes such a value of a text.
_MADE = {
    "date": ("dates", "date"),
    "time": ("times", "time"),
    "dateTime": ("dates with times", "date and time"),
    "dayTimeDuration": ("lengths of time", "duration"),
    "yearMonthDuration": ("lengths of time", "duration"),
}
_SAID = {"yes": "true", "true": "true", "no": "false", "false": "false"}


def misread_rule(rule: str) -> Told:
    """A sentence for a rule that is written another way than FEEL is; None when nothing is seen."""
    if len(rule) > LONGEST:
        return None
    plain = outside_texts(rule)
    for written, instead in _SIGNS.items():
        if written in plain:
            return f"“{written}” is not how it is written here: write “{instead}”."
    if found := _IN_DASHED.search(plain):
        return f"“{found[1]}-{found[2]}” is read as {found[1]} minus {found[2]}. Write in [{found[1]}..{found[2]}]."
    if (found := _GROUPED.search(plain)) and not re.search(r"[(\[]", plain):
        return f"A number is written without commas: {found[0].replace(',', '')}."
    return None


def misread_cell(cell: str, kind: str | None) -> Told:
    """A sentence for a table's cell that is read otherwise than it is written. kind: of its column, as DMN names it."""
    if len(cell) > LONGEST:
        return None
    plain = outside_texts(cell).strip()
    return next((said for told in _CELLS if (said := told(cell.strip(), plain, kind or ""))), None)


def _commas(cell: str, plain: str, kind: str) -> Told:
    found = _GROUPED.search(plain)
    if not found or (kind and kind not in NUMBERS):
        return None
    parts = found[0].split(",")
    sentence = f"“{found[0]}” is read as {len(parts)} tests, {' and '.join(str(int(part)) for part in parts)}."
    if any(part.startswith("0") for part in parts[1:]):
        return f"{sentence} Write {''.join(parts)}."
    return f"{sentence} Write {''.join(parts)} for the one number, or “{', '.join(parts)}” for each of them."


def _dash(cell: str, plain: str, kind: str) -> Told:
    found = _RANGE.fullmatch(plain) or _DASHED.fullmatch(plain)
    if not found:
        return None
    return f"This is read as {found[1]} minus {found[2]}. Write [{found[1]}..{found[2]}] for all from one to the other."


def _two_bounds(cell: str, plain: str, kind: str) -> Told:
    found = _BOUNDS.fullmatch(plain)
    if not found or found[1][0] == found[3][0]:
        return None
    low, high = ((found[1], found[2]), (found[3], found[4]))[:: 1 if found[1][0] == ">" else -1]
    opened, closed = "[" if low[0] == ">=" else "(", "]" if high[0] == "<=" else ")"
    return f"Two bounds are written as one range: {opened}{low[1]}..{high[1]}{closed}."


def _sign(cell: str, plain: str, kind: str) -> Told:
    found = _SIGN.match(plain)
    if not found:
        return None
    rest = short(cell[found.start(2) :])
    instead = {"==": rest, "<>": f"not({rest})", "=>": f">= {rest}", "> =": f">= {rest}"}.get(found[1], f"<= {rest}")
    return f"“{found[1]}” is not how it is written here. Write {instead}."


def _either(cell: str, plain: str, kind: str) -> Told:
    if not _EITHER.fullmatch(plain):
        return None
    values = ", ".join(found[0] for found in _ONE.finditer(cell))
    return f"Several values are written with commas between them: {short(values)}."


def _text_in_numbers(cell: str, plain: str, kind: str) -> Told:
    if kind not in NUMBERS or not _TEXTS.fullmatch(plain):
        return None
    told = f"This column tests numbers, and {short(cell)} is a text."
    if all(re.fullmatch(_FIGURE, text.strip()) for text in texts_in(cell)):
        return f"{told} Write {', '.join(texts_in(cell))} without quotation marks."
    return f"{told} Write a number, or choose another type for the column."


def _text_elsewhere(cell: str, plain: str, kind: str) -> Told:
    if not _TEXTS.fullmatch(plain):
        return None
    if kind == "boolean":
        said = _SAID.get(texts_in(cell)[0].lower(), "true or false")
        return f"This column tests yes or no, and {short(cell)} is a text. Write {said} without quotation marks."
    if kind in _MADE:
        tests, made = _MADE[kind]
        return f"This column tests {tests}, and {short(cell)} is a text. Write {made}({short(cell)})."
    return None


def _number_in_texts(cell: str, plain: str, kind: str) -> Told:
    other = "number" if _FIGURES.fullmatch(plain) else "boolean" if plain in ("true", "false") else ""
    if kind != "string" or not other:
        return None
    return (
        f"This column tests texts, and {short(cell)} is not one. Put it in quotation marks, or choose “{other}” as the"
        " column's type."
    )


_CELLS: tuple[Callable[[str, str, str], Told], ...] = (
    _commas,
    _dash,
    _two_bounds,
    _sign,
    _either,
    _text_in_numbers,
    _text_elsewhere,
    _number_in_texts,
)
