"""Cases and their tasks.

Locks: a task is locked together with its case, the case first, so that whoever waited for the case sees the task as it
is by then. The lock is FOR NO KEY UPDATE: it stops every other writer of the case, but not a draft or a file that only
points at it. On SQLite the transaction itself is the lock.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Select, bindparam, select, update
from sqlalchemy.sql.dml import ReturningInsert

from engine.errors import CaseMovedOn
from engine.model.casework import LIVE, Case, CaseStatus, Task, TaskStatus
from storage.ready import read_row, read_rows
from storage.store.keeper import Keeper, changes, columns, found, upsert, values
from storage.store.statement import Statement
from storage.tables import cases, counters, tasks
from storage.tables.types import spelled

CASE = columns(cases, Case)
TASK = columns(tasks, Task)
OPEN_TASK = spelled(TaskStatus.OPEN)

THE_CASE = select(*CASE).where(cases.c.id == bindparam("case_id"))
LOCKED_CASE = THE_CASE.with_for_update(key_share=True)
THE_TASK = select(*TASK).where(tasks.c.id == bindparam("task_id"))
OF_CASE = (tasks.c.case_id == bindparam("of_case")) & (tasks.c.status == OPEN_TASK)
OPEN_TASKS = select(*TASK).where(OF_CASE).order_by(tasks.c.due_at, tasks.c.id)
# The columns to write are those given as parameters.
SAVE_CASE = Statement(
    update(cases).where(cases.c.id == bindparam("the_id"), cases.c.revision == bindparam("the_revision"))
)
SAVE_TASK = Statement(update(tasks).where(tasks.c.id == bindparam("the_id")))
_OPEN_ONES = update(tasks).where(OF_CASE)
SHOW_ON_TASKS = Statement(_OPEN_ONES)
WITHDRAW = Statement(_OPEN_ONES.where(tasks.c.token.in_(bindparam("tokens", expanding=True))))


@cache
def _counting(dialect: str) -> ReturningInsert[int]:
    key: list[Column[Any]] = [counters.c.prefix, counters.c.year]
    counted = upsert(dialect, counters).on_conflict_do_update(index_elements=key, set_={"value": counters.c.value + 1})
    return counted.returning(counters.c.value)


class CaseStore(Keeper):
    """See engine.ports.Cases. Remembers the cases and tasks read here, to write only what changed."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._cases: dict[UUID, Case] = {}
        self._tasks: dict[UUID, Task] = {}
        self._held: dict[UUID, Case] = {}  # locked already, and not changed since

    def lock_case(self, case_id: UUID) -> Case:
        """The case, its row held until the transaction ends. Raises NotFound."""
        if case_id in self._held:
            self._cases[case_id] = self._held.pop(case_id)
            return self._cases[case_id]
        return self._remember_case(found(read_row(self.connection, LOCKED_CASE, {"case_id": case_id})))

    def case(self, case_id: UUID) -> Case:
        """The case. Raises NotFound."""
        return self._remember_case(found(read_row(self.connection, THE_CASE, {"case_id": case_id})))

    def task(self, task_id: UUID) -> Task:
        """The task. Raises NotFound."""
        return self._remember_task(found(read_row(self.connection, THE_TASK, {"task_id": task_id})))

    def next_ref(self, prefix: str, year: int) -> str:
        """The next reference, e.g. DIA-2026-0031."""
        first = {"prefix": prefix, "year": year, "value": 1}
        number = self.connection.execute(_counting(self._dialect), first).scalar_one()
        return f"{prefix}-{year}-{number:04d}"

    def add_case(self, case: Case) -> None:
        """Write down a new case."""
        self.add(cases, [values(case)])
        self._cases[case.id] = case

    def save_case(self, case: Case) -> None:
        """Write the case back, its revision one higher. Raises CaseMovedOn when somebody else wrote it since."""
        self._held.pop(case.id, None)
        before = self._cases.get(case.id)
        changed = values(case) if before is None or before.revision != case.revision else changes(before, case)
        changed |= {"revision": case.revision + 1, "the_id": case.id, "the_revision": case.revision}
        if SAVE_CASE.run(self.connection, changed) != 1:
            raise CaseMovedOn
        self._cases[case.id] = replace(case, revision=case.revision + 1)
        if before is None or _shown(before) != _shown(case):
            self._show_on_tasks(case)

    def cases_waiting_on(self, parent_id: UUID) -> list[Case]:
        """The cases that one case asked for and that have not ended."""
        asked = select(*CASE).where(cases.c.parent_id == parent_id, cases.c.status.in_(LIVE))
        return [self._remember_case(row) for row in self.connection.execute(asked.order_by(cases.c.started_at))]

    def open_tasks(self, case_id: UUID) -> list[Task]:
        """The open tasks of a case, soonest first."""
        return [self._remember_task(row) for row in read_rows(self.connection, OPEN_TASKS, {"of_case": case_id})]

    def add_tasks(self, added: Sequence[Task]) -> None:
        """Write down new tasks, each with what lists show of its case."""
        self.add(tasks, [self._with_case(task) for task in added])
        self._tasks.update((task.id, task) for task in added)

    def save_task(self, task: Task) -> None:
        """Write the task back."""
        before = self._tasks.get(task.id)
        changed = values(task) if before is None else changes(before, task)
        if before is None or "status" in changed:
            changed["listed"] = self._is_listed(task)
        if changed:
            SAVE_TASK.run(self.connection, {**changed, "the_id": task.id})
        self._tasks[task.id] = task

    def withdraw_tasks(self, case_id: UUID, tokens: Collection[str], now: datetime) -> None:
        """Take back the open tasks of these visits."""
        if tokens:
            WITHDRAW.run(self.connection, {**_gone(case_id, now), "tokens": list(tokens)})

    def withdraw_all_tasks(self, case_id: UUID, now: datetime) -> None:
        """Take back every open task of the case."""
        SHOW_ON_TASKS.run(self.connection, _gone(case_id, now))

    def open_tasks_of_roles(
        self, roles: Collection[str], school_ids: Collection[UUID] | None
    ) -> list[tuple[Task, UUID | None]]:
        """Open tasks of these roles with their case's school (None: everywhere), paused cases included."""
        if not roles:
            return []
        wanted = select(*TASK, tasks.c.school_id).where(tasks.c.status == OPEN_TASK, tasks.c.role.in_(roles))
        return self._with_school(wanted, school_ids)

    def open_tasks_of_person(self, person_id: UUID) -> list[Task]:
        """Open tasks that this person took or was handed."""
        wanted = select(*TASK).where(tasks.c.status == OPEN_TASK, tasks.c.person_id == person_id)
        return [self._remember_task(row) for row in self.connection.execute(wanted.order_by(tasks.c.id))]

    def open_tasks_about(self, school_ids: Collection[UUID] | None) -> list[tuple[Task, UUID | None]]:
        """Open tasks of cases about these schools (None: all), paused ones included, with their case's school."""
        return self._with_school(select(*TASK, tasks.c.school_id).where(tasks.c.status == OPEN_TASK), school_ids)

    def _with_school(
        self, wanted: Select[*tuple[Any, ...]], school_ids: Collection[UUID] | None
    ) -> list[tuple[Task, UUID | None]]:
        if school_ids is not None:
            wanted = wanted.where(tasks.c.school_id.in_(school_ids))
        found_rows = self.connection.execute(wanted.order_by(tasks.c.due_at, tasks.c.id))
        return [(self._remember_task(row[:-1]), row[-1]) for row in found_rows]

    def _with_case(self, task: Task) -> dict[str, Any]:
        case = self._known_case(task.case_id)
        copies = {"school_id": case.school_id, "version_id": case.version_id, **_shown(case)}
        return {**values(task), **copies, "listed": self._is_listed(task)}

    def _is_listed(self, task: Task) -> bool:
        return task.status is TaskStatus.OPEN and self._known_case(task.case_id).status is not CaseStatus.PAUSED

    def _known_case(self, case_id: UUID) -> Case:
        return self._cases[case_id] if case_id in self._cases else self.case(case_id)

    def _show_on_tasks(self, case: Case) -> None:
        """Bring the copies on the case's open tasks up to date."""
        SHOW_ON_TASKS.run(self.connection, {**_shown(case), "of_case": case.id})

    def _remember_case(self, row: Sequence[Any]) -> Case:
        case = Case(*row)
        self._cases[case.id] = case
        return case

    def _remember_task(self, row: Sequence[Any]) -> Task:
        task = Task(*row)
        self._tasks[task.id] = task
        return task


def _shown(case: Case) -> dict[str, Any]:
    """What a case's open tasks show of it."""
    return {
        "case_ref": case.ref,
        "case_title": case.title,
        "sensitivity": case.sensitivity,
        "listed": case.status is not CaseStatus.PAUSED,
    }


def _gone(case_id: UUID, now: datetime) -> dict[str, Any]:
    return {"of_case": case_id, "status": TaskStatus.WITHDRAWN, "done_at": now, "listed": False}
