"""One run of a case: the library's workflow, holding only what is open, and what was said and passed on the way.

SpiffWorkflow keeps every finished task in a tree and looks back into it. Here a finished task leaves the tree at once
and hands on what follows to the place it stood in, so a case is never larger than what is open in it.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.diagram.elements import Flow, Trigger
from engine.bpmn.runtime.plan import Prepared
from engine.bpmn.runtime.rest import Said, Thrown
from engine.bpmn.runtime.variables import Variables
from engine.errors import CaseStuck
from engine.model.casework import Answers
from engine.rules import feel
from engine.rules.feel import Told
from engine.rules.texts import Expressions, value_of

MOST_ROUNDS = 300  # times one run may pass the same step without anybody being asked
MOST_OPEN = 5_000  # tokens in one case
ROOT = "t0"


class Token(Task):
    """A task that is not watched: the library notes the time of every change and describes it, data included."""

    def _set_state(self, value: int) -> None:
        self._state = value


class OnlyFeel(PythonScriptEngine):
    """In place of the library's script engine, which runs Python: works out FEEL, and carries out nothing at all."""

    def evaluate(self, task: Task, expression: str, external_context: Any = None) -> Any:
        """A FEEL expression where this task stands."""
        told = feel.evaluate([feel.Ask(expression)], task.workflow.knows.names(scope_of(task)))
        return value_of(told[0], f"“{expression}”")

    def execute(self, task: Task, script: str, external_context: Any = None) -> Any:
        """Nothing a diagram says is carried out as a program. Raises CaseStuck."""
        raise CaseStuck

    def call_service(self, task: Task, **kwargs: Any) -> Any:
        """Words are said, never called. Raises CaseStuck."""
        raise CaseStuck

    def validate(self, expression: str) -> None:
        """Publishing checks expressions."""


