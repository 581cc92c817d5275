"""Play through one block with counters to find joins that can wait for ever.

What does not depend on a choice is moved at once, and one choice is opened at a time: in these diagrams the order in
which independent counters move decides nothing, so that a few boards stand for all.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.diagram.catchers import never_come
from engine.bpmn.diagram.elements import Element, Kind
from engine.bpmn.diagram.graph import Graph

MOST_LOOKS = 100_000  # at a counter on a board, over all boards of a block
MOST_MOVES = 2_000  # without a choice: more is a round that never ends, told elsewhere
CROWD = 2  # counters on one arrow: more say nothing new

Board = tuple[str, ...]  # ids of arrows with a counter each, sorted


class TooMany(Exception):
    """There are too many boards to look at."""


def stuck(graph: Graph, scope: str | None) -> dict[str, list[str]]:
    """Joins that can wait for ever, each with the nodes whose arrow may never come."""
    found: dict[str, dict[str, None]] = {}
    game = _Game(graph)
    for first in _beginnings(graph, scope):
        for board in game.ends(first):
            for id, missing in _waiting(graph, board).items():
                found.setdefault(id, {}).update(dict.fromkeys(missing))
    return {id: list(missing) for id, missing in found.items()}


def _beginnings(graph: Graph, scope: str | None) -> Iterator[Board]:
    """The start's own arrows, and those of each timer that lets its step go on."""
    for id in graph.inside(scope):
        if graph.kind(id) is Kind.START or (graph.kind(id) is Kind.BOUNDARY and not _interrupts(graph, id)):
            yield _board(flow.id for flow in graph.out[id])


def _interrupts(graph: Graph, id: str) -> bool:
    node = graph.nodes[id]
    return not isinstance(node, Element) or node.interrupting


def _board(arrows: Iterator[str]) -> Board:
    kept: list[str] = []
    for id in sorted(arrows):
        if kept[-CROWD:] != [id] * CROWD:
            kept.append(id)
    return tuple(kept)


def _waiting(graph: Graph, board: Board) -> dict[str, list[str]]:
    standing = set(board)
    targets = {flow.target for flow in graph.flows if flow.id in standing}
    return {id: [flow.source for flow in graph.into[id] if flow.id not in standing] for id in targets}


class _Game:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.never = never_come(graph)
        self.target = {flow.id: flow.target for flow in graph.flows}
        self.ways = {flow.id: self._ways(flow.target) for flow in graph.flows}
        self.looks = 0
        self._leads_to: dict[str, set[str]] = {}

    def ends(self, first: Board) -> Iterator[Board]:
        """Boards on which counters are left and none can move."""
        seen: set[Board] = set()
        left = [first]
        while left:
            board = self._settled(left.pop())
            if board in seen:
                continue
            seen.add(board)
            choice = next((arrow for arrow in board if self._chooses(arrow)), None)
            if choice:
                left.extend(self._moved(board, [choice], way) for way in self.ways[choice])
            elif gathered := list(self._gathered(board)):
                left.extend(gathered)
            elif board:
                yield board

    def _chooses(self, arrow: str) -> bool:
        return len(self.ways[arrow]) > 1 and not self.graph.is_join(self.target[arrow])

    def _gathered(self, board: Board) -> Iterator[Board]:
        """What may come of a join that nothing else on the board can come to; when each can be come to, of any."""
        joins = {target for arrow in board if self.graph.gathers(target := self.target[arrow])}
        free = {id for id in joins if not any(self._comes(arrow, id) for arrow in board)}
        for id in sorted(free or joins):
            used = [arrow for arrow in board if self.target[arrow] == id]
            yield from (self._moved(board, used, way) for way in self.ways[used[0]])

    def _comes(self, arrow: str, join: str) -> bool:
        """Whether a counter can come to a join where none stands on this arrow yet."""
        if join not in self._leads_to:
            self._leads_to[join] = self.graph.leads_to(join)
        return self.target[arrow] != join and self.target[arrow] in self._leads_to[join]

    def _settled(self, board: Board) -> Board:
        """The board after every move that needs no choice; empty when it would never come to rest."""
        for _ in range(MOST_MOVES):
            after = self._one_move(board)
            if after is None:
                return board
            board = after
        return ()

    def _one_move(self, board: Board) -> Board | None:
        self.looks += len(board)
        if self.looks > MOST_LOOKS:
            raise TooMany
        for arrow in board:
            target = self.target[arrow]
            if self.graph.terminates(target):
                return ()
            if self.graph.gathers(target):
                continue
            if self.graph.waits_for_all(target):
                arrows = [flow.id for flow in self.graph.into[target]]
                if all(other in board for other in arrows):
                    return self._moved(board, arrows, self.ways[arrow][0])
            elif len(self.ways[arrow]) == 1:
                return self._moved(board, [arrow], self.ways[arrow][0])
        return None

    def _ways(self, target: str) -> list[list[str]]:
        """What may follow when a counter moves to this node: for each choice, the arrows that get one."""
        ways = [[flow.id for flow in way] for way in self.graph.outcomes(target)]
        timers = [
            id for id in self.graph.timers.get(target, ()) if _interrupts(self.graph, id) and id not in self.never
        ]
        return ways + [[flow.id for flow in self.graph.out[id]] for id in timers]

    def _moved(self, board: Board, gone: list[str], come: list[str]) -> Board:
        left = list(board)
        for arrow in gone:
            left.remove(arrow)
        return _board(iter([*left, *come]))
