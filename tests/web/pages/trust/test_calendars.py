"""Calendars: seen by all, changed by administrators, and every open deadline moves with them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from engine.model.calendar import Calendar
from storage.database import counting, transaction
from tests.web.house import TERMS, House, Page, Visitor
from tests.web.office import administrator
from web.parts.sent_fields import read_day, read_days

CHRISTMAS = date(2026, 12, 25)
SPRING = (date(2027, 1, 4), date(2027, 2, 12))
LAST_YEAR = (date(2026, 1, 5), date(2026, 7, 17))


@pytest.fixture
def alex(house: House) -> Visitor:
    with transaction(house.database) as store:
        holidays = frozenset({CHRISTMAS, date(2027, 1, 1), date(2020, 1, 1)})
        store.save_calendar(None, Calendar((LAST_YEAR, *TERMS, SPRING), frozenset({date(2026, 1, 6)}), holidays))
    return administrator(house)


def own(house: House, school: str | None = None) -> Calendar:
    with transaction(house.database) as store:
        return store.own_calendar(house.schools[school].id if school else None)


def fields(page: Page, *, without: str = "") -> dict[str, Any]:
    """What the page's form sends when nothing is changed. without: a bank holiday whose tick is taken away."""
    days = page.values("shown")
    sent: dict[str, Any] = {"rows": page.values("rows")[0], "closed": "\n".join(page.values("closed")), "more": ""}
    for number in range(int(sent["rows"])):
        for end in ("from", "to"):
            sent[f"{end}-{number}"] = (page.values(f"{end}-{number}") or [""])[0]
    return {**sent, "shown": days, "holiday": [day for day in days if day != without]}


def test_a_day_is_read_as_people_write_it() -> None:
    for text in (
        "1 September 2026",
        "1/9/2026",
        "01.09.2026",
        "1-9-2026",
        "Tue 1 Sep 2026",
        "2026-09-01",
        "tuesday, 1 sept 2026",
    ):
        assert read_day(text) == date(2026, 9, 1)
    for text in ("", "soon", "31/2/2026", "1 Juno 2026", "1/13/2026", "1 9 26"):
        with pytest.raises(ValueError, match="Write a day like"):
            read_day(text)
    assert read_days("1/9/2026\n\n 2/9/2026 ") == (frozenset({date(2026, 9, 1), date(2026, 9, 2)}), "")


def test_everybody_sees_which_days_count_in_words(house: House, alex: Visitor) -> None:
    page = house.visitor("ruth").open("/calendar?month=2026-12")

    assert "December 2026 14 school days." in page.main
    assert "18 School : a school day and a working day" in page.main
    assert "21 No school : a working day, no school day" in page.main
    assert "25 Holiday : neither a school day nor a working day" in page.main
    assert page.links("month=") == ["?month=2026-11", "?month=2027-01"]
    assert "Change these days" not in page.main
    assert "No terms are entered after" not in page.main
    assert "after Friday 12 February 2027." in house.visitor("ruth").open("/calendar?month=2027-02").main
    assert "November 2026" in house.visitor("ruth").open("/calendar?month=nonsense").main
    assert house.visitor("ruth").open("/calendar/change").status == 403


def test_saving_nothing_new_changes_nothing(house: House, alex: Visitor) -> None:
    before = own(house)
    page = alex.open("/calendar/change")

    saved = alex.send("/calendar/change", fields(page))

    assert page.values("from-0") == ["1 September 2026"]
    assert page.values("shown") == ["2026-12-25", "2027-01-01"]
    assert "The calendar is saved. No open deadline moved." in saved.main
    assert own(house) == before


def test_a_closed_day_moves_the_open_deadlines_and_says_how_many(house: House, alex: Visitor) -> None:
    tasks = [house.account(f"Case {number}") for number in range(2)]
    due = tasks[0].due_at
    assert due

    sent = {**fields(alex.open("/calendar/change")), "closed": "Wednesday 4 November 2026\n5/11/2026"}
    saved = alex.send("/calendar/change", sent)

    assert "The calendar is saved. 2 deadlines moved." in saved.main
    assert own(house).closed == {date(2026, 1, 6), date(2026, 11, 4), date(2026, 11, 5)}
    assert house.task(tasks[0].id).due_at == datetime(2026, 11, 10, 17, tzinfo=UTC)
    assert due == datetime(2026, 11, 6, 17, tzinfo=UTC)


