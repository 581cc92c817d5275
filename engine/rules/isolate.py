"""V8 isolates with a limit of time and memory on every call, and one keeper of them a process.

mini-racer's own `eval` hands each call to an event loop in a third thread: 0.3 ms of a call that should take 0.1. This
speaks to the library below it instead, through the handle that its public `init_mini_racer` returns: start the call,
wait for V8's thread to answer, cancel when the time is up. Strings go in and come out, nothing else.
"""

from __future__ import annotations

import atexit
import os
import platform
import queue
import sys
import threading
from collections.abc import Callable, Sequence
from ctypes import CDLL
from time import process_time
from typing import Any

from py_mini_racer import init_mini_racer

CALL_SECONDS = 0.25
START_SECONDS = 10.0  # reading our own scripts on a busy machine; nothing of a diagram runs then
# A call whose process ran for less than this share of its time is not to blame: the machine was busy. It gets the same
# again, so that a crowded machine stops no innocent case, and a runaway holds a worker for a second there at most.
BUSY_SHARE = 0.5
MAX_TURNS = 4
EXIT_SECONDS = 3.0  # how long a process waits at its end for calls that were cancelled
MEMORY_BYTES = 64_000_000
TIDY_BYTES = 40_000_000  # V8 collects harder from here on

# The library's numbers for kinds of value, from 200 on kinds of failure.
_INTEGER, _STRING, _FAILURES = 3, 5, 200
# No string ever becomes code, whoever asks. One thread an isolate, so that a fork leaves nothing half done. Memory keys
# belong to the threads born of the one that started V8: with them, a call from any other thread ended the process.
_KEYED = sys.platform == "linux" and platform.machine() == "x86_64"
_FLAGS = (
    "--single-threaded",
    "--disallow-code-generation-from-strings",
    *(["--no-memory-protection-keys"] if _KEYED else []),
)


class Broken(Exception):
    """The isolate did not answer as it should and is of no further use. The call itself may be innocent."""


class OutOfTime(Broken):
    """The call was still running when its time was up."""


class Isolate:
    """A V8 that has read some scripts. For one thread at a time, in the process that made it."""

    def __init__(self, scripts: Sequence[str], entry: str) -> None:
        """entry: JavaScript giving a function from string to string."""
        self.calls = 0
        self._library: CDLL = init_mini_racer(flags=_FLAGS, ignore_duplicate_init=True)
        self._answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
        callback = self._library.mr_init_context.argtypes[0]
        # Kept as long as the isolate lives: V8's thread calls it.
        self._callback = callback(lambda _task, value: self._answers.put(value))
        self._context = self._library.mr_init_context(self._callback)
        self._library.mr_set_hard_memory_limit(self._context, MEMORY_BYTES)
        self._library.mr_set_soft_memory_limit(self._context, TIDY_BYTES)
        for script in scripts:
            self._free(self._evaluate(script))
        self._entry = self._evaluate(entry)
        self._this = self._evaluate("({})")
        self._arguments = self._evaluate("[null]")
        self._first = self._library.mr_alloc_int_val(self._context, 0, _INTEGER)

    def call(self, text: bytes) -> str:
        """What the entry function makes of a text, within the limits. Raises Broken.

        The text goes in as a value, not as a script: thousands of scripts, each read once, filled the memory.
        """
        self.calls += 1
        value = self._string(text)
        self._free(self._library.mr_set_object_item(self._context, self._arguments, self._first, value))
        self._free(value)
        task = self._library.mr_call_function(self._context, self._entry, self._this, self._arguments, 0)
        return self._text(self._answer(task, CALL_SECONDS))

    def close(self) -> None:
        """Let go of everything. Waits until what still runs has noticed that it was cancelled."""
        self._library.mr_free_context(self._context)

    def _evaluate(self, script: str) -> Any:
        source = self._string(script.encode())
        value = self._answer(self._library.mr_eval(self._context, source, 0), START_SECONDS)
        self._free(source)
        if value.contents.type >= _FAILURES:
            raise Broken(self._text(value))
        return value

    def _answer(self, task: int, seconds: float) -> Any:
        began = process_time()
        for _ in range(MAX_TURNS):
            try:
                return self._answers.get(timeout=seconds)
            except queue.Empty:
                if process_time() - began > seconds * BUSY_SHARE:
                    break
        self._library.mr_cancel_task(self._context, task)
        raise OutOfTime

    def _text(self, value: Any) -> str:
        kind = value.contents.type
        text = value.contents.value.bytes_val[: value.contents.len] if kind == _STRING else b""
        self._free(value)
        if kind != _STRING or self._library.mr_hard_memory_limit_reached(self._context):
            raise Broken(f"V8 gave a value of kind {kind}")
        return text.decode()

    def _string(self, text: bytes) -> Any:
        return self._library.mr_alloc_string_val(self._context, text, len(text), _STRING)

    def _free(self, value: Any) -> None:
        self._library.mr_free_value(self._context, value)


class IsolateKeeper:
    """The isolate of this process: made when first needed, replaced after any stop, never carried over a fork."""

    def __init__(self, make: Callable[[], Isolate]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._isolate: Isolate | None = None
        self._closing: list[threading.Thread] = []
        self._left_behind: list[Isolate | None] = []
        os.register_at_fork(after_in_child=self._forget)
        atexit.register(self.close)

    def call(self, text: bytes) -> str:
        """What the isolate answers. Raises OutOfTime, or Broken when a fresh isolate fails as well.

        A call that ran out of time is guilty: its time is its own. One that failed in any other way on an isolate that
        has served others may suffer from what they left behind, so it is run again on a new one.
        """
        with self._lock:
            isolate = self._isolate = self._isolate or self._make()
            try:
                return isolate.call(text)
            except OutOfTime:
                self._replace()
                raise
            except Broken:
                self._replace()
                if isolate.calls == 1:
                    raise
            try:
                return self._fresh().call(text)
            except Broken:
                self._replace()
                raise

    def close(self) -> None:
        """Throw the isolate away and wait a moment for cancelled calls, so that the process can end."""
        with self._lock:
            self._replace()
            closing, self._closing = self._closing, []
        for thread in closing:
            thread.join(EXIT_SECONDS / len(closing))

    def _fresh(self) -> Isolate:
        self._isolate = self._make()
        return self._isolate

    def _replace(self) -> None:
        """Throw the isolate away. In a thread: V8 may take a second to notice that a call was cancelled."""
        if self._isolate is None:
            return
        thread = threading.Thread(target=self._isolate.close, name="feel-closing", daemon=True)
        self._isolate = None
        self._closing = [thread, *(other for other in self._closing if other.is_alive())]
        thread.start()

    def _forget(self) -> None:
        """After a fork, in the child: the isolate's thread stayed with the parent, and maybe the lock's holder."""
        self._left_behind.append(self._isolate)  # closing it would wait for a thread that is not here
        self._isolate = None
        self._closing = []
        self._lock = threading.Lock()
