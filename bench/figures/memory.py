"""Resident memory of a server after a mix of all its work, and after as much again."""

from __future__ import annotations

from collections.abc import Mapping

import psutil

from bench.figure import Measured
from bench.support.mixed_work import MixedWork
from bench.support.served import served
from bench.support.trust import ground


def measure() -> Mapping[str, Measured]:
    """The most after any part of either helping; and how much higher the second ended than the first."""
    with ground() as here:
        url = here.database.url.render_as_string(hide_password=False)
        with served(url, here.folder) as process:
            before = _megabytes(process.pid)
            mixed = MixedWork(here, process.port)  # type: ignore[attr-defined]
            first = mixed.helping(lambda: _megabytes(process.pid))
            second = mixed.helping(lambda: _megabytes(process.pid))
    most = max(*first.values(), *second.values())
    ended = [list(helping.values())[-1] for helping in (first, second)]
    parts = ", ".join(f"{name} {first[name]:.0f} then {second[name]:.0f}" for name in first)
    how = f"{before:.0f} MB at rest; after each part of a first and a second helping: {parts}"
    return {
        "rss_mb": Measured(most, "MB", how),
        "rss_growth_mb": Measured(ended[1] - ended[0], "MB", "after the second helping, over after the first"),
    }


def _megabytes(pid: int) -> float:
    return float(psutil.Process(pid).memory_info().rss) / 1e6
