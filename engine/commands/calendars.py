"""Changing a calendar, which moves every open deadline that counts its days, and says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from engine.commands.chasing import first_chase
from engine.commands.people import administer
from engine.commands.running import Run, prepare
from engine.model.calendar import LONDON, Calendar, due_at, read_deadline, wakes_at
from engine.model.casework import EntryKind, Job, JobKind, Task
from engine.model.people import Me
from engine.ports import Store

MOST_TERMS = 12
LONGEST_TERM = timedelta(days=200)


def wrong_terms(terms: Sequence[tuple[date, date]]) -> dict[int, str]:
    """What is wrong with terms as they were given: index -> sentence. They need not be in order."""
    wrong = {}
    for index, (first, last) in enumerate(terms):
        if last < first:
            wrong[index] = "The last day must be on or after the first day"
        elif last - first > LONGEST_TERM:
            wrong[index] = "This is longer than any term: check both years"
        elif any(other[0] <= last and first <= other[1] for other in terms[:index]):
            wrong[index] = "This overlaps a term above"
    return wrong


def change_calendar(store: Store, me: Me | None, school_id: UUID | None, calendar: Calendar, now: datetime) -> int:
    """Keep a school's calendar (None: the trust's own, which schools inherit) and move open deadlines with it.

    Returns how many tasks got another deadline.
    """
    administer(me)
    if school_id:
        store.school(school_id)  # raises NotFound
    store.save_calendar(school_id, calendar)
    runs: dict[UUID, Run] = {}
    moved = 0
    for task, _school in store.open_tasks_about([school_id] if school_id else None):
        if task.case_id not in runs:
            runs[task.case_id] = prepare(store, store.lock_case(task.case_id), now, me.person.id if me else None)
        moved += _move(runs[task.case_id], task)
    for run in runs.values():
        _move_timers(run)
        run.writes.flush(store)
    return moved


def _move(run: Run, task: Task) -> int:
    """A deadline somebody put off by hand stays as they agreed it."""
    if not task.due_words or task.extended:
        return 0
    due = due_at(task.due_words, task.ready_at, run.calendar)
    if due == task.due_at:
        return 0
    later = replace(task, due_at=due)
    run.store.save_task(later)
    run.store.drop_jobs([f"chase:{task.id}"])
    job = first_chase(later, run.table, run.calendar, after=run.now)
    run.writes.jobs.extend([job] if job else [])
    text = f"The calendar changed: “{task.title}” is due on {due.astimezone(LONDON):%-d %B} instead."
    run.writes.note(EntryKind.DEADLINE, text, run.by, task.step)
    return 1


def _move_timers(run: Run) -> None:
    jobs = [job for job in run.store.case_jobs(run.case.id) if job.kind is JobKind.WAKE and "was" not in job.payload]
    moved = {job.id: at for job in jobs if (at := _wake_at(run, job)) != job.run_at}
    if moved:
        run.store.move_jobs(moved)


def _wake_at(run: Run, job: Job) -> datetime:
    words = job.payload.get("words", "")
    if not words or read_deadline(words).count is None:
        return job.run_at
    return wakes_at(words, datetime.fromisoformat(job.payload["from"]), run.calendar)
