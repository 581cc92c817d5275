"""Letting go on what got stuck: a case together with the jobs it gave up on."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from engine import policy
from engine.commands import cases, jobs
from engine.errors import NotAllowed
from engine.model.casework import ENGINE_JOBS, Case, CaseStatus, Job
from engine.model.people import Me
from engine.ports import Store


def let_go_on(store: Store, me: Me, case_id: UUID, now: datetime) -> Case:
    """Let a case that needed attention go on, and its jobs that gave up try again."""
    case = cases.look_again(store, me, case_id, now)
    for job in store.case_jobs(case_id):
        if job.stopped_at is not None:
            jobs.retry(store, job.id, now)
    return case


def try_again(store: Store, me: Me, job_id: UUID, now: datetime) -> Job:
    """Let a job that gave up try again; its case goes on first, because a case that rests would turn the job away."""
    if not policy.may_see_attention(me):
        raise NotAllowed
    job = store.job(job_id)
    waits = job.kind in ENGINE_JOBS and job.case_id is not None
    if job.case_id and waits and store.lock_case(job.case_id).status is CaseStatus.ATTENTION:
        cases.look_again(store, me, job.case_id, now)
    return jobs.retry(store, job_id, now)
