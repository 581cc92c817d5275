"""Telling somebody."""

from __future__ import annotations

from uuid import UUID

from engine.bpmn.runtime.rest import Said
from engine.casework.context import CaseInHand
from engine.casework.words.roles import label_of, role_key
from engine.errors import NotFound, WordRefused
from engine.model.casework import EntryKind


def tell(run: CaseInHand, said: Said) -> None:
    """Put a message before a person or the people who hold a role. Raises WordRefused for an unknown person."""
    subject, text = str(said.parameters["subject"]), str(said.parameters["text"])
    people, told = _addressed(run, said)
    for person_id in people:
        run.writes.tell(person_id, subject, text)
    run.writes.note(EntryKind.TOLD, f"{told}: {subject}.", step=said.step)


def _addressed(run: CaseInHand, said: Said) -> tuple[tuple[UUID, ...], str]:
    """The people a message goes to, and what the journal says of it."""
    if said.parameters.get("person"):
        try:
            person = run.store.person(UUID(str(said.parameters["person"])))
        except NotFound as error:
            raise WordRefused("A message was for somebody whom Headway does not know.") from error
        if not person.active:
            return (), f"{person.name} has left, so nobody was told"
        return (person.id,), f"{person.name} was told"
    role = role_key(run, str(said.parameters["role"]))
    people, label = run.near.find(role).people, label_of(run, role)
    return people, f"{label} was told" if people else f"Nobody holds the role {label}, so nobody was told"
