"""Random events: waited for, said, thrown and caught, and blocks that begin by themselves."""

from __future__ import annotations

from typing import Any

from engine.bpmn.diagram.elements import Kind, Trigger
from engine.bpmn.diagram.links import jumps
from tests.engine.bpmn.random_models.models.making import NAMES, Making, Part

WAITED_FOR = (Trigger.TIMER, Trigger.TIMER, Trigger.MESSAGE, Trigger.SIGNAL, Trigger.CONDITION)
CAUGHT = (Trigger.ERROR, Trigger.ESCALATION)
CODES = ("short", "late")


class Events(Making):
    """Events on the way, on edges and at starts."""

    def _about(self, trigger: Trigger) -> dict[str, Any]:
        """What an event says of itself that is about this."""
        if trigger is Trigger.TIMER:
            return {"trigger": trigger, **self._when(0.3)}
        if trigger is Trigger.CONDITION:
            return {"trigger": trigger, "condition": self._becomes()}
        if trigger in CAUGHT:
            return {"trigger": trigger, "named": self.rng.choice(CODES)}
        if trigger is Trigger.CANCEL:
            return {"trigger": trigger}
        subject = {"trust:about": self.rng.choice(NAMES)} if self.rng.random() < 0.3 else {}
        return {"trigger": trigger, "named": "news", "properties": subject}

    def _becomes(self) -> str:
        """A rule that is empty as long as what it reads is."""
        name, number = self.rng.choice(NAMES), self.rng.randint(0, 1)
        text = f"{name} > {number}"
        more = self._rule(text, lambda names: names[name] > number if isinstance(names[name], int) else None)
        return self.rng.choice([more, self._condition()])

    def _wait(self, inside: str | None, depth: int) -> Part:
        id = self._add(Kind.CATCH, inside, **self._about(self.rng.choice(WAITED_FOR[1:])))
        return Part(id, id)

    def _race(self, inside: str | None, depth: int) -> Part:
        """Whichever comes first of some waits; the ways from there meet again, or end."""
        split, merge = self._add(Kind.EVENT_CHOICE, inside), self._add(Kind.EXCLUSIVE, inside)
        for number in range(self.rng.randint(2, 3)):
            first = self.rng.choice([self._wait, self._wait, self._message, self._heard])(inside, depth)
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
        id = self._add(Kind.CATCH, inside, **self._about(Trigger.MESSAGE))
        return Part(id, id)

    def _says(self, inside: str | None, depth: int) -> Part:
        trigger = self.rng.choice((Trigger.MESSAGE, Trigger.SIGNAL, Trigger.ESCALATION))
        kind = Kind.SEND if trigger is Trigger.MESSAGE and self.rng.random() < 0.3 else Kind.THROW
        id = self._add(kind, inside, **self._about(trigger))
        return Part(id, id)

    def _end(self, inside: str | None, whole: float = 0.3) -> str:
        """An end; `whole`: how often it is one that stops everything. Some say or throw something."""
        if self.rng.random() < whole:
            return self._add(Kind.END, inside, trigger=Trigger.TERMINATE)
        block = self.elements.get(inside or "")
        says = [Trigger.MESSAGE, Trigger.SIGNAL, Trigger.ERROR, Trigger.ESCALATION]
        says += [Trigger.CANCEL] * 3 if block and block.transaction else []
        if self.rng.random() < (0.4 if inside else 0.15):
            return self._add(Kind.END, inside, **self._about(self.rng.choice(says)))
        return self._add(Kind.END, inside)

    def _on_the_edge(self, host: str) -> str:
        """An event on the edge of a step."""
        inside, interrupting = self.elements[host].inside, self.rng.random() < 0.5
        trigger = self.rng.choice(WAITED_FOR)
        if self.elements[host].kind is Kind.SUB and self.rng.random() < 0.5:
            trigger = self.rng.choice((*CAUGHT, Trigger.CANCEL) if self.elements[host].transaction else CAUGHT)
        said = self._about(trigger)
        if trigger in CAUGHT and self.rng.random() < 0.4:
            said["named"] = None  # any
        ends = interrupting or trigger in (Trigger.ERROR, Trigger.CANCEL)
        return self._add(Kind.BOUNDARY, inside, attached_to=host, interrupting=ends, **said)

    def _by_itself(self, inside: str | None, depth: int) -> None:
        """A block beside the others that begins when something happens."""
        self.left -= 1
        block = self._add(Kind.EVENT_SUB, inside)
        trigger = self.rng.choice((*WAITED_FOR[1:], *WAITED_FOR[2:], *CAUGHT, *CAUGHT))
        said = self._about(trigger)
        if trigger in CAUGHT and self.rng.random() < 0.4:
            said["named"] = None
        ends = trigger is Trigger.ERROR or self.rng.random() < 0.5
        start = self._add(Kind.START, block, interrupting=ends, **said)
        body = self._chain(block, depth + 2)
        self._arrow(start, body.first)
        self._arrow(body.last, self._end(block, 0.1))
