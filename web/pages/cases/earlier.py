"""What a case's page leaves out because the case has become long: each kind of thing page by page, newest first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from engine.errors import NotFound
from storage.database import Connection
from storage.queries.cases.answers import LastAnswers, answers_page
from storage.queries.cases.page import CasePage, actions_page, done_page, evidence_page, records_page
from storage.queries.paging import Cursor

Turned = tuple[CasePage, Cursor | None]


@dataclass(frozen=True)
class Holding:
    """One kind of thing that a case holds. turn: its page with another page of them, and where the next begins."""

    title: str
    turn: Callable[[Connection, CasePage, Cursor | None], Turned]


def _steps(connection: Connection, page: CasePage, after: Cursor | None) -> Turned:
    found = done_page(connection, page.head.case.id, after)
    return replace(page, tasks=found.rows), found.after


def _answers(connection: Connection, page: CasePage, after: Cursor | None) -> Turned:
    found = answers_page(connection, page.head.case.id, after)
    return replace(page, answered=LastAnswers(found.rows, more=False)), found.after


def _records(connection: Connection, page: CasePage, after: Cursor | None) -> Turned:
    found = records_page(connection, page.head.case.id, after)
    return replace(page, records=found), found.after


def _actions(connection: Connection, page: CasePage, after: Cursor | None) -> Turned:
    found = actions_page(connection, page.head.case.id, after)
    return replace(page, actions=found), found.after


def _files(connection: Connection, page: CasePage, after: Cursor | None) -> Turned:
    found = evidence_page(connection, page.head.case, after)
    return replace(page, evidence=found), found.after


HOLDINGS: Mapping[str, Holding] = {
    "steps": Holding("Steps done", _steps),
    "answers": Holding("Answers", _answers),
    "records": Holding("Records", _records),
    "actions": Holding("Actions", _actions),
    "evidence": Holding("Evidence", _files),
}


def holding(name: str) -> Holding:
    """Raises NotFound for what no case holds."""
    if name not in HOLDINGS:
        raise NotFound
    return HOLDINGS[name]
