"""Which way a case can go: the arrows of a diagram as a graph, for checking and for telling it in words.

Each block (and the procedure itself, None) is a graph of its own. A timer on a step's edge follows the step.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial

from engine.bpmn.diagram.elements import Diagram, Element, Flow, Kind, Trigger, Unread
from engine.bpmn.diagram.leaving import outcomes, side_by_side

BLOCKS = frozenset({Kind.SUB, Kind.EVENT_SUB})
_STOPS = frozenset({Trigger.TERMINATE, Trigger.ERROR, Trigger.CANCEL})


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
        found: dict[str, list[str]] = {}
        for node in self.nodes.values():
            if node.attached_to:
                found.setdefault(node.attached_to, []).append(node.id)
        return {id: tuple(events) for id, events in found.items()}

    @cached_property
    def scopes(self) -> tuple[str | None, ...]:
        """The procedure (None) and its blocks, outermost first."""
        return (None, *(id for id, item in self.diagram.elements.items() if item.kind in BLOCKS))

    def inside(self, scope: str | None) -> list[str]:
        """The nodes right inside a block, in the order they were drawn."""
        order = [*self.diagram.elements, *(item.id for item in self.diagram.unread if item.id)]
        return [id for id in dict.fromkeys(order) if self.nodes[id].inside == scope]

    def starts(self, scope: str | None) -> list[str]:
        """Where a block begins."""
        return [id for id in self.inside(scope) if self.kind(id) is Kind.START]

    def begins(self, scope: str | None) -> list[str]:
        """Where something begins in a block: its start, and the blocks in it that begin by themselves."""
        return [*self.starts(scope), *(id for id in self.inside(scope) if self.kind(id) is Kind.EVENT_SUB)]

    def kind(self, id: str) -> Kind | None:
        """What a node is; None when Headway does not run it."""
        node = self.nodes.get(id)
        return node.kind if isinstance(node, Element) else None

    def terminates(self, id: str) -> bool:
        """Whether this is an end after which nothing of its block is left: one that stops everything, or fails."""
        node = self.nodes.get(id)
        return isinstance(node, Element) and node.kind is Kind.END and node.trigger in _STOPS

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
        """Whether this waits for several branches: for all, or for those that can still come."""
        return self.kind(id) in (Kind.PARALLEL, Kind.INCLUSIVE) and len(self.into[id]) > 1

    def waits_for_all(self, id: str) -> bool:
        """Whether this waits for a branch on every arrow that leads to it."""
        return self.kind(id) is Kind.PARALLEL and len(self.into[id]) > 1

    def gathers(self, id: str) -> bool:
        """Whether this waits for those branches that can still come."""
        return self.kind(id) is Kind.INCLUSIVE and len(self.into[id]) > 1

    def outcomes(self, id: str) -> list[tuple[Flow, ...]]:
        """Every mixture of arrows by which a case may leave a node."""
        node = self.nodes[id]
        return outcomes(node, self.out[id]) if isinstance(node, Element) else [self.out[id]]

    def leads_to(self, id: str) -> set[str]:
        """Everything from which a case can come to a node, itself included."""
        return spread([id], self.before)

    def alone(self, first: str, without: str | None = None) -> set[str]:
        """What one branch comes to by itself: a join is passed only when the branch reaches all its arrows."""
        found = {first}
        arrived = Counter(found)
        left = [] if self.is_join(first) else [first]
        while left:
            for other in self.next(left.pop()):
                arrived[other] += 1
                goes_on = arrived[other] == (len(self.into[other]) if self.is_join(other) else 1)
                if goes_on and other not in (first, without):
                    left.append(other)
                found.update({other} - {without})
        return found

    @cached_property
    def branches(self) -> tuple[tuple[str, Mapping[str, int]], ...]:
        """Where ways part that are followed at the same time: a fork, or a step with a timer that lets it go on. For
        each, what its ways come to by themselves: node -> a bit for each way."""
        forks = [(id, [self._alone(way) for way in ways]) for id, ways in self._forks()]
        for item in self.diagram.elements.values():
            host = item.attached_to
            if item.kind is Kind.BOUNDARY and not item.interrupting and host and host in self.nodes:
                forks.append((item.id, [self.alone(item.id), self.alone(host, without=item.id)]))
        return tuple((id, _bits(ways)) for id, ways in forks)

    def _forks(self) -> Iterator[tuple[str, list[tuple[Flow, ...]]]]:
        for id, node in self.nodes.items():
            if isinstance(node, Element):
                yield from ((id, ways) for ways in side_by_side(node, self.out[id]))

    def _alone(self, way: tuple[Flow, ...]) -> set[str]:
        return set().union(*(self.alone(flow.target) for flow in way))

    def outwards(self, id: str) -> list[str]:
        """A node and the blocks it stands in, innermost first."""
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
        work = [(id, self._last_first(id)) for id in self.begins(scope)]
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
        kept = {id for id in self.nodes if keep(id)}
        left = set(kept)
        found: list[list[str]] = []
        for id in reversed(self._finished(kept)):
            if id in left:
                knot = spread([id], partial(self._before_in, left))
                left -= knot
                if len(knot) > 1 or id in self.next(id):
                    found.append([each for each in self.nodes if each in knot])
        return found

    def _before_in(self, kept: set[str], id: str) -> list[str]:
        return [other for other in self.before(id) if other in kept]

    def _finished(self, kept: set[str]) -> list[str]:
        """The nodes in the order in which a walk along the arrows is done with them."""
        seen: set[str] = set()
        done: list[str] = []
        for first in self.nodes:
            work = [(first, iter(self.next(first)))] if first in kept and first not in seen else []
            seen.update(id for id, _ in work)
            while work:
                other = next((each for each in work[-1][1] if each in kept and each not in seen), None)
                if other is None:
                    done.append(work.pop()[0])
                else:
                    seen.add(other)
                    work.append((other, iter(self.next(other))))
        return done


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


def _bits(ways: Iterable[set[str]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, way in enumerate(ways):
        for id in way:
            found[id] = found.get(id, 0) | 1 << number
    return found
