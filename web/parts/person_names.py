"""People by name, several in a row."""

from __future__ import annotations

from collections.abc import Iterable

from engine.model.people import Person
from engine.model.wording import in_a_row

MOST_NAMES = 3


def names_in_words(names: Iterable[str]) -> str:
    """“Ruth Adeyemi and Tom Deputy”; of many the first three and how many more."""
    return in_a_row(names, most=MOST_NAMES)


def names_of(people: Iterable[Person]) -> str:
    """The same of people."""
    return names_in_words(person.name for person in people)
