"""The page of one case: what it tells to whom."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO
from uuid import uuid4

from engine.commands.cases import advance
from engine.model.casework import Entry, EntryKind, Record, Sensitivity
from storage.database import counting, transaction
from tests.web.house import House
from tests.web.published import publish, stuck, watched
from tests.web.site import elements

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
GIVEN = {"know": "Two classes", "agree": "yes"}
NOT_HERE = "If you typed the address, check that it is right."


def test_a_case_tells_what_is_done_what_it_waits_for_and_what_comes_next(house: House) -> None:
    case = house.complete("ruth", house.account("Reading in Year 4"), **GIVEN)

    found = house.visitor("priya").open(f"/cases/{case.ref.lower()}")

    assert found.status == 200
    assert "Give an account, Saltmarsh Primary" in found.main
    assert "Open It waits for “Decide the route”, which is with the director of education (Priya Nair)" in found.main
    assert "and is due on Thursday 5 November." in found.main
    assert "The case ends: “Account closed”." in found.main
    assert "Give your account Ruth Adeyemi, today at 9:41am" in found.main
    assert "What do you know? Two classes" in found.main
    assert "Do you agree with the signal? Yes" in found.main
    assert "Promised within 15 school days" in found.main
    assert "Ruth Adeyemi completed “Give your account”." in found.main
    assert found.links(f"/tasks/{house.open_tasks(case)[0].id}")


def test_what_waits_leads_to_the_task_only_for_whoever_may_do_it(house: House) -> None:
    task = house.account()
    address = f"/cases/{house.case(task.case_id).ref}"

    assert house.visitor("ruth").open(address).links(f"/tasks/{task.id}")
    assert not house.visitor("priya").open(address).links("/tasks/")


def test_a_late_case_says_so_in_a_word(house: House) -> None:
    task = house.account()
    house.moves(days=7)

    found = house.visitor("priya").open(f"/cases/{house.case(task.case_id).ref}").main

    assert "Open Late It waits for “Give your account”" in found
    assert "and was due on Friday 6 November." in found


def test_the_diagram_carries_the_same_marks_for_readers_and_for_the_live_viewer(house: House) -> None:
    publish(house, watched())
    case = house.start("watched", "saltmarsh")
    ruth = house.visitor("ruth")

    page = ruth.open(f"/cases/{case.ref}").html
    place = elements(page, "[data-diagram]")[0]
    step = next(each for each in elements(page, "g") if each.attrs.get("data-element") == "look")
    source = ruth.open(str(place.attrs["data-diagram"]))

    marks = json.loads(str(place.attrs["data-marks"]))
    assert {id: mark["text"] for id, mark in marks.items()} == {"s": "✓ done", "look": "now"}
    assert "hw-drawing__item--now" in str(step.attrs["class"])
    assert (source.status, b"bpmn:process" in source.response.data) == (200, True)


def test_a_clock_on_a_step_and_a_wait_are_told_with_their_moment(house: House) -> None:
    publish(house, watched())
    case = house.start("watched", "saltmarsh")
    address = f"/cases/{case.ref}"

    looking = house.visitor("ruth").open(address).main
    house.complete("ruth", house.open_tasks(case)[0])
    waiting = house.visitor("ruth").open(address).main

    assert "If it is still open on Tuesday 10 November at 5pm, something more happens: “Slow”." in looking
    assert "It waits: Pause. It goes on by itself on Thursday 5 November at 5pm." in waiting


def test_a_stranger_learns_nothing_not_even_that_the_case_exists(house: House) -> None:
    case = house.case(house.account(school="saltmarsh").case_id)
    omar = house.visitor("omar")  # a head in another cluster
    pages = ("", "/journal", "/pause", "/stop")

    hidden = [omar.open(f"/cases/{case.ref}{each}") for each in pages]
    missing = [omar.open(f"/cases/ACC-2026-9999{each}") for each in pages]
    sent = omar.send(f"/cases/{case.ref}/stop", {"reason": "x", "sure": "yes"})

    assert {page.status for page in (*hidden, *missing, sent)} == {404}
    assert [page.main for page in hidden] == [page.main for page in missing]


def test_a_case_open_to_leaders_is_hidden_from_other_staff(house: House) -> None:
    case = house.case(house.account().case_id)
    with transaction(house.database) as store:
        store.save_case(replace(store.lock_case(case.id), sensitivity=Sensitivity.LEADERS))

    assert house.visitor("tom").open(f"/cases/{case.ref}").status == 404
    assert house.visitor("priya").open(f"/cases/{case.ref}").status == 200


def test_views_stay_unseen_until_all_are_in(house: House) -> None:
    case = house.start("views", None)
    first, *rest = house.open_tasks(case)
    names = {person.id: short for short, person in house.people.items()}
    assert first.person_id
    house.complete(names[first.person_id], first, strong="The reading corner")

    own = house.visitor(names[first.person_id]).open(f"/cases/{case.ref}").main
    others = house.visitor("priya").open(f"/cases/{case.ref}").main
    for task in rest:
        assert task.person_id
        house.complete(names[task.person_id], task, strong="Something else")
    after = house.visitor("priya").open(f"/cases/{case.ref}").main

    assert "The reading corner" in own
    assert "The reading corner" not in others
    assert "1 answer is in that nobody else sees until all are in" in others
    assert "The reading corner" in after
    assert "until all are in" not in after


def test_files_are_listed_with_their_case_and_those_not_sent_yet_stay_with_their_owner(house: House) -> None:
    task = house.account()
    ruth = house.visitor("ruth")
    ruth.send(f"/tasks/{task.id}", {"papers": [(BytesIO(PDF), "plan.pdf")], "save": "stay"})
    ref = house.case(task.case_id).ref

    before = house.visitor("priya").open(f"/cases/{ref}")
    ruth.send(f"/tasks/{task.id}", {**GIVEN, "complete": "yes"})
    after = house.visitor("priya").open(f"/cases/{ref}")

    assert not before.links("/evidence/")
    assert "plan.pdf" in after.main
    assert house.visitor("priya").open(after.links("/evidence/")[0]).status == 200


def test_records_are_told_in_words_with_their_earlier_versions(house: House) -> None:
    case = house.case(house.account().case_id)
    body = {
        "agree": "no",
        "reasons": [{"reason": "Phonics", "sure": True}, {"reason": "Staffing", "agree": "yes"}],
        "lead": str(house.people["tom"].id),
        "unknown": None,
    }
    with transaction(house.database) as store:
        store.add_record(Record(uuid4(), case.id, "finding", 1, "First finding", {"cause": "Guesswork"}, house.now))
        store.add_record(Record(uuid4(), case.id, "finding", 2, "The finding", body, house.now))

    found = house.visitor("priya").open(f"/cases/{case.ref}").main

    assert "The finding Version 2" in found
    assert "Do you agree with the signal? No" in found
    assert "1. Reason: Phonics; Sure: yes 2. Reason: Staffing; Do you agree with the signal: Yes" in found
    assert "Unknown" not in found
    assert "Lead Tom Deputy" in found
    assert "Version 1, today at 9:41am Cause Guesswork" in found


def test_actions_it_asked_for_are_listed(house: House) -> None:
    publish(house, watched())
    case = house.start("watched", "saltmarsh")
    house.complete("ruth", house.open_tasks(case)[0])
    with transaction(house.database) as store:
        (waits,) = store.case_jobs(case.id)
        advance.wake(store, store.lock_case(case.id), str(waits.token), house.now)

    found = house.visitor("priya").open(f"/cases/{case.ref}").main

    assert "Read it (Director of education): due Friday 6 November 2026" in found
    assert "It ended today: Finished." in found


def test_linked_cases_lead_to_each_other(house: House) -> None:
    parent = house.case(house.account("The first").case_id)
    child = house.case(house.account("The second").case_id)
    with transaction(house.database) as store:
        store.save_case(replace(store.lock_case(child.id), parent_id=parent.id))
    priya = house.visitor("priya")

    assert priya.open(f"/cases/{parent.ref}").links(f"/cases/{child.ref}")
    assert priya.open(f"/cases/{child.ref}").links(f"/cases/{parent.ref}")


def test_the_journal_is_read_newest_first_page_by_page(house: House) -> None:
    case = house.case(house.account().case_id)
    with transaction(house.database) as store:
        store.add_entries(
            [Entry(uuid4(), case.id, house.now, EntryKind.TOLD, f"Line {number:03}") for number in range(120)]
        )
    priya = house.visitor("priya")

    first = priya.open(f"/cases/{case.ref}")
    pages = [priya.open(f"/cases/{case.ref}/journal")]
    for _ in range(2):
        pages.append(priya.open(pages[-1].links("journal?after=")[0]))
    found = [word for page in pages for word in page.main.split() if word.isdigit() and len(word) == 3]

    assert "Line 119" in first.main
    assert "Line 099" not in first.main
    assert not pages[-1].links("journal?after=")
    assert found == [f"{number:03}" for number in reversed(range(120))]
    assert priya.open(f"/cases/{case.ref}/journal?after=nonsense").status == 404


def test_the_page_of_a_case_takes_ten_statements_besides_signing_in(house: House) -> None:
    case = house.complete("ruth", house.account(), **GIVEN)
    stuck(house, house.case(house.account("Another").case_id))
    priya = house.visitor("priya")
    priya.open(f"/cases/{case.ref}")

    with counting(house.database) as counted:
        priya.open(f"/cases/{case.ref}")

    assert len(counted.statements) <= 11
    assert counted.commits == 0


def test_people_chosen_by_id_are_told_by_name(house: House) -> None:
    task = house.account()
    case = house.complete("ruth", task, **{**GIVEN, "know": f"Ask {house.people['tom'].id}"})

    found = house.visitor("priya").open(f"/cases/{case.ref}").main

    assert "What do you know? Ask Tom Deputy" in found


def test_a_task_nobody_may_do_says_that_nobody_holds_the_role(house: House) -> None:
    task = house.account()
    with transaction(house.database) as store:
        store.save_task(replace(store.task(task.id), pool="", fallen=True))

    found = house.visitor("priya").open(f"/cases/{house.case(task.case_id).ref}").main

    assert "With nobody, because nobody holds the role headteacher." in found
