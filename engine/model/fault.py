"""What a check finds in a file of a procedure, in the designer's words: faults, and notes that stop nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from engine.model.wording import short

LONGEST_ID = 100  # a longer one is a fault itself
MOST_NAMED = 160  # characters of what the designer called it


@dataclass(frozen=True)
class Place:
    """Where else the same is to be said."""

    element: str | None
    name: str | None


@dataclass(frozen=True)
class Finding:
    """Something that whoever uploads is told, and where it is."""

    file: str  # the file's name, e.g. "diagnosis.bpmn"
    element: str | None  # the element's id, None for the whole file
    name: str | None  # what the designer called it
    sentence: str
    others: tuple[Place, ...] = ()  # of which the very same is true

    def __post_init__(self) -> None:
        """Names and ids are shown beside the sentence: cut like what stands in it."""
        object.__setattr__(self, "name", self.name and short(self.name, MOST_NAMED))
        object.__setattr__(self, "element", self.element and self.element[:LONGEST_ID])

    @property
    def places(self) -> tuple[Place, ...]:
        """Everywhere that it is true."""
        return (Place(self.element, self.name), *self.others)


@dataclass(frozen=True)
class Fault(Finding):
    """One thing that stops publishing. Its sentence says what is wrong and what to do instead."""


@dataclass(frozen=True)
class Note(Finding):
    """One thing to know that stops nothing: what is kept and not run, or how something drawn is understood."""


def grouped(found: Iterable[Fault]) -> list[Fault]:
    """Faults of which the very same is said in one file as one, where the first of them stands."""
    together: dict[tuple[str, str], list[Fault]] = {}
    for fault in found:
        together.setdefault((fault.file, fault.sentence), []).append(fault)
    return [
        replace(first, others=tuple(Place(other.element, other.name) for other in rest)) if rest else first
        for first, *rest in together.values()
    ]
