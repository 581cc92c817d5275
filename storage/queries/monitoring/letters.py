"""How many cases wait for each message and signal, and how many messages are kept. Numbers, never which cases."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from sqlalchemy import Connection, false, func, literal, select, true, union_all

from engine.bpmn.diagram.elements import Trigger
from engine.model.casework import LIVE
from engine.policy import Sight
from storage.queries.sight import readable
from storage.tables import awaited, cases, kept_messages
from storage.tables.types import Choice


@dataclass(frozen=True)
class LetterCounts:
    """Of one message or signal."""

    waiting: int = 0  # cases
    kept: int = 0  # messages


def letter_counts(connection: Connection, sight: Sight | None) -> dict[tuple[Trigger, str], LetterCounts]:
    """By what it is and its name, in one statement. sight: only cases that this person may read; None: of all."""
    waiting = (
        select(awaited.c.trigger, awaited.c.name, func.count(awaited.c.case_id.distinct()), false())
        .join_from(awaited, cases, cases.c.id == awaited.c.case_id)
        .where(cases.c.status.in_(LIVE))
        .group_by(awaited.c.trigger, awaited.c.name)
    )
    message = literal(Trigger.MESSAGE, Choice(Trigger))
    kept = select(message, kept_messages.c.name, func.count(), true())
    if sight is not None:
        waiting = waiting.where(readable(sight))
        kept = kept.join_from(kept_messages, cases, cases.c.id == kept_messages.c.case_id).where(readable(sight))
    found: dict[tuple[Trigger, str], LetterCounts] = defaultdict(LetterCounts)
    for row in connection.execute(union_all(waiting, kept.group_by(kept_messages.c.name))):
        trigger, name, number, is_kept = row[0], row[1], row[2], row[3]
        before = found[trigger, name]
        found[trigger, name] = replace(before, **{"kept" if is_kept else "waiting": number})
    return dict(found)
