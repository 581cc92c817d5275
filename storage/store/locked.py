"""Taking a task in hand: everything that a command about it is going to ask for, in one statement."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select

from engine.model.casework import Case, Task
from engine.model.people import School
from storage.ready import read_row
from storage.store.cases import CASE, TASK, CaseStore
from storage.store.journal import JournalStore
from storage.store.keeper import found
from storage.store.schools import SCHOOL, TRUST_S, SchoolStore
from storage.tables import calendars, cases, drafts, schools, tasks


def _locked() -> Select[*tuple[Any, ...]]:
    own, common = calendars.alias("own"), calendars.alias("common")
    drafted = select(func.count()).where(drafts.c.task_id == tasks.c.id).scalar_subquery()
    return (
        select(*TASK, *CASE, *SCHOOL, own.c.calendar, common.c.calendar, drafted)
        .join_from(tasks, cases, cases.c.id == tasks.c.case_id)
        .outerjoin(schools, schools.c.id == cases.c.school_id)
        .outerjoin(own, own.c.school_id == schools.c.id)
        .outerjoin(common, common.c.school_id == TRUST_S)
        .where(tasks.c.id == bindparam("task_id"))
        .with_for_update(key_share=True, of=[cases, tasks])
    )


LOCKED = _locked()
A, B = len(TASK), len(TASK) + len(CASE)


class LockedStore(CaseStore, JournalStore, SchoolStore):
    """See engine.ports.Cases. What comes along with the task is remembered until it is asked for."""

    def lock_task(self, task_id: UUID) -> tuple[Task, Case]:
        """A task and its case in one statement, both rows held. Raises NotFound."""
        row = found(read_row(self.connection, LOCKED, {"task_id": task_id}))
        task, case = self._remember_task(row[:A]), self._remember_case(row[A:B])
        *school, own, common, drafted = row[B:]
        if case.school_id:
            self._around[case.school_id] = School(*school), own, common
        if not drafted:
            self._undrafted.add(task_id)
        return task, case
