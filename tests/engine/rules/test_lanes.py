"""What a rule that runs on and on does to others: next to nothing. It is judged by what its own thread took."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from itertools import count

import pytest

from engine.errors import ExpressionStopped
from engine.rules import feel, isolate, thread_time
from engine.rules.feel import Ask, Told, evaluate
from engine.rules.isolate import Broken, Isolate, IsolateKeeper, Lane, OutOfTime, Pace

pytestmark = pytest.mark.slow
LOOP = "count(for a in 1..{0}, b in 1..{0} return a) > 1"


@pytest.fixture(autouse=True)
def keeper(monkeypatch: pytest.MonkeyPatch) -> Iterator[IsolateKeeper]:
    kept = IsolateKeeper(feel._make)
    monkeypatch.setattr(feel, "_keeper", kept)
    yield kept
    kept.close()


def outcome(expression: str) -> str:
    """What stopped it."""
    with pytest.raises(ExpressionStopped) as stopped:
        evaluate([Ask(expression)], {})
    return type(stopped.value.__cause__).__name__


def test_calls_run_in_the_lane_of_what_is_known_of_them(keeper: IsolateKeeper) -> None:
    quick, unknown, slow = (keeper._lanes[pace] for pace in (Pace.QUICK, Pace.UNKNOWN, Pace.SLOW))
    ran: list[Lane] = []

    def run(text: str) -> None:
        ran.append(keeper.lane_for(text))
        sent = json.dumps({"names": {}, "asks": [{"text": text}]}).encode()
        with suppress(Broken):
            keeper.call(sent, text)

    for text in ("40 + 2", "40 + 2", "every i in 1..1000000001 satisfies i > 0"):
        run(text)
    run("every i in 1..1000000001 satisfies i > 0")
    run("40 + 2")

    assert ran == [unknown, quick, unknown, slow, quick]


def test_the_very_call_that_was_stopped_is_stopped_at_once_for_a_moment(
    keeper: IsolateKeeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    runaway = "every i in 1..1000000002 satisfies i > x"
    assert evaluate([Ask(runaway)], {"x": 5}) == [Told(False)]
    first = outcome(runaway.replace("x", "-1"))
    began = time.monotonic()

    again = [outcome(runaway.replace("x", "-1")) for _ in range(20)]

    assert [first, *again] == [OutOfTime.__name__] * 21
    assert time.monotonic() - began < 0.1
    assert evaluate([Ask(runaway)], {"x": 6}) == [Told(False)]  # the same rule about other answers is worked out
    monkeypatch.setattr(isolate, "AGAIN_SECONDS", 0.0)
    keeper._stopped.clear()
    assert outcome(runaway.replace("x", "-1")) == first
    assert keeper.lane_for(hash(((runaway.replace("x", "-1"), True),))).isolate is None  # it was tried


def test_a_runaway_in_a_loop_hardly_slows_what_others_ask() -> None:
    asks = [Ask("score > 5 and score < 90"), Ask("string(score * 1.1)")]
    evaluate(asks, {"score": 7})
    evaluate(asks, {"score": 7})
    outcome("some i in 1..1000000000 satisfies i < 0")
    is_over = threading.Event()

    def runaway() -> None:
        for number in count(1):
            if is_over.is_set():
                return
            with suppress(ExpressionStopped):
                evaluate([Ask("some i in 1..1000000000 satisfies i < least")], {"least": -number})

    guilty = threading.Thread(target=runaway)
    guilty.start()
    took = []
    for n in range(100):
        began = time.monotonic()
        assert evaluate(asks, {"score": n})[0] == Told(5 < n < 90)
        took.append(time.monotonic() - began)
        time.sleep(0.01)
    is_over.set()
    guilty.join()

    assert sorted(took)[94] < 0.1


@pytest.fixture
def alone() -> Iterator[Isolate]:
    with closing(feel._make()) as made:
        yield made


def asked(times: int) -> bytes:
    asks = [{"text": LOOP.format(times)}]
    return json.dumps({"names": {}, "asks": asks, "mark": feel._MARK, "patience": 80}).encode()


def test_what_other_threads_of_the_process_take_is_not_put_down_to_a_call(alone: Isolate) -> None:
    before, process = alone._ran(), time.process_time()
    while time.process_time() - process < 0.2:
        pass

    assert alone._ran() - before < 0.02


def test_a_call_is_not_stopped_for_time_that_its_thread_did_not_have(
    alone: Isolate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(isolate, "CALL_SECONDS", 0.005)  # so long that it is looked at several times before it is done
    monkeypatch.setattr(isolate, "MAX_TURNS", 2_000)
    monkeypatch.setattr(alone, "_ran", lambda: 0.0)  # as where others have the processor all the time

    assert json.loads(alone.call(asked(100)))[0]["value"] is True


def test_a_call_that_runs_on_and_on_is_stopped_for_its_own_time(alone: Isolate) -> None:
    before = alone._ran()
    with pytest.raises(OutOfTime):
        alone.call(asked(100_000))

    assert alone._ran() - before >= isolate.CALL_SECONDS * isolate.BUSY_SHARE * 0.9


def test_where_it_cannot_be_told_which_thread_is_new_the_whole_process_is_asked() -> None:
    assert thread_time.clock_of_the_new(thread_time.threads()) is time.process_time
