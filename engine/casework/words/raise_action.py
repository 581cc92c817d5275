"""Raising an action."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from engine.bpmn.runtime.rest import Said
from engine.casework.confidentiality import hidden, named
from engine.casework.context import CaseInHand
from engine.casework.words.roles import label_of, role_key
from engine.errors import WordRefused
from engine.model.calendar import LONDON, due_at
from engine.model.casework import Action, EntryKind


def raise_action(run: CaseInHand, said: Said) -> None:
    """Put something to do on a role's list. Raises WordRefused when its date cannot be worked out."""
    add_action(run, Wanted(**{key: said.parameters.get(key) for key in ("role", "title", "due", "text")}), said.step)


@dataclass(frozen=True)
class Wanted:
    """A plain task for a role, as a word's parameters give it."""

    role: Any
    title: Any
    due: Any
    text: Any


def add_action(run: CaseInHand, wanted: Wanted, step: str | None) -> None:
    """A plain task outside any procedure, on the role's own list, which people read who may not read the case."""
    role, title, text = role_key(run, str(wanted.role)), str(wanted.title), str(wanted.text or "")
    found = run.near.find(role)
    action = Action(
        id=uuid4(),
        case_id=run.case.id,
        school_id=run.case.school_id,
        title=hidden(run.case, title),
        role=role,
        pool=found.pool,
        due_on=_day(run, title, wanted.due),
        at=run.now,
        note=hidden(run.case, text) or None,
    )
    run.writes.actions.append(action)
    for person_id in found.people:
        run.writes.tell(person_id, title, text or f"A new action for you from {named(run.case)}.")
    nobody = "" if found.people else " Nobody holds this role, so it waits until somebody does."
    run.writes.note(EntryKind.ACTION, f"Action for {label_of(run, role)}: {title}.{nobody}", step=step)


def _day(run: CaseInHand, title: str, due: Any) -> date | None:
    try:
        return due_at(str(due), run.now, run.calendar).astimezone(LONDON).date() if due else None
    except ValueError as error:  # words that cannot be read, or a calendar that ends
        raise WordRefused(f"When “{title}” is due could not be worked out.") from error
