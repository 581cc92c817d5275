"""Opening a task to read it: nothing is held or written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from engine import policy
from engine.bpmn.runtime import runner
from engine.casework.context import CaseInHand, prepare
from engine.errors import NotAllowed
from engine.forms import Form
from engine.model.casework import Case, Task
from engine.model.people import Me
from engine.ports import Store


@dataclass(frozen=True)
class Opened:
    """A task as somebody opens it: nothing is held or written."""

    task: Task
    run: CaseInHand
    whose: UUID | None  # whose it is when this person does it; None: not theirs to do

    @property
    def case(self) -> Case:
        """The case it belongs to."""
        return self.run.case

    @cached_property
    def form(self) -> Form | None:
        """What it asks, None when it is done by saying so."""
        return self.run.definition.form_of(self.task.step)

    @cached_property
    def names(self) -> dict[str, Any]:
        """Every name that a rule of its form may read."""
        return runner.names_for(self.run.definition, self.case.answers, self.run.facts, self.task.scope)


def open_task(store: Store, me: Me, task_id: UUID, now: datetime) -> Opened:
    """A task with all that its page is made from. Whoever does it, did it, has it on a list of theirs or may give it to
    somebody else opens it. Raises NotAllowed for anybody else.
    """
    task = store.task(task_id)
    run = prepare(store, store.case(task.case_id), now, me.person.id)
    if not policy.is_involved(me, task) and not policy.may_hand_over(me, task, run.school):
        raise NotAllowed("This task is with somebody else.")
    return Opened(task, run, policy.holder(me, task))
