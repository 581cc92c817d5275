"""How long the slowest refusal of an attack file takes, for each parser."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping

from bench.figure import Measured, p50
from engine import forms
from engine.bpmn.diagram import dialect
from engine.errors import Refused
from engine.readers import gias
from engine.rules import tables
from tests.engine.forms.attacks import form_attacks
from tests.engine.readers.attack_files import bpmn_attacks, dmn_attacks
from tests.engine.readers.gias_attacks import gias_attacks

Files = Callable[[], Iterator[tuple[str, bytes]]]
PARSERS: Mapping[str, tuple[Files, Callable[[bytes], object]]] = {
    "BPMN": (bpmn_attacks, dialect.read),
    "DMN": (dmn_attacks, tables.read),
    "form": (form_attacks, lambda data: forms.read("attack", data)),
    "GIAS": (gias_attacks, lambda data: gias.read(data, "99001")),
}
AT_LEAST = 20


def measure() -> Mapping[str, Measured]:
    """The slowest of all, each refused with a sentence."""
    slowest = {name: _slowest(name, files, read) for name, (files, read) in PARSERS.items()}
    said = [f"{name} {count} files {took * 1e3:.0f} ms ({which})" for name, (took, which, count) in slowest.items()]
    most = max(took for took, _, _ in slowest.values())
    return {"attack_file_ms": Measured(most * 1e3, "ms", f"slowest of: {', '.join(said)}")}


def _slowest(name: str, files: Files, read: Callable[[bytes], object]) -> tuple[float, str, int]:
    """The median of five tries counts for each file."""
    took = [(p50([_refusal(name, which, data, read) for _ in range(5)]), which) for which, data in files()]
    if len(took) < AT_LEAST:
        raise RuntimeError(f"{name}: only {len(took)} attack files")
    return (*max(took), len(took))


def _refusal(name: str, which: str, data: bytes, read: Callable[[bytes], object]) -> float:
    began = time.perf_counter()
    try:
        read(data)
    except Refused as refusal:
        if not refusal.sentence:
            raise RuntimeError(f"{name}: {which} was refused without a sentence") from refusal
        return time.perf_counter() - began
    raise RuntimeError(f"{name}: {which} was not refused")
