"""What was answered on a case: the last answer to each question, and all that came before by pages.

A case may go round a loop for years. Reading what is known costs the same in its thousandth round as in its tenth: the
last few answers to each step are found through an index, however many there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, Connection, Select, bindparam, exists, func, select

from engine.model.casework import Entry, EntryKind, Submission
from storage.queries.paging import Cursor, Page, beyond, page, position
from storage.ready import read_rows
from storage.store.keeper import columns
from storage.tables import entries, people, submissions, tasks
from storage.tables.types import spelled

SUBMISSION, ENTRY = columns(submissions, Submission), columns(entries, Entry)
SIDE_BY_SIDE = 60  # answers to one step, done for several, that are looked through for the last of each
ON_A_PAGE = 20
MOST_CORRECTED = 100  # corrections of one case that are told beside its answers, the newest
CASE = bindparam("case_id", type_=submissions.c.case_id.type)
CORRECTED = entries.c.kind == spelled(EntryKind.CORRECTED)


@dataclass(frozen=True)
class Answered:
    """What somebody answered on an earlier task of the case."""

    submission: Submission
    title: str  # of the task
    name: str  # of whoever did it
    scope: str | None  # the task's key into the case's Answers.items


@dataclass(frozen=True)
class LastAnswers:
    """The last answer to each step (of a step done for several: to each of them), oldest first.

    more: whether others came before them.
    """

    answered: tuple[Answered, ...]
    more: bool


@dataclass(frozen=True)
class CorrectedLine:
    """A line of the journal about one answer that was corrected."""

    entry: Entry
    name: str  # of whoever corrected it
    submission_id: UUID | None  # what was answered last on its step by then; None: what the case began with


@dataclass(frozen=True)
class Corrections:
    """What was corrected, oldest first. last: the last answer to each step; empty when nothing was corrected."""

    lines: tuple[CorrectedLine, ...] = ()
    last: tuple[Answered, ...] = ()


def corrections(connection: Connection, case_id: UUID, known: LastAnswers | None = None) -> Corrections:
    """What was corrected of a case. known: the last answers to each step where they have been read."""
    rows = read_rows(connection, _corrected(), {"case_id": case_id})
    if not rows:
        return Corrections()
    lines = tuple(CorrectedLine(Entry(*row), name, submission_id) for name, submission_id, *row in reversed(rows))
    return Corrections(lines, (known or last_answers(connection, case_id)).answered)


def is_corrected(case_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Whether an answer of the case was ever corrected."""
    return exists().where(entries.c.case_id == case_id, CORRECTED)


def last_answers(connection: Connection, case_id: UUID) -> LastAnswers:
    """In one statement, the unseen too: policy says who may read what."""
    rows = read_rows(connection, _last(), {"case_id": case_id})
    found = tuple(Answered(Submission(*row), title, name, scope) for title, name, scope, _, *row in rows)
    return LastAnswers(found, more=bool(rows) and rows[0][3] > len(rows))


def answers_page(
    connection: Connection, case_id: UUID, after: Cursor | None = None, limit: int = ON_A_PAGE
) -> Page[Answered]:
    """Everything answered, newest first, the unseen too: policy says who may read what."""
    given = {"case_id": case_id, "at_most": limit + 1, **position(after)}
    rows = read_rows(connection, _page(after is not None), given)
    found = [Answered(Submission(*row), title, name, scope) for title, name, scope, *row in rows]
    return page(found, limit, lambda one: Cursor(one.submission.at, one.submission.id))


@cache
def _page(goes_on: bool) -> Select[*tuple[Any, ...]]:
    wanted = (
        select(tasks.c.title, people.c.name, tasks.c.scope, *SUBMISSION)
        .join_from(submissions, tasks, tasks.c.id == submissions.c.task_id)
        .join(people, people.c.id == submissions.c.by)
        .where(submissions.c.case_id == CASE)
    )
    if goes_on:
        wanted = wanted.where(beyond(submissions.c.at, submissions.c.id, latest_first=True))
    return wanted.order_by(submissions.c.at.desc(), submissions.c.id.desc()).limit(bindparam("at_most"))


@cache
def _corrected() -> Select[*tuple[Any, ...]]:
    sent = (
        select(submissions.c.id)
        .where(submissions.c.case_id == CASE, submissions.c.step == entries.c.step, submissions.c.at <= entries.c.at)
        .order_by(submissions.c.at.desc(), submissions.c.id.desc())
        .limit(1)
        .correlate(entries)
        .scalar_subquery()
    )
    return (
        select(people.c.name, sent, *ENTRY)
        .join_from(entries, people, people.c.id == entries.c.by)
        .where(entries.c.case_id == CASE, CORRECTED)
        .order_by(entries.c.at.desc(), entries.c.place.desc())
        .limit(MOST_CORRECTED)
    )


@cache
def _last() -> Select[*tuple[Any, ...]]:
    recent = _recent()
    last = select(recent, func.count().over().label("looked_through")).subquery()
    return (
        select(tasks.c.title, people.c.name, tasks.c.scope, last.c.looked_through, *SUBMISSION)
        .join_from(last, submissions, submissions.c.id == last.c.id)
        .join(tasks, tasks.c.id == submissions.c.task_id)
        .join(people, people.c.id == submissions.c.by)
        .where(last.c.newest == 1)
        .order_by(submissions.c.at, submissions.c.id)
    )


def _recent() -> CTE:
    """The last answers to every step, numbered from the newest for each thing the step was done for."""
    steps, one = _steps(), submissions.alias("one")
    newest_first = (one.c.at.desc(), one.c.id.desc())
    some = (
        select(one.c.id)
        .where(one.c.case_id == CASE, one.c.step == steps.c.step)
        .order_by(*newest_first)
        .limit(SIDE_BY_SIDE)
        .correlate(steps)
        .scalar_subquery()
    )
    found = submissions.alias("found")
    return (
        select(
            found.c.id,
            func.row_number()
            .over(
                partition_by=(found.c.step, func.coalesce(tasks.c.item, tasks.c.scope, "")),
                order_by=(found.c.at.desc(), found.c.id.desc()),
            )
            .label("newest"),
        )
        .join_from(steps, found, found.c.id.in_(some))
        .join(tasks, tasks.c.id == found.c.task_id)
        .cte("recent")
    )


def _steps() -> CTE:
    """Every step that was answered, each found by one look into the index."""
    first = select(func.min(submissions.c.step).label("step")).where(submissions.c.case_id == CASE)
    steps = first.cte("steps", recursive=True)
    after = (
        select(func.min(submissions.c.step))
        .where(submissions.c.case_id == CASE, submissions.c.step > steps.c.step)
        .correlate(steps)
        .scalar_subquery()
    )
    return steps.union_all(select(after).where(steps.c.step.is_not(None)))
