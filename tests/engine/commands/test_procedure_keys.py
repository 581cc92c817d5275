"""A procedure whose process was named by a drawing program gets a key that people can read, and keeps it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.bpmn.definition import Definition
from engine.bpmn.package import Package
from engine.commands import procedures
from engine.commands.procedure_keys import key_for, made_up, note_of, proposed
from engine.model.casework import Version
from storage.database import Database, transaction
from tests.engine.bpmn.sketch import sketch, user
from tests.engine.commands.place import NOW, Place, form


@pytest.fixture
def place(database: Database) -> Place:
    return Place(database).fill()


def drawn(id: str, title: str, step: str = "Look") -> Package:
    text = sketch(user("a", step, form="f"), flows="s>a>e", key=id, trust__prefix="SUP")
    told = b"it ends:\n  - headteacher starts: {}\n  - headteacher does a: {}\n  - the case ends at: e\n"
    return Package(text.replace(b'name="A trial"', f'name="{title}"'.encode()), {"f": form("f")}, {}, told)


def publish(place: Place, id: str, title: str, step: str = "Look") -> Version:
    with transaction(place.database) as store:
        return procedures.publish(store, None, drawn(id, title, step), NOW)


MADE_UP = (
    "Process_0kz3b8q Process_1 process Process sid-9F2A8C33-1234-4E2C-9D4B-1A2B3C4D5E6F _6 WFP-6- PROCESS_1 process-1"
    " _1c2d3e4f-aaaa-bbbb-cccc-1234567890ab id1a2b3c4d5e Participant_1x2y3z4 BPMNProcess_1"
)
CHOSEN = (
    "diagnosis estates_defect SupportPlan plan processing process_review id_cards abc1234 Process_welcome accedeed x"
)


@pytest.mark.parametrize("id", MADE_UP.split())
def test_ids_that_programs_make_up_are_known(id: str) -> None:
    assert made_up(id)


@pytest.mark.parametrize("id", CHOSEN.split())
def test_ids_that_people_choose_stay(id: str) -> None:
    assert not made_up(id)


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Agree a support plan", "agree_a_support_plan"),
        ("Ça va? The head's view", "ca_va_the_heads_view"),
        ("3 things", "procedure_3_things"),
        ("审批", "procedure"),
        ("A very long title that goes on for longer than fifty characters do",
         "a_very_long_title_that_goes_on_for_longer_than"),
        ("x" * 80, "x" * 50),
    ],
)  # fmt: skip
def test_a_key_is_made_of_the_title(title: str, key: str) -> None:
    assert proposed(title) == key


def test_the_same_file_is_the_same_procedure_under_whatever_title(place: Place) -> None:
    first = publish(place, "Process_0kz3b8q", "Agree a support plan")
    renamed = publish(place, "Process_0kz3b8q", "Agree a plan", "Look twice")
    other = publish(place, "Process_1abcde2", "Agree a support plan")
    again = publish(place, "Process_1abcde2", "Agree a support plan", "Look twice")
    own = publish(place, "support_plan", "Agree a support plan")

    assert [(version.key, version.number) for version in (first, renamed, other, again, own)] == [
        ("agree_a_support_plan", 1),
        ("agree_a_support_plan", 2),
        ("agree_a_support_plan_2", 1),
        ("agree_a_support_plan_2", 2),
        ("support_plan", 1),
    ]


def test_a_key_that_stands_for_a_page_is_not_given_and_one_in_use_before_stays(place: Place) -> None:
    upload = publish(place, "Process_1", "Upload")
    with transaction(place.database) as store:
        version = replace(upload, id=place.school.id, key="Process_1abcde2", digest="d")
        store.add_version(version, drawn("Process_1abcde2", "Old"), b"", [])
        kept = key_for(store, Definition(drawn("Process_1abcde2", "New")).diagram)

    assert (upload.key, kept) == ("upload_2", "Process_1abcde2")


def test_whoever_uploads_is_told_the_key_that_was_made() -> None:
    diagram = Definition(drawn("Process_0kz3b8q", "Agree a plan")).diagram

    note = note_of(diagram, "agree_a_plan")

    assert note is not None
    assert "“Process_0kz3b8q”" in note.sentence
    assert "“agree_a_plan”" in note.sentence
    assert note_of(diagram, "Process_0kz3b8q") is None
