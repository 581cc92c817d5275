"""Reminders and escalations: one job a task, walking down the house table moment by moment.

The job knows its moment, not its row: a table that the trust has changed meanwhile is followed from there on.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from engine.commands.pools import Near
from engine.commands.writing import Writes
from engine.model.calendar import LONDON, Calendar, days_of
from engine.model.casework import Case, EntryKind, Job, JobKind, Task
from engine.model.house import HOLDER, LINE, Chase, HouseTable, moments
from engine.model.people import Role
from engine.ports import Store


def first_chase(task: Task, table: HouseTable, calendar: Calendar, after: datetime | None = None) -> Job | None:
    """The job for the next row of the table, or None when there is none. after: rows up to then are behind us."""
    if task.due_at is None:
        return None
    since = after or task.ready_at
    for at, _row in moments(table, task.due_at, days_of(task.due_words), calendar, task.ready_at):
        if at > since:
            payload = {"task": str(task.id), "at": at.isoformat()}
            return Job(uuid4(), JobKind.CHASE, f"chase:{task.id}", at, payload, task.case_id, task.token)
    return None


def rows_at(task: Task, table: HouseTable, calendar: Calendar, at: datetime) -> list[Chase]:
    """The rows of the table as it is by now that come due for a task at this moment; none for a row taken out."""
    if task.due_at is None:
        return []
    due = moments(table, task.due_at, days_of(task.due_words), calendar, task.ready_at)
    return [row for moment, row in due if moment == at]


def chase(store: Store, case: Case, task: Task, row: Chase, calendar: Calendar, now: datetime) -> Task:
    """Tell whom the row names about a task that is still open. Nobody is told twice for the same row.

    A level that falls on people who hold the task already says nothing new and is left out.
    """
    day = now.astimezone(LONDON).date()
    near = Near(store, {task.role, *_told_roles(store.roles().get(task.role), row)}, case.school_id, day)
    holders = (task.person_id,) if task.person_id else near.find(task.role).people
    writes = Writes(case.id, now)
    told = holders if row.to == HOLDER else _others(near, task, row, holders)
    for person_id in told:
        writes.tell(person_id, _subject(task, row), _text(case, task, row), task.id)
    if told:
        writes.note(EntryKind.CHASED, _said(near, task, row), step=task.step)
    writes.flush(store)
    return task


def _told_roles(role: Role | None, row: Chase) -> set[str]:
    if row.to == HOLDER:
        return set()
    if row.to == LINE:
        return {role.line} if role and role.line else set()
    return {row.to}


def _others(near: Near, task: Task, row: Chase, holders: tuple[UUID, ...]) -> tuple[UUID, ...]:
    roles = _told_roles(near.roles.get(task.role), row)
    found = (person for key in sorted(roles) for person in near.find(key).people)
    return tuple(person for person in dict.fromkeys(found) if person not in holders)


def _subject(task: Task, row: Chase) -> str:
    return f"Reminder: {task.title}" if row.level == 0 else f"Late: {task.title}"


def _text(case: Case, task: Task, row: Chase) -> str:
    due = f"{task.due_at.astimezone(LONDON):%A %-d %B}" if task.due_at else ""
    if row.to == HOLDER:
        return f"“{task.title}” in {case.ref}, {case.title}, is due on {due}."
    return (
        f"“{task.title}” in {case.ref}, {case.title}, was due on {due} and is not done. "
        "Please help: do it, reassign it, extend it with a reason, or stop the case."
    )


def _said(near: Near, task: Task, row: Chase) -> str:
    if row.to == HOLDER:
        return f"A reminder went to {_label(near, task.role)} about “{task.title}”."
    roles = sorted(_told_roles(near.roles.get(task.role), row))
    return f"“{task.title}” is late: {', '.join(_label(near, key) for key in roles)} was asked to help."


def _label(near: Near, role: str) -> str:
    known = near.roles.get(role)
    return known.label if known else role
