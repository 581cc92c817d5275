"""Procedures that Headway starts by itself: once a school or once a trust, by the calendar, each moment once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from engine.bpmn.package import Package
from engine.casework.rounds import NOT_KNOWN, WHY
from engine.commands import clock, procedures
from engine.commands.cases import start
from engine.commands.jobs import do
from engine.commands.trust import schools
from engine.commands.trust.calendars import change_calendar
from engine.errors import NotAllowed
from engine.model.calendar import LONDON, Calendar
from engine.model.casework import Case, Job, JobKind
from engine.model.people import School, SchoolStatus
from storage.database import Database, transaction
from storage.job_queue import work
from storage.tables import cases
from tests.engine.bpmn.sketch import end, properties, script, step, timer, user
from tests.engine.commands.place import NOW, Place, publish, run_job
from tests.engine.commands.procedures_of import drawn, journal

TERMS = Calendar(
    terms=(
        (date(2026, 9, 2), date(2026, 10, 23)),
        (date(2026, 11, 2), date(2026, 12, 18)),
        (date(2027, 1, 5), date(2027, 2, 12)),
    )
)
LATER = NOW + timedelta(hours=1)


def clock_start(words: str, whom: str = "", kind: str = "timeCycle", id: str = "s") -> str:
    """A start with a clock."""
    said = properties(trust__for=whom) if whom else ""
    return step("startEvent", id, "", inner=said + timer(words, kind))


def by_clock(words: str, whom: str = "", kind: str = "timeCycle", key: str = "check") -> Package:
    """A procedure that starts by itself and asks the headteacher something."""
    parts = (clock_start(words, whom, kind), user("a", "Look round", form="note"), end())
    return drawn(*parts, flows="s>a>e", key=key, ends=False)


@pytest.fixture
def place(database: Database) -> Place:
    here = Place(database).fill()
    with transaction(database) as store:
        change_calendar(store, None, None, TERMS, NOW)
    return here


def in_use(place: Place, package: Package, now: datetime = NOW, number: int = 1) -> None:
    with transaction(place.database) as store:
        version = publish(store, replace(package, stories=f"# version {number}".encode()), number)
        clock.arrange(store, now, {version.key})


def waiting(place: Place) -> list[Job]:
    with transaction(place.database) as store:
        return store.jobs_of_kind(JobKind.BEGIN)


def days(place: Place) -> list[str]:
    return [f"{at:%a} {at.day} {at:%b %H:%M}" for at in (job.run_at.astimezone(LONDON) for job in waiting(place))]


def began(place: Place) -> list[Case]:
    with transaction(place.database) as store:
        found = store.connection.execute(select(cases.c.id).order_by(cases.c.started_at)).scalars()
        return [store.case(id) for id in found]


def passes(place: Place, now: datetime) -> None:
    """Headway works until nothing is due any more."""
    while work(place.database, now, lambda store, job: do(store, job, now)):
        pass


def test_it_starts_once_for_the_trust_at_each_of_its_moments(place: Place) -> None:
    in_use(place, by_clock("first school day of each half-term"))
    assert days(place) == ["Tue 5 Jan 08:00"]

    passes(place, datetime(2027, 1, 5, 7, 59, tzinfo=UTC))
    assert began(place) == []
    passes(place, datetime(2027, 1, 5, 8, 0, tzinfo=UTC))

    (case,) = began(place)
    assert (case.school_id, case.started_by, case.title) == (None, None, "A trial, 5 January 2027")
    with transaction(place.database) as store:
        assert [task.step for task in store.open_tasks(case.id)] == ["a"]
        assert "Headway, by the calendar, started A trial." in journal(store, case)


def test_it_starts_once_in_each_school_by_its_own_calendar(place: Place) -> None:
    in_use(place, by_clock("every Monday", "each school"))
    with transaction(place.database) as store:
        change_calendar(store, None, place.quiet.id, Calendar(closed=frozenset({date(2026, 11, 9)})), NOW)

    assert days(place) == ["Mon 9 Nov 08:00", "Mon 16 Nov 08:00"]
    passes(place, datetime(2026, 11, 9, 9, 0, tzinfo=UTC))
    assert [case.school_id for case in began(place)] == [place.school.id]


def test_a_school_that_is_added_starts_too_and_one_that_closes_no_more(place: Place) -> None:
    in_use(place, by_clock("every Monday", "each school"))
    new = School(uuid4(), "900009", "Newhaven School", "primary", "Academy")
    shut = replace(place.quiet, status=SchoolStatus.CLOSED)
    with transaction(place.database) as store:
        schools.carry_out(store, None, schools.ImportPlan((new,), (), (shut,), 0, 0, (), 9), NOW)

    passes(place, datetime(2026, 11, 9, 9, 0, tzinfo=UTC))
    assert {case.school_id for case in began(place)} == {place.school.id, new.id}


def test_a_calendar_that_changes_moves_it_and_starts_nothing_twice(place: Place) -> None:
    in_use(place, by_clock("first school day of each half-term"))
    with transaction(place.database) as store:
        change_calendar(store, None, None, replace(TERMS, closed=frozenset({date(2027, 1, 5)})), NOW)
    assert days(place) == ["Wed 6 Jan 08:00"]

    came = datetime(2027, 1, 6, 9, 0, tzinfo=UTC)
    passes(place, came)
    with transaction(place.database) as store:
        change_calendar(store, None, None, replace(TERMS, closed=frozenset({date(2027, 1, 5), date(2027, 1, 6)})), came)

    assert len(began(place)) == 1
    (job,) = waiting(place)
    assert job.run_at == NOT_KNOWN
    assert "Enter the dates of the coming terms" in job.payload[WHY]


def test_what_came_while_headway_was_down_starts_once(place: Place) -> None:
    in_use(place, by_clock("every school day"))

    passes(place, NOW + timedelta(days=10))

    assert len(began(place)) == 1
    assert days(place) == ["Fri 13 Nov 08:00"]


def test_a_procedure_withdrawn_starts_no_more(place: Place) -> None:
    in_use(place, by_clock("every Monday", "each school"))
    with transaction(place.database) as store:
        version = store.live_version("check")
        assert version is not None
        procedures.withdraw(store, place.me(store, place.director), version.id, NOW)

    assert waiting(place) == []


def test_another_version_goes_on_with_the_same_rhythm_or_begins_its_own_or_none(place: Place) -> None:
    in_use(place, by_clock("every 2 weeks"))
    assert days(place) == ["Mon 16 Nov 08:00"]

    in_use(place, by_clock("every 2 weeks", key="check"), NOW + timedelta(days=5), 2)
    assert days(place) == ["Mon 16 Nov 08:00"]

    in_use(place, by_clock("every Tuesday"), NOW + timedelta(days=5), 3)
    assert days(place) == ["Tue 10 Nov 08:00"]

    in_use(place, drawn(user("a", form="note"), flows="s>a>e", key="check"), NOW + timedelta(days=5), 4)
    assert waiting(place) == []


def test_a_number_of_times_is_not_begun_anew_by_another_version(place: Place) -> None:
    in_use(place, by_clock("R2/P1D"))
    for day in (1, 2, 3):
        passes(place, NOW + timedelta(days=day, minutes=1))
    in_use(place, by_clock("R2/P1D"), NOW + timedelta(days=4), 2)

    assert len(began(place)) == 2
    (job,) = waiting(place)
    assert job.payload[WHY] == "It has started as often as drawn, the last time on 4 November 2026."


def test_a_date_starts_it_that_morning_and_never_again(place: Place) -> None:
    in_use(place, by_clock("2026-11-12", kind="timeDate"))
    assert days(place) == ["Thu 12 Nov 08:00"]

    passes(place, datetime(2026, 11, 12, 8, 0, tzinfo=UTC))
    in_use(place, by_clock("2026-11-12", kind="timeDate"), datetime(2026, 11, 13, tzinfo=UTC), 2)
    passes(place, datetime(2027, 11, 12, 8, 0, tzinfo=UTC))

    assert len(began(place)) == 1
    assert [job.payload[WHY] for job in waiting(place)] == ["It started on 12 November 2026."]


def test_a_date_that_has_passed_says_so(place: Place) -> None:
    in_use(place, by_clock("2026-10-12", kind="timeDate"))

    assert [job.payload[WHY] for job in waiting(place)] == ["Its moment, 12 October 2026, has passed."]


def test_what_cannot_start_needs_attention_and_starts_next_time(place: Place) -> None:
    rule = script("a", 'if today < date("2026-11-16") then 1 + "x" else 2', "n")
    parts = (clock_start("every Monday"), rule, user("b", form="note"), end())
    in_use(place, drawn(*parts, flows="s>a>b>e", key="check", ends=False))

    passes(place, datetime(2026, 11, 9, 9, 0, tzinfo=UTC))
    assert began(place) == []
    stopped, following = sorted(waiting(place), key=lambda job: job.run_at)
    assert stopped.stopped_at is not None
    assert stopped.reason
    assert following.stopped_at is None

    passes(place, datetime(2026, 11, 16, 9, 0, tzinfo=UTC))
    assert len(began(place)) == 1
    with transaction(place.database) as store:
        store.retry_job(stopped.id, datetime(2026, 11, 17, 9, 0, tzinfo=UTC))
    passes(place, datetime(2026, 11, 17, 9, 0, tzinfo=UTC))
    assert len(began(place)) == 2
    assert days(place) == ["Mon 23 Nov 08:00"]


def test_nobody_starts_by_hand_what_only_the_clock_starts(place: Place) -> None:
    in_use(place, by_clock("every Monday"))

    with transaction(place.database) as store, pytest.raises(NotAllowed, match="Headway does, when its moment comes"):
        start.start_case(store, place.me(store, place.head), "check", place.school.id, "", {}, NOW)


def test_people_and_the_clock_may_each_have_a_start(place: Place) -> None:
    parts = (clock_start("every Monday", id="c"), user("a", form="note"), user("b", "By hand", form="note"))
    in_use(place, drawn(*parts, flows="c>a>e s>b>e", key="check"))

    with transaction(place.database) as store:
        case = start.start_case(store, place.me(store, place.head), "check", place.school.id, "", {}, NOW)
        assert [task.step for task in store.open_tasks(case.id)] == ["b"]
    passes(place, datetime(2026, 11, 9, 9, 0, tzinfo=UTC))
    begun = began(place)[-1]
    with transaction(place.database) as store:
        assert [task.step for task in store.open_tasks(begun.id)] == ["a"]


def test_a_job_whose_day_is_shut_by_now_waits_for_the_day_that_is_not(place: Place) -> None:
    in_use(place, by_clock("first Monday of each month", "each school"))
    (job, _) = waiting(place)
    with transaction(place.database) as store:
        store.save_calendar(None, replace(TERMS, closed=frozenset({date(2026, 12, 7)})))  # and nobody moved the job
        run_job(store, job, job.run_at)

    assert began(place) == []
    assert "Tue 8 Dec 08:00" in days(place)


def test_a_procedure_published_by_its_page_waits_for_its_moment(place: Place) -> None:
    told = """
one:
  - the clock starts it on 2026-11-09
  - headteacher does a: {note: x}
  - the case ends at: e
"""
    package = replace(by_clock("every Monday"), stories=told.encode())
    with transaction(place.database) as store:
        procedures.publish(store, None, package, NOW)

    assert days(place) == ["Mon 9 Nov 08:00"]
