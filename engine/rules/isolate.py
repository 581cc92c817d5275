"""V8 isolates with a limit of time and memory on every call, in three lanes, and one keeper of them a process.

mini-racer's own `eval` hands each call to an event loop in a third thread: 0.3 ms of a call that should take 0.1. This
speaks to the library below it instead, through the handle that its public `init_mini_racer` returns: start the call,
wait for V8's thread to answer, cancel when the time is up. Strings go in and come out, nothing else.
"""

from __future__ import annotations

import atexit
import os
import platform
import sys
import threading
from collections.abc import Callable, Hashable, Sequence
from ctypes import CDLL
from enum import Enum
from time import perf_counter
from typing import Any

from py_mini_racer import init_mini_racer

from engine.rules import thread_time, v8_answers
from engine.rules.told_before import ToldBefore

CALL_SECONDS = 0.25
START_SECONDS = 10.0  # reading our own scripts on a busy machine; nothing of a diagram runs then
# A call whose thread ran for less than this share of its time is not to blame: the machine was busy. It gets the same
# again, so that a crowded machine stops no innocent case, and a runaway holds a worker for a second there at most.
BUSY_SHARE = 0.5
MAX_TURNS = 4
EXIT_SECONDS = 3.0  # how long a process waits at its end for calls that were cancelled
SLOW_SECONDS = 0.08  # a call that took longer may hold others up
AGAIN_SECONDS = 10.0  # a call that was stopped is not tried again for so long
MOST_STOPPED = 1_000
MOST_KNOWN = 20_000  # calls whose pace is remembered
NOT_DONE = "null"  # the answer of a call that has only read so far
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
    # What a runaway made V8 take, it would keep for isolates to come: 70 MB after one rule that wanted everything.
    "--no-memory-pool-share-memory-on-teardown",
    # A heap of 24 MB in place of 33 after much work, and 18 without either of the two; rules run no slower for it: most
    # are short.
    "--no-opt",
    "--no-maglev",
    "--optimize-for-size",
    "--max-semi-space-size=2",  # MB, for what is new: 16 by default, and three times that while it collects
    *(["--no-memory-protection-keys"] if _KEYED else []),
)


class Pace(Enum):
    """What is known of how long calls of a kind take."""

    QUICK = "quick"
    UNKNOWN = "unknown"
    SLOW = "slow"  # or stopped


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
        self._quick = v8_answers.quick_calls(self._library)
        self._answers = v8_answers.letterbox(self._library)
        others = thread_time.threads()
        self._context = self._library.mr_init_context(self._answers.callback)
        self._ran = thread_time.clock_of_the_new(others)
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
        self._free(self._quick.mr_set_object_item(self._context, self._arguments, self._first, value))
        self._free(value)
        address = self._answers.address
        task = self._quick.mr_call_function(self._context, self._entry, self._this, self._arguments, address)
        return self._text(self._answer(task, CALL_SECONDS))

    def close(self) -> None:
        """Let go of everything. Waits until what still runs has noticed that it was cancelled."""
        self._library.mr_free_context(self._context)
        self._answers.close()

    def _evaluate(self, script: str) -> Any:
        source = self._string(script.encode())
        value = self._answer(self._library.mr_eval(self._context, source, self._answers.address), START_SECONDS)
        self._free(source)
        if value.contents.type >= _FAILURES:
            raise Broken(self._text(value))
        return value

    def _answer(self, task: int, seconds: float) -> Any:
        began = self._ran()
        for _ in range(MAX_TURNS):
            try:
                return self._answers.take(seconds)
            except v8_answers.NoAnswer:
                if self._ran() - began > seconds * BUSY_SHARE:
                    break
        self._library.mr_cancel_task(self._context, task)
        raise OutOfTime

    def _text(self, value: Any) -> str:
        kind = value.contents.type
        text = value.contents.value.bytes_val[: value.contents.len] if kind == _STRING else b""
        self._free(value)
        if kind != _STRING or self._quick.mr_hard_memory_limit_reached(self._context):
            raise Broken(f"V8 gave a value of kind {kind}")
        return text.decode()

    def _string(self, text: bytes) -> Any:
        return self._quick.mr_alloc_string_val(self._context, text, len(text), _STRING)

    def _free(self, value: Any) -> None:
        self._quick.mr_free_value(self._context, value)


