"""Changing a calendar, which moves every open deadline that counts its days, and says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from engine.casework.held_jobs import freed, held, is_held, was_for
from engine.casework.reminders import chase_key, first_chase
from engine.casework.rounds import comes_round, moved_round
from engine.casework.writes import Writes
from engine.commands import clock
from engine.commands.trust.people import administer
from engine.errors import BadDetails
from engine.model.calendar import LONDON, Calendar, CalendarEnds, days_from, due_at, read_deadline
from engine.model.casework import LIVE, CaseStatus, EntryKind, Job, JobKind, Task
from engine.model.people import Me
from engine.model.reminders import rows_for
from engine.model.wording import day_of_month
from engine.ports import Store

MOST_TERMS = 12
LONGEST_TERM = timedelta(days=200)
TOO_FEW = "There are too few open days ahead in this calendar to reckon the deadlines of open tasks"


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
    """Keep a school's calendar (None: the trust's own, which schools inherit) and move every open deadline and timer
    that counts its days, those of paused cases too. Returns how many tasks got another deadline. Raises BadDetails
    for terms that overlap or are the wrong way round.
    """
    administer(me)
    if wrong_terms(calendar.terms):
        raise BadDetails({"terms": "Some terms overlap, or their days are the wrong way round"})
    if school_id:
        store.school(school_id)  # raises NotFound
    about = [school_id] if school_id else None
    tasks, jobs = store.open_tasks_about(about), store.jobs_about(about)
    places = {place for _, place in (*tasks, *jobs)}
    before = _calendars(store, places)
    store.save_calendar(school_id, replace(calendar, terms=tuple(sorted(calendar.terms))))
    after = _calendars(store, places)
    changes = {
        place: CalendarChange(store, before[place], after[place], now, me.person.id if me else None) for place in places
    }
    reminders = {job.key: job for job, _ in jobs}
    try:
        touched = {task.case_id: at for task, at in tasks if changes[at].moves(task, reminders.get(chase_key(task)))}
        touched |= {job.case_id: at for job, at in jobs if job.case_id and changes[at].moves_timer(job)}
        clock.calendar_changed(store, now)
        return sum(changes[touched[case_id]].carry_out(case_id) for case_id in sorted(touched))
    except CalendarEnds as error:
        raise BadDetails({"terms": TOO_FEW}) from error


def _calendars(store: Store, places: Iterable[UUID | None]) -> dict[UUID | None, Calendar]:
    return {
        place: store.school_and_calendar(place, date.min)[1] if place else store.calendar(None, date.min)
        for place in places
    }


@dataclass(frozen=True)
class CalendarChange:
    """One place's calendar, before and after."""

    store: Store
    before: Calendar
    after: Calendar
    now: datetime
    by: UUID | None

    def moves(self, task: Task, reminder: Job | None) -> bool:
        """Whether a task gets another deadline, or the reminder about it another moment."""
        later = self._later(task)
        following = self._reminder(later, reminder) if reminder else None
        return later != task or (following and following.run_at) != (reminder and reminder.run_at)

    def moves_timer(self, job: Job) -> bool:
        """Whether a timer gets another moment."""
        return job.kind is JobKind.WAKE and self._timer_at(job) != was_for(job)

    def carry_out(self, case_id: UUID) -> int:
        """Move what a case waits for, as it is by now. Returns how many tasks got another deadline."""
        case = self.store.lock_case(case_id)
        if case.status not in LIVE:
            return 0
        writes = Writes(case_id, self.now)
        jobs = {job.key: job for job in self.store.case_jobs(case_id)}
        timers = [job for job in jobs.values() if self.moves_timer(job)]
        tasks = [(task, self._later(task)) for task in self.store.open_tasks(case_id)]
        moved = [later for task, later in tasks if later != task]
        for task in moved:
            self.store.save_task(task)
            writes.note(EntryKind.DEADLINE, _said(task), self.by, task.step)
        reminded = [later for _, later in tasks] if case.status is CaseStatus.OPEN else []
        reminders = [job for task in reminded if (job := self._reminder(task, jobs.get(chase_key(task))))]
        self.store.drop_jobs([job.key for job in (*timers, *reminders)])
        writes.jobs.extend([*map(self._move_timer, timers), *reminders])
        writes.flush(self.store)
        return len(moved)

    def _later(self, task: Task) -> Task:
        return replace(task, due_at=self._due(task))

    def _due(self, task: Task) -> datetime | None:
        """A deadline somebody put off by hand stays as they agreed it."""
        if not task.due_words or not task.due_at or task.extended:
            return task.due_at
        return self._moved(task.due_words, task.ready_at, task.due_at)

    def _timer_at(self, job: Job) -> datetime:
        if job.attempts:  # its moment has come already
            return was_for(job)
        if comes_round(job):
            at = was_for(job)
            return at if at <= self.now else moved_round(job, self.after, self.now).run_at
        return self._moved(job.payload["words"], datetime.fromisoformat(job.payload["from"]), was_for(job))

    def _moved(self, words: str, since: datetime, at: datetime) -> datetime:
        """Where a moment that counts days comes to lie; what it was put off by while its case paused stays with it."""
        deadline = read_deadline(words)
        if deadline.count is None:
            return at
        was, will_be = due_at(words, since, self.before), due_at(words, since, self.after)
        if at == was:
            return will_be
        stood = self.before.between(was.astimezone(LONDON).date(), at.astimezone(LONDON).date(), deadline.days)
        return days_from(will_be, stood, deadline.days, self.after)

    def _move_timer(self, job: Job) -> Job:
        at = self._timer_at(job)
        if comes_round(job):
            job = replace(moved_round(job, self.after, self.now), run_at=job.run_at)
        return held(freed(job, at)) if is_held(job) else replace(job, run_at=at)

    def _reminder(self, task: Task, job: Job | None) -> Job | None:
        if job and job.attempts:
            return job
        since = datetime.fromisoformat(job.payload["since"]) if job else self.now
        table = rows_for(self.store.house_table(), self.store.roles().get(task.role))
        return first_chase(task, table, self.after, after=since)


def _said(task: Task) -> str:
    day = day_of_month(task.due_at.astimezone(LONDON)) if task.due_at else "later"
    return f"The calendar changed: “{task.title}” is due on {day} instead."
