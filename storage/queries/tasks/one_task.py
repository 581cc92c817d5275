"""What the page of one task shows besides the task: what was answered before it, and how it came to its person."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from engine.model.casework import EntryKind, Evidence
from storage.ready import read_row, read_rows
from storage.store.keeper import columns
from storage.tables import entries, evidence
from storage.tables.types import spelled

EVIDENCE = columns(evidence, Evidence)
ATTACHED = select(*EVIDENCE).where(evidence.c.case_id == bindparam("of_case")).order_by(evidence.c.at, evidence.c.id)
ATTACHED_TO = ATTACHED.where(evidence.c.task_id.in_(bindparam("tasks", expanding=True)))
HANDED = (
    select(entries.c.text)
    .where(entries.c.case_id == bindparam("of_case"), entries.c.step == bindparam("of_step"))
    .where(entries.c.kind == spelled(EntryKind.HANDED))
    .order_by(entries.c.at.desc(), entries.c.place.desc())
    .limit(1)
)


def attached(connection: Connection, case_id: UUID, task_ids: Collection[UUID] | None = None) -> list[Evidence]:
    """Every file of a case (of these tasks of it), oldest first, those of open tasks and of unseen answers too."""
    if task_ids is None:
        return [Evidence(*row) for row in read_rows(connection, ATTACHED, {"of_case": case_id})]
    given = {"of_case": case_id, "tasks": list(task_ids)}
    return [Evidence(*row) for row in read_rows(connection, ATTACHED_TO, given)]


def last_handed(connection: Connection, case_id: UUID, step: str) -> str | None:
    """The journal's last line about a step of the case changing hands."""
    row = read_row(connection, HANDED, {"of_case": case_id, "of_step": step})
    return row[0] if row else None
