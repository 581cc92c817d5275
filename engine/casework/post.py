"""What a case waits to hear, and what it sends: kept beside the case, so that one finds the other by its name."""

from __future__ import annotations

from engine.bpmn.runtime.rest import Rest
from engine.casework.context import CaseInHand


def note_waits(run: CaseInHand, rest: Rest) -> None:
    """Write down which messages and signals the case waits for from now on."""
    begun = [each for each in rest.awaited if each.token in rest.begun]
    renewed = [each for each in rest.awaited if each.about is not None and each.token not in rest.begun]
    if begun or renewed or rest.gone:
        run.store.save_awaited(run.case, begun, renewed, rest.gone, run.now)
