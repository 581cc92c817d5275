"""A form as drawn: plain values that checking, showing and answering share. Written by form_read.read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from engine.forms.drawn.texts import Feel, TextBlock, Words, holes

# Keys are names in FEEL and in HTML. They begin with a letter, so a page may keep names that do not for itself.
KEY = re.compile(r"[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*_?", re.ASCII)
MOST_ROWS = 100


class QuestionKind(StrEnum):
    """What a question is. Values are form-js's own names."""

    TEXT = "textfield"
    LONG_TEXT = "textarea"
    NUMBER = "number"
    DATE = "datetime"
    TICK = "checkbox"
    TICKS = "checklist"
    RADIO = "radio"
    SELECT = "select"
    FILES = "filepicker"
    WORKED_OUT = "expression"
    GROUP = "group"
    LIST = "dynamiclist"


class MomentKind(StrEnum):
    """What a date question asks for."""

    DATE = "date"
    TIME = "time"
    BOTH = "datetime"


@dataclass(frozen=True)
class Option:
    """One answer to choose. `value` is text, a number or true/false."""

    value: Any
    label: str


@dataclass(frozen=True)
class Choices:
    """Where a question's options come from: one of the three."""

    fixed: tuple[Option, ...] = ()
    key: str | None = None  # an answer that holds a list
    rule: Feel | None = None


@dataclass(frozen=True)
class AnswerLimits:
    """What an answer must keep to. A Feel is worked out with the form."""

    least: Decimal | Feel | None = None
    most: Decimal | Feel | None = None
    shortest: Decimal | Feel | None = None  # characters
    longest: Decimal | Feel | None = None
    pattern: str | None = None
    pattern_message: str | None = None
    looks_like: str | None = None  # "email" or "phone"
    decimals: int | None = None
    step: Decimal | None = None
    from_today: bool = False


@dataclass(frozen=True)
class Component:
    """Anything drawn on a form. `slips`: what reading it found wrong, in sentences; `notes`: what is good to know."""

    id: str
    label: Words = ()
    hide: Feel | bool = False
    slips: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What it is called when its placeholders are left out."""
        return " ".join("".join(part for part in self.label if isinstance(part, str)).split())

    @cached_property
    def rules(self) -> tuple[Feel, ...]:
        """What must be worked out to check answers. A default is not among them."""
        return feels(self.hide, *self.label)

    @cached_property
    def page_rules(self) -> tuple[Feel, ...]:
        """What must be worked out to show it."""
        return self.rules


@dataclass(frozen=True)
class Passage(Component):
    """Text to read."""

    blocks: tuple[TextBlock, ...] = ()

    @cached_property
    def page_rules(self) -> tuple[Feel, ...]:
        """Its placeholders too."""
        return (*self.rules, *holes(self.blocks))


@dataclass(frozen=True)
class Separator(Component):
    """A line between two parts of the form."""


@dataclass(frozen=True)
class Unshown(Component):
    """A picture or a button: it asks nothing, is kept in the file, and a note says that it is not shown."""


@dataclass(frozen=True)
class Foreign(Component):
    """A component that Headway does not show: publishing refuses it."""

    type: str = ""


@dataclass(frozen=True)
class Question(Component):
    """Something to answer, or (WORKED_OUT) an answer that a rule gives."""

    kind: QuestionKind = QuestionKind.TEXT
    key: str = ""
    hint: Words = ()
    required: Feel | bool = False
    readonly: Feel | bool = False  # shown and kept as it is
    disabled: Feel | bool = False  # shown, not kept
    default: Any = None  # a Feel, or a value
    limits: AnswerLimits = field(default_factory=AnswerLimits)
    choices: Choices = field(default_factory=Choices)
    moment: MomentKind = MomentKind.DATE
    accept: str = ""
    multiple: bool = False
    prefix: Words = ()
    suffix: Words = ()
    rule: Feel | None = None  # of a WORKED_OUT question

    @cached_property
    def bends(self) -> tuple[Feel, ...]:
        """The rules that change the question itself."""
        sizes = (self.limits.least, self.limits.most, self.limits.shortest, self.limits.longest)
        return feels(*self.label, self.required, self.choices.rule, *sizes)

    @cached_property
    def rules(self) -> tuple[Feel, ...]:
        """Those of any component and its own."""
        return feels(self.hide, self.readonly, self.disabled, self.rule, *self.bends)

    @cached_property
    def page_rules(self) -> tuple[Feel, ...]:
        """The texts beside its box too."""
        return feels(*self.rules, *self.hint, *self.prefix, *self.suffix)


@dataclass(frozen=True)
class Group(Component):
    """Questions that belong together; with a key, their answers are kept together under it."""

    key: str = ""
    parts: tuple[Component, ...] = ()


@dataclass(frozen=True)
class Listing(Component):
    """The same questions for each of several things."""

    key: str = ""
    parts: tuple[Component, ...] = ()
    hint: Words = ()
    one: str = ""  # what one of the things is called
    first: int = 1  # rows shown before anybody typed
    least: int = 1
    most: int = MOST_ROWS
    fixed: bool = False  # rows can be neither added nor removed

    @cached_property
    def page_rules(self) -> tuple[Feel, ...]:
        """Its hint too."""
        return feels(*self.rules, *self.hint)


@dataclass(frozen=True)
class Key:
    """An answer that a form gives. `columns`: of a list or a group, by key."""

    key: str
    kind: QuestionKind
    label: str
    columns: Mapping[str, Key] = field(default_factory=dict)


@dataclass(frozen=True)
class Form:
    """One form of a procedure. Everything worked out from it alone is kept with it."""

    key: str
    parts: tuple[Component, ...]

    @cached_property
    def keys(self) -> Mapping[str, Key]:
        """Every answer the form gives, by key, in the form's order."""
        return keys_of(self.parts)

    @cached_property
    def files(self) -> tuple[str, ...]:
        """Paths of the questions that ask for files."""
        return tuple(path for path, part in places(self.parts) if is_file(part))

    @cached_property
    def memo(self) -> dict[Any, Any]:
        """What other modules worked out from this form once, each under its own name."""
        return {}


