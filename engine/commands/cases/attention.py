"""Letting go on what got stuck: a case together with the jobs it gave up on and what came due meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from engine import policy
from engine.casework.context import prepare
from engine.casework.held_jobs import freed, is_held, was_for
from engine.casework.reminders import first_chase
from engine.commands.cases.manage import kept
from engine.errors import CaseNotOpen, NotAllowed, NotFound
from engine.model.casework import Case, CaseStatus, EntryKind, Job
from engine.model.people import Me
from engine.model.reminders import rows_for
from engine.ports import Store


def let_go_on(store: Store, me: Me, case_id: UUID, now: datetime) -> Case:
    """Let a case that needed attention go on: its jobs that gave up try again, what came due meanwhile happens now, and
    reminders begin anew from here. Raises CaseNotOpen when it does not need attention any more.
    """
    _may(me)
    case = store.lock_case(case_id)
    if case.status is not CaseStatus.ATTENTION:
        raise CaseNotOpen("This case does not need attention any more.")
    return go_on(store, me, case, now)


def _may(me: Me) -> None:
    if not policy.may_see_attention(me):
        raise NotAllowed


def go_on(store: Store, me: Me, case: Case, now: datetime) -> Case:
    """Let a case in need of attention go on, whoever may: its jobs that gave up try again."""
    run = prepare(store, replace(case, status=CaseStatus.OPEN, reason=None), now, me.person.id)
    waited = [job for job in store.case_jobs(case.id) if is_held(job) or job.stopped_at]
    store.drop_jobs([job.key for job in waited])
    run.writes.jobs.extend(_again(job, now) for job in waited)
    for task in store.open_tasks(case.id):
        table = rows_for(run.table, store.roles().get(task.role))
        job = first_chase(task, table, run.calendar, after=now)
        run.writes.jobs.extend([job] if job else [])  # one that is there already stays
    run.writes.note(EntryKind.ATTENTION, f"{me.person.name} let the case go on.", me.person.id)
    return kept(run)


def _again(job: Job, now: datetime) -> Job:
    again = replace(freed(job, was_for(job)), attempts=0, stopped_at=None, reason=None)
    return replace(again, run_at=now) if job.stopped_at else again


def try_again(store: Store, me: Me, job_id: UUID, now: datetime) -> Job:
    """Let a job that gave up try again, and its case go on with it. Raises NotFound when it is not stuck any more."""
    _may(me)
    job = store.job(job_id)
    if job.stopped_at is None:
        raise NotFound("This is not stuck any more.")
    case = store.lock_case(job.case_id) if job.case_id else None
    if case and case.status is CaseStatus.ATTENTION:
        go_on(store, me, case, now)
    store.retry_job(job_id, now)
    return job
