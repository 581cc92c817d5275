"""A calendar that changes moves what counts its days, and says so."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from engine.commands.cases import pause, tasks
from engine.commands.trust import calendars
from engine.errors import BadDetails
from engine.model.calendar import Calendar
from engine.model.casework import Case, JobKind
from engine.model.people import Trust
from engine.model.reminders import HOLDER, LINE, Chase, HouseTable
from storage.database import Database, transaction
from storage.store.sql_store import SqlStore
from tests.engine.bpmn import sketch
from tests.engine.commands.place import NOW, Place, jobs_of, run_job, tasks_of
from tests.engine.commands.procedures_of import begun, drawn, in_use, job_of, journal

AUTUMN = ((date(2026, 9, 2), date(2026, 12, 18)),)
INSET = Calendar(closed=frozenset({date(2026, 11, 4)}))  # the Wednesday of this week
WHY = "Inspection in progress"


def evening(day: int) -> datetime:
    """17:00 that day in November."""
    return datetime(2026, 11, day, 17, tzinfo=UTC)


@pytest.fixture
def place(database: Database) -> Place:
    return Place(database).fill()


def change(place: Place, store: SqlStore, calendar: Calendar, at: datetime = NOW) -> int:
    """The school's own calendar."""
    return calendars.change_calendar(store, None, place.school.id, calendar, at)


def due(store: SqlStore, case: Case, step: str = "account") -> datetime | None:
    return tasks_of(store, case)[step].due_at


def test_deadlines_timers_and_reminders_move_and_the_journal_says_so(place: Place) -> None:
    case = begun(place, "trial")
    with transaction(place.database) as store:
        before = job_of(store, case, JobKind.CHASE).run_at

        assert change(place, store, INSET) == 1

        assert due(store, case) == evening(6)
        assert job_of(store, case, JobKind.WAKE).run_at == evening(5)
        assert (before, job_of(store, case, JobKind.CHASE).run_at) == (evening(3), evening(3))
        assert journal(store, case)[-1] == "The calendar changed: “Give your account” is due on 6 November instead."


def test_a_change_that_moves_nothing_writes_nothing(place: Place) -> None:
    case = begun(place, "trial")
    with transaction(place.database) as store:
        lines = journal(store, case)

        assert change(place, store, Calendar(closed=frozenset({date(2026, 10, 5)}))) == 0

        assert journal(store, case) == lines


def test_a_school_inherits_what_the_trust_changes_and_other_schools_keep_theirs(place: Place) -> None:
    case = begun(place, "trial")
    with transaction(place.database) as store:
        assert calendars.change_calendar(store, None, place.quiet.id, INSET, NOW) == 0
        assert due(store, case) == evening(5)

        holiday = Calendar(terms=AUTUMN, holidays=frozenset({date(2026, 11, 3)}))
        assert calendars.change_calendar(store, None, None, holiday, NOW) == 1

        assert due(store, case) == evening(6)


def test_a_case_that_waits_for_nothing_but_a_timer_is_moved_too(place: Place) -> None:
    in_use(place, drawn(sketch.wait("w", "3 school days"), sketch.user("a"), flows="s>w>a>e"))
    case = begun(place, "small")

    with transaction(place.database) as store:
        assert change(place, store, INSET) == 0
        assert job_of(store, case, JobKind.WAKE).run_at == evening(6)


def test_hours_dates_and_working_days_stay_where_school_days_move(place: Place) -> None:
    parts = (
        sketch.user("a", due="2 working days"), sketch.boundary("soon", "a", "30 hours"),
        sketch.boundary("then", "a", "2026-11-20"),
    )  # fmt: skip
    in_use(place, drawn(*parts, flows="s>a>e soon>e then>e"))
    case = begun(place, "small")

    with transaction(place.database) as store:
        before = [job.run_at for job in jobs_of(store, case.id)]
        assert change(place, store, INSET) == 0
        assert [job.run_at for job in jobs_of(store, case.id)] == before


def test_a_deadline_put_off_by_hand_stays_as_it_was_agreed(place: Place) -> None:
    case = begun(place, "trial")
    with transaction(place.database) as store:
        task = tasks_of(store, case)["account"]
        tasks.extend(store, place.me(store, place.head), task.id, "2026-11-12", "She is away", NOW)

        assert change(place, store, INSET) == 0
        assert due(store, case) == evening(12)


def test_an_escalation_moves_with_the_calendar_though_the_deadline_does_not(place: Place) -> None:
    """Two school days after Thursday the 5th: Monday, or with a closed Friday Tuesday."""
    case = begun(place, "trial")
    with transaction(place.database) as store:
        store.save_trust(Trust("Harbour Vale"))
        store.save_house_table(HouseTable((Chase(2, LINE, 1, "Level 1"), Chase(5, HOLDER, 0, "Again"))))
        job = job_of(store, case, JobKind.CHASE)
        run_job(store, job, job.run_at)
        assert job_of(store, case, JobKind.CHASE).run_at == evening(9)

        assert change(place, store, Calendar(closed=frozenset({date(2026, 11, 6)}))) == 0
        job = job_of(store, case, JobKind.CHASE)
        assert job.run_at == evening(10)
        assert change(place, store, Calendar()) == 0
        assert job_of(store, case, JobKind.CHASE).run_at == evening(9)

        run_job(store, job_of(store, case, JobKind.CHASE), evening(9))
        assert tasks_of(store, case)["account"].level == 1


def test_a_change_keeps_what_a_pause_has_put_off(place: Place) -> None:
    case = begun(place, "trial")
    with transaction(place.database) as store:
        me = place.me(store, place.director)
        pause.pause_case(store, me, case.id, WHY, NOW)
        pause.resume_case(store, me, case.id, WHY, NOW + timedelta(days=1))
        assert due(store, case) == evening(6)

        assert change(place, store, INSET, NOW + timedelta(days=1)) == 1

        assert due(store, case) == evening(9)
        assert job_of(store, case, JobKind.WAKE).run_at == evening(6)


def test_a_pause_that_lasted_over_a_change_ends_on_the_days_that_count_by_then(place: Place) -> None:
    case = begun(place, "trial")
    with transaction(place.database) as store:
        me = place.me(store, place.director)
        pause.pause_case(store, me, case.id, WHY, NOW)

        assert change(place, store, INSET) == 1
        assert job_of(store, case, JobKind.WAKE).run_at.year == 9999
        pause.resume_case(store, me, case.id, WHY, NOW + timedelta(days=3))

        assert due(store, case) == evening(10)  # 3 school days, and 2 of the pause: Tuesday and Thursday
        assert job_of(store, case, JobKind.WAKE).run_at == evening(9)


def test_a_calendar_in_which_deadlines_cannot_be_reckoned_is_refused_and_nothing_changes(place: Place) -> None:
    case = begun(place, "trial")
    far_away = Calendar(terms=((date(2040, 9, 2), date(2040, 12, 18)),))
    turned_round = Calendar(terms=((date(2026, 12, 18), date(2026, 9, 2)),))
    for calendar in (far_away, turned_round):
        with pytest.raises(BadDetails), transaction(place.database) as store:
            change(place, store, calendar)

    with transaction(place.database) as store:
        assert store.own_calendar(place.school.id) == Calendar()
        assert due(store, case) == evening(5)


def test_terms_are_kept_in_order(place: Place) -> None:
    spring = (date(2027, 1, 4), date(2027, 3, 26))
    with transaction(place.database) as store:
        change(place, store, replace(INSET, terms=(spring, *AUTUMN)))
        assert store.own_calendar(place.school.id).terms == (*AUTUMN, spring)
