"""An empty circle on the way is a line of the case's journal."""

from __future__ import annotations

import pytest

from storage.database import Database, transaction
from tests.engine.bpmn.sketch import step, user
from tests.engine.commands.place import Place
from tests.engine.commands.procedures_of import begun, drawn, in_use, journal


@pytest.fixture
def place(database: Database) -> Place:
    return Place(database).fill()


def test_what_has_been_reached_is_written_into_the_journal_once(place: Place) -> None:
    agreed = step("intermediateThrowEvent", "agreed", "Plan agreed")
    in_use(place, drawn(agreed, user("a", form="note"), flows="s>agreed>a>e"))

    case = begun(place, "small")

    with transaction(place.database) as store:
        assert journal(store, case).count("Reached: Plan agreed.") == 1
