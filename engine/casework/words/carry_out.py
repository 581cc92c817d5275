"""Carrying out what a diagram says: telling words become rows, asking words get their answer and the case runs on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from engine.bpmn.runtime import runner
from engine.bpmn.runtime.rest import Rest, Said
from engine.casework.confidentiality import hidden, named
from engine.casework.context import Run
from engine.errors import NotFound, WordRefused
from engine.model.calendar import LONDON, due_at
from engine.model.casework import Action, EntryKind, Job, JobKind, Record
from engine.model.people import Post, ScopeKind

MOST_ASKS = 100  # in one command: a diagram that asks more than this without resting is going round in circles
NOT_YET = object()  # the answer comes later, by a job
NOT_STARTED = {"started": False}
MOST_FOUND = 50


def roles_called(run: Run, rest: Rest) -> frozenset[str]:
    """The role keys that a rest puts a message, an action or a task before."""
    said = (said.parameters.get(name) for said in rest.said for name in ("role", "fallback_role"))
    steps = (run.drawn.diagram.elements[each.step].role for each in rest.waiting if each.token in rest.begun)
    return frozenset(role_key(run, str(name)) for name in (*said, *steps) if name)


def role_key(run: Run, name: str) -> str:
    """The key of a role as drawn or as a word's parameter gave it."""
    return run.drawn.package.role(name)


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
    people, told = _addressed(run, said)
    for person_id in people:
        run.writes.tell(person_id, subject, text)
    run.writes.note(EntryKind.TOLD, f"{told}: {subject}.", step=said.step)


def _addressed(run: Run, said: Said) -> tuple[tuple[UUID, ...], str]:
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
    people, label = run.near.find(role).people, _label(run, role)
    return people, f"{label} was told" if people else f"Nobody holds the role {label}, so nobody was told"


def _label(run: Run, role: str) -> str:
    known = run.near.roles.get(role)
    return known.label if known else role


def _raise_action(run: Run, said: Said) -> None:
    add_action(run, Wanted(**{key: said.parameters.get(key) for key in ("role", "title", "due", "text")}), said.step)


@dataclass(frozen=True)
class Wanted:
    """A plain task for a role, as a word's parameters give it."""

    role: Any
    title: Any
    due: Any
    text: Any


def add_action(run: Run, wanted: Wanted, step: str | None) -> None:
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
    run.writes.note(EntryKind.ACTION, f"Action for {_label(run, role)}: {title}.{nobody}", step=step)


def _day(run: Run, title: str, due: Any) -> date | None:
    try:
        return due_at(str(due), run.now, run.calendar).astimezone(LONDON).date() if due else None
    except ValueError as error:  # words that cannot be read, or a calendar that ends
        raise WordRefused(f"When “{title}” is due could not be worked out.") from error


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
    instead = {name: said.parameters.get(name) for name in ("title", "due", "text")}
    instead |= {"role": said.parameters.get("fallback_role"), "step": said.step}
    if run.store.live_version(key) is None:
        act_instead(run, key, instead)
        return NOT_STARTED
    payload = {
        "procedure": key,
        "title": said.parameters.get("title") or run.case.title,
        "answers": said.parameters.get("answers") or {},
        "token": said.answer_to,
        "instead": instead,
    }
    job_key = f"start:{run.case.id}:{uuid4()}"
    run.writes.jobs.append(Job(uuid4(), JobKind.START, job_key, run.now, payload, run.case.id, said.answer_to))
    run.writes.note(EntryKind.PROCEDURE, f"Asked for the procedure “{key}” to be started.", step=said.step)
    return NOT_YET


def act_instead(run: Run, key: str, instead: Mapping[str, Any]) -> None:
    """A plain task in place of a procedure that is not in use. Raises WordRefused when nobody is named to do it."""
    if not instead["role"]:
        raise WordRefused(f"The procedure “{key}” is not in use, and nobody is named to act instead.")
    wanted = Wanted(instead["role"], instead["title"] or key, instead["due"], instead["text"])
    add_action(run, wanted, instead["step"])


def _find_people(run: Run, said: Said) -> list[dict[str, Any]]:
    """Who holds a role within a scope today, each once, by name. Never more than 50."""
    role = role_key(run, str(said.parameters["role"]))
    within = _within(run, str(said.parameters.get("scope") or "trust"))
    home = _home(run) if said.parameters.get("not_from_school") else frozenset()
    held = run.store.posts_of_role(role, run.today)
    offers = {
        post.person_id: _offer(post, name, school)
        for post, name, school in reversed(held)
        if within(post) and post.person_id not in home
    }
    least = int(said.parameters.get("at_least") or 0)
    if len(offers) < least:
        label = _label(run, role)
        run.writes.note(EntryKind.ATTENTION, f"Only {len(offers)} of {least} found for {label}.", step=said.step)
    return sorted(offers.values(), key=lambda offer: (offer["label"], offer["value"]))[:MOST_FOUND]


def _offer(post: Post, name: str, school: str | None) -> dict[str, Any]:
    person = str(post.person_id)
    return {"value": person, "label": f"{name}, {school or 'trust'}", "person": person, "name": name}


def _home(run: Run) -> frozenset[UUID]:
    """Whoever works at the case's own school, in any role: they are not independent of it."""
    if run.school is None:
        return frozenset()
    around = run.store.posts_near(run.store.roles(), run.school.id, run.today)
    return frozenset(post.person_id for post in around if post.scope.id == run.school.id)


def _within(run: Run, scope: str) -> Callable[[Post], bool]:
    """Which posts count: at the case's school; at it, beside it in its cluster or over it; anywhere."""
    here = run.school
    if scope == "trust" or here is None:
        return lambda post: True
    if scope == "school":
        return lambda post: post.scope.id == here.id
    places = {here.id, here.cluster_id} - {None}
    if here.cluster_id:
        places |= {school.id for school in run.store.schools() if school.cluster_id == here.cluster_id}
    return lambda post: post.scope.kind is ScopeKind.TRUST or post.scope.id in places


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
