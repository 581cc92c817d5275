"""The bank holidays Headway ships."""

from datetime import date

from engine.model.holidays import bank_holidays

# GOV.UK, bank holidays in England and Wales, as published in 2026.
PUBLISHED = {
    2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
    2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
    2028: "01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
}


def test_the_shipped_bank_holidays_are_those_published_for_england() -> None:
    for year, days in PUBLISHED.items():
        published = {date.fromisoformat(f"{year}-{day}") for day in days.split()}

        assert bank_holidays(year, year) == published, year
