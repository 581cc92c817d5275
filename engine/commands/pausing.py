"""Pausing a case and letting it go on. Paused clocks stand still: every deadline moves by the open days that passed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from engine.commands.cases import _kept, _managed
from engine.commands.chasing import first_chase
from engine.commands.running import Run
from engine.model.calendar import LONDON, days_from, days_of
from engine.model.casework import Case, CaseStatus, EntryKind, Job, JobKind, Task
from engine.model.people import Me
from engine.ports import Store

NOT_WHILE_PAUSED = datetime(9999, 1, 1, tzinfo=UTC)
REASONS = ("Inspection in progress", "Headteacher absent", "Safeguarding process", "Holiday", "Trust decision")


def pause_case(store: Store, me: Me, case_id: UUID, reason: str, now: datetime) -> Case:
    """Stop a case's clocks until somebody lets it go on."""
    run = _managed(store, me, case_id, reason, now, frozenset({CaseStatus.OPEN}))
    held = [_held(job) for job in store.case_jobs(case_id) if job.kind is JobKind.WAKE]
    store.drop_case_jobs(case_id)
    run.writes.jobs.extend(held)
    run.case = replace(run.case, status=CaseStatus.PAUSED, paused_at=now, reason=reason.strip())
    run.writes.note(EntryKind.PAUSED, f"{me.person.name} paused the case: {reason.strip()}", me.person.id)
    return _kept(run)


def _held(job: Job) -> Job:
    return replace(job, run_at=NOT_WHILE_PAUSED, payload={**job.payload, "was": job.run_at.isoformat()})


def resume_case(store: Store, me: Me, case_id: UUID, reason: str, now: datetime) -> Case:
    """Let a paused case go on, every deadline and timer later by the days it stood still."""
    run = _managed(store, me, case_id, reason, now, frozenset({CaseStatus.PAUSED}))
    jobs = store.case_jobs(case_id)
    store.drop_case_jobs(case_id)
    run.writes.jobs.extend(_freed(run, job) for job in jobs if "was" in job.payload)
    for task in store.open_tasks(case_id):
        moved = replace(task, due_at=_later(run, task.due_at, days_of(task.due_words)) if task.due_at else None)
        store.save_task(moved)
        run.writes.jobs.extend(_chases(run, moved))
    run.case = replace(run.case, status=CaseStatus.OPEN, paused_at=None, reason=None)
    run.writes.note(EntryKind.RESUMED, f"{me.person.name} let the case go on: {reason.strip()}", me.person.id)
    return _kept(run)


def _freed(run: Run, job: Job) -> Job:
    payload = {name: value for name, value in job.payload.items() if name != "was"}
    was = datetime.fromisoformat(job.payload["was"])
    return replace(job, run_at=_later(run, was, days_of(payload.get("words"))), payload=payload)


def _chases(run: Run, task: Task) -> list[Job]:
    job = first_chase(task, run.table, run.calendar, after=run.now)
    return [job] if job else []


def _later(run: Run, moment: datetime, days: str) -> datetime:
    """The moment moved by as many open days as the pause lasted; one that had passed already stays where it is."""
    paused = run.case.paused_at or run.now
    if moment <= paused:
        return moment
    stood = run.calendar.between(paused.astimezone(LONDON).date(), run.today, days)
    return days_from(moment, stood, days, run.calendar)
