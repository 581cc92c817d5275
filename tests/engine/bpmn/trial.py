"""Telling the runner's tests as short stories: one case of a small diagram, kept as bytes between any two steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.bpmn.definition import Definition
from engine.bpmn.diagram import dialect
from engine.bpmn.diagram.elements import Trigger
from engine.bpmn.runtime import runner
from engine.bpmn.runtime.rest import Rest
from engine.model.casework import Answers
from tests.engine.bpmn.random_models.handmade import Handmade
from tests.engine.bpmn.sketch import sketch


class Trial:
    """A case of a diagram. Each verb runs it to its next rest."""

    def __init__(self, definition: Definition, facts: Mapping[str, Any] | None = None) -> None:
        self.definition, self.facts = definition, facts or {}
        self._rest = Rest(b"", Answers())
        self.asked: dict[str, str] = {}  # step -> the token its asking word waits under

    @property
    def rest(self) -> Rest:
        """Where the case is."""
        return self._rest

    @rest.setter
    def rest(self, rest: Rest) -> None:
        self._rest = rest
        self.asked.update({said.step: said.answer_to for said in rest.said if said.answer_to})

    def start(self, **answers: Any) -> Trial:
        """Begin."""
        self.rest = runner.start(self.definition, Answers(answers), self.facts)
        return self

    def does(self, *steps: str, **new: Any) -> Trial:
        """Somebody completes the oldest task of each step."""
        for step in steps:
            self.completes(self.token(step), **new)
        return self

    def completes(self, token: str, **new: Any) -> Trial:
        """Somebody completes one task."""
        self.rest = runner.complete(self.definition, self.rest.state, self.rest.answers, token, new, self.facts)
        return self

    def rings(self, timer: str) -> Trial:
        """A timer's moment comes."""
        self.rest = runner.wake(self.definition, self.rest.state, self.rest.answers, self.token(timer), self.facts)
        return self

    def hears(self, message: str, **payload: Any) -> Trial:
        """A message comes."""
        token = self.token(message)
        self.rest = runner.message(self.definition, self.rest.state, self.rest.answers, token, payload, self.facts)
        return self

    def fails(self, step: str, trigger: Trigger, name: str) -> Trial:
        """What a step waited for ended with an error, or said an escalation."""
        given = (self.definition, self.rest.state, self.rest.answers, self.token(step))
        self.rest = runner.fail(*given, trigger, name, self.facts)
        return self

    def is_corrected(self, **answers: Any) -> Trial:
        """Answers are changed from outside."""
        values = Answers({**self.values, **answers}, self.rest.answers.items)
        self.rest = runner.reconsider(self.definition, self.rest.state, values, self.facts)
        return self

    def answers(self, token: str, value: Any) -> Trial:
        """An asking word is answered."""
        self.rest = runner.answer(self.definition, self.rest.state, self.rest.answers, token, value, self.facts)
        return self

    def looks(self) -> Trial:
        """Nothing happens: the case is only loaded and asked what it offers."""
        self.rest = runner.look(self.definition, self.rest.state, self.rest.answers, self.facts)
        return self

    def token(self, step: str) -> str:
        """The oldest token open at a step."""
        rest = self.rest
        for open_ in (rest.waiting, rest.timers, rest.awaited, rest.watched):
            for each in open_:
                if each.step == step:
                    return each.token
        raise AssertionError(f"{step} is not open, but {self.tasks}")

    @property
    def tasks(self) -> list[str]:
        """Steps waiting for a person, oldest first."""
        return [each.step for each in self.rest.waiting]

    @property
    def sent(self) -> list[tuple[str, str]]:
        """What it sent or ended with in this run: what it is, and its name."""
        return [(each.trigger.value, each.name) for each in self.rest.thrown]

    @property
    def timers(self) -> dict[str, str]:
        """Timers wanted: step -> words."""
        return {each.step: each.words for each in self.rest.timers}

    @property
    def values(self) -> Mapping[str, Any]:
        """The case's answers."""
        return self.rest.answers.values


def story(bpmn: bytes) -> Trial:
    """A case of a file, not begun."""
    return Trial(Handmade(dialect.read(bpmn)))


def trial(*parts: str, flows: str, names: str = "", facts: Mapping[str, Any] | None = None, **named: Any) -> Trial:
    """A case of a sketched diagram, not begun. names: answers that rules may read, with commas."""
    case = story(sketch(*parts, flows=flows, trust__names=names, **named))
    case.facts = facts or {}
    return case
