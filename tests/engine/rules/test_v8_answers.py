"""How answers come back from V8's thread, on Linux and elsewhere."""

from __future__ import annotations

import threading

import pytest

from engine.rules import isolate, v8_answers
from engine.rules.isolate import Isolate, OutOfTime

ECHO = "(text) => { if (text === 'loop') for (;;); return text; }"


@pytest.fixture(params=[True, False], ids=["counted", "queued"])
def echo(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Isolate:
    monkeypatch.setattr(v8_answers, "IS_COUNTED", request.param and v8_answers.IS_COUNTED)
    return Isolate([], ECHO)


def test_every_answer_belongs_to_its_own_call(echo: Isolate) -> None:
    said = [f"{number} é" for number in range(200)]
    assert [echo.call(text.encode()) for text in said] == said
    echo.close()


def test_a_call_without_end_is_stopped(echo: Isolate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolate, "CALL_SECONDS", 0.02)
    with pytest.raises(OutOfTime):
        echo.call(b"loop")
    echo.close()


def test_threads_that_each_have_a_v8_hear_their_own(echo: Isolate) -> None:
    heard: dict[str, set[str]] = {}

    def ask(name: str) -> None:
        own = Isolate([], ECHO)
        heard[name] = {own.call(name.encode()) for _ in range(50)}
        own.close()

    threads = [threading.Thread(target=ask, args=(name,)) for name in ("one", "two", "three")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    echo.close()
    assert heard == {"one": {"one"}, "two": {"two"}, "three": {"three"}}
