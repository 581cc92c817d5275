"""Procedures that Headway starts by itself: a job for each start by the clock and each place it happens for.

What there ought to be is worked out from what is in use, the schools and their calendars, and put right whenever one of
these changes: nothing else adds, moves or drops such a job but the job itself, when its moment has come.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from engine.bpmn.diagram.elements import Diagram, Element
from engine.casework.rounds import NOT_KNOWN, WHY, comes_round, first_round, moved_round, next_round, start_on
from engine.commands.cases import start
from engine.errors import NotFound, Refused
from engine.model.calendar import LONDON, Calendar
from engine.model.casework import Job, JobKind, Version
from engine.model.cycles import read_cycle
from engine.model.people import School, SchoolStatus
from engine.model.wording import day_of_month
from engine.ports import Store

CAME = "came"  # in a job's payload: how often it has come
ONCE_MORE = "again"  # in a job's payload: only to try again what could not be started
JUST_BEFORE = timedelta(seconds=1)


def arrange(store: Store, now: datetime, procedures: Collection[str] | None = None) -> None:
    """Put the jobs of these procedures (None: all) right for what is in use and the places there are now. What is due
    already stays due.
    """
    found = {job.key: job for job in store.jobs_of_kind(JobKind.BEGIN)}
    kept = {key: job for key, job in found.items() if procedures is None or job.payload["procedure"] in procedures}
    versions = [each for each in store.live_versions() if procedures is None or each.key in procedures]
    wanted = {job.key: job for job in _wanted(store, versions, kept, now)}
    gone = [key for key, job in kept.items() if key not in wanted and not _may_be_tried(store, job)]
    changed = [job for key, job in wanted.items() if job != kept.get(key)]
    store.drop_jobs([*gone, *(job.key for job in changed)])
    if changed:
        store.add_jobs(changed)


def published(store: Store, version: Version, diagram: Diagram, now: datetime) -> None:
    """Put right what a procedure that was just published starts by itself, or starts no more."""
    if diagram.clock_starts or any(
        job.payload["procedure"] == version.key for job in store.jobs_of_kind(JobKind.BEGIN)
    ):
        arrange(store, now, {version.key})


def calendar_changed(store: Store, now: datetime) -> None:
    """Move every start by the clock to where the calendars have it now."""
    waiting = {job.payload["procedure"] for job in store.jobs_of_kind(JobKind.BEGIN)}
    if waiting:
        arrange(store, now, waiting)


def _wanted(store: Store, versions: Iterable[Version], kept: Mapping[str, Job], now: datetime) -> Iterator[Job]:
    schools: list[School] | None = None
    for version in versions:
        for each in store.definition(version.id).diagram.clock_starts:
            schools = store.schools() if schools is None else schools
            for place in _places(each, schools):
                yield _job(store, version, each, place, kept, now)


def _places(begins: Element, schools: Iterable[School]) -> list[UUID | None]:
    if not begins.for_each_school:
        return [None]
    return [school.id for school in schools if school.status is SchoolStatus.OPEN]


def _job(
    store: Store, version: Version, begins: Element, place: UUID | None, kept: Mapping[str, Job], now: datetime
) -> Job:
    """The job as it ought to be: the one there is, moved by the calendar, or a new one."""
    key = f"begin:{version.key}:{begins.id}:{place or 'trust'}"
    words, old = begins.moment or "", kept.get(key)
    if old and old.payload["words"] == words and comes_round(old) == begins.comes_round:
        due = old.run_at <= now or old.attempts or old.stopped_at
        return old if due or not comes_round(old) or _is_over(old) else moved_round(old, _calendar(store, place), now)
    payload = {
        "procedure": version.key,
        "start": begins.id,
        "school": str(place) if place else None,
        "words": words,
        "from": now.astimezone(UTC).isoformat(),
    }
    made = Job(uuid4(), JobKind.BEGIN, key, now, payload)
    return first_round(made, _calendar(store, place), now) if begins.comes_round else _on_its_day(made, now)


def _on_its_day(job: Job, now: datetime) -> Job:
    """A start on one day: in the morning, where no time is named."""
    at = start_on(job.payload["words"])
    return replace(job, run_at=at) if at > now else _over(job, f"Its moment, {_day(at)}, has passed.")


def _over(job: Job, why: str) -> Job:
    return replace(job, run_at=NOT_KNOWN, payload={**job.payload, WHY: why, "over": True}, attempts=0, stopped_at=None)


def _is_over(job: Job) -> bool:
    return bool(job.payload.get("over"))


def _calendar(store: Store, place: UUID | None) -> Calendar:
    return store.school_and_calendar(place, date.min)[1] if place else store.calendar(None, date.min)


def _may_be_tried(store: Store, job: Job) -> bool:
    return bool(job.payload.get(ONCE_MORE)) and _start_of(store, job) is not None


def _start_of(store: Store, job: Job) -> tuple[Version, Element] | None:
    """The version in use and its start that a job is for; None when there is none any more."""
    version = store.live_version(job.payload["procedure"])
    if version is None:
        return None
    starts = store.definition(version.id).diagram.clock_starts
    return next(((version, each) for each in starts if each.id == job.payload["start"]), None)


def begin(store: Store, job: Job, now: datetime) -> None:
    """The moment of a start has come: start it, once, and wait for the next. What cannot be started needs attention,
    and keeps nothing from starting next time.
    """
    place = UUID(job.payload["school"]) if job.payload["school"] else None
    found = _start_of(store, job)
    if found is None or not _is_open(store, place):
        return
    calendar = _calendar(store, place)
    if job.payload.get(ONCE_MORE):
        start.start_by_clock(store, *_by(found, place), now)
        return
    if (
        comes_round(job)
        and not job.attempts
        and (later := moved_round(job, calendar, job.run_at - JUST_BEFORE)).run_at > now
    ):
        store.add_jobs([later])  # the calendar says otherwise by now
        return
    try:
        with store.attempt() as trying:
            start.start_by_clock(trying, *_by(found, place), now)
    except Refused as refusal:
        store.add_jobs([_to_try_again(job, refusal, now)])
    store.add_jobs([_following(job, calendar, now)])


def _by(found: tuple[Version, Element], place: UUID | None) -> tuple[Version, UUID | None, str]:
    return found[0], place, found[1].id


def _is_open(store: Store, place: UUID | None) -> bool:
    try:
        return place is None or store.school(place).status is SchoolStatus.OPEN
    except NotFound:
        return False


def _following(job: Job, calendar: Calendar, now: datetime) -> Job:
    came = job.payload.get(CAME, 0) + 1
    counted = replace(job, payload={**job.payload, CAME: came})
    if not comes_round(job):
        return _over(counted, f"It started on {_day(now)}.")
    times = read_cycle(job.payload["words"]).times
    if times is not None and came >= times:
        return _over(counted, f"It has started as often as drawn, the last time on {_day(now)}.")
    return next_round(counted, calendar, now)


def _to_try_again(job: Job, refusal: Refused, now: datetime) -> Job:
    """What stands under needs attention, for somebody to let it try again."""
    key = f"{job.key}:{job.run_at.astimezone(UTC).isoformat()}"
    payload = {**job.payload, ONCE_MORE: True}
    return replace(
        job, id=uuid4(), key=key, payload=payload, run_at=now, attempts=1, stopped_at=now, reason=refusal.sentence
    )


def _day(moment: datetime) -> str:
    day = moment.astimezone(LONDON)
    return f"{day_of_month(day)} {day.year}"
