"""A further signal about what an open case looks into: it joins that case instead of starting another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from engine.casework.confidentiality import named, sensitivity_in, stricter
from engine.casework.context import CaseInHand, prepare
from engine.casework.write import write
from engine.commands.cases.manage import SAID_OF
from engine.commands.cases.start import Opening, answers_to_start
from engine.commands.cases.tasks import OPEN_TO
from engine.errors import CaseNotOpen, NotFound
from engine.model.casework import LIVE, Case, EntryKind, Evidence, Record
from engine.model.people import Me
from engine.ports import Store

ADDED = "added:"  # the kinds of these records begin so: one never takes the place of another


def join_case(
    store: Store,
    me: Me,
    case_id: UUID,
    opening: Opening,
    posted: Mapping[str, Any],
    now: datetime,
    files: Sequence[Evidence] = (),
) -> Case:
    """Keep what somebody answered to the first questions of a procedure with a case of it that is going on.

    opening: the start they would otherwise have made, about the same place; they may make it. Whoever has a task of the
    case is told. The case becomes as confidential as what was added. Raises CaseNotOpen, NotFound, BadAnswers.
    """
    case = store.lock_case(case_id)
    version, form = store.version(case.version_id), opening.form
    if version.key != opening.version.key or case.school_id != opening.run.case.school_id or form is None:
        raise NotFound
    if case.status not in LIVE:
        raise CaseNotOpen(SAID_OF[case.status])
    given = answers_to_start(opening.run, form, posted, files)
    run = prepare(store, case, now, me.person.id)
    run.case = replace(case, sensitivity=stricter(case.sensitivity, sensitivity_in(given)))
    who = me.person.name
    run.writes.records.append(Record(uuid4(), case.id, f"{ADDED}{uuid4()}", 1, f"Added by {who}", given, now))
    run.writes.note(EntryKind.RECORD, f"{who} added what they know.", me.person.id)
    closer = ""
    if run.case.sensitivity is not case.sensitivity:  # adding may close a case to some, never open it to more
        closer = f" The case is open to {OPEN_TO[run.case.sensitivity]} from here on."
        run.writes.note(EntryKind.RECORD, f"{who} chose who may read it.{closer}", me.person.id)
    for person_id in _at_work(run) - {me.person.id}:
        run.writes.tell(
            person_id, f"More is known: {case.title}", f"{who} added what they know to {named(case)}.{closer}"
        )
    if run.case != case:
        store.save_case(run.case)
    write(run)
    for evidence in files:
        store.add_evidence(replace(evidence, case_id=case.id))
    return run.case


def _at_work(run: CaseInHand) -> set[UUID]:
    """Everybody who has an open task of the case, by name or by role."""
    open_tasks = run.store.open_tasks(run.case.id)
    run.called = frozenset(task.role for task in open_tasks)
    by_role = (person for task in open_tasks if not task.person_id for person in run.near.find(task.role).people)
    return {*by_role, *(task.person_id for task in open_tasks if task.person_id)}
