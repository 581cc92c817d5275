"""A figure: what was measured, and the bound it is held to."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar


@dataclass(frozen=True)
class Measured:
    """One number, its unit, and in a few words how it came about."""

    value: float
    unit: str
    how: str


@dataclass(frozen=True)
class Bound:
    """At most, at least or exactly a number."""

    limit: float
    kind: str = "at most"

    @property
    def said(self) -> str:
        """In words."""
        return f"{self.kind} {self.limit:g}"

    def holds(self, value: float) -> bool:
        """Whether the value keeps the bound."""
        if self.kind == "at least":
            return value >= self.limit
        if self.kind == "exactly":
            return value == self.limit
        return value <= self.limit


class Figure:
    """The bounds Headway holds itself to."""

    BOUNDS: ClassVar[Mapping[str, Bound]] = MappingProxyType(
        {
            "complete_task_ratio": Bound(1.3),
            "complete_task_statements": Bound(14),
            "complete_task_commits": Bound(1, "exactly"),
            "start_case_ratio": Bound(2),
            "clients_8_gain": Bound(1.8, "at least"),
            "round_gain": Bound(2.5, "at least"),
            "task_page_gain": Bound(2, "at least"),
            "task_page_growth": Bound(1.3),
            "case_page_growth": Bound(1.3),
            "loop_growth": Bound(1.3),
            "loop_rounds": Bound(5000, "at least"),
            "state_bytes": Bound(4096),
            "state_bytes_wide": Bound(12288),
            "inbox_growth": Bound(1.5),
            "inbox_wide_ms": Bound(100),
            "timers_per_s": Bound(150, "at least"),
            "timers_late_p99_s": Bound(2),
            "timers_late_busy_p99_s": Bound(2),
            "timers_fired_once": Bound(10_000, "exactly"),
            "idle_cpu_percent": Bound(1),
            "idle_timer_late_s": Bound(2),
            "rss_mb": Bound(220),
            "rss_growth_mb": Bound(10),
            "attack_file_ms": Bound(100),
            "check_ms": Bound(150),
            "upload_reads": Bound(1, "exactly"),
        }
    )


def p50(values: Sequence[float]) -> float:
    """The median."""
    return statistics.median(values)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
