"""One case, finding cases, and where work stands."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from engine.errors import NotAllowed, NotFound
from engine.model.casework import Action, Answers, CaseStatus, Record, Sensitivity, TaskStatus
from engine.model.people import Cluster
from engine.policy import Sight
from storage.database import Database, counting, reading, transaction
from storage.queries.cases.find import Search, WaitingStep, count_cases, find_cases
from storage.queries.cases.page import case_head, case_page
from storage.queries.monitoring import counts
from storage.queries.monitoring.counts import StepCounts, Within
from storage.queries.paging import Cursor
from storage.store.sql_store import SqlStore
from tests.storage import made
from tests.storage.made import DAY, HOUR, NOW
from tests.storage.plans import plans, settle_statistics

EVERYTHING = Sight(uuid4(), everywhere=True, leads_everywhere=True)
NOTHING = Sight(uuid4())


class Trust:
    """Two schools in two clusters, two procedures."""

    def __init__(self, store: SqlStore) -> None:
        self.north = Cluster(uuid4(), "North")
        store.add_cluster(self.north)
        self.ours = made.school("Oakfield Primary", cluster_id=self.north.id)
        self.theirs = made.school("Elm Park School")
        store.add_schools([self.ours, self.theirs])
        self.amina, self.ben = made.known(store, "Amina Head"), made.known(store, "Ben Deputy")
        self.diagnosis, self.newer = made.published(store), made.published(store, number=2)
        self.estates = made.published(store, "estates")


@pytest.fixture
def trust(database: Database) -> Trust:
    with transaction(database) as store:
        return Trust(store)


def test_a_case_page_shows_everything_the_case_holds(database: Database, trust: Trust) -> None:
    with transaction(database) as store:
        parent = made.started(store, trust.estates)
        case = made.case(
            trust.diagnosis,
            trust.ours,
            ref="DIA-2026-0001",
            started_by=trust.amina.id,
            parent_id=parent.id,
            answers=Answers({}, {"views[1]": {"view": "x"}}),
        )
        store.add_case(case)
        doing = {"done_by": trust.ben.id, "done_for": trust.amina.id, "done_at": NOW}
        done = made.offered(store, case, "Give a view", status=TaskStatus.DONE, scope="views[0]", **doing)
        waiting = made.offered(store, case, "Another view", scope="views[1]", ready_at=NOW + HOUR)
        kept_apart = made.offered(store, case, "Third view", scope="views[1]", ready_at=NOW + HOUR, due_at=None)
        held = made.offered(store, case, "Decide", person_id=trust.ben.id, ready_at=NOW + 2 * HOUR)
        store.add_submission(made.submission(done, trust.ben, unseen_until="views"))
        store.add_submission(made.submission(kept_apart, trust.ben, unseen_until="views", at=NOW + HOUR))
        record = Record(uuid4(), case.id, "diagnosis", 1, "What we found", {"cause": "x"}, NOW)
        store.add_record(record)
        action = Action(uuid4(), case.id, trust.ours.id, "Share it", "clerk", "clerk@trust", None, NOW)
        store.add_action(action)
        open_file = made.evidence(waiting, trust.amina)
        apart, seen, loose = (
            made.evidence(kept_apart, trust.ben, at=NOW + HOUR),
            made.evidence(done, trust.ben, at=NOW + 2 * HOUR),
            made.evidence(done, trust.ben, at=NOW + 3 * HOUR, task_id=None),
        )
        for file in (open_file, apart, seen, loose):
            store.add_evidence(file)

    with reading(database) as connection, counting(database) as counted:
        page = case_page(connection, EVERYTHING, case.ref)

    assert len(counted.statements) == 6
    assert page.head.case == case
    assert page.head.school == trust.ours
    assert (page.head.procedure, page.head.key, page.head.number) == ("Diagnosis", "diagnosis", 1)
    assert (page.head.started_by, page.head.parent_ref) == ("Amina Head", parent.ref)
    assert [(line.task, line.person, line.done_by, line.done_for) for line in page.tasks] == [
        (done, None, "Ben Deputy", "Amina Head"),
        (waiting, None, None, None),
        (kept_apart, None, None, None),
        (held, "Ben Deputy", None, None),
    ]
    assert [(each.title, page.is_unseen(each)) for each in page.answered.answered] == [
        ("Give a view", False),
        ("Third view", True),
    ]
    assert (page.records.rows, page.actions.rows) == ((record,), (action,))
    assert [(file.evidence, file.unseen) for file in page.evidence.rows] == [
        (loose, False),
        (seen, False),
        (apart, True),
        (open_file, True),
    ]


def test_a_case_that_one_may_not_read_is_refused_and_one_that_is_not_there_not_found(
    database: Database, trust: Trust
) -> None:
    with transaction(database) as store:
        case = made.started(store, trust.diagnosis, trust.ours, ref="DIA-2026-0007", sensitivity=Sensitivity.NAMED)

    with reading(database) as connection:
        for sight in (EVERYTHING, NOTHING):
            with pytest.raises(NotAllowed):
                case_page(connection, sight, case.ref)
        with pytest.raises(NotFound):
            case_page(connection, EVERYTHING, "DIA-2026-9999")


def test_a_case_is_found_by_its_number_however_it_is_typed(database: Database, trust: Trust) -> None:
    with transaction(database) as store:
        case = made.started(store, trust.diagnosis, trust.ours, ref="DIA-2026-0007")

    with reading(database) as connection:
        assert case_head(connection, EVERYTHING, " dia-2026-0007 ").case == case


def found(database: Database, search: Search, sight: Sight = EVERYTHING) -> list[str]:
    with reading(database) as connection:
        page = find_cases(connection, sight, search, limit=1000)
        assert count_cases(connection, sight, search) == len(page.rows)
        return [row.ref for row in page.rows]


@pytest.fixture
def some(database: Database, trust: Trust) -> None:
    with transaction(database) as store:
        made.started(store, trust.diagnosis, trust.ours, ref="DIA-2026-0001", title="Reading in Year 4")
        made.started(store, trust.newer, trust.theirs, ref="DIA-2026-0002", title="100%_here", started_at=NOW + HOUR)
        made.started(store, trust.estates, trust.theirs, ref="EST-2026-0001", title="A leak", started_at=NOW + DAY)
        made.started(store, trust.estates, ref="EST-2026-0002", title="Reading room", started_at=NOW + 2 * DAY,
                     status=CaseStatus.ENDED, ended_at=NOW + 3 * DAY, sensitivity=Sensitivity.LEADERS)  # fmt: skip


@pytest.mark.usefixtures("some")
def test_cases_are_found_latest_first_by_reference_words_place_procedure_and_status(
    database: Database, trust: Trust
) -> None:
    everything = ["EST-2026-0002", "EST-2026-0001", "DIA-2026-0002", "DIA-2026-0001"]

    assert found(database, Search()) == everything
    assert found(database, Search("dia-2026-0001")) == ["DIA-2026-0001"]
    assert found(database, Search("est-2026")) == everything[:2]
    assert found(database, Search("READING")) == ["EST-2026-0002", "DIA-2026-0001"]
    assert found(database, Search("reading oakfield")) == ["DIA-2026-0001"]
    assert found(database, Search("elm diagnosis")) == ["DIA-2026-0002"]
    assert found(database, Search("%")) == ["DIA-2026-0002"]
    assert found(database, Search("0%_h")) == ["DIA-2026-0002"]
    assert found(database, Search("nowhere")) == []
    assert found(database, Search(school_id=trust.theirs.id)) == everything[1:3]
    assert found(database, Search(cluster_id=trust.north.id)) == ["DIA-2026-0001"]
    assert found(database, Search(procedure="diagnosis")) == everything[2:]
    assert found(database, Search(version_id=trust.newer.id)) == ["DIA-2026-0002"]
    assert found(database, Search(statuses=frozenset({CaseStatus.ENDED}))) == ["EST-2026-0002"]
    assert found(database, Search("a", trust.theirs.id, None, "estates", None, frozenset({CaseStatus.OPEN}))) == [
        "EST-2026-0001"
    ]


@pytest.mark.usefixtures("some")
def test_nobody_finds_what_they_may_not_read(database: Database, trust: Trust) -> None:
    here = Sight(uuid4(), schools=frozenset({trust.ours.id}))

    assert found(database, Search("est"), here) == []
    assert found(database, Search(), here) == ["DIA-2026-0001"]
    assert found(database, Search(), replace(here, clusters=frozenset({trust.north.id}))) == ["DIA-2026-0001"]


def test_each_case_found_says_what_it_waits_for_in_two_statements(database: Database, trust: Trust) -> None:
    with transaction(database) as store:
        case = made.started(store, trust.diagnosis, trust.ours)
        later = made.offered(store, case, "Later", due_at=NOW + DAY)
        sooner = made.offered(store, case, "Sooner", due_at=NOW)
        made.offered(store, case, "Done", status=TaskStatus.DONE)

    with reading(database) as connection, counting(database) as counted:
        row = find_cases(connection, EVERYTHING).rows[0]

    assert len(counted.statements) == 2
    assert (row.school, row.procedure) == ("Oakfield Primary", "Diagnosis")
    assert row.waiting == tuple(WaitingStep(case.id, task.title, task.role, task.due_at) for task in (sooner, later))


def pages(database: Database, limit: int) -> Iterator[str]:
    after: Cursor | None = None
    with reading(database) as connection:
        while True:
            page = find_cases(connection, EVERYTHING, after=after, limit=limit)
            yield from (row.ref for row in page.rows)
            after = page.after
            if after is None:
                return


def test_pages_of_cases_hold_each_once(database: Database, trust: Trust) -> None:
    with transaction(database) as store:
        for number in range(23):
            made.started(store, trust.diagnosis, started_at=NOW + number // 5 * HOUR)

    whole = list(pages(database, 100))
    assert len(set(whole)) == 23
    assert list(pages(database, 4)) == whole


def test_monitoring_counts_cases_and_waiting_tasks_per_procedure_and_step(database: Database, trust: Trust) -> None:
    with transaction(database) as store:
        ours, theirs = (made.started(store, trust.diagnosis, school) for school in (trust.ours, trust.theirs))
        newer = made.started(store, trust.newer, trust.ours)
        paused = made.started(store, trust.diagnosis, trust.ours, status=CaseStatus.PAUSED)
        for status in (CaseStatus.ENDED, CaseStatus.ENDED, CaseStatus.STOPPED, CaseStatus.ATTENTION):
            made.started(store, trust.diagnosis, trust.ours, status=status)
        made.started(store, trust.diagnosis, trust.ours, sensitivity=Sensitivity.NAMED)
        late = made.offered(store, ours, due_at=NOW - HOUR)
        made.offered(store, ours, step="decide", due_at=None, person_id=trust.ben.id)
        made.offered(store, theirs, due_at=NOW)
        made.offered(store, newer)
        made.offered(store, paused, due_at=NOW - HOUR)
        made.offered(store, ours, status=TaskStatus.DONE, due_at=NOW - HOUR)

    with reading(database) as connection, counting(database) as counted:
        diagnosis, estates = counts.procedures(connection, EVERYTHING, NOW)
        steps = counts.steps(connection, EVERYTHING, "diagnosis", NOW)
        assert len(counted.statements) == 4
        assert estates == counts.ProcedureCounts("estates", "Estates", 0, 0, 0, 0, 0, 0, 0)
        assert diagnosis == counts.ProcedureCounts(
            "diagnosis", "Diagnosis", open=3, paused=1, attention=1, ended=2, stopped=1, waiting=4, late=1
        )
        assert steps == [
            StepCounts(trust.newer.id, 2, "triage", 1, 0),
            StepCounts(trust.diagnosis.id, 1, "decide", 1, 0),
            StepCounts(trust.diagnosis.id, 1, "triage", 2, 1),
        ]
        north = Within(cluster_id=trust.north.id)
        assert counts.procedures(connection, EVERYTHING, NOW, north)[0].waiting == 3
        assert counts.procedures(connection, NOTHING, NOW)[0].open == 0
        assert counts.steps(connection, EVERYTHING, "diagnosis", NOW, Within(trust.theirs.id)) == [
            StepCounts(trust.diagnosis.id, 1, "triage", 1, 0)
        ]

        def behind(**kept: object) -> list[str]:
            page = counts.waiting_tasks(connection, EVERYTHING, "diagnosis", NOW, **kept)  # type: ignore[arg-type]
            return [row.case_ref for row in page.rows]

        assert len(behind()) == diagnosis.waiting
        assert behind(step="triage", late=True) == [late_ref := ours.ref]
        assert behind(late=True) == [late_ref]
        assert behind(within=Within(trust.theirs.id)) == [theirs.ref]
        first = counts.waiting_tasks(connection, EVERYTHING, "diagnosis", NOW, limit=3)
        rest = counts.waiting_tasks(connection, EVERYTHING, "diagnosis", NOW, limit=3, after=first.after)
        assert first.rows[0].task_id == late.id
        assert len({row.task_id for row in (*first.rows, *rest.rows)}) == 4
        assert [row.person for row in rest.rows] == ["Ben Deputy"]


def test_a_case_untouched_for_long_is_still_late(database: Database, trust: Trust) -> None:
    with transaction(database) as store:
        made.offered(store, made.started(store, trust.diagnosis, trust.ours), due_at=NOW - timedelta(days=4000))

    with reading(database) as connection:
        assert counts.procedures(connection, EVERYTHING, NOW)[0].late == 1


def test_counting_steps_reads_one_index_and_no_task(database: Database, trust: Trust) -> None:
    with transaction(database) as store:
        for number in range(30):
            case = made.started(store, trust.diagnosis, trust.ours)
            store.add_tasks([made.task(case, step=f"step{number % 5}") for _ in range(50)])
    settle_statistics(database)

    def count() -> object:
        with reading(database) as connection:
            return counts.steps(connection, EVERYTHING, "diagnosis", NOW)

    plan = plans(database, count)[0]
    assert re.search(r"COVERING INDEX ix_tasks_step_listed|Index Only Scan using ix_tasks_step_listed", plan)
