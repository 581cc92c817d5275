"""Jobs as commands see them."""

from dataclasses import replace

import pytest

from engine.errors import NotFound
from engine.model.casework import JobKind
from storage.database import Database, transaction
from tests.storage import made


def test_a_job_reads_back_as_it_was_added(database: Database) -> None:
    with transaction(database) as store:
        case = made.started(store, made.published(store))
        job = made.job(case_id=case.id, token="t1", payload={"words": "3 school days", "n": [1, None]})
        store.add_jobs([job])

        assert store.job(job.id) == job


def test_a_key_that_is_there_already_is_left_as_it_is(database: Database) -> None:
    first, second = made.job(key="once"), made.job(key="once", run_at=made.NOW + made.DAY)
    other = made.job(key="other")
    with transaction(database) as store:
        store.add_jobs([first])
        store.add_jobs([second, other])

        assert store.job(first.id) == first
        assert store.job(other.id) == other
        with pytest.raises(NotFound):
            store.job(second.id)


def test_a_cases_engine_jobs_can_be_forgotten_by_visit_and_its_deliveries_stay(database: Database) -> None:
    with transaction(database) as store:
        case = made.started(store, made.published(store))
        one, two = (
            made.job(case_id=case.id, token=token, run_at=made.NOW + n * made.DAY) for n, token in enumerate("ab")
        )
        mail = made.job(JobKind.MAIL, case_id=case.id, token="a")
        store.add_jobs([two, one, mail])
        assert store.case_jobs(case.id) == [one, two]

        store.drop_case_jobs(case.id, ["a"])
        assert store.case_jobs(case.id) == [two]
        store.drop_case_jobs(case.id)
        assert store.case_jobs(case.id) == []
        assert store.job(mail.id) == mail


def test_jobs_are_moved_to_new_moments(database: Database) -> None:
    jobs = [made.job() for _ in range(3)]
    with transaction(database) as store:
        store.add_jobs(jobs)
        store.move_jobs({job.id: made.NOW + n * made.HOUR for n, job in enumerate(jobs[:2], 1)})

        assert [store.job(job.id).run_at for job in jobs] == [made.NOW + made.HOUR, made.NOW + 2 * made.HOUR, made.NOW]


def test_jobs_are_forgotten_by_key(database: Database) -> None:
    kept, gone = made.job(key="kept"), made.job(key="gone")
    with transaction(database) as store:
        store.add_jobs([kept, gone])
        store.drop_jobs(["gone", "never there"])

        assert store.job(kept.id) == kept
        with pytest.raises(NotFound):
            store.job(gone.id)


def test_only_a_job_that_gave_up_is_tried_again(database: Database) -> None:
    later = made.NOW + made.DAY
    stopped = made.job(attempts=5, stopped_at=made.NOW, reason="The rule could not be worked out.")
    running = made.job(attempts=2)
    with transaction(database) as store:
        store.add_jobs([stopped, running])
        store.retry_job(stopped.id, later)
        store.retry_job(running.id, later)

        assert store.job(stopped.id) == replace(stopped, attempts=0, stopped_at=None, run_at=later)
        assert store.job(running.id) == running
