"""Somebody who administers, at a browser, for the tests of the pages they look after things on."""

from __future__ import annotations

from datetime import date

from tests.web.house import House, Visitor


def administrator(house: House) -> Visitor:
    """Alex, who holds no role but may change everything."""
    person = house.site.person("Alex Office", administrator=True)
    house.people["alex"] = person
    return Visitor(house.site.browser(person))


def day(name: str, on: date) -> dict[str, str]:
    """A day in its three boxes."""
    return {f"{name}-day": str(on.day), f"{name}-month": str(on.month), f"{name}-year": str(on.year)}
