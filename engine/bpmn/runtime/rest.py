"""Where a case came to rest: what running it returns. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.bpmn.diagram.elements import Trigger
from engine.model.casework import Answers
from engine.rules.texts import in_words


@dataclass(frozen=True)
class Waiting:
    """A step waiting for a person."""

    token: str  # this visit to the step
    step: str  # the step's id on the diagram
    scope: str | None = None  # key into Answers.items when the step is done for several
    item: Any = None  # the item it is about (element of the collection), None outside multi-instance


@dataclass(frozen=True)
class Timer:
    """A moment the case waits for. `words` as drawn with any FEEL worked out: "3 school days"."""

    token: str
    step: str  # id of the timer event
    words: str
    cycle: bool = False  # the words say when it comes round: on an edge that goes on it stays, and is told again


@dataclass(frozen=True)
class Awaited:
    """A message or a signal that the case waits for."""

    token: str
    step: str
    name: str
    trigger: Trigger = Trigger.MESSAGE
    about: str | None = None  # what the wait is about, as a text; None: its school


@dataclass(frozen=True)
class Watched:
    """A rule that the case waits for to become true."""

    token: str
    step: str


@dataclass(frozen=True)
class Thrown:
    """A message or a signal that the case sends, or the error or escalation it ends with. The runner only notes it."""

    trigger: Trigger
    name: str
    step: str
    about: str | None = None  # what the wait must be about that it is meant for, as a text; None: the same school
    brings: Mapping[str, Any] = field(default_factory=dict)  # answers that a message carries


def as_subject(value: Any) -> str:
    """An answer as what a message is about: two that read alike are the same. Empty when nothing was answered."""
    return " ".join(in_words(value).split()).casefold()


@dataclass(frozen=True)
class Said:
    """What a diagram asked for. Data only; engine/commands carries it out."""

    word: str
    parameters: Mapping[str, Any]  # FEEL worked out, checked by the word's schema
    step: str
    answer_to: str | None = None  # the token that rests until this is answered; None for a telling word


@dataclass(frozen=True)
class Rest:
    """Where a case came to rest.

    `waiting`, `timers`, `awaited`, `watched`: everything open. `begun`: tokens among them that were not open before.
    `gone`: tokens open before and not any more (the completed one included).
    `passed`: ids of steps, events and flows finished in this run, in order, for the story and the diagram.
    """

    state: bytes
    answers: Answers
    waiting: tuple[Waiting, ...] = ()
    timers: tuple[Timer, ...] = ()
    awaited: tuple[Awaited, ...] = ()
    watched: tuple[Watched, ...] = ()
    said: tuple[Said, ...] = ()
    thrown: tuple[Thrown, ...] = ()
    begun: frozenset[str] = field(default_factory=frozenset)
    gone: frozenset[str] = field(default_factory=frozenset)
    passed: tuple[str, ...] = ()
    ended_at: str | None = None  # id of the end reached last, once nothing is open
