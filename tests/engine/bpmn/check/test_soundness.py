"""Joins that can wait for ever: found by a few boards, held against every order of moves and against real runs."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import pytest
from lxml import etree

from engine.bpmn.check import ways as check_ways
from engine.bpmn.check.soundness import stuck
from engine.bpmn.check.subject import View
from engine.bpmn.diagram import dialect
from engine.bpmn.diagram.elements import Diagram, Kind
from engine.bpmn.diagram.graph import Graph
from engine.bpmn.package import Package
from engine.bpmn.unsupported.matchers import WholeFile
from tests.engine.bpmn.random_models.models import model
from tests.engine.bpmn.random_models.oracle import Oracle, Stuck
from tests.engine.bpmn.random_models.oracle.marks import Mark
from tests.engine.bpmn.sketch import gateway, sketch, user

MOST_BOARDS = 3_000
MOST_STEPS = 60
Board = frozenset[str]


def net(seed: int) -> Graph:
    """A few diamonds and steps joined at random, sound or not."""
    rng = random.Random(seed)
    names = [f"n{n}" for n in range(rng.randint(3, 7))]
    drawn = "".join(
        user(name) if (kind := rng.random()) < 0.2 else gateway(name, parallel=kind < 0.6) for name in names
    )
    ways = {("s", names[0]), (names[-1], "e"), *pairwise(names)}
    ways |= {(rng.choice(names), rng.choice([*names, "e"])) for _ in range(rng.randint(1, 5))}
    return Graph(dialect.read(sketch(drawn, flows=" ".join(f"{one}>{other}" for one, other in sorted(ways)))))


def every_order(graph: Graph) -> set[str] | None:
    """Joins left waiting after any order of moves; None when two counters can meet on one arrow."""
    seen: set[Board] = set()
    found: set[str] = set()
    left = [frozenset(flow.id for flow in graph.out["s"])]
    while left and len(seen) < MOST_BOARDS:
        board = left.pop()
        if board in seen:
            continue
        seen.add(board)
        moves = list(_moves(graph, board))
        if any(len(gone & come) or len((board - gone) & come) for gone, come in moves):
            return None
        left += [(board - gone) | come for gone, come in moves]
        if not moves:
            found |= {flow.target for flow in graph.flows if flow.id in board}
    return found if len(seen) < MOST_BOARDS else None


def _moves(graph: Graph, board: Board) -> Iterator[tuple[Board, Board]]:
    for id in {flow.target for flow in graph.flows if flow.id in board}:
        into, out = ([flow.id for flow in flows] for flows in (graph.into[id], graph.out[id]))
        if graph.is_join(id):
            if board.issuperset(into):
                yield frozenset(into), frozenset(out)
            continue
        for arrow in board.intersection(into):
            ways = [[each] for each in out] if graph.kind(id) is Kind.EXCLUSIVE and out else [out]
            yield from ((frozenset([arrow]), frozenset(way)) for way in ways)


@pytest.mark.slow
def test_no_order_of_moves_finds_another_join_that_waits_for_ever() -> None:
    compared: Counter[bool] = Counter()
    for seed in range(500):
        graph = net(seed)
        expected = every_order(graph)
        if expected is not None:
            assert set(stuck(graph, None)) == expected, seed
            compared[bool(expected)] += 1

    assert compared[True] > 40, compared
    assert compared[False] > 40, compared


def told(diagram: Diagram) -> list[str]:
    """What the check says of joins and of steps done twice."""
    view = View(Package(b""), WholeFile(etree.Element("none"), diagram), {})
    return [
        fault.sentence for fault in check_ways.faults(view) if "for ever" in fault.sentence or "twice" in fault.sentence
    ]


def runs_dry(seed: int, tries: int, size: int | None = None) -> bool:
    """Whether a random run of a random procedure ends with nothing that can move."""
    drawn = model(seed, size)
    for attempt in range(tries):
        rng = random.Random(f"{seed} {attempt}")
        oracle = Oracle(drawn.diagram, drawn.value_of, drawn.known)
        try:
            oracle.start(_some(rng))
            for _ in range(MOST_STEPS):
                opened = [(kind, mark) for kind in ("task", "message", "timer", "answer") for mark in oracle.open(kind)]
                if _is_dry(oracle):
                    return True
                if not opened:
                    break
                kind, mark = rng.choice(opened)
                _take(oracle, kind, mark, _some(rng))
        except Stuck as error:
            if "nothing can move" in str(error):
                return True
    return False


def _is_dry(oracle: Oracle) -> bool:
    """Whether only joins wait, beside blocks that something from outside may yet begin."""
    waits = {mark.resting for mark in oracle.marks() if not mark.armed}
    return bool(waits) and waits <= {"join", "gather", "inside"}


def _take(oracle: Oracle, kind: str, mark: Mark, new: dict[str, int]) -> None:
    if kind == "timer":
        oracle.wake(mark)
    elif kind == "message":
        oracle.hear(mark, new)
    elif kind == "answer":
        oracle.answer(mark, ["x"])
    else:
        oracle.complete(mark, new)


def _some(rng: random.Random) -> dict[str, int]:
    return {name: rng.randint(0, 2) for name in ("a", "b", "c")}


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, 200, 50))
def test_a_procedure_without_such_a_fault_never_runs_dry(first: int) -> None:
    for seed in range(first, first + 50):
        if not told(model(seed).diagram):
            assert not runs_dry(seed, tries=6), seed


def test_procedures_with_such_a_fault_do_run_dry() -> None:
    small = 3
    faulty = [seed for seed in range(400) if any("for ever" in text for text in told(model(seed, small).diagram))]

    assert sum(runs_dry(seed, tries=30, size=small) for seed in faulty) > len(faulty) / 4 > 1, faulty
