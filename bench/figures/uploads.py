"""What looking an upload over takes: a procedure of 60 steps with 15 forms, and how often each file is read."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Mapping
from types import FrameType
from typing import Any

from bench.figure import Measured, p50
from engine import forms
from engine.bpmn.check import package_faults
from engine.bpmn.package import Package
from engine.bpmn.reading import read_package
from engine.commands import procedures
from engine.model.people import Role
from engine.readers import xml
from engine.rules import tables
from tests.engine.bpmn.check.sketches import ROLES, form, table
from tests.engine.bpmn.sketch import gateway, sketch, step, user, wait

PARTS = 8  # of a choice, two tasks, a wait, a way on and a way together
FORMS = 15
QUESTIONS = 8  # of each form
TRIES = 7
READERS = (xml.read_xml, forms.read, tables.read)


def measure() -> Mapping[str, Measured]:
    """The time of one check once everything is warm, and the most often any file was read in one upload."""
    package = _package()
    took = [_once(package) for _ in range(TRIES + 1)][1:]
    reads = _reads(package, ROLES)
    steps = len(read_package(package).diagram.elements)  # type: ignore[union-attr]
    how = f"p50 of {TRIES} checks of {steps} steps with {len(package.forms)} forms, {len(package.bpmn) // 1000} kB"
    most = max(reads.values())
    said = f"{len(reads)} files; the most often one of them was read in an upload that is looked over and published"
    return {
        "check_ms": Measured(p50(took) * 1e3, "ms", how),
        "upload_reads": Measured(most, "times", said),
    }


def _once(package: Package) -> float:
    began = time.perf_counter()
    found = package_faults.faults(package, ROLES)
    took = time.perf_counter() - began
    if found:
        raise RuntimeError(f"the procedure that is measured has faults: {[fault.sentence for fault in found[:3]]}")
    return took


def _reads(package: Package, roles: Mapping[str, Role]) -> Counter[int]:
    """How often each file was given to a reader: by its length, and each is of another length."""
    found: Counter[int] = Counter()
    codes = {reader.__code__ for reader in READERS}

    def note(frame: FrameType, what: str, _: Any) -> None:
        if what == "call" and frame.f_code in codes:
            data = next(value for value in frame.f_locals.values() if isinstance(value, bytes))
            outer = frame.f_back
            if outer is None or outer.f_code not in codes:  # a reader that calls another reads once
                found[len(data)] += 1

    sys.setprofile(note)
    try:
        for _ in range(2):  # looked over, and published
            procedures.look(package, roles, frozenset())
    finally:
        sys.setprofile(None)
    return found


def _package() -> Package:
    steps, flows = [], "s"
    for n in range(PARTS):
        steps += [
            gateway(f"g{n}", default=f"f_g{n}_b{n}"), gateway(f"m{n}"), wait(f"w{n}"),
            user(f"a{n}", form=f"form{2 * n % FORMS}", due="3 school days"),
            user(f"b{n}", form=f"form{(2 * n + 1) % FORMS}", due="2 school days"),
            user(f"c{n}", form=f"form{n}", due="1 school day"),
            step("task", f"d{n}", camunda_candidateGroups="headteacher"),
        ]  # fmt: skip
        flows += f'>g{n} g{n}>a{n}?q0of0_=_"x" a{n}>m{n} g{n}>b{n}>m{n}>w{n}>c{n}>d{n}'
    steps.append(user("z", form="form0", due="1 school day"))
    steps.append(step("businessRuleTask", "t", camunda_decisionRef="t"))
    drawn = sketch(*steps, flows=f"s>{flows[2:]}>t>z>e", drawn=True)
    asked: dict[str, bytes] = {}
    for number in range(FORMS):
        asked |= form(*(f"q{n}of{number}" + "x" * number for n in range(QUESTIONS)), key=f"form{number}")
    return Package(drawn, asked, table(asked="q0of0"))
