"""Keeping a record."""

from __future__ import annotations

from uuid import uuid4

from engine.bpmn.runtime.rest import Said
from engine.casework.context import CaseInHand
from engine.model.casework import EntryKind, Record


def record(run: CaseInHand, said: Said) -> None:
    """Keep answers as the next version of this kind of record."""
    kind = str(said.parameters["kind"])
    title = str(said.parameters.get("title") or kind)
    here = sum(kept.kind == kind for kept in run.writes.records)
    number = run.store.next_record_number(run.case.id, kind) + here
    body = said.parameters.get("fields") or {}
    run.writes.records.append(Record(uuid4(), run.case.id, kind, number, title, body, run.now))
    run.writes.note(EntryKind.RECORD, f"Kept: {title}, version {number}.", step=said.step)
