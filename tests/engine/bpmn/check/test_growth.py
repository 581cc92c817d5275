"""Looking a procedure over takes twice as long for twice as much of anything, and its sentences stay short."""

from __future__ import annotations

import gc
import time

import pytest

from engine.bpmn.check import package_faults
from engine.bpmn.check.package_faults import MOST_TOLD
from engine.bpmn.package import Package
from tests.engine.bpmn.check.growing import GROWING, Make
from tests.engine.bpmn.check.growing_tables import GROWING_TABLES
from tests.engine.bpmn.check.sketches import ROLES

SIZE = 40_000
A_MOMENT = 0.05  # seconds: under this, other things of the machine count for more
EVERYTHING = (*GROWING, *GROWING_TABLES)
NAMES = [make.__name__ for make in EVERYTHING]


def _seconds(*packages: Package) -> list[float]:
    """Processor time of each, looked over in turn; the least of some tries, which nothing else disturbed."""
    tries: list[list[float]] = [[] for _ in packages]
    for _ in range(6):
        for package, took in zip(packages, tries, strict=True):
            took.append(_once(package))
    return [min(took) for took in tries]


def _once(package: Package) -> float:
    """Without the rounds of tidying up, which fall now on one and now on the other."""
    gc.collect()
    gc.disable()
    try:
        began = time.process_time()
        package_faults.faults(package, ROLES)
        return time.process_time() - began
    finally:
        gc.enable()


@pytest.mark.slow
@pytest.mark.parametrize("make", EVERYTHING, ids=NAMES)
def test_twice_as_much_takes_twice_as_long(make: Make) -> None:
    once, twice = _seconds(make(SIZE), make(2 * SIZE))

    assert twice <= 2.5 * max(once, A_MOMENT), f"{once:.3f} s and {twice:.3f} s"


@pytest.mark.slow
@pytest.mark.parametrize("make", EVERYTHING, ids=NAMES)
def test_no_sentence_repeats_all_that_a_file_says(make: Make) -> None:
    found = package_faults.faults(make(180_000 if "long" in make.__name__ else SIZE), ROLES)

    assert max((len(fault.sentence) for fault in found), default=0) < 800
    assert max((len(fault.name or "") + len(fault.element or "") for fault in found), default=0) < 400
    assert len(found) <= MOST_TOLD + 1
