"""Bank holidays in England, shipped with Headway so that a calendar is right before anybody edits it."""

from __future__ import annotations

from datetime import date

import holidays


def bank_holidays(first_year: int, last_year: int) -> frozenset[date]:
    """Every bank holiday of these years (both included) that falls on a weekday.

    Source: the holidays package, held in a test to the dates published on GOV.UK for 2012 to 2028. Later years follow
    the law as it stands; a holiday proclaimed afterwards is added on the calendar page.
    """
    found = holidays.country_holidays("GB", subdiv="ENG", years=range(first_year, last_year + 1))
    return frozenset(day for day in found if day.weekday() < 5)
