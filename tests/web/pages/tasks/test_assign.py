"""Who has a task and until when: taking it, putting it back, handing it on, more time."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.model.casework import Task
from storage.database import transaction
from tests.web.house import House


def shared(house: House) -> Task:
    """A task that two heads can do."""
    house.person("Zoe Second", ("headteacher", house.schools["saltmarsh"]))
    return house.account("Reading in Year 4")


def test_a_task_that_colleagues_can_do_too_is_taken_and_put_back(house: House) -> None:
    task = shared(house)
    ruth, zoe = house.visitor("ruth"), house.visitor("zoe")

    offered = ruth.open(f"/tasks/{task.id}")
    taken = ruth.send(f"/tasks/{task.id}/claim")
    gone = zoe.open("/tasks")
    back = ruth.send(f"/tasks/{task.id}/release")
    there = zoe.open("/tasks")

    assert "Take this task" in offered.main
    assert "Ruth Adeyemi took “Give your account”." in taken.main
    assert "Waits for You" in taken.main
    assert "Put this task back" in taken.main
    assert "You have no tasks." in gone.main
    assert "Give your account is back on the list" in back.main
    assert "You have 1 task." in there.main


def test_a_task_that_nobody_else_can_do_is_not_offered_to_be_taken(house: House) -> None:
    task = house.account()

    assert "Take this task" not in house.visitor("ruth").open(f"/tasks/{task.id}").main


def test_a_task_a_colleague_has_taken_is_not_taken_twice(house: House) -> None:
    task = shared(house)
    house.visitor("zoe").send(f"/tasks/{task.id}/claim")

    refused = house.visitor("ruth").send(f"/tasks/{task.id}/claim")

    assert refused.status == 409
    assert "A colleague has taken this task." in refused.main


def test_a_task_is_handed_to_a_colleague_with_a_reason(house: House) -> None:
    task = house.account()
    ruth, tom = house.visitor("ruth"), house.visitor("tom")
    path = f"/tasks/{task.id}/hand-over"

    asked = ruth.open(path)
    handed = ruth.send(path, {"to": str(house.people["tom"].id), "reason": "You led this"})
    opened = tom.open(f"/tasks/{task.id}")

    assert "Tom Deputy, Deputy headteacher, Saltmarsh Primary" in asked.main
    assert "Priya Nair, Director of education" in asked.main
    assert "Omar Haddad" not in asked.main
    assert "Give your account is with Tom Deputy" in handed.main
    assert "You have no tasks." in handed.main
    assert "Ruth Adeyemi handed “Give your account” to Tom Deputy: You led this" in opened.main
    assert "1 new message" in tom.open("/tasks").main


def test_handing_on_needs_somebody_and_a_reason_and_keeps_what_was_typed(house: House) -> None:
    task = house.account()
    ruth = house.visitor("ruth")
    path = f"/tasks/{task.id}/hand-over"
    tom = str(house.people["tom"].id)

    nothing = ruth.send(path)
    no_reason = ruth.send(path, {"to": tom, "reason": "  "})
    nobody = ruth.send(path, {"to": "somebody", "reason": "Because"})

    assert nothing.status == no_reason.status == nobody.status == 422
    assert "Select a colleague" in nothing.main
    assert "Enter a reason, so that others can understand it later" in nothing.main
    assert f'value="{tom}" selected' in no_reason.html
    assert nobody.values("reason") == ["Because"]
    assert house.task(task.id).person_id is None


def test_a_manager_reassigns_a_task_and_a_stranger_does_not(house: House) -> None:
    task = house.account()
    to = {"to": str(house.people["tom"].id), "reason": "Ruth is away"}

    by_priya = house.visitor("priya").send(f"/tasks/{task.id}/hand-over", to)
    by_omar = house.visitor("omar").send(f"/tasks/{task.id}/hand-over", to)

    assert by_priya.status == 200
    assert by_omar.status == 403
    assert house.task(task.id).person_id == house.people["tom"].id


def test_a_deadline_is_extended_once_with_a_reason(house: House) -> None:
    task = house.account()
    ruth = house.visitor("ruth")
    path = f"/tasks/{task.id}/extend"
    until = {"until-day": "13", "until-month": "11", "until-year": "2026"}

    asked = ruth.open(path)
    extended = ruth.send(path, {**until, "reason": "Inspection this week"})
    again = ruth.open(path)

    assert "Due on Friday 6 November: 3 school days left." in asked.main
    assert "For example, 27 3 2027" in asked.main
    assert "Due on Friday 13 November" in extended.main
    assert house.task(task.id).due_at == datetime(2026, 11, 13, 17, tzinfo=UTC)
    assert "Ask for more time" not in extended.main
    assert again.status == 403
    assert "You have extended this task once." in again.main


def test_a_manager_extends_a_second_time(house: House) -> None:
    task = house.account()
    path = f"/tasks/{task.id}/extend"
    house.visitor("ruth").send(path, {"until-day": "13", "until-month": "11", "until-year": "2026", "reason": "Ill"})

    again = house.visitor("priya").send(
        path, {"until-day": "20", "until-month": "nov", "until-year": "2026", "reason": "Still ill"}
    )

    assert again.status == 200
    assert house.task(task.id).extended == 2


def test_a_new_date_must_be_real_later_and_explained(house: House) -> None:
    task = house.account()
    ruth = house.visitor("ruth")
    path = f"/tasks/{task.id}/extend"

    def tried(day: str, month: str, year: str, reason: str = "Ill") -> str:
        page = ruth.send(path, {"until-day": day, "until-month": month, "until-year": year, "reason": reason})
        assert page.status == 422
        return page.main

    assert "Enter the new date" in tried("", "", "")
    assert "The new date must include a month and a year" in tried("13", "", "")
    assert "The new date must be a real date" in tried("31", "11", "2026")
    assert "The new date must be after" in tried("2", "11", "2026")
    assert "when it is due now" in tried("6", "11", "2026")
    assert "Enter a reason" in tried("13", "11", "2026", reason=" ")
    assert house.task(task.id).extended == 0


def test_a_task_that_is_done_cannot_be_taken_handed_on_or_extended(house: House) -> None:
    task = house.account()
    house.complete("ruth", task, know="x", agree="yes")
    priya = house.visitor("priya")

    for way in ("claim", "release"):
        assert priya.send(f"/tasks/{task.id}/{way}").status == 409
    handed = priya.send(f"/tasks/{task.id}/hand-over", {"to": str(house.people["tom"].id), "reason": "x"})
    assert handed.status == 409
    assert "Ruth Adeyemi did it today at 9:41am." in handed.main
    with transaction(house.database) as store:
        assert store.task(task.id).person_id is None


def test_somebody_signed_out_while_handing_on_finds_their_words_again(house: House) -> None:
    task = house.account()
    tom = str(house.people["tom"].id)

    page = house.visitor("ruth").send(f"/tasks/{task.id}/hand-over", {"to": tom, "reason": "Because", "look": "yes"})

    assert page.status == 200
    assert page.values("reason") == ["Because"]
    assert house.task(task.id).person_id is None
