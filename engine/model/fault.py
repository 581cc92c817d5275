"""What a check finds in a file of a procedure, in the designer's words: faults, and notes that stop nothing."""

from __future__ import annotations

from dataclasses import dataclass

from engine.model.wording import short

LONGEST_ID = 100  # a longer one is a fault itself
MOST_NAMED = 160  # characters of what the designer called it


@dataclass(frozen=True)
class Finding:
    """Something that whoever uploads is told, and where it is."""

    file: str  # the file's name, e.g. "diagnosis.bpmn"
    element: str | None  # the element's id, None for the whole file
    name: str | None  # what the designer called it
    sentence: str

    def __post_init__(self) -> None:
        """Names and ids are shown beside the sentence: cut like what stands in it."""
        object.__setattr__(self, "name", self.name and short(self.name, MOST_NAMED))
        object.__setattr__(self, "element", self.element and self.element[:LONGEST_ID])


@dataclass(frozen=True)
class Fault(Finding):
    """One thing that stops publishing. Its sentence says what is wrong and what to do instead."""


@dataclass(frozen=True)
class Note(Finding):
    """One thing to know that stops nothing: what is kept and not run, or how something drawn is understood."""
