"""Stories that grow: read in a moment however large, and told only as far as a case may be moved on."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from engine.bpmn.definition import Definition
from engine.errors import BadFile
from engine.stories import tell
from engine.stories.case import Effort
from tests.engine.bpmn.sketch import boundary, gateway, user
from tests.engine.stories.trials import ROLES, package

SIZE = 80_000
A_MOMENT = 0.05  # seconds: under this, other things of the machine count for more


def many_stories(size: int) -> str:
    return "".join(f"story {n}:\n  - headteacher starts\n" for n in range(size // 36))


def many_lines(size: int) -> str:
    return "one:\n" + "  - headteacher does a\n" * (size // 22)


def stories_like_stories(size: int) -> str:
    first = "s0:\n  - headteacher starts\n" + "  - headteacher does a\n" * 100
    return first + "".join(f"s{n}:\n  - it begins like: s{n - 1}\n" for n in range(1, size // 35))


def deep_brackets(size: int) -> str:
    return "one: " + "[" * size


def words_without_end(size: int) -> str:
    return "one:\n  - " + "does to the case waits for a " * (size // 29)


def answers_nobody_asks(size: int) -> str:
    return "one:\n  - headteacher starts: {" + ", ".join(f"k{n}: x" for n in range(size // 10)) + "}\n"


def quotes_never_closed(size: int) -> str:
    return 'one:\n  - headteacher does "' + "a \\" * (size // 3)


GROWING = (
    many_stories, many_lines, stories_like_stories, deep_brackets, words_without_end, answers_nobody_asks,
    quotes_never_closed,
)  # fmt: skip


def _seconds(text: str) -> float:
    """Processor time of reading and looking over, the least of some tries."""
    drawn = Definition(package(user("a"), told=text))
    tries = []
    for _ in range(5):
        began = time.process_time()
        with suppress(BadFile):  # refused is an answer too
            tell.faults(tell.read(drawn.package.stories), drawn, ROLES)
        tries.append(time.process_time() - began)
    return min(tries)


@pytest.mark.slow
@pytest.mark.parametrize("make", GROWING, ids=lambda make: make.__name__)
def test_twice_as_many_stories_take_twice_as_long(make: Callable[[int], str]) -> None:
    once, twice = _seconds(make(SIZE)), _seconds(make(2 * SIZE))

    assert twice <= 2.5 * max(once, A_MOMENT), f"{once:.3f} s and {twice:.3f} s"


LOOPS = (gateway("g"), user("a"), gateway("h"))


def test_stories_that_move_their_cases_on_without_end_are_told_as_one_fault() -> None:
    lines = "  - headteacher starts\n" + "  - headteacher does a\n" * 150
    told = "".join(f"story {n}:\n{lines}" for n in range(20))
    drawn = Definition(package(*LOOPS, flows="s>g>a>h>g", told=told))

    found = tell.tell_all(tell.read(drawn.package.stories), drawn, ROLES)

    failed = [came for came in found.values() if isinstance(came, tell.StoryFailed)]
    assert "all stories together are too much to tell at once" in failed[-1].sentence
    assert len(found) == 4  # of 20: nothing is told after it


def test_years_of_reminders_are_counted_together() -> None:
    edges = [boundary(f"b{n}", "a", interrupting=False) for n in range(3)]
    told = "one:\n  - headteacher starts\n  - after 30 school days\n"
    drawn = Definition(package(user("a", due="1 school day"), *edges, flows="s>a>e b0>e b1>e b2>e", told=told))
    (story,) = tell.read(drawn.package.stories)

    assert len(tell.tell(story, drawn, ROLES).chased) < Effort().reminders
    with pytest.raises(tell.StoryFailed, match="too much to tell"):
        Effort(reminders=0).remind()
