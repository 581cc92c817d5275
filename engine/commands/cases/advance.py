"""Starting, waking, pausing and stopping cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from engine import forms, policy
from engine.bpmn.definition import Drawn
from engine.bpmn.runtime import runner
from engine.casework.confidentiality import named, sensitivity_in, stricter
from engine.casework.evidence import by_question, refuse_other_files
from engine.casework.held_jobs import RESTING, held
from engine.casework.settle import Run, facts, prepare, settle, tell_parent
from engine.errors import CaseNotOpen, NeedsAReason, NotAllowed, NotFound
from engine.forms import Form, Kind
from engine.model.calendar import LONDON
from engine.model.casework import (
    Answers,
    Case,
    CaseStatus,
    Entry,
    EntryKind,
    Evidence,
    Job,
    JobKind,
    Sensitivity,
    Version,
)
from engine.model.people import Me, SchoolStatus
from engine.ports import Store

LONGEST_TITLE = 80  # of one taken from an answer
LONGEST_TYPED = 200  # of one that somebody types
LONGEST_REASON = 2000
TOO_LONG = f"Give the reason in {LONGEST_REASON:,} characters or fewer, and attach what is longer as a file."
SAID_OF = {
    CaseStatus.OPEN: "This case is going on already.",
    CaseStatus.PAUSED: "This case is paused already.",
    CaseStatus.ATTENTION: "This case needs attention first: let it go on, or stop it.",
    CaseStatus.ENDED: "This case has ended.",
    CaseStatus.STOPPED: "This case has been stopped already.",
}
LIVE = frozenset({CaseStatus.OPEN, CaseStatus.PAUSED, CaseStatus.ATTENTION})


@dataclass(frozen=True)
class Opening:
    """A procedure that somebody is about to start: nothing is written."""

    version: Version
    run: Run

    @property
    def form(self) -> Form | None:
        """What is asked at the start."""
        return _start_form(self.run)

    @property
    def names(self) -> dict[str, Any]:
        """Every name that a rule of the form may read."""
        return runner.names_for(self.run.drawn, self.run.case.answers, self.run.facts)


def open_start(store: Store, me: Me, key: str, school_id: UUID | None, now: datetime) -> Opening:
    """What the page of a start is made from. Raises NotFound, NotAllowed."""
    version = _live(store, key)
    run = _begin(store, version, school_id, "", now, me.person.id, ref="")
    _may_start(me, run)
    return Opening(version, run)


def start_case(
    store: Store,
    me: Me,
    key: str,
    school_id: UUID | None,
    title: str,
    posted: Mapping[str, Any],
    now: datetime,
    files: Sequence[Evidence] = (),
) -> Case:
    """Start a procedure about a school (None: the whole trust), with the answers of its first form as posted.

    title: empty takes it from the answers. files: sent together with the answers.
    """
    version = _live(store, key)
    run = _begin(store, version, school_id, title, now, me.person.id)
    _may_start(me, run)
    form = _start_form(run)
    if form and "title" in form.keys:  # the form asks for it itself: once is enough
        posted = {"title": [title], **posted}
    given = answers_to_start(run, form, posted, files)
    if form and not title.strip():
        run.case = replace(run.case, title=_suggested(form, given) or version.title)
    case = _launch(run, given, f"{me.person.name} started {version.title}.")
    for evidence in files:
        store.add_evidence(replace(evidence, case_id=case.id))
    return case


def answers_to_start(
    run: Run, form: Form | None, posted: Mapping[str, Any], files: Sequence[Evidence]
) -> dict[str, Any]:
    """What was posted to the first questions, checked. Raises BadAnswers, UnknownAnswers."""
    refuse_other_files(form, files)
    names = runner.names_for(run.drawn, run.case.answers, run.facts)
    return forms.check(form, posted, names, by_question(files)) if form else {}


def _live(store: Store, key: str) -> Version:
    version = store.live_version(key)
    if version is None:
        raise NotFound
    return version


def _may_start(me: Me, run: Run) -> None:
    if run.school and run.school.status is SchoolStatus.CLOSED:
        raise NotAllowed("This school has closed.")
    if not policy.may_start(me, starters(run.drawn), run.school):
        raise NotAllowed


def starters(drawn: Drawn) -> tuple[str, ...]:
    """The roles that may start it; empty: any member of staff."""
    return tuple(drawn.package.role(name) for name in drawn.diagram.starters)


def _start_form(run: Run) -> Form | None:
    key = run.drawn.diagram.start_form
    return run.drawn.forms[key] if key else None


def _suggested(form: Form, given: Mapping[str, Any]) -> str:
    """A title from the first words that somebody wrote, cut at the end of a word."""
    written = ["title", *(key.key for key in form.keys.values() if key.kind in {Kind.TEXT, Kind.LONG_TEXT})]
    text = next((" ".join(given[key].split()) for key in written if isinstance(given.get(key), str)), "")
    return text if len(text) <= LONGEST_TITLE else text[:LONGEST_TITLE].rpartition(" ")[0] + "…"


def start_for(
    store: Store, parent: Case, token: str | None, key: str, title: str, given: Mapping[str, Any], now: datetime
) -> Case:
    """Start a procedure because another case asked for it, open to nobody who may not read that one.

    token: where the other waits, None when it does not.
    """
    version = _live(store, key)
    run = _begin(store, version, parent.school_id, title, now, parent.started_by)
    run.case = replace(run.case, parent_id=parent.id, parent_token=token, sensitivity=parent.sensitivity)
    return _launch(run, given, f"Started by {named(parent)}.")


def _begin(
    store: Store,
    version: Version,
    school_id: UUID | None,
    title: str,
    now: datetime,
    by: UUID | None,
    ref: str | None = None,
) -> Run:
    drawn = store.drawn(version.id)
    case = Case(
        id=uuid4(),
        ref=store.next_ref(drawn.diagram.prefix, now.astimezone(LONDON).year) if ref is None else ref,
        version_id=version.id,
        school_id=school_id,
        title=" ".join(title.split())[:LONGEST_TYPED] or version.title,
        status=CaseStatus.OPEN,
        sensitivity=Sensitivity.STAFF,
        state=b"",
        answers=Answers(),
        started_at=now,
        started_by=by,
    )
    return prepare(store, case, now, by)


def _launch(run: Run, given: Mapping[str, Any], sentence: str) -> Case:
    run.case = replace(run.case, sensitivity=stricter(run.case.sensitivity, sensitivity_in(given)))
    rest = runner.start(run.drawn, Answers(dict(given)), facts(run.case, run.school, run.calendar, run.now))
    run.writes.note(EntryKind.STARTED, sentence, run.by)
    return settle(run, rest, run.store.add_case)


def wake(store: Store, case: Case, token: str, now: datetime) -> Case:
    """A moment the case waited for has come."""
    run = prepare(store, _open(case), now, None)
    rest = runner.wake(run.drawn, case.state, case.answers, token, run.facts)
    named = next((run.drawn.diagram.elements[step].name for step in rest.passed if step in _timers(run)), "")
    run.writes.note(EntryKind.WOKE, f"Time passed: {named or 'a moment the case waited for'}.")
    return settle(run, rest, store.save_case)


def _timers(run: Run) -> set[str]:
    return {element.id for element in run.drawn.diagram.elements.values() if element.timer}


def send_message(store: Store, case_id: UUID, name: str, payload: Mapping[str, Any], now: datetime) -> Case:
    """Give a message to the step of a case that has waited longest for it. Raises NotFound when none does.

    While the case rests the message is kept, and given when it goes on.
    """
    case = store.lock_case(case_id)
    if case.status not in LIVE:
        raise CaseNotOpen
    return _arrives(prepare(store, case, now, None), name, payload, f"“{name}” arrived")


def say_arrived(store: Store, me: Me, case_id: UUID, name: str, reason: str, now: datetime) -> Case:
    """What a case waits for has come: so says somebody who manages it, with what came and where it is kept."""
    run = managed(store, me, case_id, reason, now, LIVE)
    return _arrives(run, name, {}, f"“{name}” arrived, says {me.person.name}: {reason.strip().rstrip('.')}")


def _arrives(run: Run, name: str, payload: Mapping[str, Any], said: str) -> Case:
    waiting = run.store.awaiting(run.case.id, name)
    if not waiting:
        raise NotFound(f"This case is not waiting for “{name}”.")
    if run.case.status in RESTING:
        run.writes.jobs.append(_kept_message(run, name, payload))
        run.writes.note(EntryKind.MESSAGE, f"{said}. It is kept until the case goes on.", run.by)
        run.write()
        return run.case
    rest = runner.message(run.drawn, run.case.state, run.case.answers, waiting[0].token, payload, run.facts)
    run.writes.note(EntryKind.MESSAGE, f"{said}.", run.by, step=waiting[0].step)
    return settle(run, rest, run.store.save_case)


def _kept_message(run: Run, name: str, payload: Mapping[str, Any]) -> Job:
    kept = {"name": name, "payload": dict(payload)}
    return held(Job(uuid4(), JobKind.MESSAGE, f"message:{uuid4()}", run.now, kept, run.case.id))


def give_answer(store: Store, case: Case, token: str, value: Any, sentence: str, now: datetime) -> Case:
    """Answer an asking word that had to wait, e.g. because another case had to end first."""
    run = prepare(store, _open(case), now, None)
    rest = runner.answer(run.drawn, case.state, case.answers, token, value, run.facts)
    run.writes.note(EntryKind.PROCEDURE, sentence)
    return settle(run, rest, store.save_case)


def _open(case: Case) -> Case:
    if case.status is not CaseStatus.OPEN:
        raise CaseNotOpen
    return case


def stop_case(store: Store, me: Me, case_id: UUID, reason: str, now: datetime) -> Case:
    """End a case early, for a reason that stays on its record. Cases that it started go on."""
    run = managed(store, me, case_id, reason, now, LIVE)
    run.case = replace(run.case, status=CaseStatus.STOPPED, ended_at=now, reason=reason.strip(), paused_at=None)
    store.withdraw_all_tasks(case_id, now)
    store.drop_case_jobs(case_id)
    run.writes.note(EntryKind.STOPPED, f"{me.person.name} stopped the case: {reason.strip()}", me.person.id)
    for child in store.cases_waiting_on(case_id):
        run.writes.note(EntryKind.PROCEDURE, f"{named(child)}, which this case had started, goes on.")
    tell_parent(run, "stopped")
    return kept(run)


def needs_attention(store: Store, case_id: UUID, reason: str, now: datetime) -> None:
    """Mark a case whose run failed; its state is as it was."""
    case = store.lock_case(case_id)
    if case.status is CaseStatus.OPEN:
        store.save_case(replace(case, status=CaseStatus.ATTENTION, reason=reason))
        text = f"The case needs attention: {reason}"
        store.add_entries([Entry(uuid4(), case_id, now, EntryKind.ATTENTION, text)])


def managed(store: Store, me: Me, case_id: UUID, reason: str, now: datetime, allowed: frozenset[CaseStatus]) -> Run:
    """A case taken in hand by somebody who manages it, with their reason."""
    case = store.lock_case(case_id)
    run = prepare(store, case, now, me.person.id)
    if not policy.may_manage(me, run.school):
        raise NotAllowed
    reason_of(reason)
    if case.status not in allowed:
        raise CaseNotOpen(SAID_OF[case.status])
    return run


def reason_of(text: str) -> str:
    """The reason somebody gave. Raises NeedsAReason."""
    reason = text.strip()
    if not reason:
        raise NeedsAReason
    if len(reason) > LONGEST_REASON:
        raise NeedsAReason(TOO_LONG)
    return reason


def kept(run: Run) -> Case:
    """The case and what was gathered, written down."""
    run.store.save_case(run.case)
    run.write()
    return run.case
