"""Working the queue off.

Engine jobs change the trust's work: taking the job out of the queue, its effect and what follows from it share one
transaction, so each happens exactly once. Deliveries leave the house: a claim pushes `run_at` forward (the lease is the
back-off), the message is sent outside any transaction, then the job is taken out; one that was sent and not taken out
is sent again under the same key.

What is due is judged by the `now` that is passed in. Of several processes each takes what the others have not locked.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, delete, func, select, union_all, update

from engine.commands.cases.manage import needs_attention
from engine.errors import Refused, Unavailable
from engine.model.casework import Job
from storage.constraints import translated
from storage.database import Database
from storage.store.jobs import JOB
from storage.store.locked import IN_HAND, with_school
from storage.store.sql_store import SqlStore
from storage.tables import cases, jobs

Do = Callable[[SqlStore, Job], None]

# How long a job rests after each try that failed; after the last of these it stops and needs attention.
BACK_OFF = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
DELIVERY_BACK_OFF = (*BACK_OFF[1:], timedelta(hours=2), timedelta(hours=8))
LEASE = timedelta(minutes=2)  # longer than sending one message can take
# How many jobs share a transaction, and after how many seconds none begins any more: committing costs as much as
# running a case, but people who save something wait. In a file all of them do, beside PostgreSQL those who save
# something about one of these very cases.
IN_A_FILE = (12, 0.04)
BESIDE_OTHERS = (24, 0.25)

IS_DUE = (jobs.c.stopped_at.is_(None), jobs.c.run_at <= bindparam("now"))
SOONEST = select(*JOB).where(*IS_DUE).order_by(jobs.c.run_at, jobs.c.id).limit(bindparam("at_most"))
DUE = SOONEST.where(~jobs.c.delivers)
IN_TURN = (jobs.c.run_at, jobs.c.id)
DUE_JOBS = select(*JOB, *IN_HAND).where(*IS_DUE, ~jobs.c.delivers).order_by(*IN_TURN).limit(bindparam("at_most"))
DUE_OF_ANY_KIND = with_school(DUE_JOBS.outerjoin_from(jobs, cases, cases.c.id == jobs.c.case_id))
DUE_WITH_CASE = with_school(DUE_JOBS.join_from(jobs, cases, cases.c.id == jobs.c.case_id)).with_for_update(
    of=[jobs, cases], key_share=True, skip_locked=True
)
DUE_WITHOUT_CASE = DUE.where(jobs.c.case_id.is_(None)).with_for_update(skip_locked=True)
DUE_DELIVERY = SOONEST.where(jobs.c.delivers).with_for_update(skip_locked=True)
TAKE = delete(jobs).where(jobs.c.id == bindparam("job_id"), *IS_DUE)


def work(
    database: Database, now: datetime, do: Do, at_most: int | None = None, within_seconds: float | None = None
) -> int:
    """Take some of the engine jobs that are due by `now` and carry them out, all in one transaction.

    One that cannot be done undoes the transaction; those before it, known to be good, are done again without it, and
    when it is the first it rests. What it raised is raised here unless it is a refusal of ours. Returns how many were
    done or put off; 0: nothing is due that nobody else is working on.
    """
    most, seconds = IN_A_FILE if database.is_sqlite else BESIDE_OTHERS
    try:
        return _together(database, now, do, at_most or most, seconds if within_seconds is None else within_seconds)
    except JobFailed as failed:
        if failed.after:
            return work(database, now, do, failed.after, float("inf"))
        _put_off(database, failed, now)
        if failed.fault:
            raise failed.fault from None
        return 1


def _together(database: Database, now: datetime, do: Do, at_most: int, within_seconds: float) -> int:
    stop_after = time.monotonic() + within_seconds
    number = 0
    with translated(), database.writing() as connection:
        store = SqlStore(connection, database.memory)
        for number, job in enumerate(_due(store, now, at_most), 1):
            with Blame(job, after=number - 1), translated():
                if _take(connection, job, now):
                    do(store, job)
            if time.monotonic() > stop_after:
                break
    return number


def work_one(database: Database, now: datetime, do: Do) -> bool:
    """Carry out one engine job that is due. False: nothing is due that nobody else is working on."""
    return work(database, now, do, at_most=1) > 0


class JobFailed(Exception):
    """A job could not be done, so nothing of its transaction stays."""

    def __init__(self, job: Job, after: int, error: Exception) -> None:
        """after: how many jobs came before it in the transaction."""
        super().__init__(job.key)
        self.job = job
        self.after = after
        self.fault = None if isinstance(error, Refused) else error
        self.reason = f"Something went wrong inside Headway ({type(error).__name__})."
        self.step: str | None = None  # of the procedure, that could not be carried out
        if isinstance(error, Refused):
            self.reason, self.step = error.sentence, error.step


class Blame:
    """Whatever is raised inside is this job's doing, but for a database that is gone or the end of the process."""

    def __init__(self, job: Job, after: int) -> None:
        self._job = job
        self._after = after

    def __enter__(self) -> None:
        """Nothing to do."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Raise JobFailed in its place."""
        if isinstance(error, Exception) and not isinstance(error, Unavailable):
            raise JobFailed(self._job, self._after, error) from error