def test_bank_holidays_are_taken_out_and_added(house: House, alex: Visitor) -> None:
    sent = {**fields(alex.open("/calendar/change"), without="2027-01-01"), "more": "7 May 2027"}

    alex.send("/calendar/change", sent)

    assert own(house).holidays == {CHRISTMAS, date(2020, 1, 1), date(2027, 5, 7)}


def test_days_that_cannot_be_leave_everything_as_it_was_typed(house: House, alex: Visitor) -> None:
    before = own(house)
    sent = {
        **fields(alex.open("/calendar/change"), without="2026-12-25"),
        "to-0": "1/8/2026",
        "from-1": "soon",
        "from-3": "1/1/2028",
        "closed": "whenever",
        "more": "31/2/2027",
    }

    page = alex.send("/calendar/change", sent)

    assert page.status == 422
    for sentence in (
        "The last day must be on or after the first day",
        "“soon” is not a day.",
        "Enter the last day of term 4",
        "“whenever” is not a day.",
        "“31/2/2027” is not in the calendar.",
    ):
        assert sentence in page.main
    assert page.values("from-1") == ["soon"]
    assert 'value="2026-12-25" checked' not in page.html
    assert 'value="2027-01-01" checked' in page.html
    assert own(house) == before


def test_terms_may_not_overlap_those_that_are_past(house: House, alex: Visitor) -> None:
    page = alex.send(
        "/calendar/change", {**fields(alex.open("/calendar/change")), "from-3": "1/7/2026", "to-3": "20/7/2026"}
    )

    assert "This overlaps a term above" in page.main


def test_a_school_has_the_trusts_terms_until_it_has_its_own(house: House, alex: Visitor) -> None:
    gull = house.schools["gull"]
    form = alex.open(f"/calendar/{gull.id}/change")
    inset = alex.send(form.path, {"terms": "trust", "rows": "12", "closed": "4 November 2026"})
    kept = own(house, "gull")
    terms = {"terms": "own", "rows": "12", "from-0": "2/9/2026", "to-0": "16/10/2026", "closed": ""}
    alone = alex.send(form.path, terms)

    assert "1 September to 23 October 2026" in form.main
    assert form.values("from-0") == ["1 September 2026"]
    assert "From the trust" in inset.main
    assert "Wednesday 4 November 2026" in inset.main
    assert kept == Calendar(closed=frozenset({date(2026, 11, 4)}))
    assert "From the trust" not in alone.main
    assert own(house, "gull").terms == (LAST_YEAR, (date(2026, 9, 2), date(2026, 10, 16)))
    assert "Gull Lane Primary (days of its own)" in alex.open("/calendar").main
    assert own(house, "gull").closed == frozenset()


def test_a_school_with_terms_of_its_own_must_name_one(house: House, alex: Visitor) -> None:
    page = alex.send(f"/calendar/{house.schools['gull'].id}/change", {"terms": "own", "rows": "12"})

    assert page.status == 422
    assert "first term" in page.main
    assert own(house, "gull") == Calendar()


def test_a_calendar_is_shown_in_a_handful_of_statements(house: House, alex: Visitor) -> None:
    with counting(house.database) as counted:
        alex.open(f"/calendar/{house.schools['gull'].id}")

    assert len(counted.statements) == 6  # who asks, schools, whose days are special, the school, its days, all its days
    assert alex.open("/calendar?school=made-up").status == 404


def test_what_an_address_says_of_moved_deadlines_is_only_ever_a_number(house: House, alex: Visitor) -> None:
    assert "moved" not in alex.open("/calendar?moved=<b>12</b>").main
    assert "1 deadline moved" in alex.open("/calendar?moved=1").main
