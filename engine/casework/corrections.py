"""Which answers of a case that stopped can be corrected: those that the rule it stopped at goes by.

A rule reads names. A name may be a question somebody answered, or worked out from other names, or a question that was
hidden because of another answer; all of these are followed back to what people answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from engine import forms
from engine.bpmn.reads import reads_of, worked_out_by
from engine.bpmn.runtime import runner
from engine.casework.context import CaseInHand
from engine.forms import Form
from engine.forms.drawn.model import Component, Group, Listing, Question, QuestionKind, is_file
from engine.model.casework import Submission, Task
from engine.model.person_ids import ids_in, with_names
from engine.rules import feel

_SAID, _REASON = " corrected “", ". The reason: "
NEVER = frozenset({"sensitivity"})  # who may read a case is decided where it is asked, and never from here


@dataclass(frozen=True)
class FormSent:
    """A form that somebody answered. task: None for that of the start."""

    form: Form
    answers: Mapping[str, Any]
    by: UUID | None
    at: datetime
    submission: Submission | None = None
    task: Task | None = None
    unseen: bool = False  # by others, until all are in

    @property
    def scope(self) -> str | None:
        """Where its answers are kept apart, when the step was done for several."""
        return self.task.scope if self.task else None


@dataclass(frozen=True)
class Correctable:
    """One answer, with where it was given last."""

    key: str
    label: str
    told: str  # in words
    sent: FormSent


@dataclass(frozen=True)
class OutOfReach:
    """Something the rule goes by that cannot be corrected as an answer."""

    label: str
    why: str


@dataclass(frozen=True)
class Correction:
    """What can be corrected in one case. scope: of one of several, None for what the whole case answered."""

    run: CaseInHand
    step: str | None  # where it stopped
    scope: str | None
    answers: tuple[Correctable, ...]
    beyond: tuple[OutOfReach, ...]
    items: tuple[tuple[str, str], ...]  # scopes where it goes by answers of one of several, and whom or what about
    names: Mapping[UUID, str]  # of the people among the answers

    @cached_property
    def form(self) -> Form:
        """The questions of these answers alone, as they were drawn, in the order in which they were answered."""
        sent = {id(one.sent): one.sent for one in self.answers}
        asked = ((one, {each.key for each in self.answers if each.sent is one}) for one in sent.values())
        return Form("correction", tuple(part for one, keys in asked for part in only(one.form.parts, keys)))

    @property
    def known(self) -> Mapping[str, Any]:
        """Every name that a rule of the questions may read, and what they open with."""
        return runner.names_for(self.run.definition, self.run.case.answers, self.run.facts, self.scope)

    @property
    def kept(self) -> Mapping[str, Any]:
        """The answers as they are."""
        answers = self.run.case.answers
        return answers.items.get(self.scope, {}) if self.scope else answers.values

    def told(self, key: str, value: Any) -> str:
        """An answer in words, with people's names."""
        return with_names(_told(self.form, key, value), self.names)


def look_for(run: CaseInHand, step: str | None, me: UUID, scope: str | None) -> Correction:
    """What can be corrected. step: where the case stopped; None, or one that reads nothing: all answers are offered."""
    sent = sorted(_sent(run, me), key=lambda one: one.at, reverse=True)
    read = _read(run, step, sent)
    names = sorted(read) if read else dict.fromkeys(key for one in sent for key in one.form.keys)
    latest = {name: found for name in names if (found := _latest(sent, name, scope))}
    people = run.store.people(ids_in(run.case.answers.values, run.case.answers.items))
    return Correction(
        run=run,
        step=step,
        scope=scope,
        answers=tuple(_correctable(one, name, run, scope) for name, one in sorted(latest.items(), key=_drawn_order)),
        beyond=tuple(_beyond(run, sent, read - latest.keys())) if scope is None else (),
        items=tuple(_items(run, sent, frozenset(names))) if scope is None else (),
        names={person_id: person.name for person_id, person in people.items()},
    )


def _drawn_order(found: tuple[str, FormSent]) -> tuple[datetime, int]:
    name, one = found
    return one.at, list(one.form.keys).index(name)


def _sent(run: CaseInHand, me: UUID) -> Iterator[FormSent]:
    case = run.case
    start = run.definition.began_with(case.answers.values)
    if start:
        yield FormSent(start, case.answers.values, case.started_by, case.started_at)
    for one in run.store.submissions(case.id):
        form = run.definition.form_of(one.step)
        if form is None:
            continue
        task = run.store.task(one.task_id)
        unseen = case.keeps_unseen(one.unseen_until, task.scope)
        yield FormSent(form, one.answers, one.by, one.at, one, task, unseen)


