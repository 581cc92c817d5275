"""Everything one command needs to run one case on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID

from engine.bpmn.definition import Definition
from engine.casework.pools import Near
from engine.casework.writes import Writes
from engine.errors import UNREADABLE, CaseStuck
from engine.model.calendar import LONDON, Calendar
from engine.model.casework import LIVE, Case
from engine.model.people import School
from engine.model.reminders import HouseTable
from engine.ports import Store

LOOKS_BACK = timedelta(days=70)  # longer than any holiday: what came some school days before is found too


@dataclass
class CaseInHand:
    """Everything one command needs to run one case on. Made anew for each command."""

    store: Store
    case: Case
    definition: Definition
    school: School | None
    calendar: Calendar
    now: datetime
    by: UUID | None  # None: the clock or another case
    called: frozenset[str] = frozenset()  # roles whose people are read together, when those of the first are asked for

    def __post_init__(self) -> None:
        """Start with nothing written."""
        self.writes = Writes(self.case.id, self.now)

    @property
    def today(self) -> date:
        """The day in London."""
        return self.now.astimezone(LONDON).date()

    @property
    def state(self) -> bytes:
        """Where the case rests, for the runner. Raises CaseStuck where nothing is kept of a case that goes on."""
        if not self.case.state and self.case.status in LIVE:
            raise CaseStuck(UNREADABLE)
        return self.case.state

    @cached_property
    def facts(self) -> Mapping[str, Any]:
        """What every expression may read besides the answers."""
        return facts(self.case, self.school, self.calendar, self.now)

    @cached_property
    def near(self) -> Near:
        """The people around the school."""
        return Near(self.store, self.called, self.case.school_id, self.today)

    @cached_property
    def table(self) -> HouseTable:
        """The trust's reminders and escalations."""
        return self.store.house_table()


def prepare(store: Store, case: Case, now: datetime, by: UUID | None) -> CaseInHand:
    """Gather what running this case on takes: its version, school and calendar."""
    day = min(now, case.started_at).astimezone(LONDON).date() - LOOKS_BACK
    if case.school_id:
        school, calendar = store.school_and_calendar(case.school_id, day)
    else:
        school, calendar = None, store.calendar(None, day)
    return CaseInHand(store, case, store.definition(case.version_id), school, calendar, now, by)


def facts(case: Case, school: School | None, calendar: Calendar, now: datetime) -> dict[str, Any]:
    """The names `case`, `school`, `today` and `calendar` for FEEL."""
    return {
        "case": {
            "ref": case.ref,
            "title": case.title,
            "started_on": case.started_at.astimezone(LONDON).date(),
            "sensitivity": str(case.sensitivity),
            "started_by": str(case.started_by) if case.started_by else None,
        },
        "school": {"name": school.name, "urn": school.urn, "phase": school.phase} if school else None,
        "today": now.astimezone(LONDON).date(),
        "calendar": {
            "terms": [[first.isoformat(), last.isoformat()] for first, last in calendar.terms],
            "closed": sorted(day.isoformat() for day in calendar.closed | calendar.holidays),
        },
    }
