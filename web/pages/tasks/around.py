"""Who is around a task, in words: who has it, what comes next and who with, and who can help."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from engine.bpmn.outline.steps import Next
from engine.forms.filled.sentences import inside
from engine.model.people import Person
from web.pages.tasks.known import TaskKnown
from web.parts.person_names import MOST_NAMES, names_of


def holder(known: TaskKnown) -> str:
    """Who has it or did it: “You”, a name, or the role it waits for with whoever holds it."""
    task = known.task
    if task.done_by:
        return "You" if task.done_by == known.me.person.id else known.people[task.done_by].name
    if task.person_id:
        return "You" if task.person_id == known.me.person.id else names_of(known.waits_for)
    role = known.near.roles.get(task.role)
    label, names = role.label if role else task.role, names_of(known.waits_for)
    return f"{label} ({names})" if names else f"{label}: nobody holds this role"


def what_next(known: TaskKnown) -> list[str]:
    """What may come after it, and who that is."""
    return [_next(known, step) for step in known.next]


def _next(known: TaskKnown, step: Next) -> str:
    if not step.who:
        return step.sentence
    role = known.opened.run.definition.diagram.elements[step.element].role
    names = names_of(known.holders(role)) if role else ""
    told = f"{step.who} ({names}): {step.title}" if names else f"{step.who}: {step.title}"
    due = f", due: {step.by_when}" if step.by_when else ""
    when = f"{step.when[:1].upper()}{step.when[1:]}: " if step.when else ""
    return f"{when}{told}{due}."


def helpers(known: TaskKnown) -> list[str]:
    """Whom to ask, each once."""
    said: dict[UUID, list[str]] = {}
    role = known.near.roles.get(known.task.role)
    line = known.near.roles.get(role.line) if role and role.line else None
    starter = known.opened.case.started_by
    if known.task.person_id is None:
        _add(said, known.waits_for, "can do this task too")
    if line:
        _add(said, known.holders(line.key), inside(line.label))
    if starter and starter in known.people:
        _add(said, [known.people[starter]], "started this case")
    names = {one: known.people[one].name for one in said if one != known.me.person.id}
    return [f"{name}: {' and '.join(said[one])}" for one, name in names.items()]


def _add(said: dict[UUID, list[str]], people: Sequence[Person], why: str) -> None:
    for person in people[:MOST_NAMES]:
        said.setdefault(person.id, []).append(why)
