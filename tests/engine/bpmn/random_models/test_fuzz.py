"""The runner against the oracle, over random procedures with fixed seeds. `make fuzz` goes on for longer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from engine.bpmn.diagram.dialect import ABOUT, STEPS
from engine.bpmn.diagram.elements import Diagram, Element, Kind
from tests.engine.bpmn.random_models.fuzz import Told, tell
from tests.engine.bpmn.random_models.models import model

FIRST, BLOCK = 1, 60


def told(seeds: range) -> list[Told]:
    """Cases of these seeds, the same in runner and oracle."""
    return [tell(seed) for seed in seeds]


def test_runner_and_oracle_agree_on_sixty_random_procedures() -> None:
    assert sum(each.ended for each in told(range(FIRST, FIRST + BLOCK))) > BLOCK * 0.7


@pytest.mark.slow
@pytest.mark.parametrize("block", range(1, 9))
def test_runner_and_oracle_agree_on_hundreds_more(block: int) -> None:
    first = FIRST + block * BLOCK

    found = told(range(first, first + BLOCK))

    assert sum(each.ended for each in found) > BLOCK * 0.7
    assert max(each.most_bytes for each in found) < 4_096


def test_every_element_the_runner_knows_is_in_a_tenth_of_the_random_procedures() -> None:
    models = 300
    seen: Counter[object] = Counter()
    for seed in range(FIRST, FIRST + models):
        diagram = model(seed).diagram
        drawn = diagram.elements.values()
        seen.update({each for element in drawn for each in (*_kinds(element), *_ways(diagram, element))})
        seen["several starts"] += sum(each.kind is Kind.START and not each.inside for each in drawn) > 1

    events = {(kind, trigger) for kind, triggers in ABOUT.items() for trigger in triggers}
    more = {"several", "several blocks", "interrupting", "not interrupting", "in a block", "comes round", "transaction"}
    more |= {
        "one after the other",
        "over early",
        "repeated",
        "several ways out",
        "asks for its ways",
        "gathers",
        "several starts",
    }
    wanted = {*STEPS.values(), Kind.SUB, Kind.EVENT_SUB, *events, *more} - {Kind.RULE}
    assert {each: seen[each] for each in wanted if seen[each] < models / 10} == {}


def _kinds(element: Element) -> Iterator[object]:
    """What is counted of an element."""
    yield from (element.kind, (element.kind, element.trigger))
    yield from ["several"] * bool(element.several) + ["in a block"] * bool(element.inside)
    yield from ["several blocks"] * (element.kind is Kind.SUB and bool(element.several))
    yield from ["one after the other"] * bool(element.several and element.several.in_turn)
    yield from ["over early"] * bool(element.several and element.several.until) + ["repeated"] * bool(element.repeat)
    yield from ["comes round"] * element.comes_round + ["transaction"] * element.transaction
    if element.kind is Kind.BOUNDARY:
        yield "interrupting" if element.interrupting else "not interrupting"


def _ways(diagram: Diagram, element: Element) -> Iterator[str]:
    """What is counted of the arrows of an element."""
    gates = (Kind.EXCLUSIVE, Kind.PARALLEL, Kind.INCLUSIVE, Kind.EVENT_CHOICE)
    out = diagram.outgoing.get(element.id, ())
    if element.kind not in gates and len(out) > 1:
        yield from ["several ways out"] + ["asks for its ways"] * any(flow.condition for flow in out)
    if element.kind is Kind.INCLUSIVE and len(diagram.incoming.get(element.id, ())) > 1:
        yield "gathers"
