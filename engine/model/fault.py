"""A fault of a diagram, form, table or story, in the designer's words."""

from __future__ import annotations

from dataclasses import dataclass

from engine.model.wording import short

LONGEST_ID = 100  # a longer one is a fault itself
MOST_NAMED = 160  # characters of what the designer called it


@dataclass(frozen=True)
class Fault:
    """One thing that stops publishing, and what to do instead."""

    file: str  # the file's name, e.g. "diagnosis.bpmn"
    element: str | None  # the element's id, None for the whole file
    name: str | None  # what the designer called it
    sentence: str  # says what is wrong and what to do instead

    def __post_init__(self) -> None:
        """Names and ids are shown beside the sentence: cut like what stands in it."""
        object.__setattr__(self, "name", self.name and short(self.name, MOST_NAMED))
        object.__setattr__(self, "element", self.element and self.element[:LONGEST_ID])
