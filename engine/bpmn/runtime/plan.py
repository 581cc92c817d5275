"""What the runner keeps of a version: its steps by name, and what the list of tasks needs of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from SpiffWorkflow.bpmn.specs import BpmnProcessSpec

from engine.rules.texts import Expressions, Text


class ProcedureSpec(BpmnProcessSpec):
    """A procedure's steps by name. Blocks are not apart: a token knows the visit it stands in."""

    def __init__(self, name: str) -> None:
        super().__init__(name=name)
        # The library's own start and ends hold no tokens here, and elements may be called "Start" or "End".
        self.task_specs.clear()


@dataclass(frozen=True)
class Shown:
    """What is worked out for the list of tasks when a step begins: when it is due and for whom."""

    due: Text
    assignee: Text
    question: Expressions  # rules of due, then of assignee


@dataclass(frozen=True)
class Prepared:
    """Everything the runner keeps of a version. Never changed once made."""

    plan: ProcedureSpec
    begins: str
    known: Mapping[str, None]  # every name the procedure declares
    shown: Mapping[str, Shown]  # user task -> what its place in the list needs
    armed: Mapping[str | None, tuple[str, ...]]  # place (None: the case) -> starts of blocks that begin by themselves
    looks: bool  # any event waits for a rule to become true
