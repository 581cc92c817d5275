"""Carrying out what a diagram says: telling words become rows, asking words get their answer and the case runs on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from engine.bpmn import runner
from engine.bpmn.drawn import Drawn
from engine.bpmn.rest import Rest, Said
from engine.errors import WordRefused
from engine.model.calendar import LONDON, due_at
from engine.model.casework import Action, EntryKind, Job, JobKind, Record
from engine.model.people import Post, ScopeKind

if TYPE_CHECKING:
    from engine.commands.running import Run

MOST_ASKS = 100  # in one command: a diagram that asks more than this without resting is going round in circles
NOT_YET = object()  # the answer comes later, by a job


def roles_called(drawn: Drawn) -> set[str]:
    """Every role key a version can put a task or a message before."""
    found: set[str] = set()
    for element in drawn.diagram.elements.values():
        found.update(_role(drawn, name) for name in (element.role, *_named_in(element.parameters)) if name)
    return found


def _named_in(parameters: Mapping[str, str]) -> list[str]:
    texts = (parameters.get("role", ""), parameters.get("fallback_role", ""))
    return [text.strip() for text in texts if text and not text.startswith("=") and "{{" not in text]


def _role(drawn: Drawn, name: str) -> str:
    return drawn.package.role(name)


def role_key(run: Run, name: str) -> str:
    """The key of a role as drawn or as a word's parameter gave it."""
    return _role(run.drawn, name)


def answer_all(run: Run, rest: Rest) -> Rest:
    """Answer every asking word until only people, times and messages are awaited."""
    for _ in range(MOST_ASKS):
        asked = next((said for said in rest.said if said.answer_to and said.answer_to not in rest.gone), None)
        if asked is None:
            return rest
        value = ANSWERS[asked.word](run, asked)
        rest = _forget(rest, asked)
        if value is not NOT_YET and asked.answer_to:
            then = runner.answer(run.drawn, rest.state, rest.answers, asked.answer_to, value, run.facts)
            rest = follow(rest, then)
    raise WordRefused("This procedure asks Headway for things over and over without stopping.")


def _forget(rest: Rest, said: Said) -> Rest:
    return replace(rest, said=tuple(each for each in rest.said if each is not said))


def follow(first: Rest, then: Rest) -> Rest:
    """Two runs of one command as one: what began and went in between never reaches anybody."""
    return replace(
        then,
        said=first.said + then.said,
        begun=(first.begun - then.gone) | then.begun,
        gone=first.gone | (then.gone - first.begun),
        passed=first.passed + then.passed,
    )


def carry_out(run: Run, said: Said) -> None:
    """Do what a telling word says."""
    TELLS[said.word](run, said)


def _tell(run: Run, said: Said) -> None:
    subject, text = str(said.parameters["subject"]), str(said.parameters["text"])
    people, label = _addressed(run, said)
    for person_id in people:
        run.writes.tell(person_id, subject, text)
    nobody = "" if people else " Nobody holds this role, so nobody was told."
    run.writes.note(EntryKind.TOLD, f"{label} was told: {subject}.{nobody}", step=said.step)


def _addressed(run: Run, said: Said) -> tuple[tuple[UUID, ...], str]:
    """The people a message goes to, and whom the journal says it went to."""
    if said.parameters.get("person"):
        person = run.store.person(UUID(str(said.parameters["person"])))
        return (person.id,), person.name
    role = role_key(run, str(said.parameters["role"]))
    return run.near.find(role).people, _label(run, role)


def _label(run: Run, role: str) -> str:
    known = run.near.roles.get(role)
    return known.label if known else role


def _raise_action(run: Run, said: Said) -> None:
    role = role_key(run, str(said.parameters["role"]))
    due = said.parameters.get("due")
    add_action(run, said, str(said.parameters["title"]), role, due, str(said.parameters.get("text") or ""))


