"""Hours and days that run on through nights and weekends are told with what they mean, and stop nothing."""

from __future__ import annotations

import pytest

from engine.bpmn.check import package_faults
from engine.bpmn.package import Package
from engine.bpmn.reading import read_package
from engine.model.fault import Note
from tests.engine.bpmn.check.sketches import ROLES, a, form
from tests.engine.bpmn.sketch import boundary, end, sketch, wait, word


def notes(*parts: str, flows: str = "s>a>e") -> list[Note]:
    found = package_faults.look(read_package(Package(sketch(*parts, flows=flows), form("route"))), ROLES)
    assert found.faults == ()
    return list(found.notes)


@pytest.mark.parametrize(
    ("words", "ends", "instead"),
    [
        ("3 days", "Monday 16:00", "“3 school days”"),
        ("P1D", "Saturday 16:00", "“1 school day” to"),
        ("4 hours", "Friday 20:00", "“1 school day” or “same day”"),
        ("PT4H", "Friday 20:00", "“1 school day” or “same day”"),
        ("within 2 days", "Sunday 16:00", "“2 school days”"),
        ("36 hours", "Sunday 04:00", "“1 school day”"),
        ("2 weeks", "Friday 16:00, 14 days later", "“10 school days”"),
        ("10 calendar days", "Monday 16:00, 10 days later", "“8 school days”"),
        ('=if route = "desk" then "1 school day" else "3 days"', "Monday 16:00", "“3 school days”"),
    ],
)
def test_elapsed_time_is_told_with_an_example_and_what_to_write_instead(words: str, ends: str, instead: str) -> None:
    (note,) = notes(a(), a("b", name="B", due=words), flows="s>a>b>e")

    assert note.element == "b"
    assert f"from Friday 16:00 it ends on {ends}." in note.sentence
    assert instead in note.sentence


@pytest.mark.parametrize("words", ["3 school days", "2 working days", "same day", "2026-12-01", "=route"])
def test_days_of_schools_and_dates_are_not_remarked_on(words: str) -> None:
    assert notes(a(), a("b", name="B", due=words), flows="s>a>b>e") == []


def test_one_wording_is_one_note_however_often_it_stands() -> None:
    found = notes(
        a(name="Read", due="4 hours"), wait("w", "4  hours"), boundary("late", "a", "P1D", interrupting=False),
        end("e2"), word("act", "raise_action", role="headteacher", title="Look", due="4 hours"),
        flows="s>a>w>act>e late>e2",
    )  # fmt: skip

    assert [note.element for note in found] == [None, "late"]
    assert "It stands at “Read”, “" in found[0].sentence
