"""What a case goes through without a stop: links, and milestones."""

from __future__ import annotations

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.task import Task

from engine.bpmn.runtime.specs.moves import Moves


class Passes(Moves, defaults.NoneTask):
    """Goes on at once."""

    def _run_hook(self, my_task: Task) -> bool:
        return True
