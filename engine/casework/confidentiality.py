"""Messages give away no title: whoever may not read a case learns only its reference from what it sends them.

A case open to all staff has nothing to hide from those its messages go to. Of any other, the title stands for what it
is about, and people write it freely; a message that a procedure words itself may say what its designer chose.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from engine import policy
from engine.casework.context import CaseInHand
from engine.errors import NotFound
from engine.model.casework import Case, Notice, Sensitivity, Task
from engine.model.people import Me

STRICTER = (Sensitivity.STAFF, Sensitivity.LEADERS, Sensitivity.NAMED)


def sensitivity_in(answers: Mapping[str, Any]) -> Sensitivity | None:
    """Who may read a case, as a form asked; None where it did not."""
    told = answers.get("sensitivity")
    return Sensitivity(told) if isinstance(told, str) and told in set(Sensitivity) else None


def stricter(one: Sensitivity, other: Sensitivity | None) -> Sensitivity:
    """Of two, the one that lets fewer people read."""
    return max(one, other or Sensitivity.STAFF, key=STRICTER.index)


def named(case: Case) -> str:
    """What another case or a list may call a case."""
    return f"{case.ref}, {case.title}" if case.sensitivity is Sensitivity.STAFF else case.ref


def hidden(case: Case, text: str) -> str:
    """A text without the title of a case that not everybody may read."""
    if case.sensitivity is Sensitivity.STAFF or not case.title:
        return text
    return text.replace(case.title, case.ref)


def mask(run: CaseInHand) -> None:
    """Take the case's title out of messages to people who may not read it. Its tasks have been written down."""
    if run.case.sensitivity is Sensitivity.STAFF or not run.writes.notices:
        return
    tasks = run.store.open_tasks(run.case.id)
    authors = {submission.by for submission in run.store.submissions(run.case.id)}
    told = {notice.person_id for notice in run.writes.notices}
    readers = {person for person in told if person in authors or _reads(run, person, tasks)}
    run.writes.notices = [each if each.person_id in readers else _hidden(run.case, each) for each in run.writes.notices]


def is_reader(run: CaseInHand, me: Me) -> bool:
    """Whether somebody has a part in the case by name: they answered something, or have or had a task of it."""
    tasks = run.store.open_tasks(run.case.id)
    return any(_is_named(me, task) for task in tasks) or any(
        submission.by == me.person.id for submission in run.store.submissions(run.case.id)
    )


def _hidden(case: Case, notice: Notice) -> Notice:
    return replace(notice, subject=hidden(case, notice.subject), text=hidden(case, notice.text))


def _reads(run: CaseInHand, person_id: UUID, tasks: Sequence[Task]) -> bool:
    try:
        me = run.store.me(person_id, run.today)
    except NotFound:  # has left
        return False
    return policy.may_read_case(me, run.case, run.school, any(_is_named(me, task) for task in tasks))


def _is_named(me: Me, task: Task) -> bool:
    return me.person.id in (task.person_id, task.done_by) or task.pool in me.pools | me.covered_pools
