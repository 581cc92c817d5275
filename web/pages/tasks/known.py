"""A task with what surrounds it: all that its page is made from, read for one person in about a dozen statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine.bpmn.outline.steps import Next, comes_next_of
from engine.casework.pools import Near
from engine.commands.cases.open_task import Opened, open_task
from engine.model.casework import CaseStatus, Draft, Evidence, Task, TaskStatus
from engine.model.people import Me, Person, pool
from engine.model.person_ids import ids_in
from storage.queries.cases.answers import Answered, Corrections, LastAnswers, answers_page, corrections, last_answers
from storage.queries.paging import Cursor
from storage.queries.tasks import one_task
from storage.queries.tasks.standing import Stand, standing
from storage.store.sql_store import SqlStore
from web.parts.dates import local_day


@dataclass(frozen=True)
class TaskKnown:
    """One task for one person."""

    me: Me
    now: datetime
    opened: Opened
    next: Sequence[Next]
    stands: list[Stand]  # who this person is today
    answered: Sequence[Answered]  # the last answer to each step, oldest first; or a page of all, newest first
    corrections: Corrections
    more: bool  # whether others came before those
    after: Cursor | None  # where the next page of them begins
    handed: str | None
    draft: Draft | None
    files: list[Evidence]  # of this task and of those answers
    near: Near
    people: Mapping[UUID, Person]

    @property
    def task(self) -> Task:
        """The task itself."""
        return self.opened.task

    @property
    def can_do(self) -> bool:
        """Whether this person may answer it as things stand."""
        mine = self.opened.whose is not None
        return mine and self.task.status is TaskStatus.OPEN and self.opened.case.status is CaseStatus.OPEN

    @property
    def waits_for(self) -> list[Person]:
        """Everybody on the list the task waits on, or whoever has it by name."""
        return self.named([self.task.person_id]) if self.task.person_id else self.on_list

    @property
    def on_list(self) -> list[Person]:
        """Everybody on the list it came from."""
        return self.named([post.person_id for post in self.near.posts if pool(post.role, post.scope) == self.task.pool])

    def holders(self, role: str) -> list[Person]:
        """Who does what this role does here. role: as drawn."""
        return self.named(self.near.find(self.opened.run.definition.package.role(role)).people)

    def named(self, ids: Iterable[UUID]) -> list[Person]:
        """These people, each once."""
        return [self.people[one] for one in dict.fromkeys(ids) if one in self.people]


@dataclass(frozen=True)
class AllAnswers:
    """All answers are wanted, newest first: a page of them, after a place."""

    after: Cursor | None


def read(store: SqlStore, me: Me, task_id: UUID, now: datetime, earlier: AllAnswers | None = None) -> TaskKnown:
    """Everything, from one snapshot. earlier: None for what is known so far. Raises NotFound, NotAllowed."""
    opened = open_task(store, me, task_id, now)
    task, run = opened.task, opened.run
    following = comes_next_of(run.definition, task.step, store.roles())
    near = Near(store, _roles_around(store, opened, following), run.case.school_id, local_day(now))
    answered, more, after = _answered(store, run.case.id, earlier)
    last = LastAnswers(tuple(answered), more) if earlier is None else None
    by_name = (task.person_id, task.done_by, run.case.started_by, *(post.person_id for post in near.posts))
    told = ids_in(run.case.answers.values, run.case.answers.items, *(one.submission.answers for one in answered))
    return TaskKnown(
        me=me,
        now=now,
        opened=opened,
        next=following,
        stands=standing(store.connection, store.memory.office, me.person.id, local_day(now)),
        answered=answered,
        corrections=corrections(store.connection, run.case.id, last),
        more=more,
        after=after,
        handed=one_task.last_handed(store.connection, run.case.id, task.step) if task.person_id else None,
        draft=store.draft(task.id, me.person.id),
        files=sorted(
            one_task.attached(store.connection, run.case.id, {task.id, *(one.submission.task_id for one in answered)}),
            key=lambda file: (file.at, file.name.casefold()),
        ),
        near=near,
        people=store.people({one for one in by_name if one} | told),
    )


def _answered(
    store: SqlStore, case_id: UUID, earlier: AllAnswers | None
) -> tuple[Sequence[Answered], bool, Cursor | None]:
    if earlier is None:
        known = last_answers(store.connection, case_id)
        return known.answered, known.more, None
    found = answers_page(store.connection, case_id, earlier.after)
    return found.rows, False, found.after


def _roles_around(store: SqlStore, opened: Opened, following: Sequence[Next]) -> set[str]:
    """The task's own role, the one that helps with it, and those that come next."""
    definition, own = opened.run.definition, store.roles().get(opened.task.role)
    drawn_next = (definition.diagram.elements[step.element].role for step in following)
    found = {definition.package.role(role) for role in drawn_next if role}
    return found | {opened.task.role} | ({own.line} if own and own.line else set())
