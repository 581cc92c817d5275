"""Start a procedure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema

from engine.bpmn.words.fields import Word, due_words, maybe_text, means_yes, names_and_values, text_of, yes_no


class StartProcedure(Schema):
    """The parameters of `start_procedure`."""

    procedure = text_of("Procedure to start", "Write the key of the procedure.", fixed=True)
    title = text_of("Title of the new case", "Write one line that says what it is about.")
    answers = names_and_values("What to hand on", "Names of answers with commas between them.", "answers")
    wait = yes_no("Wait until it ends", fixed=True)
    fallback_role = maybe_text("Who acts instead while it is not in use", "The name of a role.", fixed=True)
    due = due_words("Due, for whoever acts instead")
    text = maybe_text("More about it, for whoever acts instead", "Anything they need to know.")


def _waits(parameters: Mapping[str, Any]) -> bool:
    """Known from the drawing: `wait` is never a rule."""
    return means_yes(parameters.get("wait", ""))


WORD = Word(
    "start_procedure",
    "Start a procedure",
    "Starts another procedure, waiting or not.",
    StartProcedure,
    asks=_waits,
    lists="answers",
)
