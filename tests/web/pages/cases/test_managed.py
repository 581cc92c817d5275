"""What people who look after cases do to one from its page: pause, let go on, stop, say what has come."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.model.casework import Case, CaseStatus
from storage.database import transaction
from tests.web.house import House
from tests.web.published import awaiting_report, publish, stuck


def status_of(house: House, case: Case) -> CaseStatus:
    return house.case(case.id).status


def test_a_paused_case_says_since_when_and_why_and_nothing_of_it_is_late(house: House) -> None:
    task = house.account()
    case = house.case(task.case_id)
    priya = house.visitor("priya")

    paused = priya.send(f"/cases/{case.ref}/pause", {"why": "Headteacher absent", "reason": "Until Friday."})
    house.moves(days=10)
    later = house.visitor("priya").open(f"/cases/{case.ref}").main

    assert "Done The case is paused." in paused.main
    assert "It has been paused since today: Headteacher absent: Until Friday." in paused.main
    assert "It has been paused since Tuesday 3 November: Headteacher absent: Until Friday." in later
    assert "Its clock stands still." in later
    assert "Late" not in later
    assert status_of(house, case) is CaseStatus.PAUSED


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Choose why it is paused"),
        ({"why": "made up"}, "Choose why it is paused"),
        ({"why": "other", "reason": "  "}, "Enter a reason"),
    ],
)
def test_a_pause_needs_a_reason(house: House, typed: dict[str, str], said: str) -> None:
    case = house.case(house.account().case_id)

    answer = house.visitor("priya").send(f"/cases/{case.ref}/pause", typed)

    assert (answer.status, said in answer.main) == (422, True)
    assert "Error: Pause this case" in answer.html
    assert status_of(house, case) is CaseStatus.OPEN


def test_what_was_typed_is_there_again_after_a_refusal(house: House) -> None:
    case = house.case(house.account().case_id)

    answer = house.visitor("priya").send(f"/cases/{case.ref}/pause", {"why": "", "reason": "Snow & ice"})

    assert answer.values("reason") == ["Snow & ice"]


def test_whoever_was_signed_out_while_writing_a_reason_gets_it_back(house: House) -> None:
    case = house.case(house.account().case_id)
    priya = house.visitor("priya")

    shown = priya.send(f"/cases/{case.ref}/pause", {"why": "Holiday", "reason": "Half-term", "look": "yes"})

    assert shown.status == 200
    assert shown.values("reason") == ["Half-term"]
    assert status_of(house, case) is CaseStatus.OPEN


def test_a_paused_case_goes_on_for_a_reason(house: House) -> None:
    case = house.case(house.account().case_id)
    priya = house.visitor("priya")
    priya.send(f"/cases/{case.ref}/pause", {"why": "other", "reason": "The boiler broke"})

    without = priya.send(f"/cases/{case.ref}/resume", {"reason": " "})
    resumed = priya.send(f"/cases/{case.ref}/resume", {"reason": "It is warm again"})

    assert (without.status, "Enter a reason" in without.main) == (422, True)
    assert "The case goes on." in resumed.main
    assert "Priya Nair let the case go on: It is warm again" in resumed.main
    assert status_of(house, case) is CaseStatus.OPEN


def test_what_a_case_waits_for_is_said_to_have_come_by_whoever_manages_it(house: House) -> None:
    publish(house, awaiting_report())
    case = house.start("reported", "saltmarsh")
    address = f"/cases/{case.ref}/arrived?message=report"
    priya, ruth = house.visitor("priya"), house.visitor("ruth")

    shown = priya.open(f"/cases/{case.ref}")
    asked, silent = priya.open(address), priya.send(address, {"reason": " "})
    came = priya.send(address, {"reason": "By post, in the shared folder"})
    again, twice = priya.open(address), priya.send(address, {"reason": "Once more"})

    assert shown.links(address)
    assert not ruth.open(f"/cases/{case.ref}").links(address)
    assert (ruth.open(address).status, ruth.send(address, {"reason": "x"}).status) == (403, 403)
    assert "Say that “report” has come" in asked.main
    assert (silent.status, "Enter a reason" in silent.main) == (422, True)
    assert "“report” arrived, says Priya Nair: By post, in the shared folder." in came.main
    assert [task.title for task in house.open_tasks(case)] == ["Read the report"]
    assert "This cannot be done any more" in again.main
    assert twice.status == 404


def test_a_case_that_cannot_take_up_what_came_is_listed_as_needing_attention(house: House) -> None:
    publish(house, awaiting_report())
    case = house.start("reported", "saltmarsh")
    with transaction(house.database) as store:
        store.save_case(replace(store.lock_case(case.id), state=b""))
    priya = house.visitor("priya")

    came = priya.send(f"/cases/{case.ref}/arrived?message=report", {"reason": "By post"})

    assert came.status == 409
    assert "cannot be read" in came.main
    assert status_of(house, case) is CaseStatus.ATTENTION
    assert case.ref in priya.open("/attention").main


def test_what_comes_while_a_case_is_paused_is_kept_for_it(house: House) -> None:
    publish(house, awaiting_report())
    case = house.start("reported", "saltmarsh")
    priya = house.visitor("priya")
    priya.send(f"/cases/{case.ref}/pause", {"why": "other", "reason": "Half-term"})

    asked = priya.open(f"/cases/{case.ref}/arrived?message=report")
    kept = priya.send(f"/cases/{case.ref}/arrived?message=report", {"reason": "By post"})

    assert "The case keeps it, and takes it up once it goes on." in asked.main
    assert "“report” arrived, says Priya Nair: By post. It is kept until the case goes on." in kept.main
    assert house.open_tasks(case) == []


def test_a_case_is_stopped_for_a_reason_by_somebody_who_is_sure(house: House) -> None:
    case = house.case(house.account().case_id)
    priya = house.visitor("priya")

    unsure = priya.send(f"/cases/{case.ref}/stop", {"reason": "Twice"})
    stopped = priya.send(f"/cases/{case.ref}/stop", {"reason": "Started twice", "sure": "yes"})

    assert (unsure.status, "Tick the box to say that you are sure" in unsure.main) == (422, True)
    assert "Stopped It was stopped today: Started twice." in stopped.main
    assert not stopped.links(f"/cases/{case.ref}/pause")
    assert status_of(house, case) is CaseStatus.STOPPED
    assert house.open_tasks(case) == []


def test_a_case_that_was_stopped_meanwhile_is_not_stopped_again(house: House) -> None:
    case = house.case(house.account().case_id)
    priya = house.visitor("priya")
    priya.send(f"/cases/{case.ref}/stop", {"reason": "Started twice", "sure": "yes"})

    asked = priya.open(f"/cases/{case.ref}/stop")
    again = priya.send(f"/cases/{case.ref}/stop", {"reason": "Again", "sure": "yes"})

    assert "This cannot be done any more" in asked.main
    assert again.status == 409


def test_only_those_who_manage_cases_here_see_and_press_the_buttons(house: House) -> None:
    case = house.case(house.account().case_id)
    ruth = house.visitor("ruth")

    shown = ruth.open(f"/cases/{case.ref}")
    asked = ruth.open(f"/cases/{case.ref}/pause")
    sent = ruth.send(f"/cases/{case.ref}/pause", {"why": "Holiday", "reason": ""})

    assert shown.status == 200
    assert not shown.links(f"/cases/{case.ref}/")
    assert (asked.status, sent.status) == (403, 403)
    assert status_of(house, case) is CaseStatus.OPEN


def test_a_case_that_needs_attention_tells_why_to_those_who_can_mend_it_and_goes_on(house: House) -> None:
    case = house.case(house.account().case_id)
    stuck(house, case)

    ruth = house.visitor("ruth").open(f"/cases/{case.ref}").main
    priya = house.visitor("priya").open(f"/cases/{case.ref}").main
    refused = house.visitor("ruth").send(f"/cases/{case.ref}/look-again")
    gone_on = house.visitor("priya").send(f"/cases/{case.ref}/look-again")

    assert "Needs attention It could not go on by itself. Nothing is lost" in ruth
    assert "The rule “more?” gave no answer." not in ruth.partition("Journal")[0]
    assert "What went wrong The rule “more?” gave no answer." in priya
    assert refused.status == 403
    assert "The case goes on from where it rested." in gone_on.main
    assert status_of(house, case) is CaseStatus.OPEN
