"""The runner against the oracle, over random procedures with fixed seeds. `make fuzz` goes on for longer."""

from __future__ import annotations

from collections import Counter

import pytest

from engine.bpmn.diagram.dialect import ABOUT, STEPS
from engine.bpmn.diagram.elements import Kind
from tests.engine.bpmn.random_models.fuzz import Told, tell
from tests.engine.bpmn.random_models.models import model

FIRST, BLOCK = 1, 60


def told(seeds: range) -> list[Told]:
    """Cases of these seeds, the same in runner and oracle."""
    return [tell(seed) for seed in seeds]


def test_runner_and_oracle_agree_on_sixty_random_procedures() -> None:
    assert sum(each.ended for each in told(range(FIRST, FIRST + BLOCK))) > BLOCK * 0.7


@pytest.mark.slow
@pytest.mark.parametrize("block", range(1, 8))
def test_runner_and_oracle_agree_on_hundreds_more(block: int) -> None:
    first = FIRST + block * BLOCK

    found = told(range(first, first + BLOCK))

    assert sum(each.ended for each in found) > BLOCK * 0.7
    assert max(each.most_bytes for each in found) < 4_096


def test_the_random_procedures_hold_everything_the_runner_knows() -> None:
    seen: Counter[object] = Counter()
    for seed in range(FIRST, FIRST + BLOCK):
        for element in model(seed).diagram.elements.values():
            seen[element.kind] += 1
            seen[(element.kind, element.trigger)] += 1
            seen["several"] += element.several is not None
            seen["several blocks"] += element.several is not None and element.kind is Kind.SUB
            seen["comes round"] += element.comes_round and element.kind is Kind.CATCH
            seen["comes round on an edge"] += element.comes_round and not element.interrupting
            seen["interrupting"] += element.kind is Kind.BOUNDARY and element.interrupting
            seen["not interrupting"] += element.kind is Kind.BOUNDARY and not element.interrupting
            seen["in a block"] += element.inside is not None

    events = {(kind, trigger) for kind, triggers in ABOUT.items() for trigger in triggers}
    wanted = {*STEPS.values(), Kind.SUB, *events} - {Kind.RULE}
    assert {each for each in wanted if seen[each] < 10} == set()
    assert min(seen[name] for name in ("several", "several blocks", "interrupting", "not interrupting")) > 10
    assert min(seen[name] for name in ("comes round", "comes round on an edge")) > 5
