"""Answers of V8 that are kept for a while.

A rule has no clock and changes nothing: the same rules with the same names give the same answer, and most of what cases
ask is asked again and again (“route = "desk"”). Only what is short is kept, so that it never comes to much.
"""

from __future__ import annotations

from threading import Lock

MOST = 1_000  # answers
LONGEST = 2_000  # letters of what was asked and of its answer


class ToldBefore:
    """What was asked last, with its answers."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._told: dict[bytes, str] = {}

    def find(self, asked: bytes) -> str | None:
        """The answer, if it is still known."""
        return self._told.get(asked)

    def keep(self, asked: bytes, answer: str) -> None:
        """Remember one; the oldest is forgotten for it."""
        if len(asked) > LONGEST or len(answer) > LONGEST:
            return
        with self._lock:
            self._told[asked] = answer
            if len(self._told) > MOST:
                del self._told[next(iter(self._told))]
