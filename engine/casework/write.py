"""Writing down what a command has gathered for a case."""

from __future__ import annotations

from engine.casework.confidentiality import mask
from engine.casework.context import CaseInHand
from engine.casework.writes import Writes


def write(run: CaseInHand) -> None:
    """Write down what has been gathered, and begin anew. Messages to people who may not read the case hide it."""
    mask(run)
    run.writes.flush(run.store)
    run.writes = Writes(run.case.id, run.now)
