"""Store states as this release writes them, so that every later one can prove that it still loads them.

    python -m tests.engine.bpmn.runtime.golden_make

Each file holds the diagram, the state, the answers, what the case must offer when it is loaded, and how it goes on.
Files that are there are never written again: add a story below, or raise state.FORMAT, and run this.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from engine.bpmn.runtime.rest import Rest
from engine.bpmn.runtime.state import FORMAT
from tests.engine.bpmn.sketch import boundary, catch, end, gateway, several, sketch, start, sub, user, wait, word
from tests.engine.bpmn.trial import Trial, story

GOLDEN = Path(__file__).parent / "golden"

FORK, JOIN = gateway("f", parallel=True), gateway("j", parallel=True)
ASK = word("ask", "find_people", role="headteacher", trust__result="found")
VISIT = sub(
    "visit",
    start("s2"),
    FORK,
    JOIN,
    user("see"),
    user("hear", inner=several('=["p", "q"]', "who"), trust__collect="heard"),
    wait("w", '="3 school days"'),
    boundary("late", "see", interrupting=False),
    user("chase"),
    end("e2"),
    end("e3"),
    flows="s2>f>see>j>e2 f>hear>j f>w>j late>chase>e3",
    inner=several("=places", "place"),
    trust__collect="visits",
)


def sequence() -> tuple[bytes, dict[str, Any], list[str], list[str]]:
    """A person's step, one done already."""
    return sketch(user("a"), user("b"), flows="s>a>b>e"), {"x": 1}, ["does a"], ["does b"]


def half_joined() -> tuple[bytes, dict[str, Any], list[str], list[str]]:
    """One branch has arrived at a join and waits for the others."""
    parts = (FORK, JOIN, user("a"), user("b"), user("c"), gateway("m"), gateway("x", default="f_x_e"))
    drawn = sketch(*parts, flows="s>m>f>a>j>x>e f>b>j f>c>j x>m?=again", trust__names="again")
    return drawn, {"again": False}, ["does b"], ["does a", "does c"]


def edges() -> tuple[bytes, dict[str, Any], list[str], list[str]]:
    """Timers of both kinds on a step and on a block, a message and an asking word, all open."""
    block = sub("block", start("s2"), FORK, catch("m"), ASK, user("a"), end("e2"), flows="s2>f>m>e2 f>ask>e2 f>a>e2")
    parts = (block, boundary("soft", "block", interrupting=False), boundary("hard", "block", '="same day"'))
    drawn = sketch(*parts, user("b"), user("c"), flows="s>block>e soft>b>e hard>c>e")
    return drawn, {}, ["rings soft"], ["does a", "rings hard", "does b", "does c"]


def asking() -> tuple[bytes, dict[str, Any], list[str], list[str]]:
    """A word that waits for its answer."""
    return sketch(ASK, user("a"), flows="s>ask>a>e"), {}, [], ["answers ask", "does a"]


def visits() -> tuple[bytes, dict[str, Any], list[str], list[str]]:
    """A block for several with a step for several in it, half done."""
    before = ["does hear", "does see", "rings late", "rings w"]
    after = [*["does hear"] * 3, "does see", "does chase", "rings w"]
    return sketch(VISIT, flows="s>visit>e", trust__names="places"), {"places": ["Ash", "Elm"]}, before, after


STORIES: Mapping[str, Callable[[], tuple[bytes, dict[str, Any], list[str], list[str]]]] = {
    told.__name__: told for told in (sequence, half_joined, edges, asking, visits)
}


def offers(rest: Rest) -> dict[str, Any]:
    """What a case shows."""
    return {
        "waiting": [[each.token, each.step, each.scope, each.item] for each in rest.waiting],
        "timers": [[each.token, each.step, each.words] for each in rest.timers],
        "awaited": [[each.token, each.step, each.name] for each in rest.awaited],
    }


def made(name: str) -> dict[str, Any]:
    """A golden state of a story, and how it goes on."""
    bpmn, given, before, after = STORIES[name]()
    case = story(bpmn).start(**given)
    tell(case, before)
    stored = {
        "about": (STORIES[name].__doc__ or "").strip(),
        "format": FORMAT,
        "bpmn": bpmn.decode(),
        "state": base64.b64encode(case.rest.state).decode(),
        "values": case.rest.answers.values,
        "items": case.rest.answers.items,
        "offers": offers(case.rest),
        "asked": case.asked,
    }
    then = []
    for line in after:
        tell(case, [line])
        then.append([line, offers(case.rest)])
    return {**stored, "then": then, "end": case.rest.ended_at, "values_at_end": case.rest.answers.values}


def tell(case: Trial, lines: list[str]) -> None:
    """Let a case take steps: "does a", "rings w", "hears m", "answers ask"."""
    for line in lines:
        verb, step = line.split()
        if verb == "answers":
            case.answers(case.asked[step], ["somebody"])
        else:
            getattr(case, verb)(step)


def main() -> None:
    """Write the stories that have no file of this format yet."""
    GOLDEN.mkdir(exist_ok=True)
    for name in STORIES:
        path = GOLDEN / f"{name}-{FORMAT}.json"
        if path.exists():
            sys.stdout.write(f"kept {path.name}\n")
            continue
        path.write_text(json.dumps(made(name), indent=1) + "\n", encoding="utf-8")
        sys.stdout.write(f"wrote {path.name}\n")


if __name__ == "__main__":
    main()