def feels(*drawn: Any) -> tuple[Feel, ...]:
    """The rules among values, any of which may be one."""
    return tuple(one for one in drawn if isinstance(one, Feel))


def is_file(part: Component) -> bool:
    """Whether it asks for files."""
    return isinstance(part, Question) and part.kind is QuestionKind.FILES


def walk(parts: tuple[Component, ...]) -> Iterator[Component]:
    """Every component, those inside groups and lists too, in the form's order."""
    for part in parts:
        yield part
        if isinstance(part, Group | Listing):
            yield from walk(part.parts)


def places(parts: tuple[Component, ...], prefix: str = "") -> Iterator[tuple[str, Component]]:
    """Every question and list with the path of its answer (`key`, `group.key`); the columns of lists are left out."""
    for part in parts:
        if isinstance(part, Group):
            yield from places(part.parts, f"{prefix}{part.key}." if part.key else prefix)
        elif isinstance(part, Question | Listing):
            yield prefix + part.key, part


def keys_of(parts: tuple[Component, ...]) -> dict[str, Key]:
    """The answers these components give, by key."""
    found: dict[str, Key] = {}
    for part in parts:
        if isinstance(part, Question):
            found[part.key] = Key(part.key, part.kind, part.title or spoken(part.key))
        elif isinstance(part, Listing):
            found[part.key] = Key(part.key, QuestionKind.LIST, part.title or spoken(part.key), keys_of(part.parts))
        elif isinstance(part, Group) and part.key:
            found[part.key] = Key(part.key, QuestionKind.GROUP, part.title or spoken(part.key), keys_of(part.parts))
        elif isinstance(part, Group):
            found.update(keys_of(part.parts))
    return found


def spoken(key: str) -> str:
    """A key as words: `recheck_date` -> "Recheck date"."""
    return key.replace("_", " ").strip().capitalize()
