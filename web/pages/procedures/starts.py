"""When Headway starts a procedure by itself next, and for whom, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine.bpmn.diagram.elements import Element
from engine.bpmn.outline.phrases import started_for
from engine.casework.rounds import WHY
from engine.model.casework import Job, JobKind
from engine.model.wording import in_a_row
from storage.store.sql_store import SqlStore
from web.parts.dates import full_day, time_in_words

MOST_NAMED = 5  # schools


@dataclass(frozen=True)
class ClockStart:
    """One start by the clock."""

    told: str  # "Once in each school: every Monday"
    moments: tuple[str, ...]  # soonest first


def clock_starts(store: SqlStore, key: str, starts: Sequence[Element]) -> list[ClockStart]:
    """Each start by the clock of a procedure in use, with its next moments."""
    if not starts:
        return []
    names = {school.id: school.name for school in store.schools(closed=True)}
    jobs = [job for job in store.jobs_of_kind(JobKind.BEGIN) if job.payload["procedure"] == key and not job.stopped_at]
    return [_told(start, [job for job in jobs if job.payload["start"] == start.id], names) for start in starts]


def _told(start: Element, jobs: Sequence[Job], names: Mapping[UUID, str]) -> ClockStart:
    whom = started_for(start)
    return ClockStart(f"{whom[:1].upper()}{whom[1:]}: {start.moment}", tuple(_moments(start, jobs, names)))


def _moments(start: Element, jobs: Sequence[Job], names: Mapping[UUID, str]) -> Iterator[str]:
    together: dict[str, list[str]] = {}
    for job in jobs:
        when = job.payload.get(WHY) or f"Next on {_when(job.run_at)}"
        together.setdefault(when, []).append(
            names.get(UUID(job.payload["school"]), "") if job.payload["school"] else ""
        )
    for when, schools in together.items():
        named = in_a_row(sorted(filter(None, schools)), most=MOST_NAMED)
        yield f"{when.rstrip('.')}: {named}." if named else f"{when.rstrip('.')}."
    if not jobs:
        yield "No school is open yet." if start.for_each_school else "It starts no more."


def _when(moment: datetime) -> str:
    return f"{full_day(moment)} at {time_in_words(moment)}"
