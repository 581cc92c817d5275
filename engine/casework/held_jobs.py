"""What comes due for a case while it rests, paused or in need of attention, is kept until it goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from engine.model.casework import CaseStatus, Job, JobKind

RESTING = frozenset({CaseStatus.PAUSED, CaseStatus.ATTENTION})
KEPT = frozenset({JobKind.WAKE, JobKind.START, JobKind.RETURN, JobKind.MESSAGE})  # reminders begin anew instead
NOT_WHILE_IT_RESTS = datetime(9999, 1, 1, tzinfo=UTC)
WAS = "was"  # in the payload of a job that is held: the moment it was for


def is_held(job: Job) -> bool:
    """Whether the job waits for its case to go on."""
    return WAS in job.payload


def held(job: Job) -> Job:
    """The job, kept until its case goes on."""
    if is_held(job):
        return replace(job, run_at=NOT_WHILE_IT_RESTS)
    return replace(job, run_at=NOT_WHILE_IT_RESTS, payload={**job.payload, WAS: job.run_at.astimezone(UTC).isoformat()})


def was_for(job: Job) -> datetime:
    """The moment a job is for, held or not."""
    return datetime.fromisoformat(job.payload[WAS]) if is_held(job) else job.run_at


def freed(job: Job, at: datetime) -> Job:
    """The job with a moment of its own again."""
    payload = {name: value for name, value in job.payload.items() if name != WAS}
    return replace(job, run_at=at, payload=payload)
