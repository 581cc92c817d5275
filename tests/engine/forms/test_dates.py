"""Checking what a person sent: dates and times."""

from __future__ import annotations

import pytest

from tests.engine.forms.form_samples import ask, kept, made, post, refused, wrong


def day(text: str) -> dict[str, str]:
    return dict(zip(("answer-day", "answer-month", "answer-year"), text.split("/"), strict=True))


@pytest.mark.parametrize("typed", ["3/12/2026", "03/12/2026", "3/Dec/2026", "3/december/2026", " 3 / 12 / 2026 "])
def test_a_date_is_kept_as_its_iso_text(typed: str) -> None:
    assert kept(ask("datetime", subtype="date"), **day(typed)) == "2026-12-03"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("31/2/2027", "Answer must be a real date"),
        ("29/2/2027", "Answer must be a real date"),
        ("0/1/2027", "Answer must be a real date"),
        ("1/13/2027", "Answer must be a real date"),
        ("x/y/z", "Answer must be a real date"),
        ("٣/1/2027", "Answer must be a real date"),
        ("1/1/27", "Answer must have a year of 4 numbers, like 2027"),
        ("1/1/1066", "Answer must be between 1900 and 2199"),
        ("/12/2026", "Answer must include a day"),
        ("3//", "Answer must include a month and a year"),
        ("99999999999999/1/2027", "Answer must be a real date"),
    ],
)
def test_what_is_no_date_is_refused(typed: str, sentence: str) -> None:
    assert refused(ask("datetime", subtype="date"), **day(typed)) == sentence


def test_a_leap_day_is_real() -> None:
    assert kept(ask("datetime", subtype="date"), **day("29/2/2028")) == "2028-02-29"


def test_a_date_that_may_not_have_passed() -> None:
    component = ask("datetime", subtype="date", disallowPassedDates=True)

    assert kept(component, **day("23/11/2026")) == "2026-11-23"
    assert refused(component, **day("22/11/2026")) == "Answer must be today or in the future"


def test_today_may_be_given_as_a_text() -> None:
    form = made(ask("datetime", subtype="date", disallowPassedDates=True))

    assert wrong(form, post(**day("22/11/2026")), {"today": "2026-11-23"}) != {}


@pytest.mark.parametrize(
    ("typed", "kept_as"),
    [
        ("9:30", "09:30:00"),
        ("09.30", "09:30:00"),
        ("9am", "09:00:00"),
        ("9:30 PM", "21:30:00"),
        ("12am", "00:00:00"),
        ("12 p.m.", "12:00:00"),
        ("14:05", "14:05:00"),
        ("midday", "12:00:00"),
        ("00:00", "00:00:00"),
    ],
)
def test_a_time_is_read_as_people_write_it(typed: str, kept_as: str) -> None:
    assert kept(ask("datetime", subtype="time"), answer=typed) == kept_as


@pytest.mark.parametrize("typed", ["9", "25:00", "9:60", "13pm", "soon", "9:3", "0am", "٩:٣٠"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    assert "time, like 9:30am or 14:30" in refused(ask("datetime", subtype="time"), answer=typed)


def test_a_date_with_a_time() -> None:
    component = ask("datetime", subtype="datetime")

    assert kept(component, **day("3/12/2026"), **{"answer-time": "9.30am"}) == "2026-12-03T09:30:00"
    assert kept(component) is None
    assert refused(component, **day("3/12/2026")) == "Answer must include a time, like 9:30am"
    assert refused(component, **{"answer-time": "9:30"}) == "Answer must include a day, a month and a year"
