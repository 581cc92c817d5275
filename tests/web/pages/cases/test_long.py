"""A case that goes round and round: its pages tell the last of everything, and lead to what came before."""

from __future__ import annotations

from uuid import uuid4

import pytest

from engine.bpmn.package import Package
from engine.model.casework import Action, Case, Record
from storage.database import transaction
from tests.engine.bpmn.sketch import gateway, sketch, user
from tests.storage import made
from tests.web.house import House, form, question

ROUNDS = 23


@pytest.fixture
def long(house: House) -> Case:
    """A case whose head has written ROUNDS times, a file, a record and an action with each."""
    drawn = sketch(
        user("write", "Write", form="write"), gateway("more", default="f_more_e"),
        flows='s>write>more>e more>write?again="yes"', key="long",
    )  # fmt: skip
    asked = form(question("textarea", "text", "Text"), question("textfield", "again", "Again"))
    house.publish(Package(drawn, {"write": asked}), "Long")
    case = house.start("long", "saltmarsh")
    for number in range(ROUNDS):
        (task,) = house.open_tasks(case)
        house.complete("ruth", task, text=f"Round {number:02}", again="yes")
        with transaction(house.database) as store:
            done = store.task(task.id)
            store.add_evidence(made.evidence(done, house.people["ruth"], name=f"file-{number:02}.pdf", at=house.now))
            store.add_record(Record(uuid4(), case.id, "note", number + 1, f"Note {number:02}", {"a": 1}, house.now))
            of = case.school_id
            store.add_action(Action(uuid4(), case.id, of, f"Act {number:02}", "clerk", "clerk@trust", None, house.now))
        house.moves(minutes=1)
    return house.case(case.id)


def test_a_task_tells_the_last_answer_and_leads_to_all_before_it(house: House, long: Case) -> None:
    ruth, (task,) = house.visitor("ruth"), house.open_tasks(long)

    found = ruth.open(f"/tasks/{task.id}")
    first = ruth.open(found.links("/earlier")[0])
    second = ruth.open(first.links("/earlier?after=")[0])

    assert "Round 22" in found.main and "file-22.pdf" in found.main  # noqa: PT018 - one thing
    assert "Round 21" not in found.main
    told = first.main + second.main
    assert [told.count(f"Round {number:02}") for number in range(ROUNDS)] == [1] * ROUNDS
    assert told.index("Round 22") < told.index("Round 00")
    assert "file-00.pdf" in second.main
    assert not second.links("/earlier?after=")
    assert second.links(f"/tasks/{task.id}/earlier")


def test_earlier_answers_are_for_those_who_may_open_the_task(house: House, long: Case) -> None:
    (task,) = house.open_tasks(long)

    assert house.visitor("ruth").open(f"/tasks/{task.id}/earlier").status == 200
    assert house.visitor("omar").open(f"/tasks/{task.id}/earlier").status == 403
    assert house.visitor("omar").open(f"/cases/{long.ref}/earlier/answers").status == 404
    assert house.visitor("ruth").open(f"/tasks/{task.id}/earlier?after=nonsense").status == 404
    assert house.visitor("ruth").open(f"/cases/{long.ref}/earlier/nonsense").status == 404


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("answers", "Round {:02}"),
        ("records", "Note {:02}"),
        ("actions", "Act {:02}"),
        ("evidence", "file-{:02}.pdf"),
    ],
)
def test_a_case_leads_to_all_that_it_held_before(house: House, long: Case, what: str, text: str) -> None:
    priya = house.visitor("priya")

    whole = priya.open(f"/cases/{long.ref}")
    first = priya.open(whole.links(f"/earlier/{what}")[0])
    second = priya.open(first.links("?after=")[0])

    assert text.format(22) in whole.main
    assert text.format(1) not in whole.main
    told = first.main + second.main
    assert [told.count(text.format(number)) for number in range(ROUNDS)] == [1] * ROUNDS
    assert told.index(text.format(22)) < told.index(text.format(0))


def test_the_steps_done_last_are_told_and_those_before_are_a_page_away(house: House, long: Case) -> None:
    priya = house.visitor("priya")

    whole = priya.open(f"/cases/{long.ref}")
    first = priya.open(whole.links("/earlier/steps")[0])
    second = priya.open(first.links("?after=")[0])

    assert whole.main.count("Write Ruth Adeyemi") == 20 + 1  # the last answer begins with the same words
    assert first.main.count("Ruth Adeyemi") == 20
    assert second.main.count("Ruth Adeyemi") == ROUNDS - 20
    assert "✓ done" in whole.main
