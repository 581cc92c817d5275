"""Random procedures: well-formed in structure, from a seed, with every element the runner knows.

Rules are drawn from a small stock of FEEL, each with its meaning in Python, so that the oracle needs no FEEL engine.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from engine.bpmn.diagram.elements import Diagram, Element, Flow, Kind, Several, Trigger

NAMES = ("a", "b", "c")
Means = Callable[[Mapping[str, Any]], Any]


@dataclass(frozen=True)
class Model:
    """A random procedure and what its rules mean."""

    seed: int
    diagram: Diagram
    meanings: Mapping[str, Means]
    known: tuple[str, ...]

    def value_of(self, expression: str, names: Mapping[str, Any]) -> Any:
        """A rule worked out in Python."""
        return self.meanings[expression](names)


def model(seed: int, size: int | None = None) -> Model:
    """The procedure of a seed. size: about how many blocks it is made of."""
    return _Maker(seed, size).model()


@dataclass
class _Part:
    """A piece with one way in and one way out."""

    first: str
    last: str


@dataclass
class _Maker:
    seed: int
    size: int | None = None
    elements: dict[str, Element] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)
    meanings: dict[str, Means] = field(default_factory=dict)
    extra: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.left = self.size or self.rng.randint(2, 9)

    def model(self) -> Model:
        """All of it."""
        self._scope(None, depth=0)
        for _ in range(self.rng.choice([0, 0, 0, 0, 1, 2])):
            self._tangle()
        known = (*NAMES, *self.extra, "item_number")
        diagram = Diagram(
            "random",
            f"Random {self.seed}",
            self.elements,
            tuple(self.flows),
            properties={"trust:names": ",".join(known)},
        )
        return Model(self.seed, diagram, self.meanings, known)

    # Elements and arrows.

    def _add(self, kind: Kind, inside: str | None, **said: Any) -> str:
        id = f"{kind.value[:4]}{len(self.elements)}"
        self.elements[id] = Element(id, kind, id.upper(), inside=inside, **said)
        return id

    def _arrow(self, source: str, target: str, condition: str | None = None) -> str:
        id = f"f{len(self.flows)}"
        self.flows.append(Flow(id, source, target, condition=condition, inside=self.elements[source].inside))
        return id

    def _name(self) -> str:
        self.extra.append(f"n{len(self.extra)}")
        return self.extra[-1]

    # Rules.

    def _rule(self, text: str, means: Means) -> str:
        self.meanings[text] = means
        return text

    def _condition(self) -> str:
        name, number = self.rng.choice(NAMES), self.rng.randint(0, 2)
        return self.rng.choice(
            [
                self._rule(f"{name} = {number}", lambda names: names[name] == number),
                self._rule(f"not({name} = {number})", lambda names: names[name] != number),
                self._rule(f"{name} = null", lambda names: names[name] is None),
                self._rule("item_number = 1", lambda names: names["item_number"] == 1),
            ]
        )

    def _number(self) -> str:
        name, number = self.rng.choice(NAMES), self.rng.randint(0, 2)
        return self._rule(f"if {name} = {number} then 1 else 2", lambda names: 1 if names[name] == number else 2)

    def _list(self) -> str:
        name, number = self.rng.choice(NAMES), self.rng.randint(0, 2)
        text = f'if {name} = {number} then [] else ["x", "y", "z"]'
        return self.rng.choice(
            [
                self._rule('["x", "y"]', lambda names: ["x", "y"]),
                self._rule('["x"]', lambda names: ["x"]),
                self._rule(text, lambda names: [] if names[name] == number else ["x", "y", "z"]),
            ]
        )

    def _moment(self) -> str:
        if self.rng.random() < 0.7:
            return "3 school days"
        name = self.rng.choice(NAMES)
        text = f'if {name} = 1 then "same day" else "2 school days"'
        return "=" + self._rule(text, lambda names: "same day" if names[name] == 1 else "2 school days")

    # Pieces.

    def _scope(self, inside: str | None, depth: int) -> None:
        start = self._add(Kind.START, inside)
        body = self._chain(inside, depth)
        end = self._end(inside, 0.1)
        self._arrow(start, body.first)
        self._arrow(body.last, end)

    def _chain(self, inside: str | None, depth: int) -> _Part:
        parts = [self._piece(inside, depth) for _ in range(self.rng.randint(1, 3))]
        for one, other in pairwise(parts):
            self._arrow(one.last, other.first)
        return _Part(parts[0].first, parts[-1].last)

    def _piece(self, inside: str | None, depth: int) -> _Part:
        self.left -= 1
        simple = [self._user, self._user, self._script, self._tell, self._ask, self._wait, self._message]
        nested = [self._choice, self._choice, self._loop, self._again, self._parallel, self._parallel, self._relay]
        nested += [self._block, self._block, self._nest, self._scatter]
        if self.left <= 0 or depth > 3 or self.rng.random() < 0.35:
            return self.rng.choice(simple)(inside, depth)
        return self.rng.choice(nested)(inside, depth)

    def _user(self, inside: str | None, depth: int) -> _Part:
        return self._edged(self._add(Kind.USER, inside, several=self._several()), depth)

    def _several(self) -> Several | None:
        if self.rng.random() < 0.7:
            return None
        return Several(self._list(), self._name() if self.rng.random() < 0.8 else None, self._gathered())

    def _gathered(self) -> str | None:
        return self.rng.choice([None, self._name(), self._name()])

    def _script(self, inside: str | None, depth: int) -> _Part:
        id = self._add(Kind.SCRIPT, inside, script=self._number(), result=self.rng.choice(NAMES))
        return _Part(id, id)

    def _tell(self, inside: str | None, depth: int) -> _Part:
        name = self.rng.choice(NAMES)
        self._rule(name, lambda names: names[name])
        rule = self._rule(
            f'if {name} = 1 then "one" else "other"', lambda names: "one" if names[name] == 1 else "other"
        )
        said = {"role": "headteacher", "subject": f"It is {{{{ {name} }}}} today", "text": f"={rule}"}
        id = self._add(self.rng.choice([Kind.SERVICE, Kind.SEND]), inside, word="tell", parameters=said)
        return _Part(id, id)

    def _ask(self, inside: str | None, depth: int) -> _Part:
        said = {"role": "headteacher"}
        result = self.rng.choice([*NAMES, None])
        return self._edged(self._add(Kind.SERVICE, inside, word="find_people", parameters=said, result=result), depth)

    def _wait(self, inside: str | None, depth: int) -> _Part:
        id = self._add(Kind.CATCH, inside, trigger=Trigger.TIMER, timer=self._moment())
        return _Part(id, id)

    def _message(self, inside: str | None, depth: int) -> _Part:
        id = self._add(Kind.CATCH, inside, trigger=Trigger.MESSAGE, named="news")
        return _Part(id, id)

    def _choice(self, inside: str | None, depth: int) -> _Part:
        split, merge = self._add(Kind.EXCLUSIVE, inside), self._merge(inside)
        count = self.rng.randint(2, 3)
        default = self.rng.randrange(count)
        for number in range(count):
            condition = None if number == default else self._condition()
            flow = self._branch(split, merge, inside, depth, condition, leaves=number > 0 and self.rng.random() < 0.2)
            if number == default:
                self.elements[split] = replace(self.elements[split], default_flow=flow)
        return _Part(split, merge)

    def _merge(self, inside: str | None) -> str:
        """Where ways meet again: a gateway, or simply a step that several arrows lead to."""
        if self.rng.random() < 0.7:
            return self._add(Kind.EXCLUSIVE, inside)
        return self._add(Kind.USER, inside)

    def _branch(
        self, split: str, merge: str, inside: str | None, depth: int, condition: str | None, leaves: bool = False
    ) -> str:
        """One way from a split; `leaves`: it ends instead of coming back. The id of its first arrow."""
        if not leaves and self.rng.random() < 0.2:
            return self._arrow(split, merge, condition)
        body = self._chain(inside, depth + 1)
        flow = self._arrow(split, body.first, condition)
        self._arrow(body.last, self._end(inside) if leaves else merge)
        return flow

    def _end(self, inside: str | None, whole: float = 0.3) -> str:
        """An end; `whole`: how often it is one that stops everything."""
        trigger = Trigger.TERMINATE if self.rng.random() < whole else Trigger.NONE
        return self._add(Kind.END, inside, trigger=trigger)

    def _loop(self, inside: str | None, depth: int) -> _Part:
        """Round again while a count kept by a script is small, or while people say so."""
        merge = self._add(Kind.EXCLUSIVE, inside)
        body = self._chain(inside, depth + 1)
        split = self._add(Kind.EXCLUSIVE, inside)
        self._arrow(merge, body.first)
        count = self._name()
        up = self._rule(f"if {count} = null then 1 else {count} + 1", lambda names: (names[count] or 0) + 1)
        script = self._add(Kind.SCRIPT, inside, script=up, result=count)
        self._arrow(body.last, script)
        self._arrow(script, split)
        most = self.rng.randint(1, 3)
        # Not counted yet (a hurried arrow leads here): neither true nor false.
        few = self._rule(f"{count} < {most}", lambda names: None if names[count] is None else names[count] < most)
        self._arrow(split, merge, few)
        out = self._add(Kind.EXCLUSIVE, inside)
        leave = self._arrow(split, out)
        self.elements[split] = replace(self.elements[split], default_flow=leave)
        return _Part(merge, out)

    def _again(self, inside: str | None, depth: int) -> _Part:
        """A loop around one gateway that both meets and chooses; only people go round in it."""
        gate, out = self._add(Kind.EXCLUSIVE, inside), self._add(Kind.EXCLUSIVE, inside)
        ask = self._add(Kind.USER, inside)
        body = self._chain(inside, depth + 1)
        self._arrow(gate, ask, self._condition())
        self._arrow(ask, body.first)
        self._arrow(body.last, gate)
        self.elements[gate] = replace(self.elements[gate], default_flow=self._arrow(gate, out))
        return _Part(gate, out)

    def _relay(self, inside: str | None, depth: int) -> _Part:
        """Branches that meet in a gateway that forks at once again."""
        gates = [self._add(Kind.PARALLEL, inside) for _ in range(3)]
        for one, other in pairwise(gates):
            for _ in range(2):
                self._branch(one, other, inside, depth, None)
        return _Part(gates[0], gates[-1])

    def _tangle(self) -> None:
        """One more arrow from some gateway to some step beside it, as a hurried designer might draw it."""
        gates = [each for each in self.elements.values() if each.kind is Kind.EXCLUSIVE and each.default_flow]
        if not gates:
            return
        gate = self.rng.choice(gates)
        never = (Kind.START, Kind.BOUNDARY)
        beside = [each for each in self.elements.values() if each.inside == gate.inside and each.kind not in never]
        self._arrow(gate.id, self.rng.choice(beside).id, self._condition())

    def _parallel(self, inside: str | None, depth: int) -> _Part:
        fork, join = self._add(Kind.PARALLEL, inside), self._add(Kind.PARALLEL, inside)
        for _ in range(self.rng.randint(2, 3)):
            self._branch(fork, join, inside, depth, None)
        return _Part(fork, join)

    def _scatter(self, inside: str | None, depth: int) -> _Part:
        """A fork of which one branch goes on and the others end."""
        fork, on = self._add(Kind.PARALLEL, inside), self._add(Kind.EXCLUSIVE, inside)
        self._arrow(fork, on)
        for _ in range(self.rng.randint(1, 2)):
            self._branch(fork, on, inside, depth, None, leaves=True)
        return _Part(fork, on)

    def _block(self, inside: str | None, depth: int) -> _Part:
        id = self._add(Kind.SUB, inside, several=self._several())
        self._scope(id, depth + 1)
        return self._edged(id, depth)

    def _nest(self, inside: str | None, depth: int) -> _Part:
        """Items within items, with a choice that reads them."""
        outer = self._add(Kind.SUB, inside, several=Several(self._list(), self._name(), self._gathered()))
        start, end = self._add(Kind.START, outer), self._add(Kind.END, outer)
        inner = self._add(Kind.SUB, outer, several=Several(self._list(), self._name(), self._gathered()))
        self._arrow(start, inner)
        self._arrow(inner, end)
        first, last = self._add(Kind.START, inner), self._add(Kind.END, inner)
        script = self._script(inner, depth)
        choice = self._choice(inner, depth + 2)
        for one, other in pairwise([first, script.first, choice.first]):
            self._arrow(one, other)
        self._arrow(choice.last, last)
        return self._edged(outer, depth)

    def _edged(self, host: str, depth: int) -> _Part:
        """The step with up to two timers on its edge; what they start ends by itself or joins the main way again."""
        inside = self.elements[host].inside
        out = host
        for _ in range(self.rng.choice([0, 0, 0, 1, 1, 2])):
            interrupting = self.rng.random() < 0.5
            edge = self._add(
                Kind.BOUNDARY,
                inside,
                trigger=Trigger.TIMER,
                timer=self._moment(),
                attached_to=host,
                interrupting=interrupting,
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
        return _Part(host, out)
