"""What whoever uploads is told besides faults: what is kept without being run, and how something drawn is understood.

Each part is a function that yields notes of one kind by `view.note`; it stands in `_PARTS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine.bpmn.check.subject import View
from engine.bpmn.unsupported.foreign import other_programs
from engine.model.fault import Note
from engine.model.wording import MOST_LISTED, in_a_row


def notes(view: View) -> Iterator[Note]:
    """Every note of a package."""
    for part in _PARTS:
        yield from part(view)


def _other_programs(view: View) -> Iterator[Note]:
    """One note for the whole file, however many settings of other programs stand in it."""
    named = other_programs(view.root)
    if named:
        yield view.note(
            None,
            f"This file holds settings of other programs ({in_a_row(named, most=MOST_LISTED)}). Headway keeps them in"
            " the file and does not go by them. To fill in Headway's own, open the file in the Camunda Modeler and"
            " choose Camunda 7.",
        )


_PARTS: tuple[Callable[[View], Iterator[Note]], ...] = (_other_programs,)
