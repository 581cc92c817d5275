"""What a page shows of a form, as plain values: engine/forms/shown/view.py makes them, web/parts renders them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.forms.drawn.model import MomentKind, QuestionKind
from engine.forms.drawn.texts import BlockKind


@dataclass(frozen=True)
class Attached:
    """A file attached to a question already."""

    id: str
    name: str
    size: str = ""  # in words: "240 KB"
    href: str | None = None


@dataclass(frozen=True)
class ChoiceView:
    """One answer to choose. `value`: as it is posted."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class FieldView:
    """One question. `values`: what stands in its boxes, by box ("" for most, "-day" and its siblings for dates)."""

    kind: QuestionKind
    id: str  # in HTML; of a date the fieldset, its boxes add their own names to it
    name: str  # its path; of a date's boxes with "-day" and so on
    label: str
    hint: str = ""
    error: str = ""
    optional: bool = False  # may be left out, and says so
    live: bool = False  # a rule reads it: when it changes, other questions may
    told: str | None = None  # only shown: the answer in words
    values: Mapping[str, str] = field(default_factory=dict)
    wrong: frozenset[str] = frozenset()  # the boxes of a date to mend
    choices: tuple[ChoiceView, ...] = ()
    moment: MomentKind = MomentKind.DATE
    looks_like: str | None = None
    longest: int | None = None
    whole: bool = False  # a number without decimals
    prefix: str = ""
    suffix: str = ""
    accept: str = ""
    multiple: bool = False
    files: tuple[Attached, ...] = ()


@dataclass(frozen=True)
class Span:
    """Text in one style."""

    text: str
    strong: bool = False
    href: str | None = None


@dataclass(frozen=True)
class BlockView:
    """A paragraph, a heading or a list, its placeholders filled. `level`: of a heading, from 2."""

    kind: BlockKind
    lines: tuple[tuple[Span, ...], ...]
    level: int = 2


@dataclass(frozen=True)
class PassageView:
    """Text to read."""

    blocks: tuple[BlockView, ...]


@dataclass(frozen=True)
class LineView:
    """A line between two parts."""


@dataclass(frozen=True)
class GroupView:
    """Questions under one heading; without a label they stand among the others."""

    id: str
    label: str
    parts: tuple[PartView, ...]


@dataclass(frozen=True)
class RowView:
    """One row of a list."""

    id: str
    name: str  # of the field that says that the row is there
    title: str  # "Cause 1 of 2"
    parts: tuple[PartView, ...]
    remove: str | None = None  # the name of the button that removes it


@dataclass(frozen=True)
class ListView:
    """The same questions for each of several things."""

    id: str
    label: str
    hint: str
    error: str
    one: str  # what one of them is called, inside a sentence
    rows: tuple[RowView, ...]
    add: str | None = None  # the name of the button that adds a row
    live: bool = False


PartView = FieldView | PassageView | LineView | GroupView | ListView


@dataclass(frozen=True)
class Problem:
    """A line of the error summary. `target`: the id of what to mend, None for the form as a whole."""

    sentence: str
    target: str | None = None


@dataclass(frozen=True)
class FormView:
    """A form ready to be shown."""

    key: str
    parts: tuple[PartView, ...]
    problems: tuple[Problem, ...] = ()


def html_id(path: str) -> str:
    """The id of a question in HTML: `causes[0].cause` -> `q-causes-0-cause`."""
    return "q-" + re.sub(r"[^A-Za-z0-9_]+", "-", path).strip("-")
