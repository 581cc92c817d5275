"""What comes due while a case rests is kept until it goes on; nothing is lost and nothing happens twice."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from engine.commands.cases import advance, attention, manage, start, tasks
from engine.commands.cases import pause as pausing
from engine.errors import CaseMovedOn, CaseNotOpen, NotAllowed, NotFound
from engine.model.casework import Action, Case, CaseStatus, JobKind, Sensitivity
from storage.database import Database, transaction
from storage.store.sql_store import SqlStore
from storage.tables import jobs
from tests.engine.bpmn import sketch
from tests.engine.commands.place import NOW, Place, jobs_of, run_job, tasks_of
from tests.engine.commands.procedures_of import (
    asked,
    asking,
    begun,
    children,
    does,
    drawn,
    go_on,
    in_use,
    job_of,
    journal,
    ring,
    steps,
)

FRIDAY = NOW + timedelta(days=4)
WHY = "Safeguarding process"


@pytest.fixture
def place(database: Database) -> Place:
    return Place(database).fill()


def pause(place: Place, case: Case) -> None:
    with transaction(place.database) as store:
        pausing.pause_case(store, place.me(store, place.director), case.id, WHY, NOW)


def resume(place: Place, case: Case) -> None:
    with transaction(place.database) as store:
        pausing.resume_case(store, place.me(store, place.director), case.id, "It is over", FRIDAY)


def stuck(place: Place, case: Case) -> None:
    with transaction(place.database) as store:
        manage.needs_attention(store, case.id, "A rule could not be worked out.", NOW)


def give_up(store: SqlStore, job_id: UUID) -> None:
    """What the queue does with a job after its last try."""
    gone = {"stopped_at": NOW, "attempts": 5, "reason": "It could not be done."}
    store.connection.execute(update(jobs).where(jobs.c.id == job_id).values(gone))


def actions_of(store: SqlStore) -> list[Action]:
    return store.open_actions_of_roles(["cluster_lead"], None)


def test_a_timer_that_comes_while_a_case_needs_attention_rings_once_it_goes_on(place: Place) -> None:
    case = begun(place, "trial")
    stuck(place, case)

    ring(place, case, JobKind.WAKE)
    with transaction(place.database) as store:
        assert job_of(store, case, JobKind.WAKE).run_at.year == 9999
    go_on(place, case)

    with transaction(place.database) as store:
        job = job_of(store, case, JobKind.WAKE)
        assert (job.run_at.isoformat(), "was" in job.payload) == ("2026-11-04T17:00:00+00:00", False)
        run_job(store, job, job.run_at)
        assert "Director of education was told: No account yet." in journal(store, case)


def test_reminders_of_a_case_that_needed_attention_begin_anew(place: Place) -> None:
    case = begun(place, "trial")
    stuck(place, case)
    ring(place, case, JobKind.CHASE)

    with transaction(place.database) as store:
        assert JobKind.CHASE not in {job.kind for job in jobs_of(store, case.id)}
        assert not [line for line in journal(store, case) if "reminder" in line]
    go_on(place, case)

    with transaction(place.database) as store:
        assert job_of(store, case, JobKind.CHASE).run_at > NOW


def test_what_a_case_asked_for_begins_after_a_pause(place: Place) -> None:
    in_use(place, asked(), asking())
    case = does(place, place.head, begun(place, "parent"), "ask", note="Year 4")
    pause(place, case)
    with transaction(place.database) as store:
        assert children(store, case) == []
    resume(place, case)

    ring(place, case, JobKind.START)

    with transaction(place.database) as store:
        (child,) = children(store, case)
        assert (child.title, child.answers.values, child.parent_id) == ("A review", {"note": "Year 4"}, case.id)


def test_a_case_that_ends_while_the_one_that_waits_for_it_is_paused_is_told_of_afterwards(place: Place) -> None:
    in_use(place, asked(), asking())
    case = does(place, place.head, begun(place, "parent"), "ask", note="Year 4")
    ring(place, case, JobKind.START)
    with transaction(place.database) as store:
        (child,) = children(store, case)
    pause(place, case)
    does(place, place.head, child, "look")
    ring(place, case, JobKind.RETURN)
    with transaction(place.database) as store:
        assert steps(store, case) == set()
    resume(place, case)

    ring(place, case, JobKind.RETURN)

    with transaction(place.database) as store:
        assert steps(store, case) == {"after"}
        came = store.case(case.id).answers.values["came"]
        assert (came["started"], came["end"], came["ref"]) == (True, "Finished", child.ref)
        assert f"{child.ref}, A review ended: Finished." in journal(store, case)


def test_a_message_is_kept_while_the_case_is_paused_and_given_afterwards(place: Place) -> None:
    in_use(place, drawn(sketch.catch("x", "report"), sketch.user("after"), flows="s>x>after>e"))
    case = begun(place, "small")
    pause(place, case)
    with transaction(place.database) as store:
        advance.send_message(store, case.id, "report", {"grade": "good"}, NOW)
        advance.send_message(store, case.id, "report", {"grade": "late"}, NOW)
        assert steps(store, case) == set()
    resume(place, case)

    with transaction(place.database) as store:
        first, second = [job for job in jobs_of(store, case.id) if job.kind is JobKind.MESSAGE]
        run_job(store, first, FRIDAY)
        run_job(store, second, FRIDAY)

    with transaction(place.database) as store:
        assert steps(store, case) == {"after"}
        assert len([line for line in journal(store, case) if line == "“report” arrived."]) == 1
        assert journal(store, case)[-1] == "“report” had been kept, but the case does not wait for it any more."


def test_a_message_to_a_case_that_has_ended_or_waits_for_none_is_refused(place: Place) -> None:
    case = begun(place, "trial")
    pause(place, case)

    with transaction(place.database) as store:
        with pytest.raises(NotFound):
            advance.send_message(store, case.id, "report", {}, NOW)
        manage.stop_case(store, place.me(store, place.director), case.id, "Duplicate", NOW)
        with pytest.raises(CaseNotOpen):
            advance.send_message(store, case.id, "report", {}, NOW)


def test_what_a_case_started_without_waiting_begins_although_the_case_has_ended(place: Place) -> None:
    in_use(place, asked(), asking(wait=False))
    case = does(place, place.head, begun(place, "parent"), "ask", note="Year 4")
    assert case.status is CaseStatus.ENDED

    ring(place, case, JobKind.START)

    with transaction(place.database) as store:
        (child,) = children(store, case)
        assert (child.parent_id, child.parent_token, child.ref[-9:]) == (case.id, None, "2026-0001")
        assert f"Started by {case.ref}, Attendance." in journal(store, child)


def test_a_procedure_withdrawn_before_its_case_began_becomes_a_plain_action_and_the_case_goes_on(place: Place) -> None:
    child, _parent = in_use(place, asked(), asking())
    case = does(place, place.head, begun(place, "parent"), "ask", note="Year 4")
    with transaction(place.database) as store:
        store.withdraw_version(child.id, NOW)

    ring(place, case, JobKind.START)

    with transaction(place.database) as store:
        assert [action.title for action in actions_of(store)] == ["A review"]
        assert store.case(case.id).answers.values["came"] == {"started": False}
        assert steps(store, case) == {"after"}


def test_a_hand_on_to_a_procedure_that_does_not_exist_is_a_plain_action_on_the_roles_list(place: Place) -> None:
    in_use(place, asking(wait=False))

    case = does(place, place.head, begun(place, "parent"), "ask", note="Year 4")

    with transaction(place.database) as store:
        (action,) = actions_of(store)
        assert (action.title, action.pool) == ("A review", f"cluster_lead@cluster:{place.cluster.id}")
        assert jobs_of(store, case.id) == []
        assert "Action for Cluster lead: A review." in journal(store, case)


def test_a_withdrawn_procedure_with_nobody_to_act_instead_says_so_and_can_be_tried_again(place: Place) -> None:
    child, _parent = in_use(place, asked(), asking(fallback=None))
    case = does(place, place.head, begun(place, "parent"), "ask", note="Year 4")
    with transaction(place.database) as store:
        store.withdraw_version(child.id, NOW)

    with pytest.raises(Exception, match="“child” is not in use, and nobody is named to act instead"):
        ring(place, case, JobKind.START)

    with transaction(place.database) as store:
        give_up(store, job_of(store, case, JobKind.START).id)
    stuck(place, case)
    with transaction(place.database) as store:
        store.connection.execute(update(jobs).where(jobs.c.kind == JobKind.START).values(run_at=NOW))
        with pytest.raises(NotAllowed):
            attention.try_again(store, place.me(store, place.head), job_of(store, case, JobKind.START).id, NOW)
        attention.try_again(store, place.me(store, place.director), job_of(store, case, JobKind.START).id, NOW)
        assert store.case(case.id).status is CaseStatus.OPEN
        assert job_of(store, case, JobKind.START).stopped_at is None


def test_letting_a_case_go_on_lets_its_jobs_that_gave_up_try_again(place: Place) -> None:
    case = begun(place, "trial")
    with transaction(place.database) as store:
        give_up(store, job_of(store, case, JobKind.WAKE).id)
    stuck(place, case)

    go_on(place, case)

    with transaction(place.database) as store:
        wake = job_of(store, case, JobKind.WAKE)
        assert (wake.stopped_at, wake.attempts, wake.run_at) == (None, 0, NOW)
        with pytest.raises(NotFound):
            attention.try_again(store, place.me(store, place.director), wake.id, NOW)
    with pytest.raises(CaseNotOpen):
        go_on(place, case)


def test_a_token_that_is_gone_and_a_case_that_is_over_need_nothing_more(place: Place) -> None:
    in_use(place, asked(), asking())
    case = does(place, place.head, begun(place, "parent"), "ask", note="Year 4")
    ring(place, case, JobKind.START)
    with transaction(place.database) as store:
        (child,) = children(store, case)
        manage.stop_case(store, place.me(store, place.director), case.id, "Duplicate", NOW)
        assert f"{child.ref}, A review, which this case had started, goes on." in journal(store, case)

    does(place, place.head, child, "look")
    ring(place, case, JobKind.RETURN)

    with transaction(place.database) as store:
        assert store.case(case.id).status is CaseStatus.STOPPED
        assert jobs_of(store, case.id) == []
        with pytest.raises(CaseNotOpen):
            advance.wake(store, store.lock_case(case.id), "t1", NOW)


def test_a_case_that_is_stopped_tells_the_one_that_waits_for_it(place: Place) -> None:
    in_use(place, asked(), asking())
    case = does(place, place.head, begun(place, "parent"), "ask", note="Year 4")
    ring(place, case, JobKind.START)
    with transaction(place.database) as store:
        (child,) = children(store, case)
        manage.stop_case(store, place.me(store, place.director), child.id, "Not needed", NOW)

    ring(place, case, JobKind.RETURN)

    with transaction(place.database) as store:
        assert store.case(case.id).answers.values["came"]["end"] == "stopped"
        assert steps(store, case) == {"after"}


def test_a_case_asked_for_is_never_open_to_more_people_than_the_one_that_asked(place: Place) -> None:
    in_use(place, asked(), asking(wait=False))
    with transaction(place.database) as store:
        me = place.me(store, place.head)
        case = start.start_case(store, me, "parent", place.school.id, "About Mr Gale", {}, NOW)
        store.save_case(replace(store.case(case.id), sensitivity=Sensitivity.NAMED))
    does(place, place.head, case, "ask", note="staff")

    ring(place, case, JobKind.START)

    with transaction(place.database) as store:
        (child,) = children(store, case)
        assert child.sensitivity is Sensitivity.NAMED
        assert f"Started by {case.ref}." in journal(store, child)


def test_a_job_started_and_cut_short_in_the_same_run_is_not_left_behind(place: Place) -> None:
    """Two ways side by side: one asks for a procedure, the other ends everything at once."""
    go = sketch.word("go", "start_procedure", procedure="child", title="A review", wait="yes", trust__result="came")
    find = sketch.word("find", "find_people", role="cluster_lead", trust__result="found")
    both = (sketch.gateway("fork", parallel=True), sketch.user("ask"), go, find)
    parts = (*both, sketch.end("now", "At once", terminate=True))
    in_use(place, asked(), drawn(*parts, flows="s>ask>fork fork>go>e fork>find>now", key="cut"))

    case = does(place, place.head, begun(place, "cut"), "ask")

    with transaction(place.database) as store:
        assert case.end == "now"
        assert jobs_of(store, case.id) == []


def test_a_paused_case_keeps_its_deadline_from_being_put_off_by_hand(place: Place) -> None:
    case = begun(place, "trial")
    pause(place, case)

    with transaction(place.database) as store:
        task = tasks_of(store, case)["account"]
        with pytest.raises(CaseNotOpen, match="move by themselves"):
            tasks.extend(store, place.me(store, place.director), task.id, "2026-11-30", WHY, NOW)


def test_a_timer_of_hours_stands_still_for_the_hours_of_the_pause_and_a_date_stays(place: Place) -> None:
    parts = (
        sketch.user("a", due="4 hours"), sketch.boundary("soon", "a", "30 hours"),
        sketch.boundary("then", "a", "2026-11-20"), sketch.boundary("days", "a", "2 school days"),
    )  # fmt: skip
    in_use(place, drawn(*parts, flows="s>a>e soon>e then>e days>e"))
    case = begun(place, "small")
    with transaction(place.database) as store:
        pausing.pause_case(store, place.me(store, place.director), case.id, WHY, NOW + timedelta(hours=1))

    with transaction(place.database) as store:
        later = NOW + timedelta(hours=6)
        pausing.resume_case(store, place.me(store, place.director), case.id, "It is over", later)
        wakes = {job.payload["words"]: job.run_at for job in jobs_of(store, case.id) if job.kind is JobKind.WAKE}
        due = tasks_of(store, case)["a"].due_at

    assert wakes["30 hours"] == NOW + timedelta(hours=35)
    assert wakes["2026-11-20"].isoformat() == "2026-11-20T17:00:00+00:00"
    assert wakes["2 school days"].isoformat() == "2026-11-04T17:00:00+00:00"  # the same day: no school day has passed
    assert due == NOW + timedelta(hours=9)


def test_only_what_may_be_done_to_a_case_as_it_is_is_done(place: Place) -> None:
    case = begun(place, "trial")
    with transaction(place.database) as store:
        me = place.me(store, place.director)
        with pytest.raises(CaseNotOpen, match="going on already"):
            pausing.resume_case(store, me, case.id, WHY, NOW)
        pausing.pause_case(store, me, case.id, WHY, NOW)
        with pytest.raises(CaseNotOpen, match="paused already"):
            pausing.pause_case(store, me, case.id, WHY, NOW)
        manage.stop_case(store, me, case.id, WHY, NOW)
        with pytest.raises(CaseNotOpen, match="stopped already"):
            manage.stop_case(store, me, case.id, WHY, NOW)


def test_a_second_ring_of_the_same_timer_finds_the_case_moved_on(place: Place) -> None:
    case = begun(place, "trial")
    with transaction(place.database) as store:
        wake = job_of(store, case, JobKind.WAKE)
        run_job(store, wake, wake.run_at)
        with pytest.raises(CaseMovedOn):
            advance.wake(store, store.lock_case(case.id), wake.token or "", wake.run_at)
        before = journal(store, case)
        run_job(store, wake, wake.run_at)
        assert journal(store, case) == before
