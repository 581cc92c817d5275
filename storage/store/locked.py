"""Taking a task in hand: everything that a command about it is going to ask for, in one statement."""

from __future__ import annotations

from collections.abc import Sequence
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

OWN, COMMON = calendars.alias("own"), calendars.alias("common")
IN_HAND = (*CASE, *SCHOOL, OWN.c.calendar, COMMON.c.calendar)  # a case, and what running it on asks for


def with_school(cases_read: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """A statement that reads cases, joined with their schools and calendars."""
    return (
        cases_read.outerjoin(schools, schools.c.id == cases.c.school_id)
        .outerjoin(OWN, OWN.c.school_id == schools.c.id)
        .outerjoin(COMMON, COMMON.c.school_id == TRUST_S)
    )


def _locked() -> Select[*tuple[Any, ...]]:
    drafted = select(func.count()).where(drafts.c.task_id == tasks.c.id).scalar_subquery()
    both = select(*TASK, *IN_HAND, drafted).join_from(tasks, cases, cases.c.id == tasks.c.case_id)
    return (
        with_school(both).where(tasks.c.id == bindparam("task_id")).with_for_update(key_share=True, of=[cases, tasks])
    )


LOCKED = _locked()
A, B = len(TASK), len(CASE)


class LockedStore(CaseStore, JournalStore, SchoolStore):
    """See engine.ports.Cases. What comes along with the task is remembered until it is asked for."""

    def lock_task(self, task_id: UUID) -> tuple[Task, Case]:
        """A task and its case in one statement, both rows held. Raises NotFound."""
        row = found(read_row(self.connection, LOCKED, {"task_id": task_id}))
        task, case = self._remember_task(row[:A]), self._remember_case(row[A : A + B])
        *around, drafted = row[A + B :]
        self._remember_around(case, around)
        if not drafted:
            self._undrafted.add(task_id)
        return task, case

    def take_in_hand(self, read: Sequence[Any]) -> None:
        """A row of IN_HAND, its case held until the transaction ends: whoever locks the case next need not read it."""
        case = self._held[read[0]] = Case(*read[:B])
        self._remember_around(case, read[B:])

    def _remember_around(self, case: Case, around: Sequence[Any]) -> None:
        *school, own, common = around
        if case.school_id:
            self._around[case.school_id] = School(*school), own, common
