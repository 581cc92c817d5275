"""A fault of a diagram, a form, a decision or a story, in the designer's words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing that stops publishing, and what to do instead."""

    file: str  # the file's name, e.g. "diagnosis.bpmn"
    element: str | None  # the element's id, None for the whole file
    name: str | None  # what the designer called it
    sentence: str  # says what is wrong and what to do instead
