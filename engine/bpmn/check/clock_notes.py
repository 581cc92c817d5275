"""What whoever uploads is told of clocks and of other procedures: how something drawn is understood."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.check.subject import View
from engine.bpmn.diagram.elements import Kind
from engine.model.fault import Note
from engine.model.wording import quoted


def notes(view: View) -> Iterator[Note]:
    """Every such note."""
    yield from _first_moments(view)


def _first_moments(view: View) -> Iterator[Note]:
    """Where what comes round is waited for, it can only come once."""
    for element in view.diagram.elements.values():
        once = element.kind is Kind.CATCH or (element.kind is Kind.BOUNDARY and element.interrupting)
        if once and element.comes_round:
            yield view.note(
                element.id,
                f"This waits for the first time that {quoted(element.cycle)} comes round. To have something done each"
                " time, put the timer on the edge of a step and let it not interrupt (a dashed circle).",
            )
