"""The blocks of the modeller say what the words take, and a diagram drawn with them has no fault."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.bpmn.words import registry
from engine.model.people import Role
from web.pages.procedures.blocks import blocks

ROLES = {"headteacher": Role("headteacher", "Headteacher"), "dsl": Role("dsl", "Safeguarding & “care”")}
FOUND = {block["id"].partition(".")[2]: block for block in json.loads(blocks(ROLES))}
FILLED = {
    "title": "A title",
    "subject": "A line",
    "text": "More",
    "procedure": "goals",
    "kind": "diagnosis",
    "fields": "a, b",
}


def drawn(block: dict[str, Any]) -> dict[str, str]:
    """What the modeller writes where only what must be filled in is filled in."""
    found = {}
    for asked in block["properties"]:
        name, needed = asked["binding"]["name"], "constraints" in asked
        first = asked["choices"][0]["value"] if "choices" in asked and needed else ""
        found[name] = asked.get("value") or first or (FILLED.get(name, "people") if needed else "")
    return found


def test_every_word_has_a_block_that_asks_for_each_of_its_parameters() -> None:
    assert set(FOUND) == set(registry.WORDS)
    for key, block in FOUND.items():
        names = {asked["binding"]["name"] for asked in block["properties"]} - {"trust:word", "trust:result"}
        assert names == set(registry.labels(key))
        assert {asked["binding"]["type"] for asked in block["properties"]} == {"camunda:property"}


@pytest.mark.parametrize("key", list(registry.WORDS))
def test_what_a_block_writes_is_taken(key: str) -> None:
    given = drawn(FOUND[key])
    parameters = registry.spelt_out(key, {name: text for name, text in given.items() if ":" not in name})

    assert given["trust:word"] == key
    assert registry.faults(key, parameters) == [] or key == "tell"
    assert registry.faults(key, {**parameters, **({"role": "dsl"} if key == "tell" else {})}) == []


def test_the_trusts_roles_are_there_to_choose_from() -> None:
    (asked,) = [each for each in FOUND["raise_action"]["properties"] if each["binding"]["name"] == "role"]

    assert asked["choices"] == [
        {"name": "Headteacher", "value": "headteacher"}, {"name": "Safeguarding & “care”", "value": "dsl"},
    ]  # fmt: skip
