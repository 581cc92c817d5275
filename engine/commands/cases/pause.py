"""Pausing a case and letting it go on. Paused clocks stand still: what is counted moves by the open days that passed,
what elapses by the time that passed. A timer for a fixed date keeps it: the world did not pause.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from engine.casework.context import CaseInHand
from engine.casework.held_jobs import KEPT, freed, held, is_held, was_for
from engine.casework.reminders import first_chase
from engine.casework.rounds import comes_round, moved_round
from engine.commands.cases.manage import kept, managed, reason_of
from engine.errors import CaseStuck
from engine.model.calendar import LONDON, CalendarEnds, Deadline, days_from, read_deadline
from engine.model.casework import Case, CaseStatus, EntryKind, Job, JobKind, Task
from engine.model.people import Me
from engine.model.reminders import rows_for
from engine.ports import Store

REASONS = ("Inspection in progress", "Headteacher absent", "Safeguarding process", "Holiday", "Trust decision")
COUNTED = Deadline(count=0, days="working")  # how a deadline without words moves


def pause_case(store: Store, me: Me, case_id: UUID, reason: str, now: datetime) -> Case:
    """Stop a case's clocks until somebody lets it go on."""
    run = managed(store, me, case_id, reason, now, frozenset({CaseStatus.OPEN}))
    reason = reason_of(reason)
    waiting = [held(job) for job in store.case_jobs(case_id) if job.kind in KEPT]
    store.drop_case_jobs(case_id)
    run.writes.jobs.extend(waiting)
    run.case = replace(run.case, status=CaseStatus.PAUSED, paused_at=now, reason=reason)
    run.writes.note(EntryKind.PAUSED, f"{me.person.name} paused the case: {reason}", me.person.id)
    return kept(run)


def resume_case(store: Store, me: Me, case_id: UUID, reason: str, now: datetime) -> Case:
    """Let a paused case go on, every deadline and timer later by what it stood still. What came meanwhile comes now."""
    run = managed(store, me, case_id, reason, now, frozenset({CaseStatus.PAUSED}))
    reason = reason_of(reason)
    waiting = [job for job in store.case_jobs(case_id) if is_held(job)]
    store.drop_jobs([job.key for job in waiting])
    run.writes.jobs.extend(freed(job, _freed_at(run, job)) for job in waiting)
    for task in store.open_tasks(case_id):
        moved = replace(task, due_at=_later(run, task.due_at, _deadline(task.due_words)) if task.due_at else None)
        store.save_task(moved)
        run.writes.jobs.extend(_chases(run, moved))
    run.case = replace(run.case, status=CaseStatus.OPEN, paused_at=None, reason=None)
    run.writes.note(EntryKind.RESUMED, f"{me.person.name} let the case go on: {reason}", me.person.id)
    return kept(run)


def _freed_at(run: CaseInHand, job: Job) -> datetime:
    if job.kind is not JobKind.WAKE:
        return was_for(job)
    if comes_round(job):  # by the calendar, which does not stand still; what came meanwhile is left out
        at = was_for(job)
        return at if at > run.now else moved_round(job, run.calendar, run.now).run_at
    deadline = _deadline(job.payload.get("words"))
    return was_for(job) if deadline.on else _later(run, was_for(job), deadline)


def _deadline(words: str | None) -> Deadline:
    return read_deadline(words) if words else COUNTED


def _chases(run: CaseInHand, task: Task) -> list[Job]:
    table = rows_for(run.table, run.store.roles().get(task.role))
    job = first_chase(task, table, run.calendar, after=run.now)
    return [job] if job else []


def _later(run: CaseInHand, moment: datetime, deadline: Deadline) -> datetime:
    """The moment moved by what the pause lasted; one that had passed already stays where it is."""
    paused = run.case.paused_at or run.now
    if moment <= paused:
        return moment
    days = deadline.days if deadline.count is not None else "working"
    stood = run.calendar.between(paused.astimezone(LONDON).date(), run.today, days)
    try:
        return moment + (run.now - paused) if deadline.after else days_from(moment, stood, days, run.calendar)
    except (CalendarEnds, OverflowError) as error:
        raise CaseStuck("The calendar has too few open days ahead to move this case's deadlines.") from error
