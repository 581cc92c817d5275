"""Starting cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from engine import forms, policy
from engine.bpmn.definition import Definition
from engine.bpmn.diagram.elements import Element
from engine.bpmn.runtime import runner
from engine.casework.confidentiality import named, sensitivity_in, stricter
from engine.casework.context import CaseInHand, facts, prepare
from engine.casework.evidence import by_question, refuse_other_files
from engine.casework.settle import settle
from engine.errors import BadAnswers, CaseStuck, NotAllowed, NotFound
from engine.forms import Form, QuestionKind
from engine.model.calendar import LONDON
from engine.model.casework import (
    Answers,
    Case,
    CaseStatus,
    EntryKind,
    Evidence,
    Sensitivity,
    Version,
)
from engine.model.people import Me, SchoolStatus
from engine.model.text import one_line, too_long
from engine.model.wording import day_of_month, short
from engine.ports import Store

BY_CLOCK = "Headway, by the calendar,"
LONGEST_TITLE = 80  # of one taken from an answer
LONGEST_TYPED = 200  # of one that somebody types
MOST_IN_A_ROW = 8  # cases that begin each other within IN_A_ROW: each may begin several, so that few in a row are many
IN_A_ROW = timedelta(hours=1)


@dataclass(frozen=True)
class Opening:
    """A procedure that somebody is about to start: nothing is written."""

    version: Version
    run: CaseInHand
    at: str | None = None  # the start it begins by, where there are several

    @property
    def form(self) -> Form | None:
        """What is asked at the start."""
        return _start_form(self.run, self.at)

    @property
    def names(self) -> dict[str, Any]:
        """Every name that a rule of the form may read."""
        return runner.names_for(self.run.definition, self.run.case.answers, self.run.facts)


def open_start(store: Store, me: Me, key: str, school_id: UUID | None, now: datetime, at: str | None = None) -> Opening:
    """What the page of a start is made from. at: the start it begins by. Raises NotFound, NotAllowed."""
    version = _live(store, key)
    run = _begin(store, version, school_id, "", now, me.person.id, ref="")
    _may_start(me, run)
    return Opening(version, run, _begins_at(run, at))


def start_case(
    store: Store,
    me: Me,
    key: str,
    school_id: UUID | None,
    title: str,
    posted: Mapping[str, Any],
    now: datetime,
    files: Sequence[Evidence] = (),
    at: str | None = None,
) -> Case:
    """Start a procedure about a school (None: the whole trust), with the answers of its first form as posted.

    title: empty takes it from the answers. files: sent together with the answers. at: by which of several starts.
    Raises NotFound for one that is not there, BadAnswers for a name too long or answers that do not fit, NotAllowed.
    """
    version = _live(store, key)
    title = one_line(title)
    run = _begin(store, version, school_id, title, now, me.person.id)
    _may_start(me, run)
    if wrong := too_long("The name", title, LONGEST_TYPED):
        raise BadAnswers({"title": [wrong]})
    at = _begins_at(run, at)
    form = _start_form(run, at)
    if form and "title" in form.keys:  # the form asks for it itself: once is enough
        posted = {"title": [title], **posted}
    given = answers_to_start(run, form, posted, files)
    if form and not title:
        run.case = replace(run.case, title=_suggested(form, given) or version.title)
    by_which = f": {run.definition.diagram.elements[at].name}" if at else ""
    case = _launch(run, given, f"{me.person.name} started {version.title}{by_which}.", at)
    for evidence in files:
        store.add_evidence(replace(evidence, case_id=case.id))
    return case


def answers_to_start(
    run: CaseInHand, form: Form | None, posted: Mapping[str, Any], files: Sequence[Evidence]
) -> dict[str, Any]:
    """What was posted to the first questions, checked. Raises BadAnswers, UnknownAnswers."""
    refuse_other_files(form, files)
    names = runner.names_for(run.definition, run.case.answers, run.facts)
    return forms.check(form, posted, names, by_question(files)) if form else {}


def _live(store: Store, key: str) -> Version:
    version = store.live_version(key)
    if version is None:
        raise NotFound
    return version


def _may_start(me: Me, run: CaseInHand) -> None:
    if run.school and run.school.status is SchoolStatus.CLOSED:
        raise NotAllowed("This school has closed.")
    if not run.definition.diagram.begun_by_people:
        raise NotAllowed("Nobody starts this procedure by hand: Headway does, when its moment comes.")
    if not policy.may_start(me, starters(run.definition), run.school):
        raise NotAllowed


def starters(definition: Definition) -> tuple[str, ...]:
    """The roles that may start it; empty: any member of staff."""
    return tuple(definition.package.role(name) for name in definition.diagram.starters)


def _begins_at(run: CaseInHand, at: str | None) -> str | None:
    """The start that somebody chose; None where there is only one. Raises NotFound for one that is not there."""
    starts = run.definition.diagram.people_starts
    if at and at not in {start.id for start in starts}:
        raise NotFound
    return (at or starts[0].id) if len(starts) > 1 else None


def _start_form(run: CaseInHand, at: str | None) -> Form | None:
    diagram = run.definition.diagram
    key = diagram.elements[at].form if at else diagram.start_form
    return run.definition.forms[key] if key else None


def _suggested(form: Form, given: Mapping[str, Any]) -> str:
    """A title from the first words that somebody wrote, cut at the end of a word."""
    written = [
        "title",
        *(key.key for key in form.keys.values() if key.kind in {QuestionKind.TEXT, QuestionKind.LONG_TEXT}),
    ]
    text = next((" ".join(given[key].split()) for key in written if isinstance(given.get(key), str)), "")
    return text if len(text) <= LONGEST_TITLE else text[:LONGEST_TITLE].rpartition(" ")[0] + "…"


def start_for(
    store: Store, parent: Case, token: str | None, key: str, title: str, given: Mapping[str, Any], now: datetime
) -> Case:
    """Start a procedure because another case asked for it, open to nobody who may not read that one. Raises CaseStuck
    where cases begin each other over and over.

    token: where the other waits, None when it does not.
    """
    _not_over_and_over(store, parent, now)
    version = _live(store, key)
    run = _begin(store, version, parent.school_id, title, now, parent.started_by)
    run.case = replace(run.case, parent_id=parent.id, parent_token=token, sensitivity=parent.sensitivity)
    return _launch(run, given, f"Started by {named(parent)}.")


def start_by_letter(
    store: Store, sender: Case, version: Version, at: Element, brings: Mapping[str, Any], now: datetime
) -> Case:
    """Start a procedure because a message or a signal came, open to nobody who may not read the case that sent it.

    Raises CaseStuck where cases begin each other over and over.
    """
    _not_over_and_over(store, sender, now)
    run = _begin(store, version, sender.school_id, sender.title, now, None)
    run.case = replace(run.case, parent_id=sender.id, sensitivity=sender.sensitivity)
    known = {name: value for name, value in brings.items() if name in runner.plan_of(run.definition).known}
    said = f"Headway started {version.title}: “{at.named}” came from {named(sender)}."
    return _launch(run, known, said, at.id)


def _not_over_and_over(store: Store, case: Case, now: datetime) -> None:
    """Raise CaseStuck where procedures begin each other without anybody between: each would be a case more for ever."""
    for _ in range(MOST_IN_A_ROW):
        if case.parent_id is None or now - case.started_at > IN_A_ROW:
            return
        case = store.case(case.parent_id)
    raise CaseStuck(
        f"Procedures begin each other over and over here: {MOST_IN_A_ROW} cases in a row within an hour, without"
        " anybody between. Change one of them, so that a person or a longer wait stands between."
    )


def start_by_clock(store: Store, version: Version, school_id: UUID | None, at: str, now: datetime) -> Case:
    """Start a procedure because its moment has come. at: the start it begins by."""
    title = f"{version.title}, {day_of_month(now.astimezone(LONDON))} {now.astimezone(LONDON).year}"
    run = _begin(store, version, school_id, title, now, None)
    return _launch(run, {}, f"{BY_CLOCK} started {version.title}.", at)


def _begin(
    store: Store,
    version: Version,
    school_id: UUID | None,
    title: str,
    now: datetime,
    by: UUID | None,
    ref: str | None = None,
) -> CaseInHand:
    definition = store.definition(version.id)
    case = Case(
        id=uuid4(),
        ref=store.next_ref(definition.diagram.prefix, now.astimezone(LONDON).year) if ref is None else ref,
        version_id=version.id,
        school_id=school_id,
        title=short(one_line(title), LONGEST_TYPED) or version.title,
        status=CaseStatus.OPEN,
        sensitivity=Sensitivity.STAFF,
        state=b"",
        answers=Answers(),
        started_at=now,
        started_by=by,
    )
    return prepare(store, case, now, by)


def _launch(run: CaseInHand, given: Mapping[str, Any], sentence: str, at: str | None = None) -> Case:
    run.case = replace(run.case, sensitivity=stricter(run.case.sensitivity, sensitivity_in(given)))
    rest = runner.start(run.definition, Answers(dict(given)), facts(run.case, run.school, run.calendar, run.now), at)
    run.writes.note(EntryKind.STARTED, sentence, run.by)
    return settle(run, rest, run.store.add_case)
