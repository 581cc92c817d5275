"""People by name: several in a row, and in place of their ids in answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from engine.model.people import Person
from engine.model.wording import in_a_row

MOST_NAMES = 3
_ID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")


def names_in_words(names: Iterable[str]) -> str:
    """“Ruth Adeyemi and Tom Deputy”; of many the first three and how many more."""
    return in_a_row(names, most=MOST_NAMES)


def names_of(people: Iterable[Person]) -> str:
    """The same of people."""
    return names_in_words(person.name for person in people)


def ids_in(*values: Any) -> set[UUID]:
    """Every id that stands somewhere in answers."""
    return {UUID(found) for value in values for found in _ID.findall(str(value))}


def named(text: str, people: Mapping[UUID, Person]) -> str:
    """The text with the names of those whose ids stand in it."""
    return _ID.sub(lambda found: _name(found[0], people), text)


def _name(text: str, people: Mapping[UUID, Person]) -> str:
    person = people.get(UUID(text))
    return person.name if person else text
