"""What whoever uploads is told besides faults: what is kept without being run, and how something drawn is understood.

Each part is a function that yields notes of one kind by `view.note`; it stands in `_PARTS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine import forms
from engine.bpmn.check.clock import notes as clock_notes
from engine.bpmn.check.elements.caught import uncaught
from engine.bpmn.check.roles import empty_lanes
from engine.bpmn.check.subject import View
from engine.bpmn.diagram.dialect import main_process
from engine.bpmn.diagram.tags import BPMNDI, local
from engine.bpmn.drawing.interchange import MADE
from engine.bpmn.unsupported.foreign import other_programs
from engine.bpmn.unsupported.kept import kept
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


def _plain_tasks(view: View) -> Iterator[Note]:
    """One note for all of them: a file drawn to be looked at holds many."""
    plain = [element.id for element in view.diagram.elements.values() if element.plain]
    if plain:
        yield view.note(
            None,
            f"{view.titles(plain)} {'is a plain task' if len(plain) == 1 else 'are plain tasks'}: the role of the lane"
            " is asked to do it and says when it is done. To ask questions there, or to give it a deadline, make it a"
            " user task.",
        )


def _drawing(view: View) -> Iterator[Note]:
    """What Headway drew itself."""
    made = [item for item in view.root.iter(f"{{{BPMNDI}}}*") if item.get("id", "").startswith(MADE)]
    if any(local(item) == "BPMNDiagram" and item.get("id") == f"{MADE}diagram_1" for item in made):
        yield view.note(
            None,
            "This file has no drawing, so Headway laid one out. Once it is published, the download holds the drawing,"
            " to go on with in the Camunda Modeler.",
        )
    elif drawn := [item.get("bpmnElement", "") for item in made if local(item) == "BPMNShape"]:
        yield view.note(None, f"Headway put {view.titles(drawn)} on the drawing, where {_were(drawn)} missing.")
    elif made:
        yield view.note(None, "Headway put arrows on the drawing that were missing there.")


def _were(drawn: list[str]) -> str:
    return "this was" if len(drawn) == 1 else "these were"


def _kept(view: View) -> Iterator[Note]:
    """What is there for readers."""
    for sentence in kept(view.root, main_process(view.root), view.roles):
        yield view.note(None, sentence)


def _forms(view: View) -> Iterator[Note]:
    for key, form in view.forms.items():
        for element, label, sentence in forms.notes(form):
            yield Note(f"forms/{key}.form", element, label, sentence)


_PARTS: tuple[Callable[[View], Iterator[Note]], ...] = (
    _other_programs,
    _plain_tasks,
    empty_lanes,
    _kept,
    _drawing,
    _forms,
    clock_notes.notes,
    uncaught,
)
