"""A case with what surrounds it: all that its page is made from, read for one person from one snapshot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from engine import policy
from engine.bpmn.definition import Definition
from engine.bpmn.runtime import runner
from engine.bpmn.runtime.rest import Rest
from engine.casework.context import CaseInHand, prepare
from engine.errors import NotAllowed, NotFound, Refused
from engine.model.casework import LIVE, Case, CaseStatus, TaskStatus
from engine.model.people import Me, Role, School
from engine.model.person_ids import ids_in, with_names
from storage.queries.cases import around as case_around
from storage.queries.cases.around import CaseAround, JournalPage, Lists
from storage.queries.cases.page import NEWEST, CaseHead, CasePage, CaseTask, case_head, case_page
from storage.store.sql_store import SqlStore
from web.parts.dates import local_day

Found = TypeVar("Found")


@dataclass(frozen=True)
class CaseKnown:
    """One case for one person who may read it."""

    me: Me
    now: datetime
    page: CasePage
    run: CaseInHand
    rest: Rest | None  # where it rests; None when it has ended or cannot be told
    around: CaseAround
    journal: JournalPage
    lists: Lists

    def named(self, text: str | None) -> str:
        """A text with people's names in place of their ids."""
        return with_names(text or "", self.lists.people)

    @property
    def case(self) -> Case:
        """The case itself."""
        return self.page.head.case

    @property
    def definition(self) -> Definition:
        """Its version."""
        return self.run.definition

    @property
    def school(self) -> School | None:
        """None: the whole trust."""
        return self.run.school

    @property
    def roles(self) -> Mapping[str, Role]:
        """The trust's roles, by key."""
        return self.lists.roles

    @property
    def open_tasks(self) -> list[CaseTask]:
        """What waits for people, soonest due first."""
        found = [one for one in self.page.tasks if one.task.status is TaskStatus.OPEN]
        return sorted(found, key=lambda one: (one.task.due_at is None, one.task.due_at or one.task.ready_at))

    @property
    def done_tasks(self) -> list[CaseTask]:
        """What people have done last, in order."""
        found = [one for one in self.page.tasks if one.task.status is TaskStatus.DONE]
        return sorted(found, key=lambda one: one.task.done_at or one.task.ready_at)[-NEWEST:]

    @property
    def done_before(self) -> bool:
        """Whether people have done more than those."""
        return sum(one.task.status is TaskStatus.DONE for one in self.page.tasks) > NEWEST

    @property
    def done_steps(self) -> set[str]:
        """Every step that somebody has done."""
        return {one.submission.step for one in self.page.answered.answered} | {one.task.step for one in self.done_tasks}

    @property
    def is_late(self) -> bool:
        """Whether anything open is past its deadline while the clocks run."""
        if self.case.status is not CaseStatus.OPEN:
            return False
        return any(one.task.due_at is not None and one.task.due_at < self.now for one in self.open_tasks)


def read(
    store: SqlStore, me: Me, ref: str, now: datetime, turn: Callable[[CasePage], CasePage] = lambda page: page
) -> CaseKnown:
    """Everything. turn: another page of something in it. Raises NotFound: also for a case that this person may not
    read, so that nobody learns it exists.
    """
    page = turn(_unless_hidden(lambda: case_page(store.connection, policy.sight(me), ref)))
    case = page.head.case
    run = prepare(store, case, now, me.person.id)
    open_lists = {one.task.pool for one in page.tasks if one.task.status is TaskStatus.OPEN and not one.task.person_id}
    return CaseKnown(
        me=me,
        now=now,
        page=page,
        run=run,
        rest=_rest(run),
        around=case_around.around(store.connection, case.id),
        journal=case_around.journal(store.connection, case.id),
        lists=case_around.lists(store.connection, open_lists - {""}, local_day(now), _ids(page)),
    )


def _ids(page: CasePage) -> set[UUID]:
    """The ids among the answers: a procedure chooses people by id, and pages tell their names."""
    told = [one.task.item or "" for one in page.tasks]
    told += [str(one.submission.answers) for one in page.answered.answered]
    told += [str(record.body) for record in page.records.rows]
    return ids_in(*told, page.head.case.answers.values, page.head.case.answers.items)


def read_head(store: SqlStore, me: Me, ref: str) -> CaseHead:
    """The case alone. Raises NotFound as read does."""
    return _unless_hidden(lambda: case_head(store.connection, policy.sight(me), ref))


def find(store: SqlStore, me: Me, ref: str) -> UUID:
    """The id of a case that this person may read. Raises NotFound as read does."""
    return read_head(store, me, ref).case.id


def _unless_hidden(look: Callable[[], Found]) -> Found:
    try:
        return look()
    except NotAllowed as refusal:
        raise NotFound from refusal


def _rest(run: CaseInHand) -> Rest | None:
    """Where the case rests. One that needs attention may be in no state to say so."""
    if run.case.status not in LIVE:
        return None
    try:
        return runner.look(run.definition, run.state, run.case.answers, run.facts)
    except Refused:
        return None
