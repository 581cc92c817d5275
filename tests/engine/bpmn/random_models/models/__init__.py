"""Random procedures: well-formed in structure, from a seed, with every element the runner knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from engine.bpmn.diagram.elements import Diagram
from tests.engine.bpmn.random_models.models.blocks import Blocks
from tests.engine.bpmn.random_models.models.making import NAMES, Means, Part

__all__ = ["NAMES", "Model", "model"]


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


class _Maker(Blocks):
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

    def _chain(self, inside: str | None, depth: int) -> Part:
        parts = [self._piece(inside, depth) for _ in range(self.rng.randint(1, 3))]
        for one, other in pairwise(parts):
            self._arrow(one.last, other.first)
        return Part(parts[0].first, parts[-1].last)

    def _piece(self, inside: str | None, depth: int) -> Part:
        self.left -= 1
        simple = [self._user, self._user, self._script, self._tell, self._ask, self._call, self._wait, self._message]
        simple += [self._receive, self._jump, self._wait, self._says, self._says]
        nested = [self._choice, self._choice, self._loop, self._again, self._parallel, self._parallel, self._relay]
        nested += [self._inclusive, self._inclusive, self._block, self._block, self._block, self._nest, self._scatter]
        nested += [*[self._race] * 2, *[self._guarded] * 5, *[self._parting] * 4]
        if self.left <= 0 or depth > 3 or self.rng.random() < 0.35:
            return self.rng.choice(simple)(inside, depth)
        return self.rng.choice(nested)(inside, depth)
