"""Random waits."""

from __future__ import annotations

from engine.bpmn.diagram.elements import Kind, Trigger
from tests.engine.bpmn.random_models.models.making import Making, Part


class Events(Making):
    """Events on the way."""

    def _wait(self, inside: str | None, depth: int) -> Part:
        id = self._add(Kind.CATCH, inside, trigger=Trigger.TIMER, **self._when(0.2))
        return Part(id, id)

    def _message(self, inside: str | None, depth: int) -> Part:
        id = self._add(Kind.CATCH, inside, trigger=Trigger.MESSAGE, named="news")
        return Part(id, id)