def add_action(run: Run, said: Said, title: str, role: str, due: str | None, text: str) -> None:
    """A plain task outside any procedure, on the role's own list."""
    found = run.near.find(role)
    due_on = due_at(due, run.now, run.calendar).astimezone(LONDON).date() if due else None
    action = Action(
        uuid4(), run.case.id, run.case.school_id, title, role, found.pool, due_on, run.now, note=text or None
    )
    run.writes.actions.append(action)
    for person_id in found.people:
        run.writes.tell(person_id, title, text or f"A new action for you from {run.case.ref}, {run.case.title}.")
    run.writes.note(EntryKind.ACTION, f"Action for {_label(run, role)}: {title}.", step=said.step)


def _record(run: Run, said: Said) -> None:
    kind = str(said.parameters["kind"])
    title = str(said.parameters.get("title") or kind)
    here = sum(record.kind == kind for record in run.writes.records)
    number = run.store.next_record_number(run.case.id, kind) + here
    body = said.parameters.get("fields") or {}
    run.writes.records.append(Record(uuid4(), run.case.id, kind, number, title, body, run.now))
    run.writes.note(EntryKind.RECORD, f"Kept: {title}, version {number}.", step=said.step)


def _start_procedure(run: Run, said: Said) -> object:
    """Start another procedure, or give a plain task to somebody while the trust does not run it."""
    key = str(said.parameters["procedure"])
    if run.store.live_version(key) is None:
        role = role_key(run, str(said.parameters.get("fallback_role") or ""))
        if not role:
            raise WordRefused(f"The procedure “{key}” is not published, and nobody is named to act instead.")
        title = str(said.parameters.get("title") or key)
        add_action(run, said, title, role, said.parameters.get("due"), str(said.parameters.get("text") or ""))
        return {"started": False}
    payload = {
        "procedure": key,
        "title": said.parameters.get("title") or run.case.title,
        "answers": said.parameters.get("answers") or {},
        "token": said.answer_to,
        "by": str(run.by) if run.by else None,
    }
    job_key = f"start:{run.case.id}:{uuid4()}"
    run.writes.jobs.append(Job(uuid4(), JobKind.START, job_key, run.now, payload, run.case.id, said.answer_to))
    run.writes.note(EntryKind.PROCEDURE, f"Started the procedure “{key}”.", step=said.step)
    return NOT_YET


def _find_people(run: Run, said: Said) -> list[dict[str, Any]]:
    """Who holds a role within a scope today, each once, by name. Never more than 50."""
    role = role_key(run, str(said.parameters["role"]))
    scope = str(said.parameters.get("scope") or "trust")
    held = run.store.posts_of_role(role, run.today)
    if said.parameters.get("not_from_school"):
        held = [each for each in held if not run.school or each[0].scope.id != run.school.id]
    within = {
        post.person_id: (post, name, school) for post, name, school in reversed(held) if _within(run, post, scope)
    }
    found = [_offer(*each) for each in within.values()]
    least = int(said.parameters.get("at_least") or 0)
    if len(found) < least:
        label = _label(run, role)
        run.writes.note(EntryKind.ATTENTION, f"Only {len(found)} of {least} found for {label}.", step=said.step)
    return sorted(found, key=lambda offer: offer["label"])[:50]


def _offer(post: Post, name: str, school: str | None) -> dict[str, Any]:
    person = str(post.person_id)
    return {"value": person, "label": f"{name}, {school or 'trust'}", "person": person, "name": name}


def _within(run: Run, post: Post, scope: str) -> bool:
    if scope == "trust" or run.school is None:
        return True
    if scope == "school":
        return post.scope.id == run.school.id
    return post.scope.id in {run.school.id, run.school.cluster_id} or post.scope.kind is ScopeKind.TRUST


def _tell_start(run: Run, said: Said) -> None:
    _start_procedure(run, said)


TELLS: Mapping[str, Callable[[Run, Said], None]] = {
    "tell": _tell,
    "raise_action": _raise_action,
    "record": _record,
    "start_procedure": _tell_start,
}
ANSWERS: Mapping[str, Callable[[Run, Said], Any]] = {
    "start_procedure": _start_procedure,
    "find_people": _find_people,
}