class Workflow(BpmnWorkflow):
    """A case for the length of one command."""

    def __init__(self, prepared: Prepared, answers: Answers, facts: Mapping[str, Any]) -> None:
        """An empty run: begin() starts a case in it, state.load puts a case into it."""
        super().__init__(prepared.plan, script_engine=OnlyFeel(), deserializing=True)
        self.prepared = prepared
        self.knows = Variables(prepared.known, answers, facts)
        self.number = 0  # of the last token made: tokens are t1, t2, ... as long as the case lives
        self.said: list[Said] = []
        self.thrown: list[Thrown] = []
        self.passed: list[str] = []
        self.ended_at: str | None = None
        self.at: str | None = None  # the step that is being carried out
        self._ready: deque[Task] = deque()
        self._rounds: Counter[tuple[str, str]] = Counter()
        self.task_tree = Token(self, prepared.plan.start, state=TaskState.COMPLETED, id=ROOT)

    def put(self, spec_name: str, place: Task, **internal: Any) -> Task:
        """A new token in a place: the case, a block or a step done for several.

        Raises CaseStuck when the case would hold too many.
        """
        if len(self.tasks) > MOST_OPEN:
            raise CaseStuck("This step would open more tasks at once than a case can hold.")
        self.number += 1
        spec = self.prepared.plan.task_specs[spec_name]
        task = Token(self, spec, place, state=TaskState.FUTURE, id=f"t{self.number}")
        task.internal_data.update(internal)
        spec._update(task)
        return task

    def begin(self, place: Task, inside: str | None) -> None:
        """Let what waits in a place for as long as it lasts begin: the starts of blocks that begin by themselves."""
        for start in self.prepared.armed.get(inside, ()):
            if self.prepared.plan.task_specs[start].waited_for:
                self.put(start, place)

    def follow(self, task: Task, flows: tuple[Flow, ...], **internal: Any) -> None:
        """Hand on along arrows: what follows stands where this task stood."""
        self.hand_on(task.parent, flows, **internal)

    def hand_on(self, place: Task, flows: tuple[Flow, ...], **internal: Any) -> None:
        """Hand on along arrows in a place."""
        self.passed.extend(flow.id for flow in flows)
        for flow in flows:
            counted = self.prepared.plan.task_specs[flow.target].counts_arrivals
            self.put(flow.target, place, **({"by": flow.id} if counted else {}), **internal)

    def win(self, task: Task) -> None:
        """What this token waited for has come: whatever raced it to be first is withdrawn."""
        race = task.internal_data.pop("race", None)
        for other in list(task.parent.children) if race else ():
            if other is not task and other.internal_data.get("race") == race:
                self.drop(other)

    def enqueue(self, task: Task) -> None:
        """This task waits for nobody: it is run in its turn, oldest first."""
        self._ready.append(task)

    def go(self) -> None:
        """Run on until only people, times, messages and answers are awaited."""
        while self._ready or self._gather():
            task = self._ready.popleft()
            if self.tasks.get(task.id) is task:
                self.at_task(task)
                self._count(task)
                task.run()

    def _gather(self) -> bool:
        """Let one join go on that waits for those that can still come: the oldest that nothing can come to any more.

        Where each can be come to but only from other joins, they wait for each other: the oldest of them goes on.
        """
        waiting = [task for task in self.tasks.values() if task.id != ROOT and self._gathers(task)]
        chosen = next((task for task in waiting if not _can_be_come_to(task)), None)
        chosen = chosen or next((task for task in waiting if not _lives(task.parent)), None)
        if chosen is None:
            return False
        for other in waiting:
            if other is not chosen and other.task_spec is chosen.task_spec and other.parent is chosen.parent:
                self.drop(other)
        chosen._ready()
        return True

    def _gathers(self, task: Task) -> bool:
        return task.task_spec.comes_from is not None and task.state == TaskState.WAITING

    def at_task(self, task: Task) -> None:
        """Note which step is being carried out, for whoever is told that it could not be."""
        self.at = task.task_spec.element.id

    def _count(self, task: Task) -> None:
        key = (task.task_spec.name, task.internal_data.get("scope") or task.parent.id)
        self._rounds[key] += 1
        if self._rounds[key] > MOST_ROUNDS:
            name = task.task_spec.element.name or task.task_spec.element.id
            raise CaseStuck(f"The procedure goes round and round at “{name}” without asking anybody.")

    def _task_completed_notify(self, task: Task) -> None:
        """The library calls this when a task is done and what follows has been made."""
        if task.id not in self.tasks:  # cut short by what it threw
            return
        place = task.parent
        self.drop(task)
        if not any(other.task_spec.keeps_alive for other in place.children):
            self.empty(place)
        if place.state == TaskState.STARTED:
            place.task_spec.one_done(place, task)

    def empty(self, place: Task, but: Task | None = None) -> None:
        """Take everything out of a place."""
        for other in place.children:
            if other is not but and other.id in self.tasks:
                self.drop(other)

    def uncaught(self, thrower: Task, trigger: Trigger, name: str) -> None:
        """Nobody catches what a step throws: an error ends the case, an escalation is only noted."""
        step: str = thrower.task_spec.element.id
        self.thrown.append(Thrown(trigger, name, step))
        if trigger is not Trigger.ESCALATION:
            self.empty(self.task_tree)
            self.ended_at = step

    def drop(self, task: Task) -> None:
        """Take a token out, with everything inside it and the events on its edge."""
        for edge in self.edges_of(task):
            self._remove_task(edge.id)
        if task.id in self.tasks:
            self._remove_task(task.id)

    def edges_of(self, task: Task) -> list[Task]:
        """The events waiting on the edge of a step."""
        if not task.task_spec.edges or task.parent is None:
            return []
        return [other for other in task.parent.children if other.internal_data.get("host") == task.id]

    def work_out(self, task: Task, asked: Expressions) -> list[Told]:
        """Everything a step asks, in one call."""
        if not asked.asks:
            return []
        return list(feel.evaluate(asked.asks, self.knows.some(asked.reads, scope_of(task))))


def _can_be_come_to(join: Task) -> bool:
    spec = join.task_spec
    return any(
        other.task_spec is not spec and other.task_spec.name in spec.comes_from for other in join.parent.children
    )


def _lives(place: Task) -> bool:
    """Whether anything in a place may move by itself: what is not a join waiting for others, nor holds only such."""
    return any(not task.task_spec.joins and (not task._children or _lives(task)) for task in place.children)


def scope_of(task: Task | None) -> str | None:
    """The scope key of the item a task stands in, None outside any."""
    while task is not None:
        scope: str | None = task.internal_data.get("scope")
        if scope:
            return scope
        task = task.parent
    return None
