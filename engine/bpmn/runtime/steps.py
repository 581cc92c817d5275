"""Steps, gateways and ends: SpiffWorkflow's own, each taught that tokens carry no history, no future and no data.

Taken over from the library: tasks and their states, what is manual, catching events, how a task goes through its hooks.
Replaced here: looking ahead (the library keeps every possible future, which doubles with each parallel block), joining
(it looks back into history and fires early in a loop), conditions, scripts and services (it runs Python).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.event_definitions import NoneEventDefinition, TerminateEventDefinition
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.diagram.elements import Element, Flow
from engine.bpmn.runtime.plan import ProcedureSpec
from engine.bpmn.runtime.rest import Said
from engine.bpmn.runtime.workflow import Workflow, scope_of
from engine.bpmn.words import registry
from engine.errors import ExpressionStopped
from engine.rules import tables
from engine.rules.tables import Decision
from engine.rules.texts import Expressions, Text, value_of

NOTHING = Expressions((), frozenset())


class Moves:
    """What every step shares. Stands before the library's class."""

    element: Element
    leaving: tuple[Flow, ...] = ()
    edges: tuple[str, ...] = ()  # timers on its edge
    question: Expressions = NOTHING  # what it asks of FEEL
    counts_arrivals = False
    rests = False  # reached means waiting for somebody; otherwise it is run in its turn
    manual: bool

    def drawn_as(self, element: Element, leaving: tuple[Flow, ...], edges: tuple[str, ...]) -> None:
        """What the diagram says about it."""
        self.element, self.leaving, self.edges = element, leaving, edges

    def test(self) -> None:
        """Publishing has checked how it is connected."""

    def _predict(self, my_task: Task, *args: Any, **kwargs: Any) -> None:
        """What follows is made when this is done, not before."""

    def _on_ready_hook(self, my_task: Task) -> None:
        super()._on_ready_hook(my_task)  # type: ignore[misc]
        if self.rests:
            self.watch(my_task)
        else:
            my_task.workflow.enqueue(my_task)

    def watch(self, my_task: Task) -> None:
        """It rests: let the timers on its edge begin."""
        for edge in self.edges:
            my_task.workflow.put(edge, my_task.parent, host=my_task.id)

    def _on_complete_hook(self, my_task: Task) -> None:
        super()._on_complete_hook(my_task)  # type: ignore[misc]
        my_task.workflow.passed.append(self.element.id)
        my_task.workflow.follow(my_task, self.ways(my_task))

    def ways(self, my_task: Task) -> tuple[Flow, ...]:
        """The arrows it leaves by."""
        return self.leaving


class StartEvent(Moves, defaults.StartEvent):
    """Where the case or a block begins."""

    def __init__(self, plan: ProcedureSpec, name: str) -> None:
        super().__init__(plan, name, NoneEventDefinition())


class UserTask(Moves, defaults.UserTask):
    """A step that waits for a person."""

    rests = True


class ExclusiveGateway(Moves, defaults.ExclusiveGateway):
    """Takes the first arrow whose condition is true, else its default. All conditions are worked out in one call."""

    conditional: tuple[Flow, ...] = ()

    def _run_hook(self, my_task: Task) -> bool:
        return True

    def ways(self, my_task: Task) -> tuple[Flow, ...]:
        """The one arrow that fits. Raises ExpressionStopped when none does and none is the default."""
        if len(self.leaving) < 2:
            return self.leaving
        for flow, told in zip(self.conditional, my_task.workflow.work_out(my_task, self.question), strict=True):
            if self._holds(flow, told):
                return (flow,)
        default = tuple(flow for flow in self.leaving if flow.id == self.element.default_flow)
        if not default:
            raise ExpressionStopped(f"No arrow leaving “{self._name}” fits, and none of them is the default.")
        return default

    def _holds(self, flow: Flow, told: Any) -> bool:
        what = f"At “{self._name}”, the condition of the arrow “{flow.name or flow.condition}”"
        value = value_of(told, what)
        if value is True or value is False:
            return bool(value)
        raise ExpressionStopped(f"{what} is neither true nor false.")

    @property
    def _name(self) -> str:
        return self.element.name or self.element.id


