"""Which way a case can go: the arrows of a diagram as a graph, for checking and for telling it in words.

Each block (and the procedure itself, None) is a graph of its own. A timer on a step's edge follows the step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from engine.bpmn.diagram import Diagram, Element, Flow, Kind, Unread

ENDS = frozenset({Kind.END, Kind.TERMINATE})


@dataclass(frozen=True)
class Graph:
    """The arrows of one diagram. What Headway does not run is a node too, so that the rest can still be judged."""

    diagram: Diagram

    @cached_property
    def nodes(self) -> Mapping[str, Element | Unread]:
        """Everything arrows may join, by id, as drawn."""
        unread = {item.id: item for item in self.diagram.unread if item.id}
        return {**unread, **self.diagram.elements}

    @cached_property
    def flows(self) -> tuple[Flow, ...]:
        """Arrows between two nodes of the same block. Others are faults, told elsewhere."""
        return tuple(flow for flow in self.diagram.flows if self._joins(flow))

    def _joins(self, flow: Flow) -> bool:
        source, target = self.nodes.get(flow.source), self.nodes.get(flow.target)
        return source is not None and target is not None and source.inside == target.inside

    @cached_property
    def out(self) -> Mapping[str, tuple[Flow, ...]]:
        """The arrows leaving each node."""
        return _grouped(self.nodes, ((flow.source, flow) for flow in self.flows))

    @cached_property
    def into(self) -> Mapping[str, tuple[Flow, ...]]:
        """The arrows reaching each node."""
        return _grouped(self.nodes, ((flow.target, flow) for flow in self.flows))

    @cached_property
    def timers(self) -> Mapping[str, tuple[str, ...]]:
        """The events on each node's edge."""
        found: dict[str, tuple[str, ...]] = {}
        for node in self.nodes.values():
            if node.attached_to:
                found[node.attached_to] = (*found.get(node.attached_to, ()), node.id)
        return found

    @cached_property
    def scopes(self) -> tuple[str | None, ...]:
        """The procedure (None) and its blocks, outermost first."""
        return (None, *(id for id, item in self.diagram.elements.items() if item.kind is Kind.SUB))

    def inside(self, scope: str | None) -> list[str]:
        """The nodes right inside a block, in the order they were drawn."""
        order = [*self.diagram.elements, *(item.id for item in self.diagram.unread if item.id)]
        return [id for id in dict.fromkeys(order) if self.nodes[id].inside == scope]

    def starts(self, scope: str | None) -> list[str]:
        """Where a block begins."""
        return [id for id in self.inside(scope) if self.kind(id) is Kind.START]

    def kind(self, id: str) -> Kind | None:
        """What a node is; None when Headway does not run it."""
        node = self.nodes.get(id)
        return node.kind if isinstance(node, Element) else None

    def next(self, id: str) -> list[str]:
        """What may follow a node: along its arrows and from the events on its edge."""
        return [*(flow.target for flow in self.out[id]), *self.timers.get(id, ())]

    def before(self, id: str) -> list[str]:
        """What a node may follow."""
        node = self.nodes[id]
        host = [node.attached_to] if node.attached_to in self.nodes and node.attached_to else []
        return [*(flow.source for flow in self.into[id]), *host]

    def reach(self, starts: Iterable[str]) -> set[str]:
        """Everything a case can come to from these nodes, themselves included."""
        return spread(starts, self.next)

    def is_join(self, id: str) -> bool:
        """Whether this waits for several branches."""
        return self.kind(id) is Kind.PARALLEL and len(self.into[id]) > 1

    def is_fork(self, id: str) -> bool:
        """Whether branches begin here."""
        return self.kind(id) is Kind.PARALLEL and len(self.out[id]) > 1

    def alone(self, firsts: Iterable[str], without: str | None = None) -> set[str]:
        """What one branch comes to by itself: a join is passed only when the branch reaches all its arrows."""
        firsts = list(firsts)
        found = self._spread_within(firsts, set(), without)
        while (wider := self._spread_within(firsts, found, without)) != found:
            found = wider
        return found

    def _spread_within(self, firsts: list[str], branch: set[str], without: str | None) -> set[str]:
        def following(id: str) -> list[str]:
            stops = self.is_join(id) and not all(source in branch for source in self.before(id))
            return [] if stops else [other for other in self.next(id) if other != without]

        return spread(firsts, following)

    @cached_property
    def branches(self) -> tuple[tuple[str, tuple[set[str], ...]], ...]:
        """Where ways part that are followed at the same time (a fork, or a step with a timer that lets it go on), and
        what each way comes to by itself."""
        forks = [(id, [flow.target for flow in self.out[id]]) for id in self.nodes if self.is_fork(id)]
        found = [(id, tuple(self.alone([target]) for target in targets)) for id, targets in forks]
        for item in self.diagram.elements.values():
            host = item.attached_to
            if item.kind is Kind.BOUNDARY_TIMER and not item.interrupting and host and host in self.nodes:
                found.append((item.id, (self.alone([item.id]), self.alone([host], without=item.id))))
        return tuple(found)

    def side_by_side(self, one: str, other: str) -> bool:
        """Whether a case can be at both nodes of a block at the same time."""
        return any(
            (one in first and other in second) or (other in first and one in second)
            for _, ways in self.branches
            for first, second in combinations(ways, 2)
        )

    def at_once(self, one: str, other: str) -> bool:
        """As side_by_side(), for nodes anywhere: the steps or blocks in which their ways parted decide."""
        for mine in self._outwards(one):
            for yours in self._outwards(other):
                if mine != yours and self.nodes[mine].inside == self.nodes[yours].inside:
                    return self.side_by_side(mine, yours)
        return False

    def _outwards(self, id: str) -> list[str]:
        found = [id]
        while (outer := self.nodes[found[-1]].inside) and outer in self.nodes:
            found.append(outer)
        return found

    def forward(self, scope: str | None) -> tuple[list[str], set[tuple[str, str]]]:
        """The nodes of a block in reading order (what comes before stands before), and the steps back."""
        order: list[str] = []
        back: set[tuple[str, str]] = set()
        open_: dict[str, None] = {}
        seen: set[str] = set()
        work = [(id, self._last_first(id)) for id in self.starts(scope)]
        while work:
            id, rest = work[-1]
            if id not in seen:
                seen.add(id)
                open_[id] = None
            other = next(rest, None)
            if other is None:
                work.pop()
                open_.pop(id, None)
                order.append(id)
            elif other in open_:
                back.add((id, other))
            elif other not in seen:
                work.append((other, self._last_first(other)))
        return list(reversed(dict.fromkeys(order))), back

    def _last_first(self, id: str) -> Iterator[str]:
        """What may follow, last drawn first: the order is read off backwards."""
        return iter(self.next(id)[::-1])

    def knots(self, keep: Callable[[str], bool] = lambda _: True) -> list[list[str]]:
        """Sets of nodes that go round in circles among themselves (looking only at those to keep), as drawn."""

        def following(id: str) -> list[str]:
            return [other for other in self.next(id) if keep(other)]

        after = {id: spread(following(id), following) for id in self.nodes if keep(id)}
        found: dict[frozenset[str], list[str]] = {}
        for id, reached in after.items():
            if id in reached:
                knot = [other for other in after if other in reached and id in after[other]]
                found.setdefault(frozenset(knot), knot)
        return list(found.values())


def spread(starts: Iterable[str], following: Callable[[str], Iterable[str]]) -> set[str]:
    """Everything reached from `starts`, themselves included."""
    found: set[str] = set()
    left = list(starts)
    while left:
        id = left.pop()
        if id not in found:
            found.add(id)
            left.extend(following(id))
    return found


def _grouped(ids: Iterable[str], pairs: Iterable[tuple[str, Flow]]) -> dict[str, tuple[Flow, ...]]:
    found: dict[str, list[Flow]] = {id: [] for id in ids}
    for id, flow in pairs:
        found[id].append(flow)
    return {id: tuple(flows) for id, flows in found.items()}
