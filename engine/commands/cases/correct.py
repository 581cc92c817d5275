"""Correcting an answer that stopped a case: what was answered and what it became stay in the journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from engine import forms, policy
from engine.bpmn.runtime import runner
from engine.casework.confidentiality import is_reader, named
from engine.casework.context import CaseInHand, prepare
from engine.casework.corrections import Correctable, Correction, change_in_words, look_for, sentence
from engine.casework.evidence import attached
from engine.casework.held_jobs import KEPT, freed, was_for
from engine.casework.write import write
from engine.commands import jobs
from engine.commands.cases import advance
from engine.commands.cases.attention import go_on
from engine.commands.cases.manage import SAID_OF, mark_stuck, reason_of
from engine.errors import BadAnswers, BadDetails, CaseMovedOn, CaseNotOpen, NotAllowed, Refused, UnknownAnswers
from engine.model.casework import Answers, Case, CaseStatus, Draft, EntryKind, Task
from engine.model.people import Me
from engine.ports import Store

Posted = Mapping[str, Sequence[str]]
GOES_ON = "This case does not need attention any more: somebody corrected an answer or let it go on. Look at it again."
UNCHANGED = "Change an answer first. If none is wrong, let the case go on instead"


@dataclass(frozen=True)
class Corrected:
    """What came of it. stopped: why the case stopped again; empty when it goes on."""

    case: Case
    stopped: str = ""


@dataclass(frozen=True)
class ChangedAnswer:
    """One answer before and after."""

    answer: Correctable
    value: Any  # None: not answered
    before: str
    after: str


def open_correction(store: Store, me: Me, case_id: UUID, now: datetime, scope: str | None = None) -> Correction:
    """What somebody may correct in a case that needs attention. Raises NotFound, NotAllowed, CaseNotOpen."""
    return _opened(store, me, store.case(case_id), now, scope)


def correct_answers(
    store: Store,
    me: Me,
    case_id: UUID,
    posted: Posted,
    reason: str,
    revision: int,
    now: datetime,
    scope: str | None = None,
) -> Corrected:
    """Put answers right that stopped a case, for a reason, and let it try again. The correction stays when it stops
    again. revision: of the case, as whoever corrects saw it.

    Raises NotFound, NotAllowed, CaseNotOpen, CaseMovedOn, BadAnswers, UnknownAnswers, NeedsAReason, BadDetails (field
    `answers`) where nothing is changed.
    """
    found = _opened(store, me, store.lock_case(case_id), now, scope)
    if found.run.case.revision != revision:
        raise CaseMovedOn
    reason = reason_of(reason)
    given = forms.check(found.form, posted, found.known)
    changed = list(_changes(found, given))
    if not changed:
        raise BadDetails({"answers": UNCHANGED})
    _take_in(found, changed)
    _record(found, me, changed, reason)
    store.save_case(found.run.case)
    write(found.run)
    return _go_on(store, me, store.lock_case(case_id), now)


def _opened(store: Store, me: Me, case: Case, now: datetime, scope: str | None) -> Correction:
    run = prepare(store, case, now, me.person.id)
    if not policy.may_correct(me, case, run.school, is_reader(run, me)):
        raise NotAllowed
    if case.status is not CaseStatus.ATTENTION:
        raise CaseNotOpen(GOES_ON if case.status is CaseStatus.OPEN else SAID_OF[case.status])
    stop = store.last_stop(case.id)
    return look_for(run, stop.step if stop else None, me.person.id, scope)


def _changes(found: Correction, given: Mapping[str, Any]) -> list[ChangedAnswer]:
    """The answers that are other than they were; one whose question is hidden by now is not answered any more."""
    kept = {one.key: found.kept.get(one.key) for one in found.answers}
    return [
        ChangedAnswer(one, value, found.told(one.key, kept[one.key]), found.told(one.key, value))
        for one in found.answers
        if (value := given.get(one.key)) != kept[one.key]
    ]


def _take_in(found: Correction, changed: Sequence[ChangedAnswer]) -> None:
    """Keep the answers with the case. What somebody sent stays as they sent it: the journal tells what it became."""
    run, new = found.run, {each.answer.key: each.value for each in changed}
    answers = run.case.answers
    if found.scope:
        items = {**answers.items, found.scope: {**answers.items[found.scope], **new}}
        run.case = replace(run.case, answers=Answers(answers.values, items))
    else:
        run.case = replace(run.case, answers=Answers({**answers.values, **new}, answers.items))


def _record(found: Correction, me: Me, changed: Sequence[ChangedAnswer], reason: str) -> None:
    run = found.run
    for each in changed:
        said = change_in_words(each.answer.label, each.before, each.after)
        step = each.answer.sent.submission.step if each.answer.sent.submission else None
        run.writes.note(EntryKind.CORRECTED, sentence(me.person.name, said, reason), me.person.id, step)
        by = each.answer.sent.by
        if by and by != me.person.id:
            told = (
                f"{me.person.name} corrected an answer of yours so that {named(run.case)} can go on. {said}. {reason}"
            )
            run.writes.tell(by, f"An answer of yours was corrected: {run.case.title}", told)


def _go_on(store: Store, me: Me, case: Case, now: datetime) -> Corrected:
    """Try what stopped again. What is refused takes nothing of the correction back."""
    try:
        with store.attempt() as trial:
            return Corrected(_try(trial, me, trial.lock_case(case.id), now))
    except Refused as refusal:
        mark_stuck(store, case, refusal.sentence, now, refusal.step)
        return Corrected(store.lock_case(case.id), refusal.sentence)


def _try(store: Store, me: Me, case: Case, now: datetime) -> Case:
    stop = store.last_stop(case.id)
    stuck = [job for job in store.case_jobs(case.id) if job.stopped_at and job.kind in KEPT]
    go_on(store, me, case, now)
    store.drop_jobs([job.key for job in stuck])
    for job in stuck:
        jobs.do(store, replace(freed(job, was_for(job)), attempts=0, stopped_at=None, reason=None), now)
    advance.reconsider(store, store.lock_case(case.id), now)
    case = store.lock_case(case.id)
    for task in store.open_tasks(case.id) if stop else ():
        for draft in store.drafts(task.id):
            if stop and draft.saved_at >= stop.at:
                _try_draft(prepare(store, case, now, draft.person_id), task, draft)
    return case


def _try_draft(run: CaseInHand, task: Task, draft: Draft) -> None:
    """What somebody sent when the case stopped is kept as their draft: would it stop again? They are told when not."""
    form = run.definition.form_of(task.step)
    names = runner.names_for(run.definition, run.case.answers, run.facts, task.scope)
    given: Posted = {name: [str(text) for text in texts] for name, texts in draft.answers.items()}
    try:
        files = attached(run.store, form, task.id, draft.person_id) if form else {}
        answers = forms.check(form, given, names, files) if form else {}
    except (BadAnswers, UnknownAnswers):  # they went on typing: nothing can be said yet
        return
    case = run.case
    rest = runner.complete(run.definition, run.state, case.answers, task.token, answers, run.facts)
    begun = [waiting for waiting in rest.waiting if waiting.token in rest.begun]
    if begun:
        runner.details(run.definition, begun, rest.answers, run.facts)
    text = f"{named(case)} goes on. What you typed into “{task.title}” is kept: open it and complete it."
    run.writes.tell(draft.person_id, f"You can complete this now: {task.title}", text, task.id)
    write(run)
