"""`python -m bench [FIGURE ...]`: measure, print a table, write bench/latest.json."""

from __future__ import annotations

import json
import os
import platform
import sys
import time
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

from bench.figure import Figure, Measured

MODULES = (
    "complete_task",
    "gains",
    "loop",
    "long_case",
    "inbox",
    "timers",
    "timers_postgres",
    "idle",
    "memory",
    "attacks",
    "uploads",
)
LATEST = Path(__file__).parent / "latest.json"


def main(names: list[str]) -> int:
    """Measure what is named (everything by default). 0: every figure within its bound; 1: some are not."""
    wanted = [name for name in MODULES if not names or name in names]
    unknown = set(names) - set(MODULES)
    if unknown:
        print(f"Unknown: {', '.join(sorted(unknown))}. There are: {', '.join(MODULES)}.")
        return 2
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores", flush=True)
    found: dict[str, Measured] = {}
    for name in wanted:
        began = time.perf_counter()
        measure: Callable[[], Mapping[str, Measured]] = import_module(f"bench.figures.{name}").measure
        found.update(measure())
        print(f"  ({name}: {time.perf_counter() - began:.0f} s)", flush=True)
    _write(found)
    return _print(found)


def _write(found: Mapping[str, Measured]) -> None:
    kept = json.loads(LATEST.read_text()) if LATEST.exists() else {}
    kept.update({name: {"value": m.value, "unit": m.unit, "how": m.how} for name, m in found.items()})
    LATEST.write_text(json.dumps(kept, indent=2) + "\n")


def _print(found: Mapping[str, Measured]) -> int:
    missed = 0
    print(f"\n{'figure':28} {'value':>12} {'unit':10} {'must be':>16}  how")
    for name, measured in found.items():
        bound = Figure.BOUNDS.get(name)
        kept = bound is None or bound.holds(measured.value)
        missed += not kept
        said = bound.said if bound else ""
        mark = "" if kept else "  <-- missed"
        print(f"{name:28} {measured.value:12.4g} {measured.unit:10} {said:>16}  {measured.how}{mark}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
