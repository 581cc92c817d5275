"""Reminders and escalations: one job a task, walking down the house table moment by moment.

The job knows since when, not which row: a table or a calendar that has changed meanwhile is followed from there on.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from engine.casework.context import CaseInHand
from engine.casework.pools import Near
from engine.casework.write import write
from engine.model.calendar import LONDON, Calendar, days_of
from engine.model.casework import Case, EntryKind, Job, JobKind, Task
from engine.model.people import Role
from engine.model.reminders import HOLDER, LINE, Chase, HouseTable, moments
from engine.model.wording import day_of_month


def first_chase(task: Task, table: HouseTable, calendar: Calendar, after: datetime | None = None) -> Job | None:
    """The job for the next row of the table, or None when there is none. after: rows up to then are behind us.

    table: the rows that the task's role follows, see house.rows_for.
    """
    if task.due_at is None:
        return None
    since = after or task.ready_at
    for at, _row in moments(table, task.due_at, days_of(task.due_words), calendar, task.ready_at):
        if at > since:
            payload = {"task": str(task.id), "since": since.isoformat()}
            return Job(uuid4(), JobKind.CHASE, chase_key(task), at, payload, task.case_id, task.token)
    return None


def chase_key(task: Task) -> str:
    """The key of a task's one job of this kind."""
    return f"chase:{task.id}"


def rows_due(task: Task, table: HouseTable, calendar: Calendar, since: datetime, until: datetime) -> list[Chase]:
    """The rows of the table as it is by now that came due for a task after `since`, up to and including `until`."""
    if task.due_at is None:
        return []
    due = moments(table, task.due_at, days_of(task.due_words), calendar, task.ready_at)
    return [row for moment, row in due if since < moment <= until]


def chase(run: CaseInHand, task: Task, row: Chase) -> None:
    """Tell whom the row names about a task that is still open, and whoever covers for them. Nobody is told twice.

    Levels that fall on people who hold the task, or whom an earlier level has told, say nothing new and are left out.
    """
    role = run.store.roles().get(task.role)
    earlier = [each for each in run.table.chases if each.level and _place(each) < _place(row)]
    asked = {key for each in (row, *earlier) for key in _told_roles(role, each)}
    near = Near(run.store, {task.role, *asked}, run.case.school_id, run.today)
    holders = (task.person_id,) if task.person_id else near.find(task.role).people
    told = holders if row.to == HOLDER else _others(near, role, row, {*holders, *_people(near, role, earlier)})
    for person_id in _with_cover(run, told):
        run.writes.tell(person_id, _subject(task, row), _text(run.case, task, row), task.id)
    if told:
        run.writes.note(EntryKind.CHASED, _said(near, task, row), step=task.step)
    write(run)


def _place(row: Chase) -> tuple[int, int]:
    return row.days, row.level


def _told_roles(role: Role | None, row: Chase) -> set[str]:
    if row.to == HOLDER:
        return set()
    if row.to == LINE:
        return {role.line} if role and role.line else set()
    return {row.to}


def _people(near: Near, role: Role | None, rows: Iterable[Chase]) -> list[UUID]:
    return [person for row in rows for key in sorted(_told_roles(role, row)) for person in near.find(key).people]


def _others(near: Near, role: Role | None, row: Chase, told: set[UUID]) -> tuple[UUID, ...]:
    return tuple(person for person in dict.fromkeys(_people(near, role, [row])) if person not in told)


def _with_cover(run: CaseInHand, told: tuple[UUID, ...]) -> list[UUID]:
    covers = run.store.covers(run.today) if told else []
    return list(dict.fromkeys([*told, *(cover.by_id for cover in covers if cover.absent_id in told)]))


def _subject(task: Task, row: Chase) -> str:
    return f"Reminder: {task.title}" if row.level == 0 else f"Late: {task.title}"


def _text(case: Case, task: Task, row: Chase) -> str:
    at = task.due_at.astimezone(LONDON) if task.due_at else None
    due = f"{at:%A} {day_of_month(at)}" if at else ""
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
