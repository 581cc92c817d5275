"""The house table and the roles, as sentences and as forms."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.model.people import Role
from engine.model.reminders import HOLDER, LINE, Chase, HouseTable
from storage.database import counting, transaction
from tests.web.house import House, Page, Visitor
from tests.web.office import administrator


@pytest.fixture
def alex(house: House) -> Visitor:
    return administrator(house)


def table(house: House) -> HouseTable:
    with transaction(house.database) as store:
        return store.house_table()


def row(number: int, days: str, side: str, to: str, level: str, label: str, **more: str) -> dict[str, Any]:
    """One row of the form."""
    fields = {"days": days, "side": side, "to": to, "level": level, "label": label, **more}
    return {f"{number}-{name}": value for name, value in fields.items()}


def test_the_table_reads_as_sentences(house: House) -> None:
    page = house.visitor("ruth").open("/reminders")

    for sentence in (
        "2 days before it is due, whoever has the task gets “Reminder”.",
        "On the day it is due, whoever has the task gets “Late today”.",
        "2 days after it was due, the role in line above gets “Level 1”.",
        "5 days after it was due, the director of education gets “Level 2”.",
        "10 days after it was due, the chief executive gets “Level 3”.",
    ):
        assert sentence in page.main
    assert "Change the reminders" not in page.main


def test_rows_are_changed_added_and_taken_out(house: House, alex: Visitor) -> None:
    sent = {
        "count": "4",
        **row(0, "1", "before", HOLDER, "0", "Tomorrow"),
        **row(1, "3", "after", LINE, "1", "Gone", out="yes"),
        **row(2, "", "on", "headteacher", "1", "Today"),
        **row(3, "", "after", "", "0", ""),
    }

    page = alex.send("/reminders/change", sent)

    assert "Tasks follow them from their next reminder on." in page.main
    assert "1 day before it is due, whoever has the task gets “Tomorrow”." in page.main
    assert table(house) == HouseTable((Chase(-1, HOLDER, 0, "Tomorrow"), Chase(0, "headteacher", 1, "Today")))
    form = alex.open("/reminders/change")
    assert form.values("count") == ["4"]
    assert form.values("0-days") == ["1"]


def test_rows_that_make_no_sense_come_back_as_they_were_typed(house: House, alex: Visitor) -> None:
    before = table(house)

    page = alex.send("/reminders/change", {"count": "2", **row(0, "many", "after", "", "9", "")})

    assert page.status == 422
    assert "Enter a number of days from 0 to 60" in page.main
    assert page.values("0-days") == ["many"]
    again = alex.send("/reminders/change", {"count": "2", **row(0, "61", "after", "", "9", "")})
    for sentence in ("Enter a number of days from 0 to 60", "Choose who is told", "Choose a level", "Enter what it is"):
        assert sentence in again.main
    assert table(house) == before
    assert house.visitor("ruth").send("/reminders/change", {"count": "0"}).status == 403


def test_all_reminders_may_be_taken_out(house: House, alex: Visitor) -> None:
    page = alex.send("/reminders/change", {"count": "nonsense"})

    assert "Nobody is reminded of anything." in page.main
    assert table(house) == HouseTable(())


def test_roles_say_where_nobody_holds_them_in_three_statements(house: House, alex: Visitor) -> None:
    with counting(house.database) as counted:
        page = house.visitor("ruth").open("/roles")

    assert len([each for each in counted.statements if "INSERT" not in each]) == 4  # who asks, roles, posts, schools
    assert (
        "Headteacher Falls to Director of education. When late, Director of education is told first. 3 people"
        in page.main
    )
    assert "Deputy headteacher Gaps" in page.main
    assert "Nobody holds this at Beacon High, Gull Lane Primary" in page.main
    assert "School office Nobody" in page.main
    assert (
        "Director of education Falls to nobody. When late, Chief executive is told first. 1 person holds this"
        in page.main
    )
    assert "Change" not in page.main


def test_a_role_is_renamed_and_its_tasks_go_where_it_falls_to(house: House, alex: Visitor) -> None:
    with transaction(house.database) as store:
        for post in store.posts_of(house.people["ruth"].id):
            store.end_post(post.id, date(2026, 11, 1))
    task = house.account()
    form = alex.open("/roles/headteacher")
    person = house.person("Eve Office", ("school_office", house.schools["saltmarsh"]))

    sent = {"label": "Principal", "falls_to": "school_office", "line": ""}
    refused = alex.send("/roles/headteacher", sent)
    with transaction(house.database) as store:
        store.save_roles([Role("school_office", "School office")])
    page = alex.send("/roles/headteacher", sent)

    assert form.values("label") == ["Headteacher"]
    assert "The tasks of that role come back to this one in the end" in refused.main
    assert "Principal" in page.main
    assert "Falls to School office. When late, nobody in line is told." in page.main
    assert house.task(task.id).pool == f"school_office@school:{house.schools['saltmarsh'].id}"
    assert person.name == "Eve Office"


def test_what_a_role_gives_is_seen_and_changed_where_the_role_is(house: House, alex: Visitor) -> None:
    before = house.visitor("tom").open("/monitoring").status
    form = alex.open("/roles/deputy_headteacher")
    about = {"label": "Deputy headteacher", "falls_to": "headteacher", "line": ""}
    page = alex.send("/roles/deputy_headteacher", {**about, "leader": "yes", "manager": "yes"})
    given = house.visitor("tom").open("/monitoring").status
    again = alex.open("/roles/deputy_headteacher")
    taken = alex.send("/roles/deputy_headteacher", about)

    assert "What may people do who hold it?" in form.main
    assert 'id="leader"' in form.html
    assert "checked" not in form.html
    assert "Leads and manages cases" in page.main
    assert (before, given) == (403, 200)
    assert again.html.count("checked") == 2
    assert "Leads and manages cases" not in taken.main.partition("Deputy headteacher")[2].partition("Director")[0]
    assert house.visitor("tom").open("/monitoring").status == 403


def test_a_role_that_is_not_there_cannot_be_changed(house: House, alex: Visitor) -> None:
    assert alex.open("/roles/king").status == 404
    assert alex.send("/roles/king", {"label": "King"}).status == 404
    assert house.visitor("ruth").open("/roles/headteacher").status == 403
    page: Page = alex.send("/roles/headteacher", {"label": "", "falls_to": "", "line": "headteacher"})
    assert "Enter what people read" in page.main
    assert "Choose another role" in page.main


def test_a_role_held_for_the_whole_trust_is_missing_nowhere(house: House, alex: Visitor) -> None:
    house.person("Eve Office", ("school_office", None))

    assert "School office Nobody" not in alex.open("/roles").main


def test_a_role_of_the_trusts_own_is_added_and_goes_by_its_other_names(house: House, alex: Visitor) -> None:
    form = alex.open(alex.open("/roles").links("/roles/add")[0])
    typed = {"label": "Attendance lead", "also": "AL, Attendance officer\r\nEWO", "falls_to": "headteacher", "line": ""}
    refused = alex.send("/roles/add", {**typed, "also": "Head teachers"})
    page = alex.send("/roles/add", {**typed, "leader": "yes"})
    again = alex.open("/roles/attendance_lead")

    assert "Other names it goes by" in form.main
    assert refused.status == 422
    assert "“Head teachers” already means the role “Headteacher”" in refused.main
    assert "Head teachers</textarea>" in refused.html
    assert "The role is added." in page.main
    assert "Attendance lead Nobody Also called AL, Attendance officer, EWO. Falls to Headteacher." in page.main
    assert "AL\nAttendance officer\nEWO</textarea>" in again.html


def test_other_names_are_changed_with_the_role_and_only_by_administrators(house: House, alex: Visitor) -> None:
    about = {"label": "Headteacher", "falls_to": "", "line": ""}
    page = alex.send("/roles/headteacher", {**about, "also": "Principal"})
    kept = alex.send("/roles/headteacher", about)
    gone = alex.send("/roles/headteacher", {**about, "also": ""})
    ruth = house.visitor("ruth")

    assert "Also called Principal." in page.main
    assert "Also called Principal." in kept.main
    assert "Also called" not in gone.main
    assert "/roles/add" not in ruth.open("/roles").html
    assert ruth.open("/roles/add").status == 403
    assert ruth.send("/roles/add", {"label": "King"}).status == 403
