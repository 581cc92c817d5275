"""Random steps: of people, worked out, said; for one or for several; with events on their edge."""

from __future__ import annotations

from typing import Any

from engine.bpmn.diagram.elements import Handed, Kind, Repeat, Several, Trigger
from tests.engine.bpmn.random_models.models.events import Events
from tests.engine.bpmn.random_models.models.making import NAMES, Means, Part


class Steps(Events):
    """Single steps."""

    def _user(self, inside: str | None, depth: int) -> Part:
        return self._edged(self._add(Kind.USER, inside, **self._times()), depth)

    def _receive(self, inside: str | None, depth: int) -> Part:
        id = self._add(Kind.RECEIVE, inside, **self._times(), trigger=Trigger.MESSAGE, named="news")
        return self._edged(id, depth)

    def _several(self) -> Several | None:
        if self.rng.random() < 0.7:
            return None
        in_turn = self.rng.random() < 0.4
        until = self._until() if self.rng.random() < 0.3 else None
        each_of = self._list() if self.rng.random() < 0.8 else self._number()
        return Several(each_of, self._name() if self.rng.random() < 0.8 else None, self._gathered(), in_turn, until)

    def _until(self) -> str:
        name = self.rng.choice(NAMES)
        rules: list[tuple[str, Means]] = [
            (f"{name} = 1", lambda names: names[name] == 1),
            ("items_done = 2", lambda names: names["items_done"] == 2),
            ("items_done = items_total - 1", lambda names: names["items_done"] == names["items_total"] - 1),
        ]
        return self._rule(*self.rng.choice(rules))

    def _again_and_again(self) -> Repeat | None:
        """How a step repeats itself, if it does. What depends on answers alone has an end all the same."""
        if self.rng.random() < 0.8:
            return None
        first, most = self.rng.random() < 0.5, self.rng.randint(1, 3)
        if self.rng.random() < 0.5:
            return Repeat(self._rule("times_done < 2", lambda names: names["times_done"] < 2), first)
        return Repeat(self._condition() if self.rng.random() < 0.7 else None, first, most)

    def _times(self) -> dict[str, Any]:
        """For several, again and again, or once."""
        several = self._several()
        return {"several": several} if several else {"repeat": self._again_and_again()}

    def _gathered(self) -> str | None:
        return self.rng.choice([None, self._name(), self._name()])

    def _script(self, inside: str | None, depth: int) -> Part:
        id = self._add(Kind.SCRIPT, inside, script=self._number(), result=self.rng.choice(NAMES), **self._times())
        return Part(id, id)

    def _tell(self, inside: str | None, depth: int) -> Part:
        name = self.rng.choice(NAMES)
        self._rule(name, lambda names: names[name])
        rule = self._rule(
            f'if {name} = 1 then "one" else "other"', lambda names: "one" if names[name] == 1 else "other"
        )
        said = {"role": "headteacher", "subject": f"It is {{{{ {name} }}}} today", "text": f"={rule}"}
        id = self._add(
            self.rng.choice([Kind.SERVICE, Kind.SEND]), inside, word="tell", parameters=said, **self._times()
        )
        return Part(id, id)

    def _ask(self, inside: str | None, depth: int) -> Part:
        said = {"role": "headteacher"}
        result = self.rng.choice([*NAMES, None])
        return self._edged(
            self._add(Kind.SERVICE, inside, word="find_people", parameters=said, result=result, **self._times()), depth
        )

    def _call(self, inside: str | None, depth: int) -> Part:
        """Another procedure, for one or for several: answers go in, all or some, and some come back."""
        name = self.rng.choice(NAMES)
        self._rule(name, lambda names: names[name])
        rule = self._rule(f"{{x: {name}}}", lambda names: {"x": names[name]})
        said = {"procedure": "other", "wait": "yes", "title": "Another"} | (
            {"answers": f"={rule}"} if depth % 2 else {}
        )
        back = self.rng.choice([(), (Handed(self.rng.choice(NAMES), name),), (Handed(self._name(), self._number()),)])
        id = self._add(
            Kind.CALL,
            inside,
            word="start_procedure",
            called="other",
            parameters=said,
            hands_all=self.rng.random() < 0.3,
            hands_back=back,
            result=self.rng.choice([None, None, self._name()]),
            several=self._several(),
        )
        return self._edged(id, depth)

    def _edged(self, host: str, depth: int) -> Part:
        """The step with up to two events on its edge; what they start ends by itself or joins the main way again."""
        inside = self.elements[host].inside
        out = host
        for _ in range(self.rng.choice([0, 0, 0, 1, 1, 2])):
            edge = self._on_the_edge(host)
            body = self._chain(inside, depth + 1)
            self._arrow(edge, body.first)
            if self.rng.random() < (0.6 if self.elements[edge].interrupting else 0.1):
                merge = self._add(Kind.EXCLUSIVE, inside)
                self._arrow(out, merge)
                self._arrow(body.last, merge)
                out = merge
            else:
                self._arrow(body.last, self._end(inside))
        return Part(host, out)
