"""A case from start to end, as its rows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest

from engine.commands.cases import advance, attention, manage, pause, start, tasks
from engine.commands.jobs import do
from engine.errors import (
    AlreadyClaimed,
    AlreadyDone,
    BadAnswers,
    CaseMovedOn,
    CaseNotOpen,
    NeedsAReason,
    NotAllowed,
    NotFound,
)
from engine.model.casework import Case, CaseStatus, JobKind
from engine.model.people import Person, SchoolStatus
from storage import job_queue as queue
from storage.database import Database, transaction
from tests.engine.commands.place import NOW, Place, jobs_of, run_job, tasks_of
from tests.engine.commands.procedures_of import asked, asking, begun, does, in_use, journal

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def place(database: Database) -> Place:
    return Place(database).fill()


def started(place: Place, who: Person | None = None) -> Case:
    with transaction(place.database) as store:
        me = place.me(store, who or place.head)
        return start.start_case(store, me, "trial", place.school.id, "Attendance in Year 4", {}, NOW)


def complete(place: Place, who: Person, step: str, case: Case, **posted: str) -> Case:
    with transaction(place.database) as store:
        task = tasks_of(store, case)[step]
        return tasks.complete_task(
            store, place.me(store, who), task.id, {key: [value] for key, value in posted.items()}, LATER
        )


def test_starting_puts_a_task_before_the_head_with_a_deadline_in_school_days(place: Place) -> None:
    case = started(place)

    with transaction(place.database) as store:
        task = tasks_of(store, case)["account"]
        kinds = [job.kind for job in jobs_of(store, case.id)]

    assert task.pool == f"headteacher@school:{place.school.id}"
    assert task.due_at == datetime(2026, 11, 5, 17, 0, tzinfo=UTC)
    assert sorted(kinds) == [JobKind.CHASE, JobKind.WAKE]
    assert case.ref.endswith("-2026-0001")


def test_a_role_nobody_holds_here_falls_to_the_next_and_says_so(place: Place) -> None:
    with transaction(place.database) as store:
        case = start.start_case(store, place.me(store, place.director), "trial", place.quiet.id, "", {}, NOW)
        task = tasks_of(store, case)["account"]

    assert (task.pool, task.fallen) == (f"cluster_lead@cluster:{place.cluster.id}", True)


def test_completing_moves_the_case_to_the_next_role_and_takes_the_old_timers_away(place: Place) -> None:
    case = complete(place, place.head, "account", started(place), known="Three families", route="desk")

    with transaction(place.database) as store:
        (step,) = tasks_of(store, case)
        jobs = jobs_of(store, case.id)

    assert step == "decide"
    assert case.answers.values["known"] == "Three families"
    assert [job.kind for job in jobs] == [JobKind.CHASE]


def test_a_case_runs_to_its_end_leaving_a_record_an_action_and_a_journal(place: Place) -> None:
    case = complete(place, place.head, "account", started(place), known="Oak class", route="ask")
    found = case.answers.values["found"]

    ended = complete(place, place.director, "decide", case)

    assert [person["name"] for person in found] == ["Owen Pryce"]
    assert (ended.status, ended.end) == (CaseStatus.ENDED, "e")
    with transaction(place.database) as store:
        assert store.next_record_number(case.id, "decision") == 2
        assert not store.open_tasks(case.id)
        assert not jobs_of(store, case.id)


def test_answers_that_do_not_fit_change_nothing(place: Place) -> None:
    case = started(place)

    with pytest.raises(BadAnswers):
        complete(place, place.head, "account", case, known="", route="desk")

    with transaction(place.database) as store:
        assert set(tasks_of(store, case)) == {"account"}
        assert store.case(case.id) == case


def test_the_second_to_complete_a_task_is_told_who_was_first(place: Place) -> None:
    case = started(place)
    with transaction(place.database) as store:
        task = tasks_of(store, case)["account"]
    complete(place, place.head, "account", case, known="x", route="desk")

    with pytest.raises(AlreadyDone, match="Ruth Adeyemi completed this task"), transaction(place.database) as store:
        tasks.complete_task(store, place.me(store, place.head), task.id, {"known": ["y"]}, LATER)


def test_somebody_elses_task_is_refused(place: Place) -> None:
    case = started(place)

    with pytest.raises(NotAllowed):
        complete(place, place.lead, "account", case, known="x")


def test_a_timer_that_comes_tells_the_director_once(place: Place) -> None:
    case = started(place)

    with transaction(place.database) as store:
        wake = next(job for job in jobs_of(store, case.id) if job.kind is JobKind.WAKE)
        run_job(store, wake, wake.run_at)
        again = [job for job in jobs_of(store, case.id) if job.kind is JobKind.WAKE]
        with pytest.raises(CaseMovedOn):
            advance.wake(store, store.lock_case(case.id), wake.token or "", wake.run_at)

    assert wake.run_at == datetime(2026, 11, 4, 17, 0, tzinfo=UTC)
    assert again == []


def test_a_late_task_is_chased_up_the_ladder_until_it_is_done(place: Place) -> None:
    case = started(place)
    levels = []

    with transaction(place.database) as store:
        for _ in range(6):
            chases = [job for job in jobs_of(store, case.id) if job.kind is JobKind.CHASE]
            if not chases:
                break
            run_job(store, chases[0], chases[0].run_at)
            levels.append(tasks_of(store, case)["account"].level)

    assert levels == [0, 0, 1, 2, 3]


def test_a_paused_case_stands_still_and_every_deadline_moves_by_the_days_it_stood(place: Place) -> None:
    case = started(place)
    with transaction(place.database) as store:
        pause.pause_case(store, place.me(store, place.director), case.id, "Inspection in progress", NOW)
        held = jobs_of(store, case.id)
        task = next(iter(store.open_tasks(case.id)))
        with pytest.raises(CaseNotOpen):
            tasks.complete_task(store, place.me(store, place.head), task.id, {"known": ["x"]}, LATER)

    with transaction(place.database) as store:
        friday = NOW + timedelta(days=4)
        pause.resume_case(store, place.me(store, place.director), case.id, "Inspection over", friday)
        task = tasks_of(store, case)["account"]
        wake = next(job for job in jobs_of(store, case.id) if job.kind is JobKind.WAKE)

    assert all(job.run_at.year == 9999 for job in held)
    assert task.due_at == datetime(2026, 11, 11, 17, 0, tzinfo=UTC)
    assert wake.run_at == datetime(2026, 11, 10, 17, 0, tzinfo=UTC)


def test_stopping_needs_a_reason_and_somebody_who_may(place: Place) -> None:
    case = started(place)

    with transaction(place.database) as store:
        with pytest.raises(NotAllowed):
            manage.stop_case(store, place.me(store, place.head), case.id, "Duplicate", LATER)
        with pytest.raises(NeedsAReason):
            manage.stop_case(store, place.me(store, place.director), case.id, "  ", LATER)
        stopped = manage.stop_case(store, place.me(store, place.director), case.id, "Duplicate", LATER)
        assert store.open_tasks(case.id) == []

    assert (stopped.status, stopped.reason) == (CaseStatus.STOPPED, "Duplicate")


def test_a_case_that_needs_attention_rests_until_somebody_lets_it_go_on(place: Place) -> None:
    case = started(place)
    with transaction(place.database) as store:
        manage.needs_attention(store, case.id, "A rule could not be worked out.", LATER)

    with pytest.raises(CaseNotOpen, match="needs attention"):
        complete(place, place.head, "account", case, known="x", route="desk")
    with transaction(place.database) as store:
        attention.let_go_on(store, place.me(store, place.director), case.id, LATER)

    assert complete(place, place.head, "account", case, known="x", route="desk").status is CaseStatus.OPEN


def test_the_holder_extends_once_with_a_reason(place: Place) -> None:
    case = started(place)

    with transaction(place.database) as store:
        task = tasks_of(store, case)["account"]
        me = place.me(store, place.head)
        later = tasks.extend(store, me, task.id, "2026-11-12", "The attendance officer is away", LATER)
        with pytest.raises(NotAllowed):
            tasks.extend(store, me, task.id, "2026-11-19", "Again", LATER)

    assert later.due_at == datetime(2026, 11, 12, 17, 0, tzinfo=UTC)


def test_a_task_is_claimed_and_handed_on(place: Place) -> None:
    case = started(place)

    with transaction(place.database) as store:
        task = tasks_of(store, case)["account"]
        tasks.claim(store, place.me(store, place.head), task.id, LATER)
        handed = tasks.hand_over(store, place.me(store, place.head), task.id, place.lead.id, "I am away", LATER)

    assert handed.person_id == place.lead.id
    with pytest.raises(AlreadyClaimed):
        complete(place, place.head, "account", case, known="x")
    assert complete(place, place.lead, "account", case, known="x", route="desk").status is CaseStatus.OPEN


def test_a_message_nobody_waits_for_is_refused(place: Place) -> None:
    case = started(place)

    with transaction(place.database) as store, pytest.raises(Exception, match="not waiting"):
        advance.send_message(store, case.id, f"report {uuid4()}", {}, LATER)


def test_nothing_is_started_in_a_school_that_has_closed(place: Place) -> None:
    with transaction(place.database) as store:
        store.save_schools([replace(place.school, status=SchoolStatus.CLOSED)])

    with pytest.raises(NotAllowed, match="has closed"):
        started(place)


def test_a_title_is_one_line_of_some_length(place: Place) -> None:
    with transaction(place.database) as store:
        me = place.me(store, place.head)
        case = start.start_case(store, me, "trial", place.school.id, "  Year 4:\n\t\u202eattend\u200bance ", {}, NOW)
        with pytest.raises(BadAnswers) as refused:
            start.start_case(store, me, "trial", place.school.id, "x" * 1_200, {}, NOW)

    assert case.title == "Year 4: attendance"
    assert refused.value.messages == {"title": ["The name must be 200 characters or fewer: it is 1,000 too long"]}


def test_what_nobody_may_start_or_what_is_not_there_is_refused(place: Place) -> None:
    with transaction(place.database) as store:
        me = place.me(store, place.head)
        with pytest.raises(NotFound):
            start.start_case(store, me, "nothing", place.school.id, "", {}, NOW)
        with pytest.raises(NotFound):
            start.start_case(store, me, "trial", uuid4(), "", {}, NOW)
        with pytest.raises(NotAllowed):
            start.start_case(store, me, "trial", place.quiet.id, "", {}, NOW)


def test_a_job_that_fails_again_and_again_is_said_in_the_journal_and_goes_on_when_it_can(place: Place) -> None:
    """Through the queue itself: five tries, then the case needs attention; put right, both go on."""
    child, _parent = in_use(place, asked(), asking(fallback=None))
    case = does(place, place.head, begun(place, "parent"), "ask", note="Year 4")
    with transaction(place.database) as store:
        store.withdraw_version(child.id, NOW)
    for hour in range(1, 6):
        now = NOW + timedelta(hours=hour)
        queue.work(place.database, now, partial(do, now=now))

    with transaction(place.database) as store:
        assert store.case(case.id).status is CaseStatus.ATTENTION
        assert journal(store, case)[-1].startswith("The case needs attention: The procedure “child” is not in use")
        in_use_again = replace(child, id=uuid4(), number=2)
        store.add_version(in_use_again, asked(), b"<svg/>", [])
        attention.let_go_on(store, place.me(store, place.director), case.id, now)
    queue.work(place.database, now, partial(do, now=now))

    with transaction(place.database) as store:
        assert [each.version_id for each in store.cases_waiting_on(case.id)] == [in_use_again.id]
        assert jobs_of(store, case.id) == []