def _read(run: CaseInHand, step: str | None, sent: list[FormSent]) -> frozenset[str]:
    """Every name the rule goes by, those that others were worked out from and those that hide a question included."""
    left, seen = set(reads_of(run.definition, step)) if step else set(), set()
    while left:
        name = left.pop()
        seen.add(name)
        follow = [reads_of(run.definition, worked) for worked in worked_out_by(run.definition, name)]
        for one in sent:
            part = _part(one.form.parts, name)
            follow += [feel.names_in(rule.text) & one.form.keys.keys() for rule in part.rules] if part else []
        left |= frozenset().union(*follow) - seen
    return frozenset(seen)


def _latest(sent: list[FormSent], name: str, scope: str | None) -> FormSent | None:
    """Where a name was asked last in a way that can be asked again."""
    for one in sent:
        part = _part(one.form.parts, name)
        if part and one.scope == scope and not one.unseen and name not in NEVER and _can_ask(part):
            return one
    return None


def _can_ask(part: Component) -> bool:
    return not is_file(part) and not (isinstance(part, Question) and (part.readonly or part.disabled))


def _correctable(one: FormSent, name: str, run: CaseInHand, scope: str | None) -> Correctable:
    answers = run.case.answers
    kept = answers.items.get(scope, {}) if scope else answers.values
    return Correctable(name, one.form.keys[name].label, _told(one.form, name, kept.get(name)), one)


def _told(form: Form, key: str, value: Any) -> str:
    told = forms.tell_answers(Form(form.key, tuple(only(form.parts, {key}))), {key: value})
    return "; ".join(text if len(told) == 1 else f"{label}: {text}" for label, text in told) or forms.in_words(value)


def _beyond(run: CaseInHand, sent: list[FormSent], names: frozenset[str]) -> Iterator[OutOfReach]:
    """What the rule reads and nobody can correct here, each with what to do instead."""
    apart = {key for one in sent if one.scope for key in one.form.keys}
    asked = {key: one for one in sent for key in one.form.keys}
    for name in sorted(names - apart):
        if name in asked:
            yield OutOfReach(asked[name].form.keys[name].label, "It is changed only where it is asked.")
    for task in run.store.open_tasks(run.case.id):
        form = run.definition.form_of(task.step)
        for name in sorted(names & form.keys.keys() - asked.keys()) if form else ():
            why = f"It is asked in “{task.title}”, which is open: once the case goes on, it can be answered again."
            yield OutOfReach(form.keys[name].label if form else name, why)


def _items(run: CaseInHand, sent: list[FormSent], names: frozenset[str]) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    for one in sent:
        asked = not one.unseen and one.scope in run.case.answers.items and names & one.form.keys.keys()
        if asked and one.task and one.scope:
            found[one.scope] = one.task.item or one.task.title
    return sorted(found.items())


def _part(parts: tuple[Component, ...], key: str) -> Question | Group | Listing | None:
    """The question, list or group that gives this answer."""
    for part in parts:
        if isinstance(part, Group) and not part.key:
            if found := _part(part.parts, key):
                return found
        elif isinstance(part, Question | Group | Listing) and part.key == key:
            return part
    return None


def only(parts: tuple[Component, ...], keys: set[str]) -> Iterator[Component]:
    """Of these components those that give these answers, in groups as they were."""
    for part in parts:
        if isinstance(part, Group) and not part.key:
            inside = tuple(only(part.parts, keys))
            if inside:
                yield replace(part, parts=inside)
        elif isinstance(part, Question | Group | Listing) and part.key in keys:
            yield part


def asks_something(form: Form) -> bool:
    """Whether anybody can type anything into it."""
    return any(key.kind is not QuestionKind.WORKED_OUT for key in form.keys.values())


def sentence(who: str, said: str, reason: str) -> str:
    """The journal's line about one correction. said: see change_in_words."""
    return f"{who} corrected {said}{_REASON}{reason}"


def change_in_words(label: str, before: str, after: str) -> str:
    """What an answer was and what it became."""
    return f"“{label}”: “{before}” became “{after}”"


def told_in(line: str) -> str:
    """What such a line of the journal says of the answer, without the reason."""
    return f"“{line.partition(_SAID)[2].partition(_REASON)[0]}"


def key_in(line: str, form: Form) -> str | None:
    """Which answer of a form such a line of the journal is about; None for one of another form."""
    said = line.partition(_SAID)[2]
    found = [name for name, key in form.keys.items() if said.startswith(f"{key.label}”: “")]
    return max(found, key=lambda name: len(form.keys[name].label), default=None)
