"""Answers of every kind are corrected with their own question."""

from __future__ import annotations

from typing import Any

import pytest

from engine.commands.cases import correct
from engine.model.casework import CaseStatus
from storage.database import Database, transaction
from tests.engine.commands.corrections_of import asked_before, corrects, question, stuck
from tests.engine.commands.place import NOW, Place
from tests.engine.commands.procedures_of import does, journal, steps


@pytest.fixture
def place(database: Database) -> Place:
    return Place(database).fill()


KINDS = [
    (question("number", "many"), "3 < many", {}, {"many": "7"}, "Not answered", "7"),
    (question("number", "cost", prefixAdder="£"), "3 < cost", {}, {"cost": "7.5"}, "Not answered", "7.5"),
    (
        question("datetime", "seen", subtype="date", dateLabel="Seen"),
        "today < date(seen)",
        {},
        {"seen-day": "3", "seen-month": "11", "seen-year": "2026"},
        "Not answered",
        "3 November 2026",
    ),
    (question("textfield", "words"), "3 < number(words)", {"words": "many"}, {"words": "9"}, "many", "9"),
    (question("textarea", "story"), "2 < string length(story)", {}, {"story": "A long one"}, "Not answered", "A long"),
    (
        question("radio", "route", values=[{"label": "By desk", "value": "5"}, {"label": "A visit", "value": "visit"}]),
        "3 < number(route)",
        {"route": "visit"},
        {"route": "5"},
        "A visit",
        "By desk",
    ),
    (
        question("checklist", "people", values=[{"label": "Head", "value": "head"}, {"label": "Chair", "value": "c"}]),
        '"a" < people[1]',
        {},
        {"people": ["head", "c"]},
        "Not answered",
        "Head and Chair",
    ),
    (
        {"type": "dynamiclist", "id": "L", "path": "causes", "label": "Causes", "defaultRepetitions": 0,
         "components": [question("number", "weight")]},
        "3 < causes[1].weight",
        {},
        {"causes[0]": "row", "causes[0].weight": "5"},
        "None",
        "1. Weight: 5",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("drawn", "condition", "before", "after", "was", "became"), KINDS)
def test_an_answer_of_any_kind_is_corrected_and_the_case_goes_on(
    place: Place,
    drawn: dict[str, object],
    condition: str,
    before: dict[str, str],
    after: dict[str, Any],
    was: str,
    became: str,
) -> None:
    case = stuck(place, asked_before(condition, drawn), **before)

    with transaction(place.database) as store:
        found = correct.open_correction(store, place.me(store, place.director), case.id, NOW)
    made = corrects(place, case, **after)
    does(place, place.director, case, "confirm", remark="Seen")

    assert [one.told for one in found.answers] == [was]
    assert (made.stopped, made.case.status) == ("", CaseStatus.OPEN)
    with transaction(place.database) as store:
        lines = journal(store, case)
        assert steps(store, case) == {"more"}
    (line,) = (each for each in lines if "corrected" in each)
    assert f"“{was}” became “{became}" in line
    assert "The reason: Typed by mistake" in line


def test_a_tick_is_corrected_too(place: Place) -> None:
    package = asked_before("if sure then 7 else true", question("checkbox", "sure"))
    case = stuck(place, package, sure="true")

    made = corrects(place, case, sure=[""])

    assert made.stopped == ""
    assert made.case.answers.values["sure"] is False