def _due(store: SqlStore, now: datetime, at_most: int) -> list[Job]:
    """Engine jobs that are due, soonest first, each locked together with its case, which is read with it."""
    due = {"now": now, "at_most": at_most}
    if store.connection.dialect.name != "postgresql":
        return _with_cases(store, DUE_OF_ANY_KIND, due)
    found = _with_cases(store, DUE_WITH_CASE, due)
    if len(found) < at_most:
        found += _read(store.connection, DUE_WITHOUT_CASE, due)
    return sorted(found, key=lambda job: job.run_at)[:at_most]


def _with_cases(store: SqlStore, wanted: Select[*tuple[Any, ...]], given: Mapping[str, Any]) -> list[Job]:
    found = []
    for row in store.connection.execute(wanted, given):
        job = Job(*row[: len(JOB)])
        found.append(job)
        if job.case_id:
            store.take_in_hand(row[len(JOB) :])
    return found


def _read(connection: Connection, wanted: Select[*tuple[Any, ...]], given: Mapping[str, Any]) -> list[Job]:
    return [Job(*row) for row in connection.execute(wanted, given)]


def _take(connection: Connection, job: Job, now: datetime) -> bool:
    """Take a job out of the queue. False: a job before it in this transaction took it back or moved it."""
    return connection.execute(TAKE, {"job_id": job.id, "now": now}).rowcount == 1


def _put_off(database: Database, failed: JobFailed, now: datetime) -> None:
    """Note a try that failed, unless another process has tried the job since."""
    job, reason = failed.job, failed.reason
    tried = job.attempts + 1
    with translated(), database.writing() as connection:
        store = SqlStore(connection, database.memory)
        if job.case_id:
            store.lock_case(job.case_id)  # before the job, as everybody else does
        if connection.execute(select(jobs.c.attempts).where(jobs.c.id == job.id)).scalar() != job.attempts:
            return
        if tried <= len(BACK_OFF):
            _rest(connection, job.id, tried, reason, now + BACK_OFF[tried - 1])
            return
        _stop(connection, job.id, tried, reason, now)
        if job.case_id:
            needs_attention(store, job.case_id, reason, now, failed.step)


def _rest(connection: Connection, job_id: UUID, tried: int, reason: str | None, until: datetime) -> None:
    resting = {"attempts": tried, "reason": reason, "run_at": until}
    connection.execute(update(jobs).where(jobs.c.id == job_id).values(resting))


def _stop(connection: Connection, job_id: UUID, tried: int, reason: str, now: datetime) -> None:
    stopped = {"attempts": tried, "reason": reason, "stopped_at": now}
    connection.execute(update(jobs).where(jobs.c.id == job_id).values(stopped))


def claim_delivery(database: Database, now: datetime, lease: timedelta = LEASE) -> Job | None:
    """The delivery due first. It is this caller's until the lease ends, then anybody's again."""
    with translated(), database.writing() as connection:
        found = _read(connection, DUE_DELIVERY, {"now": now, "at_most": 1})
        for job in found:
            _rest(connection, job.id, job.attempts + 1, job.reason, now + lease)
    return found[0] if found else None


def delivered(database: Database, job_id: UUID) -> None:
    """The message was sent: forget the job."""
    with translated(), database.writing() as connection:
        connection.execute(delete(jobs).where(jobs.c.id == job_id))


def delivery_failed(database: Database, job_id: UUID, reason: str, now: datetime, for_good: bool = False) -> None:
    """The message could not be sent: try again later, or give up and need attention after the last try; for_good: now,
    as no later try can do better.
    """
    with translated(), database.writing() as connection:
        tried = connection.execute(select(jobs.c.attempts).where(jobs.c.id == job_id)).scalar()
        if tried is None:
            return
        if tried <= len(DELIVERY_BACK_OFF) and not for_good:
            _rest(connection, job_id, tried, reason, now + DELIVERY_BACK_OFF[tried - 1])
        else:
            _stop(connection, job_id, tried, reason, now)


def next_due(connection: Connection) -> datetime | None:
    """When the next job of either kind comes due; None: there is none. Two steps into an index."""
    first = union_all(*(_first(delivers) for delivers in (False, True))).subquery()
    return connection.execute(select(func.min(first.c.run_at))).scalar()


def _first(delivers: bool) -> Select[datetime]:
    waiting = select(jobs.c.run_at).where(jobs.c.stopped_at.is_(None))
    waiting = waiting.where(jobs.c.delivers if delivers else ~jobs.c.delivers)
    return select(waiting.order_by(jobs.c.run_at).limit(1).subquery().c.run_at)
