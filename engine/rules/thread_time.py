"""The processor time of one thread that is not Python's: it tells a call that runs on and on from one that waits.

What the whole process took says little of a call: eight people's requests take the processor while it waits for it.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable

TASKS = "/proc/self/task"
IS_TOLD = sys.platform == "linux" and os.path.isdir(TASKS)


def threads() -> frozenset[int]:
    """The numbers of this process's threads; none where the system does not tell."""
    return frozenset(int(name) for name in os.listdir(TASKS)) if IS_TOLD else frozenset()


def clock_of_the_new(before: frozenset[int]) -> Callable[[], float]:
    """Seconds that the thread born since `before` has run; those of the whole process when it cannot be told which."""
    born = threads() - before - {thread.native_id for thread in threading.enumerate()}
    if len(born) != 1:
        return time.process_time
    clock = (~next(iter(born)) << 3) | 6  # Linux's number for the time of one thread
    return lambda: _read(clock)


def _read(clock: int) -> float:
    try:
        return time.clock_gettime(clock)
    except OSError:  # the thread is gone, and its call with it
        return float("inf")
