"""How V8's thread hands its answers over to whoever waits for them.

On Linux it writes the address of an answer into an event counter, with the C library's own function as the callback: no
Python runs in V8's thread, so that an answer need not wait until other requests let it, and a waiting request is woken
once. Elsewhere a Python function puts the answer into a queue.
"""

from __future__ import annotations

import ctypes
import os
import queue
import selectors
import sys
from typing import Any, Protocol


class NoAnswer(Exception):
    """Nothing came within the time."""


class Letterbox(Protocol):
    """Where the answers of one V8 arrive, one at a time."""

    callback: Any  # for V8; kept as long as V8 lives, whose thread calls it
    address: int  # what each call gives V8 for its callback

    def take(self, seconds: float) -> Any:
        """The next answer. Raises NoAnswer when none comes in time."""

    def close(self) -> None:
        """Once V8 is gone."""


class CountedLetterbox:
    """In an event counter of Linux: V8's thread adds the address of its answer, reading takes it out."""

    def __init__(self, callback: Any, pointer: Any) -> None:
        """callback, pointer: the library's own kinds of a callback and of an answer."""
        self.address = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)  # in place of a number of the call
        self.callback = ctypes.cast(_C_LIBRARY.eventfd_write, callback)
        self._pointer = pointer
        self._ready = selectors.DefaultSelector()
        self._ready.register(self.address, selectors.EVENT_READ)
        self._found = ctypes.c_uint64()
        self._into = ctypes.byref(self._found)

    def take(self, seconds: float) -> Any:
        """Waits with others let in, and reads without: nothing is left to wait for then. Raises NoAnswer."""
        if not self._ready.select(seconds) or _C_LIBRARY.eventfd_read(self.address, self._into) != 0:
            raise NoAnswer
        return ctypes.cast(self._found.value, self._pointer)

    def close(self) -> None:
        """Give the counter back. Not before: V8 would write into whatever has its number by then."""
        self._ready.close()
        os.close(self.address)


class QueuedLetterbox:
    """In a queue, put there by Python in V8's thread."""

    address = 0

    def __init__(self, callback: Any, _pointer: Any) -> None:
        self._queue: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.callback = callback(lambda _task, value: self._queue.put(value))

    def take(self, seconds: float) -> Any:
        """From the queue. Raises NoAnswer."""
        try:
            return self._queue.get(timeout=seconds)
        except queue.Empty:
            raise NoAnswer from None

    def close(self) -> None:
        """Nothing to give back."""


IS_COUNTED = sys.platform == "linux" and hasattr(os, "eventfd")
_C_LIBRARY: Any = ctypes.PyDLL(None) if IS_COUNTED else None


def letterbox(library: ctypes.CDLL) -> Letterbox:
    """Where a new V8's answers will arrive."""
    kind = CountedLetterbox if IS_COUNTED else QueuedLetterbox
    return kind(library.mr_init_context.argtypes[0], library.mr_get_object_item.restype)


def quick_calls(library: ctypes.CDLL) -> ctypes.CDLL:
    """The library for calls of a few microseconds: other threads are not let in between, which would cost more.

    Not where V8's thread runs Python itself: it could then wait for the very thread that waits for it.
    """
    if not IS_COUNTED:
        return library
    quick = ctypes.PyDLL(library._name, handle=library._handle)
    for name in QUICK:
        asked, given = getattr(library, name), getattr(quick, name)
        given.argtypes, given.restype = asked.argtypes, asked.restype
    return quick


QUICK = (
    "mr_alloc_string_val",
    "mr_free_value",
    "mr_set_object_item",
    "mr_call_function",
    "mr_hard_memory_limit_reached",
)
