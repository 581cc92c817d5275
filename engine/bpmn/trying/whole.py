"""A whole procedure tried: every rule, cell, deadline and text."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.check.names import Names
from engine.bpmn.check.subject import View
from engine.bpmn.trying import rules, sheets, tables
from engine.bpmn.trying.evaluate import TooSlow
from engine.bpmn.trying.knowledge import Tried
from engine.model.fault import Fault
from engine.model.wording import quoted


def faults(view: View) -> Iterator[Fault]:
    """What would stop a case, never hold or always hold; of rules that can be read and that name what is known."""
    tried, names = Tried(view), Names(view)
    try:
        yield from rules.faults(tried, names)
        yield from tables.faults(tried, names)
        yield from sheets.faults(tried, names)
    except TooSlow as slow:
        sentence = (
            f"The rule {quoted(slow.rule)} takes too long, or grows too large, to be worked out. Make it simpler."
        )
        yield view.fault(None, sentence)
