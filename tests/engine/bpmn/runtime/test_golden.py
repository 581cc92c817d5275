"""States stored by every release load in this one, offer what they offered and go on as they did."""

from __future__ import annotations

import base64
import json
import zlib
from pathlib import Path
from typing import Any

import pytest

from engine.bpmn.runtime.rest import Rest
from engine.bpmn.runtime.runner import plan_of
from engine.bpmn.runtime.state import FORMAT, load
from engine.model.casework import Answers
from tests.engine.bpmn.runtime.golden_make import GOLDEN, STORIES, made, offers, tell
from tests.engine.bpmn.trial import Trial, story

FILES = sorted(GOLDEN.glob("*.json"))


def loaded(path: Path) -> tuple[dict[str, Any], Trial]:
    """A stored state, as a case that rests."""
    kept = json.loads(path.read_text(encoding="utf-8"))
    case = story(kept["bpmn"].encode())
    case.rest = Rest(base64.b64decode(kept["state"]), Answers(kept["values"], kept["items"]))
    case.asked = kept["asked"]
    return kept, case


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_stored_state_offers_what_it_did_and_goes_on_as_it_did(path: Path) -> None:
    kept, case = loaded(path)
    case.looks()
    assert offers(case.rest) == kept["offers"]

    for line, offered in kept["then"]:
        tell(case, [line])
        assert offers(case.rest) == offered, line

    assert (case.rest.ended_at, dict(case.values)) == (kept["end"], kept["values_at_end"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_stored_state_holds_what_it_held(path: Path) -> None:
    kept, case = loaded(path)

    run = load(plan_of(case.definition), case.rest.state, case.rest.answers, {})

    assert case.rest.state[0] == kept["format"]
    assert run.number == max(int(token[1:]) for token in run.tasks)


def test_every_story_is_stored_in_the_format_of_today() -> None:
    assert {path.stem for path in FILES} >= {f"{name}-{FORMAT}" for name in STORIES}


@pytest.mark.parametrize("name", STORIES)
def test_todays_states_are_as_stored(name: str) -> None:
    kept = json.loads((GOLDEN / f"{name}-{FORMAT}.json").read_text(encoding="utf-8"))
    today = json.loads(json.dumps(made(name)))

    held = [zlib.decompress(base64.b64decode(each.pop("state"))[1:]) for each in (kept, today)]

    assert today == kept
    assert held[0] == held[1]
