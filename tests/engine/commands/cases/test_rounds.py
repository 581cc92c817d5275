"""Moments of a case that come round, as jobs: by its school's calendar, moved with it, never twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from engine.casework.rounds import NOT_KNOWN, WHY
from engine.commands.cases import pause
from engine.commands.trust.calendars import change_calendar
from engine.model.calendar import LONDON, Calendar
from engine.model.casework import Case, Job, JobKind
from storage.database import Database, transaction
from storage.store.sql_store import SqlStore
from tests.engine.bpmn.sketch import boundary, end, user
from tests.engine.commands.place import NOW, Place, jobs_of, run_job, tasks_of
from tests.engine.commands.procedures_of import begun, drawn, in_use

TERMS = Calendar(terms=((date(2026, 9, 2), date(2026, 10, 23)), (date(2026, 11, 2), date(2026, 12, 18))))


@pytest.fixture
def place(database: Database) -> Place:
    return Place(database).fill()


def nudged(place: Place, words: str) -> Case:
    """A case whose first step has a timer on its edge that comes round."""
    edge = boundary("again", "a", words, interrupting=False, kind="timeCycle")
    step, beside = user("a", form="note", due="10 school days"), user("b", "Look again", form="note")
    in_use(place, drawn(step, edge, beside, end("over"), flows="s>a>e again>b>over"))
    return begun(place, "small")


def timer(store: SqlStore, case: Case) -> Job | None:
    return next((job for job in jobs_of(store, case.id) if job.kind is JobKind.WAKE), None)


def rings(store: SqlStore, case: Case, now: datetime | None = None) -> Job | None:
    """Its moment comes; the job that then waits."""
    job = timer(store, case)
    assert job is not None
    run_job(store, job, now or job.run_at)
    return timer(store, case)


def day(job: Job | None) -> str:
    assert job is not None
    at = job.run_at.astimezone(LONDON)
    return f"{at:%a} {at.day} {at:%b %H:%M}"


def test_it_comes_each_time_and_goes_with_its_step(place: Place) -> None:
    case = nudged(place, "every Friday")
    with transaction(place.database) as store:
        days = [day(timer(store, case)), day(rings(store, case)), day(rings(store, case))]
        steps = [task.step for task in store.open_tasks(case.id)]

    assert days == ["Fri 6 Nov 08:00", "Fri 13 Nov 08:00", "Fri 20 Nov 08:00"]
    assert sorted(steps) == ["a", "b", "b"]


def test_a_number_of_times_leaves_no_job_behind(place: Place) -> None:
    case = nudged(place, "R2/P1D")
    with transaction(place.database) as store:
        assert rings(store, case) is not None
        assert rings(store, case) is None


def test_what_came_round_while_headway_was_down_comes_once(place: Place) -> None:
    case = nudged(place, "R/P1D")
    with transaction(place.database) as store:
        waits = rings(store, case, NOW + timedelta(days=9, hours=1))
        assert [task.step for task in store.open_tasks(case.id)].count("b") == 1

    assert waits is not None
    assert waits.run_at == NOW + timedelta(days=10)


def test_a_rhythm_keeps_to_the_day_it_began_on(place: Place) -> None:
    case = nudged(place, "every week")
    with transaction(place.database) as store:
        change_calendar(store, None, None, replace(TERMS, closed=frozenset({date(2026, 11, 9)})), NOW)
        assert day(timer(store, case)) == "Tue 10 Nov 08:00"
        assert day(rings(store, case)) == "Mon 16 Nov 08:00"


def test_a_calendar_that_changes_moves_it_and_lets_nothing_come_twice(place: Place) -> None:
    with transaction(place.database) as store:
        change_calendar(store, None, None, TERMS, NOW)
    case = nudged(place, "last Friday of each half-term")
    later = replace(TERMS, terms=(*TERMS.terms, (date(2027, 1, 5), date(2027, 2, 12))))
    with transaction(place.database) as store:
        assert day(timer(store, case)) == "Fri 18 Dec 08:00"
        change_calendar(store, None, None, replace(TERMS, closed=frozenset({date(2026, 12, 18)})), NOW)
        assert day(timer(store, case)) == "Thu 17 Dec 08:00"

        came = rings(store, case)
        assert came is not None
        assert came.run_at == NOT_KNOWN
        assert "Enter the dates of the coming terms" in came.payload[WHY]

        change_calendar(store, None, None, later, datetime(2026, 12, 17, 12, 0, tzinfo=UTC))
        assert day(timer(store, case)) == "Fri 12 Feb 08:00"


def test_what_comes_round_while_the_case_is_paused_is_left_out(place: Place) -> None:
    case = nudged(place, "every Friday")
    with transaction(place.database) as store:
        me = place.me(store, place.director)
        pause.pause_case(store, me, case.id, "Holiday", NOW)
        pause.resume_case(store, me, case.id, "Back", NOW + timedelta(days=16))

        assert day(timer(store, case)) == "Fri 20 Nov 08:00"
        assert set(tasks_of(store, case)) == {"a"}


def test_a_pause_that_ends_before_the_next_moment_moves_nothing(place: Place) -> None:
    case = nudged(place, "every Friday")
    with transaction(place.database) as store:
        me = place.me(store, place.director)
        pause.pause_case(store, me, case.id, "Holiday", NOW)
        pause.resume_case(store, me, case.id, "Back", NOW + timedelta(days=1))

        assert day(timer(store, case)) == "Fri 6 Nov 08:00"


@pytest.mark.parametrize("words", ["every Friday", "R/P1D", "each half-term"])
def test_a_calendar_that_is_saved_unchanged_moves_nothing(place: Place, words: str) -> None:
    with transaction(place.database) as store:
        change_calendar(store, None, None, TERMS, NOW)
    case = nudged(place, words)
    with transaction(place.database) as store:
        before = timer(store, case)
        change_calendar(store, None, None, TERMS, NOW + timedelta(hours=3))
        after = timer(store, case)

    assert before is not None
    assert after is not None
    assert (after.run_at, after.payload) == (before.run_at, before.payload)
