"""Cases and tasks as kept."""

from dataclasses import replace
from uuid import uuid4

import pytest

from engine.errors import CaseMovedOn, NotFound
from engine.model.casework import Answers, CaseStatus, Sensitivity, TaskStatus
from storage.database import Database, counting, transaction
from tests.storage import made


def test_a_case_reads_back_as_it_was_written(database: Database) -> None:
    with transaction(database) as store:
        school = made.school()
        store.add_schools([school])
        starter = made.known(store)
        version = made.published(store)
        parent = made.started(store, version)
        whole = made.case(
            version,
            school,
            started_by=starter.id,
            sensitivity=Sensitivity.NAMED,
            status=CaseStatus.PAUSED,
            paused_at=made.NOW + made.MICRO,
            reason="Ofsted is here",
            parent_id=parent.id,
            parent_token="t1",
        )
        store.add_case(whole)

    with transaction(database) as store:
        assert store.case(whole.id) == whole
        assert store.lock_case(parent.id) == parent


def test_a_task_and_its_case_are_locked_in_one_statement(database: Database) -> None:
    with transaction(database) as store:
        case = made.started(store, made.published(store))
        holder = made.known(store)
        task = made.offered(store, case, person_id=holder.id, due_at=None, item="Year 4", scope="s[0]", fallen=True)

    with transaction(database) as store, counting(database) as counted:
        assert store.lock_task(task.id) == (task, case)

    assert len(counted.statements) == 1


def test_what_is_not_there_is_not_found(database: Database) -> None:
    with transaction(database) as store:
        for read in (store.case, store.lock_case, store.task, store.lock_task):
            with pytest.raises(NotFound):
                read(uuid4())


def test_references_are_counted_for_each_prefix_and_year(database: Database) -> None:
    with transaction(database) as store:
        refs = [store.next_ref("DIA", 2026), store.next_ref("DIA", 2026), store.next_ref("EST", 2026)]
        assert store.next_ref("DIA", 2027) == "DIA-2027-0001"

    assert refs == ["DIA-2026-0001", "DIA-2026-0002", "EST-2026-0001"]


def test_saving_a_case_raises_its_revision_and_writes_what_changed(database: Database) -> None:
    with transaction(database) as store:
        case = made.started(store, made.published(store))

    with transaction(database) as store:
        case = store.lock_case(case.id)
        moved = replace(case, state=b"two", answers=Answers({"route": None}), status=CaseStatus.ENDED, end="end_desk")
        store.save_case(moved)

    with transaction(database) as store:
        assert store.case(case.id) == replace(moved, revision=1)


def test_a_case_somebody_else_wrote_since_has_moved_on(database: Database) -> None:
    with transaction(database) as store:
        case = made.started(store, made.published(store))
    with transaction(database) as store:
        store.save_case(replace(case, state=b"theirs"))

    with pytest.raises(CaseMovedOn), transaction(database) as store:
        store.save_case(replace(case, state=b"ours"))

    with transaction(database) as store:
        assert store.case(case.id).state == b"theirs"


def test_open_tasks_come_soonest_first_and_undated_last(database: Database) -> None:
    with transaction(database) as store:
        case = made.started(store, made.published(store))
        undated = made.offered(store, case, due_at=None)
        later = made.offered(store, case, due_at=made.NOW + made.DAY)
        sooner = made.offered(store, case, due_at=made.NOW)
        made.offered(store, case, status=TaskStatus.DONE)

        assert store.open_tasks(case.id) == [sooner, later, undated]


def test_a_saved_task_reads_back(database: Database) -> None:
    with transaction(database) as store:
        case = made.started(store, made.published(store))
        by = made.known(store)
        absent = made.known(store, "Ben Away")
        task = made.offered(store, case)

    done = replace(task, status=TaskStatus.DONE, done_by=by.id, done_for=absent.id, done_at=made.NOW, level=2)
    with transaction(database) as store:
        store.lock_task(task.id)
        store.save_task(done)

    with transaction(database) as store:
        assert store.task(task.id) == done
        assert store.open_tasks(case.id) == []


