"""Files that come with answers: which question each is for."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from engine.errors import UnknownAnswers
from engine.forms import Form
from engine.model.casework import Evidence
from engine.ports import Store


def by_question(files: Sequence[Evidence]) -> dict[str, list[str]]:
    """The ids of files by the question they answer."""
    found: dict[str, list[str]] = {}
    for evidence in files:
        found.setdefault(evidence.question, []).append(str(evidence.id))
    return found


def refuse_other_files(form: Form | None, files: Sequence[Evidence]) -> None:
    """Refuse files for questions that are not asked. Raises UnknownAnswers."""
    others = sorted({file.question for file in files} - set(form.files if form else ()))
    if others:
        asked = f"The page sent a file for a question that this form does not ask: “{others[0][:60]}”."
        raise UnknownAnswers(f"{asked} Open the page again.")


def attached(store: Store, form: Form, task_id: UUID, by: UUID) -> dict[str, list[str]]:
    """The ids of somebody's files by the question they answer. A form without such questions costs nothing.

    What a colleague attached and has not sent is theirs alone, as their draft is.
    """
    if not form.files:
        return {}
    return by_question([evidence for evidence in store.evidence_of(task_id) if evidence.by == by])
