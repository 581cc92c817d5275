"""Carrying out one engine job inside the transaction that deletes it, so that its effect happens exactly once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from engine.commands import cases, leaving, people
from engine.commands.chasing import chase, first_chase, rows_at
from engine.commands.running import prepare
from engine.errors import CaseMovedOn, CaseNotOpen, NotFound
from engine.model.casework import CaseStatus, Job, JobKind, TaskStatus
from engine.ports import Store


def do(store: Store, job: Job, now: datetime) -> None:
    """Carry out a job whose moment has come. A case that has ended or moved on needs nothing more."""
    try:
        DOES[job.kind](store, job, now)
    except (CaseMovedOn, CaseNotOpen):
        return


def _wake(store: Store, job: Job, now: datetime) -> None:
    if job.case_id and job.token:
        cases.wake(store, store.lock_case(job.case_id), job.token, now)


def _chase(store: Store, job: Job, now: datetime) -> None:
    task, case = store.lock_task(UUID(job.payload["task"]))
    if task.status is not TaskStatus.OPEN or case.status is not CaseStatus.OPEN:
        return
    run = prepare(store, case, now, None)
    at = datetime.fromisoformat(job.payload["at"])
    for row in rows_at(task, run.table, run.calendar, at):
        chase(store, case, task, row, run.calendar, now)
        if row.level > task.level:
            task = replace(task, level=row.level)
            store.save_task(task)
    following = first_chase(task, run.table, run.calendar, after=at)
    if following:
        store.drop_jobs([following.key])
        store.add_jobs([following])


def _start(store: Store, job: Job, now: datetime) -> None:
    if job.case_id is None:
        return
    parent = store.lock_case(job.case_id)
    if parent.status not in cases.LIVE:
        return
    payload = job.payload
    cases.start_for(
        store, parent, payload.get("token"), payload["procedure"], payload["title"], payload["answers"], now
    )


def _return(store: Store, job: Job, now: datetime) -> None:
    if job.case_id is None:
        return
    parent = store.lock_case(job.case_id)
    child = store.case(UUID(job.payload["child"]))
    value = {
        "started": True,
        "end": job.payload["end"],
        "ref": job.payload["ref"],
        "answers": dict(child.answers.values),
    }
    sentence = f"{child.ref}, {child.title}, ended: {job.payload['end']}."
    cases.give_answer(store, parent, job.payload["token"], value, sentence, now)


def _posts(store: Store, job: Job, now: datetime) -> None:
    school = job.payload.get("school")
    people.find_people_again(store, [job.payload["role"]], [UUID(school)] if school else None, now)


def _leave(store: Store, job: Job, now: datetime) -> None:
    leaving.depart(store, UUID(job.payload["person"]), now)


DOES: Mapping[JobKind, Callable[[Store, Job, datetime], None]] = {
    JobKind.WAKE: _wake,
    JobKind.CHASE: _chase,
    JobKind.START: _start,
    JobKind.RETURN: _return,
    JobKind.POSTS: _posts,
    JobKind.LEAVE: _leave,
}


def retry(store: Store, job_id: UUID, now: datetime) -> Job:
    """Let a job that gave up try again. Raises NotFound when it is gone."""
    job = store.job(job_id)
    if job.stopped_at is None:
        raise NotFound("This is not stuck any more.")
    store.retry_job(job_id, now)
    return job
