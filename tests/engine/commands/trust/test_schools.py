"""Importing the trust's schools: what would change is shown first, and doing it twice does nothing."""

from dataclasses import replace
from datetime import date

import pytest

from engine.commands.trust import schools
from engine.commands.trust.schools import ImportPlan
from engine.errors import NotAllowed, WouldCloseMany
from engine.model.people import SchoolStatus
from engine.readers.gias import Establishment, Extract
from storage.database import Database, transaction
from storage.store.sql_store import SqlStore
from tests.engine.commands.place import NOW, Place

AS_AT = date(2026, 11, 2)


@pytest.fixture
def place(database: Database) -> Place:
    return Place(database).fill()


def row(urn: str, name: str, **more: object) -> Establishment:
    made = Establishment(urn, name, "primary", "Academy", SchoolStatus.OPEN, "Harbour Vale")
    return replace(made, **more)  # type: ignore[arg-type]


def extract(*rows: Establishment) -> Extract:
    return Extract("1234", "Harbour Vale", rows)


def of(place: Place) -> list[Establishment]:
    """The rows of the two schools that are there, as they are."""
    return [
        row("900001", "Saltmarsh Primary School"),
        row("900002", "Quayside School", phase="secondary"),
    ]


def plan(store: SqlStore, *rows: Establishment, with_closed: bool = False) -> ImportPlan:
    return schools.plan(store, extract(*rows), AS_AT, with_closed)


def test_schools_are_added_and_changed_and_a_second_time_nothing_is_done(place: Place) -> None:
    salt, quay = of(place)
    rows = (replace(salt, pupils=210, name="Saltmarsh School"), quay, row("900003", "Dune Academy"))
    with transaction(place.database) as store:
        found = plan(store, *rows)
        assert [school.name for school in found.add] == ["Dune Academy"]
        assert [change.facts for change in found.change] == [("name", "pupils")]
        assert (found.close, found.same, found.nothing, found.closes_many) == ((), 1, False, False)
        schools.carry_out(store, None, found, NOW)

        after = store.school(place.school.id)
        assert (after.name, after.pupils, after.cluster_id) == ("Saltmarsh School", 210, place.cluster.id)
        assert plan(store, *rows).nothing


def test_what_will_be_done_is_told_in_sentences(place: Place) -> None:
    salt = of(place)[0]
    with transaction(place.database) as store:
        found = plan(store, replace(salt, pupils=210), row("900003", "Dune Academy"))

    assert schools.describe(found) == [
        "Add Dune Academy (900003), primary, open.",
        "Change Saltmarsh Primary School (900001): pupils none to 210.",
        "Close Quayside School (900002).",
        "1 to add, 1 to change, 1 to close, 0 the same, 0 closed and left out.",
    ]


def test_closed_schools_nobody_knows_are_left_out_unless_asked_for(place: Place) -> None:
    shut = row("900009", "Old School", status=SchoolStatus.CLOSED, closed_on=date(2020, 8, 31))
    with transaction(place.database) as store:
        assert (plan(store, *of(place), shut).left_out, plan(store, *of(place), shut).add) == (1, ())

        schools.carry_out(store, None, plan(store, *of(place), shut, with_closed=True), NOW)

        assert [school.name for school in store.schools()] == ["Quayside School", "Saltmarsh Primary School"]
        assert len(store.schools(closed=True)) == 3
        assert plan(store, *of(place), shut, with_closed=True).nothing


def test_a_school_that_closes_or_is_gone_from_the_file_closes_here(place: Place) -> None:
    more = [row(f"91000{number}", f"School {number}") for number in range(8)]
    salt, quay = of(place)
    with transaction(place.database) as store:
        schools.carry_out(store, None, plan(store, salt, quay, *more), NOW)
        shut = replace(salt, status=SchoolStatus.CLOSED, closed_on=date(2026, 8, 31))
        found = plan(store, shut, *more)
        assert [(school.name, school.closed_on) for school in found.close] == [
            ("Saltmarsh Primary School", date(2026, 8, 31)),
            ("Quayside School", AS_AT),
        ]
        assert not found.closes_many  # a fifth of ten, and no more
        schools.carry_out(store, None, found, NOW)

        assert len(store.schools()) == 8
        assert plan(store, shut, *more).nothing


def test_more_than_a_fifth_are_closed_only_when_that_is_said(place: Place) -> None:
    with transaction(place.database) as store:
        found = plan(store, of(place)[0])
        assert found.closes_many
        with pytest.raises(WouldCloseMany):
            schools.carry_out(store, None, found, NOW)
        assert len(store.schools()) == 2

        schools.carry_out(store, None, found, NOW, allow_close=True)
        assert len(store.schools()) == 1


def test_a_school_that_opens_again_is_open_again(place: Place) -> None:
    with transaction(place.database) as store:
        schools.carry_out(store, None, plan(store, of(place)[0]), NOW, allow_close=True)

        found = plan(store, *of(place))
        assert [change.facts for change in found.change] == [("status", "closed_on")]
        schools.carry_out(store, None, found, NOW)

        assert len(store.schools()) == 2


def test_only_an_administrator_imports(place: Place) -> None:
    with transaction(place.database) as store:
        found = plan(store, *of(place))
        with pytest.raises(NotAllowed):
            schools.carry_out(store, place.me(store, place.director), found, NOW)
