"""Random steps: of people, worked out, said; for one or for several; with events on their edge."""

from __future__ import annotations

from engine.bpmn.diagram.elements import Kind, Several, Trigger
from tests.engine.bpmn.random_models.models.making import NAMES, Making, Part


class Steps(Making):
    """Single steps."""

    def _user(self, inside: str | None, depth: int) -> Part:
        return self._edged(self._add(Kind.USER, inside, several=self._several()), depth)

    def _receive(self, inside: str | None, depth: int) -> Part:
        id = self._add(Kind.RECEIVE, inside, several=self._several(), trigger=Trigger.MESSAGE, named="news")
        return self._edged(id, depth)

    def _several(self) -> Several | None:
        if self.rng.random() < 0.7:
            return None
        return Several(self._list(), self._name() if self.rng.random() < 0.8 else None, self._gathered())

    def _gathered(self) -> str | None:
        return self.rng.choice([None, self._name(), self._name()])

    def _script(self, inside: str | None, depth: int) -> Part:
        id = self._add(Kind.SCRIPT, inside, script=self._number(), result=self.rng.choice(NAMES))
        return Part(id, id)

    def _tell(self, inside: str | None, depth: int) -> Part:
        name = self.rng.choice(NAMES)
        self._rule(name, lambda names: names[name])
        rule = self._rule(
            f'if {name} = 1 then "one" else "other"', lambda names: "one" if names[name] == 1 else "other"
        )
        said = {"role": "headteacher", "subject": f"It is {{{{ {name} }}}} today", "text": f"={rule}"}
        id = self._add(self.rng.choice([Kind.SERVICE, Kind.SEND]), inside, word="tell", parameters=said)
        return Part(id, id)

    def _ask(self, inside: str | None, depth: int) -> Part:
        said = {"role": "headteacher"}
        result = self.rng.choice([*NAMES, None])
        return self._edged(self._add(Kind.SERVICE, inside, word="find_people", parameters=said, result=result), depth)

    def _edged(self, host: str, depth: int) -> Part:
        """The step with up to two timers on its edge; what they start ends by itself or joins the main way again."""
        inside = self.elements[host].inside
        out = host
        for _ in range(self.rng.choice([0, 0, 0, 1, 1, 2])):
            interrupting = self.rng.random() < 0.5
            edge = self._add(
                Kind.BOUNDARY,
                inside,
                trigger=Trigger.TIMER,
                attached_to=host,
                interrupting=interrupting,
                **self._when(0.3),
            )
            body = self._chain(inside, depth + 1)
            self._arrow(edge, body.first)
            if self.rng.random() < (0.6 if interrupting else 0.1):
                merge = self._add(Kind.EXCLUSIVE, inside)
                self._arrow(out, merge)
                self._arrow(body.last, merge)
                out = merge
            else:
                self._arrow(body.last, self._end(inside))
        return Part(host, out)
