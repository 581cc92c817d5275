"""Starting, waking, pausing and stopping cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from engine import policy
from engine.bpmn import forms, runner
from engine.bpmn.drawn import Drawn
from engine.bpmn.forms import Form, Kind
from engine.commands.running import Run, facts, prepare, settle, tell_parent
from engine.errors import CaseNotOpen, NeedsAReason, NotAllowed, NotFound
from engine.model.calendar import LONDON, Calendar
from engine.model.casework import Answers, Case, CaseStatus, EntryKind, Evidence, Sensitivity, Version
from engine.model.people import Me, School, SchoolStatus
from engine.ports import Store

LONGEST_TITLE = 80  # of one taken from an answer
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
    names = runner.names_for(run.drawn, run.case.answers, run.facts)
    if form and "title" in form.keys:  # the form asks for it itself: once is enough
        posted = {"title": [title], **posted}
    given = forms.check(form, posted, names, by_question(files)) if form else {}
    if form and not title.strip():
        run.case = replace(run.case, title=_suggested(form, given) or version.title)
    case = _launch(run, given, f"{me.person.name} started {version.title}.")
    for evidence in files:
        store.add_evidence(replace(evidence, case_id=case.id))
    return case


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


def by_question(files: Sequence[Evidence]) -> dict[str, list[str]]:
    """The ids of files by the question they answer."""
    found: dict[str, list[str]] = {}
    for evidence in files:
        found.setdefault(evidence.question, []).append(str(evidence.id))
    return found


def _suggested(form: Form, given: Mapping[str, Any]) -> str:
    """A title from the first words that somebody wrote, cut at the end of a word."""
    written = ["title", *(key.key for key in form.keys.values() if key.kind in {Kind.TEXT, Kind.LONG_TEXT})]
    text = next((" ".join(given[key].split()) for key in written if isinstance(given.get(key), str)), "")
    return text if len(text) <= LONGEST_TITLE else text[:LONGEST_TITLE].rpartition(" ")[0] + "…"


def start_for(
    store: Store, parent: Case, token: str | None, key: str, title: str, given: Mapping[str, Any], now: datetime
) -> Case:
    """Start a procedure because another case asked for it. token: where that one waits, None when it does not."""
    version = _live(store, key)
    run = _begin(store, version, parent.school_id, title, now, parent.started_by)
    run.case = replace(run.case, parent_id=parent.id, parent_token=token, sensitivity=parent.sensitivity)
    return _launch(run, given, f"Started by {parent.ref}, {parent.title}.")


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
        title=title.strip() or version.title,
        status=CaseStatus.OPEN,
        sensitivity=Sensitivity.STAFF,
        state=b"",
        answers=Answers(),
        started_at=now,
        started_by=by,
    )
    return prepare(store, case, now, by)


def _launch(run: Run, given: Mapping[str, Any], sentence: str) -> Case:
    sensitivity = given.get("sensitivity", run.case.sensitivity)
    if sensitivity in set(Sensitivity):
        run.case = replace(run.case, sensitivity=Sensitivity(sensitivity))
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
    """Give a message to the step of a case that has waited longest for it. Raises NotFound when none does."""
    case = _open(store.lock_case(case_id))
    waiting = store.awaiting(case_id, name)
    if not waiting:
        raise NotFound(f"This case is not waiting for “{name}”.")
    run = prepare(store, case, now, None)
    rest = runner.message(run.drawn, case.state, case.answers, waiting[0].token, payload, run.facts)
    run.writes.note(EntryKind.MESSAGE, f"“{name}” arrived.", step=waiting[0].step)
    return settle(run, rest, store.save_case)


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
    """End a case early, for a reason that stays on its record."""
    run = _managed(store, me, case_id, reason, now, LIVE)
    run.case = replace(run.case, status=CaseStatus.STOPPED, ended_at=now, reason=reason.strip(), paused_at=None)
    store.withdraw_all_tasks(case_id, now)
    store.drop_case_jobs(case_id)
    run.writes.note(EntryKind.STOPPED, f"{me.person.name} stopped the case: {reason.strip()}", me.person.id)
    tell_parent(run, "stopped")
    return _kept(run)


def look_again(store: Store, me: Me, case_id: UUID, now: datetime) -> Case:
    """Let a case that needed attention go on."""
    case = store.lock_case(case_id)
    if not policy.may_see_attention(me):
        raise NotAllowed
    if case.status is not CaseStatus.ATTENTION:
        raise CaseNotOpen("This case does not need attention any more.")
    run = prepare(store, replace(case, status=CaseStatus.OPEN, reason=None), now, me.person.id)
    run.writes.note(EntryKind.ATTENTION, f"{me.person.name} let the case go on.", me.person.id)
    return _kept(run)


def needs_attention(store: Store, case_id: UUID, reason: str, now: datetime) -> None:
    """Mark a case whose run failed; its state is as it was."""
    case = store.lock_case(case_id)
    if case.status is CaseStatus.OPEN:
        run = prepare(store, replace(case, status=CaseStatus.ATTENTION, reason=reason), now, None)
        run.writes.note(EntryKind.ATTENTION, f"The case needs attention: {reason}")
        _kept(run)


def _managed(store: Store, me: Me, case_id: UUID, reason: str, now: datetime, allowed: frozenset[CaseStatus]) -> Run:
    case = store.lock_case(case_id)
    run = prepare(store, case, now, me.person.id)
    if not policy.may_manage(me, run.school):
        raise NotAllowed
    if not reason.strip():
        raise NeedsAReason
    if case.status not in allowed:
        raise CaseNotOpen
    return run


def _kept(run: Run) -> Case:
    run.store.save_case(run.case)
    run.writes.flush(run.store)
    return run.case


def school_of(store: Store, case: Case, now: datetime) -> tuple[School | None, Calendar]:
    """The school a case is about (None: the whole trust) with its calendar."""
    run = prepare(store, case, now, None)
    return run.school, run.calendar
