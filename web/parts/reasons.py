"""Why somebody has a task, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from engine.forms.filled.sentences import inside
from storage.queries.tasks.inbox import InboxRow, Why
from storage.queries.tasks.standing import Stand
from web.parts.dates import full_day, local_day

ELSEWHERE = "This is with somebody else."


def why(stands: Sequence[Stand], me: UUID, pool: str, person_id: UUID | None, fallen: bool, now: datetime) -> str:
    """“You are headteacher of Saltmarsh Primary.” pool, person_id, fallen: of the task; stands: of whoever asks."""
    if person_id == me:
        return "This is yours by name."
    if person_id is not None:
        return _covering((stand for stand in stands if stand.person_id == person_id), now)
    found = [stand for stand in stands if stand.pool == pool]
    if not found or found[0].person_id != me:
        return _covering(found, now)
    falls = " Nobody holds the role it is for, so it comes to you." if fallen else ""
    return f"You are {held(found[0])}.{falls}"


def _covering(stands: Iterable[Stand], now: datetime) -> str:
    """“You are covering for Ruth Adeyemi until 4 December.”"""
    for stand in stands:
        if stand.until:
            year = stand.until.year != local_day(now).year
            return f"You are covering for {stand.name} until {full_day(stand.until, year).split(' ', 1)[1]}."
    return ELSEWHERE


def held(stand: Stand) -> str:
    """“headteacher of Saltmarsh Primary”."""
    return f"{inside(stand.label)} of {stand.place}" if stand.place else inside(stand.label)


def of_row(row: InboxRow, stands: Sequence[Stand], now: datetime) -> str:
    """Why a listed task is theirs."""
    if row.why is Why.OWN:
        return "Yours by name."
    if row.why is Why.COVER:
        return _covering((stand for stand in stands if stand.name == row.whose), now)
    own = [stand for stand in stands if stand.until is None]
    there = [stand for stand in own if stand.role == row.role]
    found = next((stand for stand in there if stand.place == row.school), there[0] if there else None)
    if found:
        return f"You are {held(found)}."
    return "Nobody holds the role it is for, so it comes to you."


def of_pool(pool: str, stands: Sequence[Stand], me: UUID, now: datetime) -> str:
    """Why something that waits on a list is theirs."""
    return why(stands, me, pool, None, False, now)
