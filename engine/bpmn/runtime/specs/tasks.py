"""What a person does, what is worked out, and what is said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.task import Task

from engine.bpmn.runtime.plan import ProcedureSpec
from engine.bpmn.runtime.rest import Said
from engine.bpmn.runtime.specs.moves import NOTHING, Moves
from engine.bpmn.runtime.workflow import Workflow, scope_of
from engine.bpmn.words import registry
from engine.rules import feel, tables
from engine.rules.tables import Decision
from engine.rules.texts import Expressions, Text, value_of


class UserTask(Moves, defaults.UserTask):
    """A step that waits for a person."""

    rests = True


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

    def answered(self, task: Task, value: Any) -> dict[str, Any]:
        """What is known once it has its answer."""
        return {self.element.result: value} if self.element.result else {}


class CallTask(WordTask):
    """Another procedure, waited for: what goes in is said, what comes back is read from its answers."""

    comes_back: Expressions = NOTHING

    def _parameters(self, task: Task) -> dict[str, Any]:
        found = super()._parameters(task)
        if self.element.hands_all:
            found["answers"] = {**task.workflow.knows.answered(scope_of(task)), **(found.get("answers") or {})}
        return found

    def answered(self, task: Task, value: Any) -> dict[str, Any]:
        """The answers that come back, each null when the other procedure did not give it or did not start."""
        given = value.get("answers") if isinstance(value, dict) else None
        names = dict.fromkeys(self.comes_back.reads) | (given if isinstance(given, dict) else {})
        told = feel.evaluate(self.comes_back.asks, names) if self.comes_back.asks else []
        found = super().answered(task, value)
        for one, each in zip(self.element.hands_back, told, strict=True):
            found[one.name] = value_of(each, f"What “{self.element.name}” brings back as “{one.name}”")
        return found
