"""Carrying out one engine job inside the transaction that deletes it, so that its effect happens exactly once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from engine.bpmn.diagram.elements import Trigger
from engine.casework.confidentiality import named
from engine.casework.context import prepare
from engine.casework.held_jobs import RESTING, held
from engine.casework.post import unpacked
from engine.casework.reminders import chase, first_chase, rows_due
from engine.casework.words.start_procedure import NOT_STARTED, act_instead
from engine.casework.write import write
from engine.commands import clock, post
from engine.commands.cases import advance, start
from engine.commands.trust import leavers, people
from engine.errors import CaseMovedOn, CaseNotOpen
from engine.model.casework import Case, CaseStatus, EntryKind, Job, JobKind, TaskStatus
from engine.model.reminders import rows_for
from engine.ports import Store


def do(store: Store, job: Job, now: datetime) -> None:
    """Carry out a job whose moment has come. A case that has ended or moved on needs nothing more; one that rests
    keeps the job until it goes on.
    """
    if job.kind in DOES:
        DOES[job.kind](store, job, now)
        return
    if job.case_id is None:
        return
    case = store.lock_case(job.case_id)
    if case.status in RESTING:
        store.add_jobs([held(job)])
    elif case.status is CaseStatus.STOPPED:
        post.look_again(store, job, now)
    else:
        _unless_it_moved_on(store, job, case, now)


def _unless_it_moved_on(store: Store, job: Job, case: Case, now: datetime) -> None:
    try:
        DOES_FOR_CASE[job.kind](store, job, case, now)
    except CaseMovedOn:
        return


def _wake(store: Store, job: Job, case: Case, now: datetime) -> None:
    if job.token and case.status is CaseStatus.OPEN:
        advance.wake(store, case, job.token, now, job)


def _start(store: Store, job: Job, parent: Case, now: datetime) -> None:
    """Start what a case asked for. One that did not wait for it may have ended meanwhile."""
    token, key = job.payload["token"], job.payload["procedure"]
    if token and parent.status is not CaseStatus.OPEN:
        return
    if store.live_version(key):
        start.start_for(store, parent, token, key, job.payload["title"], job.payload["answers"], now)
        return
    run = prepare(store, parent, now, None)
    act_instead(run, key, job.payload["instead"])
    write(run)
    if token:
        sentence = f"The procedure “{key}” is not in use any more, so the case went on without it."
        advance.give_answer(store, parent, token, NOT_STARTED, sentence, now)


def _return(store: Store, job: Job, parent: Case, now: datetime) -> None:
    if parent.status is not CaseStatus.OPEN:
        return
    child = store.case(UUID(job.payload["child"]))
    value = {
        "started": True,
        "end": job.payload["end"],
        "ref": child.ref,
        "answers": dict(child.answers.values),
    }
    if threw := job.payload.get("threw"):
        trigger, name = Trigger(threw["trigger"]), threw["name"]
        said = "ended with an error" if trigger is Trigger.ERROR else "says"
        advance.fail_call(store, parent, job.payload["token"], trigger, name, f"{named(child)} {said}: {name}.", now)
        return
    sentence = f"{named(child)} ended: {job.payload['end']}."
    advance.give_answer(store, parent, job.payload["token"], value, sentence, now)


def _message(store: Store, job: Job, case: Case, now: datetime) -> None:
    """Give a message to the step it is for; one that was kept for the case, to whoever waits for it by now."""
    name = job.payload["name"]
    if "wait" in job.payload:
        _hand_over(store, job, case, now)
        return
    if case.status is CaseStatus.OPEN and store.awaiting(case.id, name):
        advance.send_message(store, case.id, name, job.payload["payload"], now)
        return
    run = prepare(store, case, now, None)
    run.writes.note(EntryKind.MESSAGE, f"“{name}” had been kept, but the case does not wait for it any more.")
    write(run)


def _hand_over(store: Store, job: Job, case: Case, now: datetime) -> None:
    """Give what another case sent to the wait that was found for it; where that is over, look for another."""
    try:
        advance.hear(store, case, job.payload["wait"], unpacked(job.payload["letter"]), now)
    except (CaseMovedOn, CaseNotOpen):
        post.look_again(store, job, now)


def _chase(store: Store, job: Job, now: datetime) -> None:
    task, case = store.lock_task(UUID(job.payload["task"]))
    if task.status is not TaskStatus.OPEN or case.status is not CaseStatus.OPEN:
        return  # a case that goes on begins its reminders anew
    run = prepare(store, case, now, None)
    table = rows_for(run.table, store.roles().get(task.role))
    for row in rows_due(task, table, run.calendar, datetime.fromisoformat(job.payload["since"]), job.run_at):
        chase(run, task, row)
        if row.level > task.level:
            task = replace(task, level=row.level)
            store.save_task(task)
    following = first_chase(task, table, run.calendar, after=job.run_at)
    if following:
        store.drop_jobs([following.key])
        store.add_jobs([following])


def _posts(store: Store, job: Job, now: datetime) -> None:
    school, given = job.payload["school"], job.payload.get("post")
    if given:
        people.give_back(store, UUID(given), now)
    people.find_people_again(store, [job.payload["role"]], [UUID(school)] if school else None, now)


def _leave(store: Store, job: Job, now: datetime) -> None:
    leavers.depart(store, UUID(job.payload["person"]), now)


DOES: Mapping[JobKind, Callable[[Store, Job, datetime], None]] = {
    JobKind.CHASE: _chase,
    JobKind.POSTS: _posts,
    JobKind.LEAVE: _leave,
    JobKind.BEGIN: clock.begin,
    JobKind.POST: post.deliver,
    JobKind.SIGNAL: post.broadcast,
    JobKind.FORGET: post.forget,
}
# What runs a case on: done with its row held, and never while it rests.
DOES_FOR_CASE: Mapping[JobKind, Callable[[Store, Job, Case, datetime], None]] = {
    JobKind.WAKE: _wake,
    JobKind.START: _start,
    JobKind.RETURN: _return,
    JobKind.MESSAGE: _message,
}
