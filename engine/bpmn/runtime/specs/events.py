"""Where a case or a block begins and ends, and what is said on the way: messages, signals, errors, escalations."""

from __future__ import annotations

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.event_definitions import NoneEventDefinition, TerminateEventDefinition
from SpiffWorkflow.task import Task

from engine.bpmn.diagram.elements import Kind, Trigger
from engine.bpmn.runtime.catching import caught
from engine.bpmn.runtime.plan import ProcedureSpec
from engine.bpmn.runtime.rest import Thrown, as_subject
from engine.bpmn.runtime.specs.moves import Moves
from engine.bpmn.runtime.workflow import Workflow, scope_of

SENT = frozenset({Trigger.MESSAGE, Trigger.SIGNAL})  # leave the case; the others look for whoever catches them in it


class StartEvent(Moves, defaults.StartEvent):
    """Where the case or a block begins."""

    def __init__(self, plan: ProcedureSpec, name: str) -> None:
        super().__init__(plan, name, NoneEventDefinition())


class Throws(Moves):
    """An event that says something: what follows it follows only if it is not cut short by whoever catches it."""

    about: str = ""  # the answer that says which wait is meant
    brings: tuple[str, ...] = ()  # answers that go with it

    def say(self, my_task: Task) -> bool:
        """Say what it is about. False: nothing follows here any more."""
        run: Workflow = my_task.workflow
        element = self.element
        if element.trigger in SENT:
            known = run.knows.some({*self.brings, self.about} - {""}, scope_of(my_task))
            brings = {name: known.get(name) for name in self.brings}
            about = as_subject(known.get(self.about)) if self.about else None
            run.thrown.append(Thrown(element.trigger, element.named or "", element.id, about, brings))
        elif element.trigger not in (Trigger.NONE, Trigger.TERMINATE) and not caught(run, my_task):
            run.uncaught(my_task, element.trigger, element.named or "")
        return run.tasks.get(my_task.id) is my_task


class EndEvent(Throws, defaults.EndEvent):
    """An end; a terminating one empties the block, or the case, it stands in."""

    def __init__(self, plan: ProcedureSpec, name: str, everything: bool) -> None:
        super().__init__(plan, name, TerminateEventDefinition() if everything else NoneEventDefinition())
        self.everything = everything

    def _run_hook(self, my_task: Task) -> bool:
        return True

    def _on_complete_hook(self, my_task: Task) -> None:
        run: Workflow = my_task.workflow
        run.passed.append(self.element.id)
        if not self.say(my_task):
            return
        if self.everything:
            run.empty(my_task.parent, but=my_task)
        if _is_the_cases(my_task):
            run.ended_at = self.element.id


def _is_the_cases(my_task: Task) -> bool:
    """Whether this is an end of the case itself: not of a block, but for one that begins by itself in the case."""
    place = my_task.parent
    while place is not my_task.workflow.task_tree and place.task_spec.element.kind is Kind.EVENT_SUB:
        place = place.parent
    return place is my_task.workflow.task_tree


class ThrowEvent(Throws, defaults.IntermediateThrowEvent):
    """Something said in the middle of the way."""

    def __init__(self, plan: ProcedureSpec, name: str) -> None:
        super().__init__(plan, name, NoneEventDefinition())

    def _run_hook(self, my_task: Task) -> bool:
        return True

    def _on_complete_hook(self, my_task: Task) -> None:
        run: Workflow = my_task.workflow
        run.passed.append(self.element.id)
        if self.say(my_task):
            run.follow(my_task, self.ways(my_task))
