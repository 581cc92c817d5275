"""Random diamonds: choices, rounds, and ways side by side."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from engine.bpmn.diagram.elements import Kind
from tests.engine.bpmn.random_models.models.making import Making, Part


class Gateways(Making):
    """Where ways part and meet."""

    def _choice(self, inside: str | None, depth: int) -> Part:
        split, merge = self._add(Kind.EXCLUSIVE, inside), self._merge(inside)
        count = self.rng.randint(2, 3)
        default = self.rng.randrange(count)
        for number in range(count):
            condition = None if number == default else self._condition()
            flow = self._branch(split, merge, inside, depth, condition, leaves=number > 0 and self.rng.random() < 0.2)
            if number == default:
                self.elements[split] = replace(self.elements[split], default_flow=flow)
        return Part(split, merge)

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

    def _loop(self, inside: str | None, depth: int) -> Part:
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
        return Part(merge, out)

    def _again(self, inside: str | None, depth: int) -> Part:
        """A loop around one gateway that both meets and chooses; only people go round in it."""
        gate, out = self._add(Kind.EXCLUSIVE, inside), self._add(Kind.EXCLUSIVE, inside)
        ask = self._add(Kind.USER, inside)
        body = self._chain(inside, depth + 1)
        self._arrow(gate, ask, self._condition())
        self._arrow(ask, body.first)
        self._arrow(body.last, gate)
        self.elements[gate] = replace(self.elements[gate], default_flow=self._arrow(gate, out))
        return Part(gate, out)

    def _parallel(self, inside: str | None, depth: int) -> Part:
        fork, join = self._add(Kind.PARALLEL, inside), self._add(Kind.PARALLEL, inside)
        for _ in range(self.rng.randint(2, 3)):
            self._branch(fork, join, inside, depth, None)
        return Part(fork, join)

    def _relay(self, inside: str | None, depth: int) -> Part:
        """Branches that meet in a gateway that forks at once again."""
        gates = [self._add(Kind.PARALLEL, inside) for _ in range(3)]
        for one, other in pairwise(gates):
            for _ in range(2):
                self._branch(one, other, inside, depth, None)
        return Part(gates[0], gates[-1])

    def _scatter(self, inside: str | None, depth: int) -> Part:
        """A fork of which one branch goes on and the others end."""
        fork, on = self._add(Kind.PARALLEL, inside), self._add(Kind.EXCLUSIVE, inside)
        self._arrow(fork, on)
        for _ in range(self.rng.randint(1, 2)):
            self._branch(fork, on, inside, depth, None, leaves=True)
        return Part(fork, on)

    def _tangle(self) -> None:
        """One more arrow from some gateway to some step beside it, as a hurried designer might draw it."""
        gates = [each for each in self.elements.values() if each.kind is Kind.EXCLUSIVE and each.default_flow]
        if not gates:
            return
        gate = self.rng.choice(gates)
        never = (Kind.START, Kind.BOUNDARY, Kind.EVENT_SUB)
        beside = [each for each in self.elements.values() if each.inside == gate.inside and each.kind not in never]
        self._arrow(gate.id, self.rng.choice(beside).id, self._condition())

    def _inclusive(self, inside: str | None, depth: int) -> Part:
        """Any number of ways at once, which meet where those are waited for that can still come."""
        return self._some_of(self._add(Kind.INCLUSIVE, inside), inside, depth)

    def _parting(self, inside: str | None, depth: int) -> Part:
        """A step, or a wait, that several arrows leave, with conditions or without."""
        first = self._user(inside, depth) if self.rng.random() < 0.7 else self._wait(inside, depth)
        if first.first != first.last:
            return first
        return self._some_of(first.last, inside, depth)

    def _some_of(self, split: str, inside: str | None, depth: int) -> Part:
        join = self._add(Kind.INCLUSIVE if self.rng.random() < 0.8 else Kind.EXCLUSIVE, inside)
        default = self.rng.random() < 0.7
        for number in range(self.rng.randint(2, 3)):
            condition = None if (number == 0 or self.rng.random() < 0.2) else self._condition()
            leaves = number > 0 and self.rng.random() < 0.2
            flow = self._branch(split, join, inside, depth, condition, leaves)
            if number == 0 and default:
                self.elements[split] = replace(self.elements[split], default_flow=flow)
        return Part(split, join)
