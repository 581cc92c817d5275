"""Jobs as commands see them: wishes added, moved and taken back. How they are worked off: storage/job_queue.py."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update

from engine.model.casework import ENGINE_JOBS, Job, JobKind
from storage.store.keeper import Keeper, columns, found, values
from storage.store.statement import Statement
from storage.tables import cases, jobs

JOB = columns(jobs, Job)
OF_CASE = (jobs.c.case_id == bindparam("of_case")) & ~jobs.c.delivers
CASE_JOBS = select(*JOB).where(OF_CASE).order_by(jobs.c.run_at, jobs.c.id)
_ALL = delete(jobs).where(OF_CASE)
DROP_ALL = Statement(_ALL)
DROP_SOME = Statement(_ALL.where(jobs.c.token.in_(bindparam("tokens", expanding=True))))
DROP_KEYS = Statement(delete(jobs).where(jobs.c.key.in_(bindparam("keys", expanding=True))))
MOVE = update(jobs).where(jobs.c.id == bindparam("job_id")).values(run_at=bindparam("moment"))


class JobStore(Keeper):
    """See engine.ports.Jobs."""

    def add_jobs(self, added: Sequence[Job]) -> None:
        """Insert; a key that is there already is left as it is."""
        self.add_new(jobs, [{**values(job), "delivers": job.kind not in ENGINE_JOBS} for job in added], jobs.c.key)

    def drop_jobs(self, keys: Collection[str]) -> None:
        """Forget jobs by key."""
        if keys:
            DROP_KEYS.run(self.connection, {"keys": list(keys)})

    def drop_case_jobs(self, case_id: UUID, tokens: Collection[str] | None = None) -> None:
        """Forget the engine jobs of a case: those of some tokens, or all (None). Deliveries stay."""
        if tokens is None:
            DROP_ALL.run(self.connection, {"of_case": case_id})
        elif tokens:
            DROP_SOME.run(self.connection, {"of_case": case_id, "tokens": list(tokens)})

    def case_jobs(self, case_id: UUID) -> list[Job]:
        """The engine jobs of a case, soonest first."""
        return [Job(*row) for row in self.connection.execute(CASE_JOBS, {"of_case": case_id})]

    def jobs_of_kind(self, kind: JobKind) -> list[Job]:
        """Every job of one kind, soonest first."""
        wanted = select(*JOB).where(jobs.c.kind == kind).order_by(jobs.c.run_at, jobs.c.id)
        return [Job(*row) for row in self.connection.execute(wanted)]

    def jobs_about(self, school_ids: Collection[UUID] | None) -> list[tuple[Job, UUID | None]]:
        """Timers and reminders of cases about these schools (None: all), with their case's school."""
        wanted = select(*JOB, cases.c.school_id).join_from(jobs, cases, cases.c.id == jobs.c.case_id)
        wanted = wanted.where(jobs.c.kind.in_([JobKind.WAKE, JobKind.CHASE])).order_by(jobs.c.run_at, jobs.c.id)
        if school_ids is not None:
            wanted = wanted.where(cases.c.school_id.in_(school_ids))
        return [(Job(*row[:-1]), row[-1]) for row in self.connection.execute(wanted)]

    def move_jobs(self, moved: Mapping[UUID, datetime]) -> None:
        """Give jobs a new moment, by id."""
        if moved:
            self.connection.execute(MOVE, [{"job_id": job, "moment": at} for job, at in moved.items()])

    def job(self, job_id: UUID) -> Job:
        """The job. Raises NotFound."""
        return Job(*found(self.connection.execute(select(*JOB).where(jobs.c.id == job_id)).first()))

    def retry_job(self, job_id: UUID, now: datetime) -> None:
        """Let a job that gave up try again from now."""
        again = {"run_at": now, "attempts": 0, "stopped_at": None}
        stopped = (jobs.c.id == job_id) & jobs.c.stopped_at.is_not(None)
        self.connection.execute(update(jobs).where(stopped).values(again))
