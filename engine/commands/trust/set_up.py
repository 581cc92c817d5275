"""The first things a new trust needs: a name, the shipped roles and a calendar with its bank holidays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from engine.errors import NotFound
from engine.model.holidays import bank_holidays
from engine.model.people import Role, Trust
from engine.ports import Store

YEARS_BACK, YEARS_AHEAD = 2, 6


def begin(store: Store, trust: Trust, roles: Iterable[Role], today: date) -> None:
    """Name the trust, add the roles it does not have yet and the bank holidays around this year. Safe to repeat:
    what the trust has changed since stays as it is.
    """
    if not _named(store) or trust.uid:
        store.save_trust(trust)
    known = store.roles()
    new = [role for role in roles if role.key not in known]
    if new:
        store.save_roles(new)
    calendar = store.calendar(None, date.min)
    if not calendar.holidays:
        shipped = bank_holidays(today.year - YEARS_BACK, today.year + YEARS_AHEAD)
        store.save_calendar(None, replace(calendar, holidays=shipped))


def _named(store: Store) -> bool:
    try:
        store.trust()
    except NotFound:
        return False
    return True