def test_a_task_that_was_not_read_first_is_written_whole(database: Database) -> None:
    with transaction(database) as store:
        case = made.started(store, made.published(store))
        task = made.offered(store, case)

    moved = replace(task, due_at=None, extended=1)
    with transaction(database) as store:
        store.save_task(moved)
        assert store.task(task.id) == moved


def test_withdrawn_tasks_are_those_of_the_visits_named(database: Database) -> None:
    with transaction(database) as store:
        case = made.started(store, made.published(store))
        gone, kept = made.offered(store, case), made.offered(store, case)
        store.withdraw_tasks(case.id, [gone.token], made.NOW)

        assert store.open_tasks(case.id) == [kept]
        assert store.task(gone.id) == replace(gone, status=TaskStatus.WITHDRAWN, done_at=made.NOW)

        store.withdraw_all_tasks(case.id, made.NOW)
        assert store.open_tasks(case.id) == []


def test_nothing_to_write_costs_no_statement(database: Database) -> None:
    with transaction(database) as store, counting(database) as counted:
        store.add_tasks([])
        store.add_entries([])
        store.add_jobs([])
        store.add_notices([])
        store.drop_jobs([])
        store.withdraw_tasks(uuid4(), [], made.NOW)
        store.drop_case_jobs(uuid4(), [])
        store.read_notices(uuid4(), [], made.NOW)
        store.move_jobs({})

    assert counted.statements == []


def test_many_rows_are_one_statement(database: Database) -> None:
    with transaction(database) as store:
        case = made.started(store, made.published(store))

        with counting(database) as counted:
            store.add_tasks([made.task(case) for _ in range(7)])
            store.add_entries([made.entry(case) for _ in range(7)])
            store.add_jobs([made.job(case_id=case.id) for _ in range(7)])

    assert len(counted.statements) == 3


def test_open_tasks_of_roles_come_with_their_schools(database: Database) -> None:
    with transaction(database) as store:
        version = made.published(store)
        ours, theirs = made.school(), made.school("Elm Park")
        store.add_schools([ours, theirs])
        here = made.offered(store, made.started(store, version, ours))
        made.offered(store, made.started(store, version, theirs))
        trust = made.offered(store, made.started(store, version))
        made.offered(store, made.started(store, version, ours), role="governor")
        paused = made.offered(store, made.started(store, version, ours, status=CaseStatus.PAUSED))

        everywhere = store.open_tasks_of_roles(["headteacher"], None)
        at_ours = store.open_tasks_of_roles(["headteacher"], [ours.id])
        assert {(task.id, school) for task, school in at_ours} == {(here.id, ours.id), (paused.id, ours.id)}
        assert (trust, None) in everywhere
        assert len(everywhere) == 4
        assert store.open_tasks_of_roles([], None) == []


def test_open_tasks_about_schools_include_those_of_paused_cases(database: Database) -> None:
    with transaction(database) as store:
        version = made.published(store)
        school = made.school()
        store.add_schools([school])
        open_one = made.offered(store, made.started(store, version, school))
        case = made.started(store, version, school)
        paused = made.offered(store, case)
        store.save_case(replace(case, status=CaseStatus.PAUSED))
        made.offered(store, made.started(store, version), title="About the trust")

        about = {(task.id, school_id) for task, school_id in store.open_tasks_about([school.id])}
        assert about == {(open_one.id, school.id), (paused.id, school.id)}
        assert len(store.open_tasks_about(None)) == 3


def test_cases_a_case_waits_on_are_those_still_running(database: Database) -> None:
    with transaction(database) as store:
        version = made.published(store)
        parent = made.started(store, version)
        child = made.started(store, version, parent_id=parent.id, parent_token="t")
        made.started(store, version, parent_id=parent.id, status=CaseStatus.ENDED)

        assert store.cases_waiting_on(parent.id) == [child]
