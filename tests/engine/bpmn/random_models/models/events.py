"""Random waits."""

from __future__ import annotations

from engine.bpmn.diagram.elements import Kind, Trigger
from engine.bpmn.diagram.links import jumps
from tests.engine.bpmn.random_models.models.making import Making, Part


class Events(Making):
    """Events on the way."""

    def _wait(self, inside: str | None, depth: int) -> Part:
        id = self._add(Kind.CATCH, inside, trigger=Trigger.TIMER, **self._when(0.2))
        return Part(id, id)

    def _race(self, inside: str | None, depth: int) -> Part:
        """Whichever comes first of some waits; the ways from there meet again, or end."""
        split, merge = self._add(Kind.EVENT_CHOICE, inside), self._add(Kind.EXCLUSIVE, inside)
        for number in range(self.rng.randint(2, 3)):
            first = self.rng.choice([self._wait, self._message, self._heard])(inside, depth)
            self._arrow(split, first.first)
            body = self._chain(inside, depth + 1) if self.rng.random() < 0.6 else None
            if body:
                self._arrow(first.last, body.first)
            leaves = number > 0 and self.rng.random() < 0.2
            self._arrow(body.last if body else first.last, self._end(inside) if leaves else merge)
        return Part(split, merge)

    def _heard(self, inside: str | None, depth: int) -> Part:
        id = self._add(Kind.RECEIVE, inside, trigger=Trigger.MESSAGE, named="news")
        return Part(id, id)

    def _jump(self, inside: str | None, depth: int) -> Part:
        """A link, with a milestone before it."""
        name = f"link {len(self.elements)}"
        mark = self._add(Kind.THROW, inside)
        out = self._add(Kind.THROW, inside, trigger=Trigger.LINK, named=name)
        on = self._add(Kind.CATCH, inside, trigger=Trigger.LINK, named=name)
        self._arrow(mark, out)
        self.flows += jumps([self.elements[out], self.elements[on]])
        return Part(mark, on)

    def _message(self, inside: str | None, depth: int) -> Part:
        id = self._add(Kind.CATCH, inside, trigger=Trigger.MESSAGE, named="news")
        return Part(id, id)
