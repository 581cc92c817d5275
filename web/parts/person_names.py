"""Answers that hold a person's id, told with the person's name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from engine.model.people import Person

_ID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")


def ids_in(*values: Any) -> set[UUID]:
    """Every id that stands somewhere in answers."""
    return {UUID(found) for value in values for found in _ID.findall(str(value))}


def named(text: str, people: Mapping[UUID, Person]) -> str:
    """The text with the names of those whose ids stand in it."""
    return _ID.sub(lambda found: _name(found[0], people), text)


def _name(text: str, people: Mapping[UUID, Person]) -> str:
    person = people.get(UUID(text))
    return person.name if person else text