class Lane:
    """One isolate: made when first needed, replaced after any stop. Its calls go one after the other."""

    def __init__(self, make: Callable[[], Isolate], closing: Closing, *, is_patient: bool) -> None:
        """is_patient: a new isolate waits until those thrown away are gone, so that they never pile up."""
        self._make, self._closing, self._is_patient = make, closing, is_patient
        self._lock = threading.Lock()
        self.isolate: Isolate | None = None

    def call(self, text: bytes) -> tuple[str, float]:
        """What the isolate answers, and the seconds it took. Raises OutOfTime, or Broken when a fresh one fails too.

        A call that ran out of time is guilty: its time is its own. One that failed in any other way on an isolate that
        has served others may suffer from what they left behind, so it is run again on a new one.
        """
        with self._lock:
            isolate = self.isolate or self._fresh()
            try:
                return self._timed(isolate, text)
            except OutOfTime:
                self._replace()
                raise
            except Broken:
                self._replace()
                if isolate.calls == 1:
                    raise
            try:
                return self._timed(self._fresh(), text)
            except Broken:
                self._replace()
                raise

    def close(self) -> None:
        """Throw the isolate away."""
        with self._lock:
            self._replace()

    @staticmethod
    def _timed(isolate: Isolate, text: bytes) -> tuple[str, float]:
        began = perf_counter()
        return isolate.call(text), perf_counter() - began

    def _fresh(self) -> Isolate:
        if self._is_patient:
            self._closing.wait()
        self.isolate = self._make()
        return self.isolate

    def _replace(self) -> None:
        if self.isolate is not None:
            self._closing.close(self.isolate)
            self.isolate = None


class Closing:
    """Isolates on their way out, each in a thread: V8 may take a second to notice that a call was cancelled."""

    def __init__(self) -> None:
        self._threads: list[threading.Thread] = []

    def close(self, isolate: Isolate) -> None:
        """Begin to close one."""
        thread = threading.Thread(target=isolate.close, name="feel-closing", daemon=True)
        self._threads = [thread, *(other for other in self._threads if other.is_alive())]
        thread.start()

    def wait(self) -> None:
        """Wait a moment until they are gone."""
        end = perf_counter() + EXIT_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, end - perf_counter()))


class IsolateKeeper:
    """The isolates of this process, never carried over a fork: a lane for calls known to be quick, one for calls not
    known yet, and one for those that were slow or stopped, so that what a case does to itself hardly slows others."""

    def __init__(self, make: Callable[[], Isolate]) -> None:
        self._make = make
        self._left_behind: list[Any] = []
        self._begin()
        if hasattr(os, "register_at_fork"):  # Windows has no forks
            os.register_at_fork(after_in_child=self._forget)
        atexit.register(self.close)

    def call(self, text: bytes, about: Hashable = None) -> str:
        """What an isolate answers; `about` tells calls of one kind from others. Raises OutOfTime or Broken.

        A rule has no clock: what was answered is answered the same again, and the very call that was stopped a moment
        ago would be stopped again, so it is at once, and whoever sends it in a loop holds nobody up.
        """
        if about is not None and (known := self._told.find(text)) is not None:
            return known
        self._refuse_again(hash(text))
        try:
            answer, seconds = self.lane_for(about).call(text)
        except Broken as error:
            with self._lock:
                self._stopped[hash(text)] = type(error), perf_counter() + AGAIN_SECONDS
            self._judge(about, Pace.SLOW)
            raise
        if seconds > SLOW_SECONDS:
            self._judge(about, Pace.SLOW)
        elif answer != NOT_DONE:
            self._judge(about, Pace.QUICK)
            self._told.keep(text, answer)
        return answer

    def lane_for(self, about: Hashable) -> Lane:
        """The lane that a call runs in."""
        return self._lanes[self._known.get(about, Pace.UNKNOWN)]

    def close(self) -> None:
        """Throw the isolates away and wait a moment for cancelled calls, so that the process can end."""
        for lane in self._lanes.values():
            lane.close()
        self._closing.wait()

    def _refuse_again(self, text: int) -> None:
        error, until = self._stopped.get(text, (Broken, 0.0))
        if perf_counter() < until:
            raise error("it was stopped a moment ago")
        if len(self._stopped) > MOST_STOPPED:
            with self._lock:
                for key in [key for key, (_, until) in self._stopped.items() if perf_counter() >= until]:
                    del self._stopped[key]

    def _judge(self, about: Hashable, pace: Pace) -> None:
        if about is None or self._known.get(about) is pace:
            return
        with self._lock:
            self._known[about] = pace
            while len(self._known) > MOST_KNOWN:
                del self._known[next(iter(self._known))]

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[Hashable, Pace] = {}
        self._stopped: dict[int, tuple[type[Broken], float]] = {}  # a call's text: why, and until when it is again
        self._told = ToldBefore()
        self._closing = Closing()
        self._lanes = {pace: Lane(self._make, self._closing, is_patient=pace is not Pace.QUICK) for pace in Pace}

    def _forget(self) -> None:
        """After a fork, in the child: the isolates' threads stayed with the parent, and maybe the locks' holders."""
        self._left_behind.append(self._lanes)  # closing them would wait for threads that are not here
        self._begin()
