"""Finding cases: by number, words, school, procedure, step and status, and the same as a file."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from engine.commands.cases import manage, pause
from engine.model.casework import Sensitivity
from storage.database import counting, transaction
from tests.web.house import House, Page
from tests.web.published import publish, watched
from web.pages.cases.list import harmless


def titles(page: Page) -> list[str]:
    """The cases of a list, in order."""
    return [unescape(found) for found in re.findall(r'aria-describedby="case-\d+">([^<]*)</a>', page.html)]


def download(house: House, name: str, address: str) -> list[list[str]]:
    answer = house.visitor(name).open(address)
    assert answer.response.mimetype == "text/csv"
    assert "attachment" in answer.response.headers["Content-Disposition"]
    return list(csv.reader(io.StringIO(answer.response.get_data(as_text=True).removeprefix("\ufeff"))))


def test_the_number_alone_leads_to_the_case(house: House) -> None:
    case = house.case(house.account("Reading").case_id)
    house.account("Writing")

    found = house.visitor("priya").open(f"/cases?q={case.ref.lower()}")

    assert found.path == f"/cases/{case.ref}"


def test_cases_are_found_by_words_school_procedure_and_status(house: House) -> None:
    for title, school in (("Reading in Year 4", "saltmarsh"), ("Reading in Year 2", "gull"), ("Attendance", "beacon")):
        house.account(title, school)
        house.moves(minutes=1)
    house.start("views", None, title="What is strong")
    priya = house.visitor("priya")

    assert titles(priya.open("/cases?q=reading")) == ["Reading in Year 2", "Reading in Year 4"]
    assert titles(priya.open("/cases?q=reading+gull")) == ["Reading in Year 2"]
    assert titles(priya.open(f"/cases?school={house.schools['beacon'].id}")) == ["Attendance"]
    assert titles(priya.open("/cases?procedure=views")) == ["What is strong"]
    assert titles(priya.open("/cases?status=paused")) == []
    assert "No case fits" in priya.open("/cases?status=paused").main
    assert "4 cases, the latest first." in priya.open("/cases").main


def test_late_paused_stuck_and_ended_cases_have_lists_of_their_own(house: House) -> None:
    late, paused, stuck, stopped = (
        house.case(house.account(title).case_id) for title in ("Slow", "Held", "Stuck", "Over")
    )
    house.moves(days=7)
    house.account("New")
    me = house.me("priya")
    with transaction(house.database) as store:
        pause.pause_case(store, me, paused.id, "Holiday", house.now)
        manage.needs_attention(store, stuck.id, "A rule gave no answer.", house.now)
        manage.stop_case(store, me, stopped.id, "Started twice", house.now)
    priya = house.visitor("priya")

    assert titles(priya.open("/cases?late=yes")) == [late.title]
    assert titles(priya.open("/cases?status=open")) == ["New", late.title]
    assert titles(priya.open("/cases?status=paused")) == [paused.title]
    assert titles(priya.open("/cases?status=attention")) == [stuck.title]
    assert titles(priya.open("/cases?status=ended")) == [stopped.title]
    assert "Paused Holiday" in priya.open("/cases?status=paused").main
    assert "Late Give your account Was due on Friday 6 November" in priya.open("/cases?late=yes").main


def test_cases_that_wait_at_a_step_are_found_by_it(house: House) -> None:
    publish(house, watched())
    house.start("watched", title="At the step")
    house.moves(minutes=1)
    beyond = house.start("watched", title="Beyond it")
    house.complete("ruth", house.open_tasks(beyond)[0])
    priya = house.visitor("priya")

    found = priya.open("/cases?procedure=watched&step=look")

    assert titles(found) == ["At the step"]
    assert "Waits for" in found.main
    assert titles(priya.open("/cases?procedure=watched")) == ["Beyond it", "At the step"]


def test_nobody_finds_what_they_may_not_read(house: House) -> None:
    house.account("At Saltmarsh", "saltmarsh")
    hidden = house.case(house.account("Only for leaders", "saltmarsh").case_id)
    with transaction(house.database) as store:
        store.save_case(replace(store.lock_case(hidden.id), sensitivity=Sensitivity.LEADERS))

    assert titles(house.visitor("tom").open("/cases")) == ["At Saltmarsh"]
    assert len(titles(house.visitor("priya").open("/cases"))) == 2
    omar = house.visitor("omar")
    assert "There are no cases yet" in omar.open("/cases").main
    assert omar.open(f"/cases?q={hidden.ref}").path == "/cases"
    assert download(house, "tom", "/cases/export")[1:] == [download(house, "priya", "/cases/export?q=Saltmarsh+At")[1]]


def test_a_long_list_goes_on_where_the_page_before_ended(house: House) -> None:
    for number in range(30):
        house.account(f"Number {number:02}")
        house.moves(seconds=1)
    priya = house.visitor("priya")

    first = priya.open("/cases?q=number")
    second = priya.open(first.links("after=")[0])

    assert titles(first) + titles(second) == [f"Number {number:02}" for number in reversed(range(30))]
    assert "30 cases fit what you look for" in first.main
    assert second.links("q=number")
    assert not second.links("after=")


@pytest.mark.parametrize("address", ["status=made-up", "school=here", "cluster=1", "after=nonsense"])
def test_a_made_up_address_is_not_found(house: House, address: str) -> None:
    assert house.visitor("priya").open(f"/cases?{address}").status == 404


def test_the_file_holds_what_the_list_shows_and_no_formula(house: House) -> None:
    house.account('=HYPERLINK("http://evil.example")')
    house.moves(days=7)

    head, row = download(house, "priya", "/cases/export?status=late")

    assert head == ["Number", "Title", "Procedure", "School", "Status", "Started", "Ended", "Waits for", "Due"]
    assert row == [
        "ACC-2026-0001",
        '\'=HYPERLINK("http://evil.example")',
        "Give an account",
        "Saltmarsh Primary",
        "Late",
        "2026-11-03",
        "",
        "Give your account",
        "2026-11-06",
    ]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_no_cell_begins_like_a_formula(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert harmless(f"x{cell}") == f"x{cell}"


def test_a_list_takes_as_many_statements_however_long_it_is(house: House) -> None:
    priya = house.visitor("priya")
    house.account("One")
    priya.open("/cases?procedure=account")
    with counting(house.database) as one:
        priya.open("/cases?procedure=account")
    for number in range(12):
        house.account(f"Number {number}")
    house.site.clock.now += timedelta(seconds=1)

    with counting(house.database) as many:
        priya.open("/cases?procedure=account")

    assert len(many.statements) == len(one.statements) <= 6