class ParallelGateway(Moves, defaults.ParallelGateway):
    """Goes on along every arrow out once a token has come along every arrow in. One token of each arrow is used up."""

    entering: int = 1

    def _update_hook(self, my_task: Task) -> bool:
        first: dict[str | None, Task] = {}
        for other in my_task.parent.children:
            if other.task_spec is self and (other is my_task or other.state == TaskState.WAITING):
                first.setdefault(other.internal_data.get("by"), other)
        if len(first) < self.entering:
            my_task._set_state(TaskState.WAITING)
            return False
        for used in first.values():
            if used is not my_task:
                my_task.workflow.drop(used)
        return True

    def _run_hook(self, my_task: Task) -> bool:
        return True


class EndEvent(Moves, defaults.EndEvent):
    """An end; a terminating one empties the block, or the case, it stands in."""

    def __init__(self, plan: ProcedureSpec, name: str, everything: bool) -> None:
        super().__init__(plan, name, TerminateEventDefinition() if everything else NoneEventDefinition())
        self.everything = everything

    def _run_hook(self, my_task: Task) -> bool:
        return True

    def _on_complete_hook(self, my_task: Task) -> None:
        run: Workflow = my_task.workflow
        run.passed.append(self.element.id)
        if self.everything:
            for other in my_task.parent.children:
                if other is not my_task and other.id in run.tasks:
                    run.drop(other)
        if my_task.parent is run.task_tree:
            run.ended_at = self.element.id


class ScriptTask(Moves, defaults.ScriptTask):
    """Works out FEEL and keeps it as an answer."""

    def __init__(self, plan: ProcedureSpec, name: str) -> None:
        super().__init__(plan, name, script="")

    def _execute(self, task: Task) -> bool:
        run: Workflow = task.workflow
        told = run.work_out(task, self.question)
        value = value_of(told[0], f"The rule of “{self.element.name}”")
        run.knows.write(scope_of(task), {self.element.result or self.element.id: value})
        return True


class BusinessRuleTask(Moves, defaults.ServiceTask):
    """Looks an answer up in a decision table."""

    decision: Decision

    def _execute(self, task: Task) -> bool:
        run: Workflow = task.workflow
        scope = scope_of(task)
        found = tables.decide(self.decision, run.knows.some(self.decision.names, scope))
        run.knows.write(scope, self._answers(found))
        return True

    def _answers(self, found: Any) -> dict[str, Any]:
        """Under the result's name: the value of a table's one output, or a group of all. Else each output by itself."""
        outputs = [column.name for column in self.decision.outputs]
        lines = found if isinstance(found, list) else [found or dict.fromkeys(outputs)]
        by_name = {name: [line[name] for line in lines] for name in outputs}
        if self.element.result:
            values = lines if len(outputs) > 1 else by_name[outputs[0]]
            return {self.element.result: values if isinstance(found, list) else values[0]}
        return {name: values if isinstance(found, list) else values[0] for name, values in by_name.items()}


class WordTask(Moves, defaults.ServiceTask):
    """Says a word. A telling one goes on; an asking one rests until it is answered."""

    texts: Mapping[str, Text] = {}  # parameter -> what is drawn
    asks = False

    def _execute(self, task: Task) -> bool | None:
        run: Workflow = task.workflow
        word = self.element.word or ""
        parameters = registry.load(word, self._parameters(task))
        run.said.append(Said(word, parameters, self.element.id, task.id if self.asks else None))
        if not self.asks:
            return True
        self.watch(task)
        return None

    def _parameters(self, task: Task) -> dict[str, Any]:
        told = iter(task.workflow.work_out(task, self.question))
        what = f"What “{self.element.name}” says"
        return {
            name: text.filled([value_of(next(told), what) for _ in text.rules]) for name, text in self.texts.items()
        }
