"""Jobs that come round: the next moment of a cycle as a job keeps it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from engine.model.calendar import LONDON, Calendar, read_deadline
from engine.model.casework import Job
from engine.model.cycles import MORNING, NeverAgain, next_after

NOT_KNOWN = datetime(9999, 1, 1, tzinfo=UTC)  # until the calendar says more
CYCLE = "cycle"  # in the payload of a job whose words are a cycle
LAST = "last"  # in its payload: when it came round last
WHY = "why"  # in its payload: why its next moment is not known


def start_on(words: str) -> datetime:
    """The moment of a start on one day: in the morning, where no time is named. Raises ValueError for other times."""
    text = words.strip()
    if len(text) == len("2026-12-01"):
        return datetime.combine(date.fromisoformat(text), MORNING, LONDON).astimezone(UTC)
    at = read_deadline(text).on
    if at is None:
        raise ValueError(f"“{text}” is no day")
    return at


def comes_round(job: Job) -> bool:
    """Whether a job's words say when it comes round."""
    return bool(job.payload.get(CYCLE))


def first_round(job: Job, calendar: Calendar, now: datetime) -> Job:
    """The job at the first moment of its words from now on."""
    return _at_next(replace(job, payload={**job.payload, CYCLE: True}), calendar, now)


def next_round(job: Job, calendar: Calendar, now: datetime) -> Job:
    """The job again, after it has come round at its moment: what came meanwhile came with it."""
    payload = {**job.payload, LAST: max(job.run_at, _last(job) or job.run_at).astimezone(UTC).isoformat()}
    again = replace(job, payload=payload, attempts=0, stopped_at=None, reason=None)
    return _at_next(again, calendar, max(now, job.run_at))


def moved_round(job: Job, calendar: Calendar, now: datetime) -> Job:
    """The job as another calendar has it. Nothing that came round comes again because of that."""
    return _at_next(job, calendar, now)


def _at_next(job: Job, calendar: Calendar, after: datetime) -> Job:
    kept = {name: value for name, value in job.payload.items() if name != WHY}
    try:
        at = next_after(job.payload["words"], after, calendar, datetime.fromisoformat(job.payload["from"]), _last(job))
        return replace(job, run_at=at, payload=kept)
    except NeverAgain as never:
        return replace(job, run_at=NOT_KNOWN, payload={**kept, WHY: never.sentence})


def _last(job: Job) -> datetime | None:
    return datetime.fromisoformat(job.payload[LAST]) if LAST in job.payload else None
