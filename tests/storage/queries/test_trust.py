"""What needs attention, procedures as published, people, schools and messages."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from engine.errors import NotFound
from engine.model.casework import CaseStatus, JobKind, Notice, TaskStatus
from engine.model.people import Cluster, Cover, Role, SchoolStatus, Scope, ScopeKind
from engine.model.post import KeptMessage
from storage.access import accounts
from storage.database import Database, counting, reading, transaction
from storage.queries import procedures
from storage.queries.monitoring import attention
from storage.queries.tasks import notices
from storage.queries.trust import people
from storage.queries.trust.people import PostRow
from tests.storage import made
from tests.storage.made import DAY, HOUR, NOW, TODAY
from tests.storage.plans import plans, settle_statistics


def test_what_needs_attention_is_listed_with_its_reason(database: Database) -> None:
    with transaction(database) as store:
        school = made.school()
        store.add_schools([school])
        version = made.published(store)
        case = made.started(store, version, school)
        stuck = made.started(
            store, version, school, status=CaseStatus.ATTENTION, reason="A rule could not be worked out."
        )
        stopped = made.job(case_id=case.id, attempts=5, stopped_at=NOW, reason="No.")
        alone = made.job(JobKind.POSTS, attempts=5, stopped_at=NOW + HOUR, reason="No.")
        failing = made.job(attempts=2, reason="The mail server said no.")
        store.add_jobs([stopped, alone, failing, made.job(), made.job(attempts=1)])
        fallen = made.offered(store, case, fallen=True)
        made.offered(store, case)
        made.offered(store, case, fallen=True, status=TaskStatus.DONE)
        for _ in range(3):
            store.keep_message(KeptMessage(uuid4(), "News", None, None, {}, case.id, NOW, NOW + DAY))

    with reading(database) as connection, counting(database) as counted:
        assert attention.attention(connection) == attention.AttentionCounts(2, 1, 1, 3, 1000)
        assert len(counted.statements) == 1
        jobs = attention.stopped_jobs(connection).rows
        assert [(job.id, job.case_ref, job.school, job.reason) for job in jobs] == [
            (stopped.id, case.ref, "Oakfield Primary", "No."),
            (alone.id, None, None, "No."),
        ]
        assert [job.id for job in attention.failing_jobs(connection)] == [failing.id]
        stuck_row = attention.stuck_cases(connection).rows[0]
        assert (stuck_row.id, stuck_row.reason, stuck_row.procedure) == (stuck.id, stuck.reason, "Diagnosis")
        held = attention.held_by_nobody(connection).rows
        assert [(row.task_id, row.school) for row in held] == [(fallen.id, "Oakfield Primary")]
        assert len(counted.statements) == 5


def test_nothing_needs_attention_in_an_empty_trust(database: Database) -> None:
    with reading(database) as connection:
        assert not attention.attention(connection).anything


def test_long_lists_of_what_needs_attention_are_paged_and_counted_to_a_cap(database: Database) -> None:
    with transaction(database) as store:
        version = made.published(store)
        cases = [made.started(store, version, status=CaseStatus.ATTENTION) for _ in range(5)]
        for case in cases:
            made.offered(store, case, fallen=True, due_at=None)
        store.add_jobs([made.job(attempts=5, stopped_at=NOW) for _ in range(5)])

    with reading(database) as connection:
        assert attention.attention(connection, cap=3) == attention.AttentionCounts(3, 3, 3, 0, 3)
        for ask in (attention.stopped_jobs, attention.stuck_cases, attention.held_by_nobody):
            first = ask(connection, limit=3)
            second = ask(connection, first.after, limit=3)
            assert second.after is None
            assert len({*first.rows, *second.rows}) == 5


def test_what_needs_attention_is_found_by_its_own_indexes(database: Database) -> None:
    with transaction(database) as store:
        version = made.published(store)
        case = made.started(store, version)
        store.add_tasks([made.task(case) for _ in range(1500)])
        store.add_jobs([made.job() for _ in range(1500)])
        for _ in range(500):
            made.started(store, version)
    settle_statistics(database)

    def count() -> object:
        with reading(database) as connection:
            return attention.attention(connection)

    plan = plans(database, count)[0]
    for index in ("ix_jobs_stopped", "ix_cases_attention", "ix_tasks_fallen_listed"):
        assert index in plan


def test_procedures_are_listed_by_their_live_version(database: Database) -> None:
    with transaction(database) as store:
        author = made.known(store)
        first, second = made.published(store), made.published(store, number=2)
        third = made.version(number=3, published_by=author.id, published_at=NOW + DAY)
        store.add_version(third, made.package(), b"<svg>three</svg>", [{"number": 1, "title": "Triage"}])
        store.withdraw_version(third.id, NOW + 2 * DAY)
        gone = made.published(store, "estates")
        store.withdraw_version(gone.id, NOW)
        for version, status in ((first, CaseStatus.OPEN), (third, CaseStatus.PAUSED), (third, CaseStatus.ENDED)):
            made.started(store, version, status=status)

    with reading(database) as connection, counting(database) as counted:
        rows = procedures.procedures(connection)
        assert [(row.key, row.number, row.live, row.running) for row in rows] == [
            ("diagnosis", 2, True, 2),
            ("estates", 1, False, 0),
        ]
        history = procedures.history(connection, "diagnosis")
        assert [(row.version.number, row.running) for row in history] == [(3, 1), (2, 0), (1, 1)]
        assert history[0].published_by == "Amina Head"
        page = procedures.version_page(connection, third.id)
        assert (page.version.number, page.drawing, page.steps) == (
            3,
            b"<svg>three</svg>",
            ({"number": 1, "title": "Triage"},),
        )
        assert page.files == ("decisions/route.dmn", "forms/triage.form", "procedure.bpmn", "stories.yaml")
        assert len(counted.statements) == 6
        assert procedures.version_file(connection, second.id, "procedure.bpmn") == b"<diagnosis2/>"
        assert procedures.drawing(connection, third.id) == b"<svg>three</svg>"


def test_a_version_or_file_that_is_not_there_is_not_found(database: Database) -> None:
    with transaction(database) as store:
        version = made.published(store)

    with reading(database) as connection:
        for ask in (
            lambda: procedures.history(connection, "nothing"),
            lambda: procedures.version_page(connection, uuid4()),
            lambda: procedures.drawing(connection, uuid4()),
            lambda: procedures.version_file(connection, version.id, "../procedure.bpmn"),
        ):
            with pytest.raises(NotFound):
                ask()


def test_messages_come_latest_first_and_unread_ones_are_counted(database: Database) -> None:
    with transaction(database) as store:
        case = made.started(store, made.published(store))
        amina, ben = made.known(store), made.known(store, "Ben Deputy")
        mine = [Notice(uuid4(), amina.id, NOW + n // 2 * HOUR, f"Message {n}", "…", case.id) for n in range(5)]
        store.add_notices([*mine, Notice(uuid4(), ben.id, NOW, "Not yours", "…")])
        store.read_notices(amina.id, [mine[0].id], NOW)

    with reading(database) as connection, counting(database) as counted:
        first = notices.notices_of(connection, amina.id, limit=3)
        second = notices.notices_of(connection, amina.id, first.after, limit=3)
        assert notices.unread(connection, amina.id) == 4
        assert notices.unread(connection, amina.id, cap=2) == 2
        assert len(counted.statements) == 4

    rows = [*first.rows, *second.rows]
    assert second.after is None
    assert sorted(rows, key=lambda row: (row.notice.at, row.notice.id), reverse=True) == rows
    assert {row.notice.id for row in rows} == {notice.id for notice in mine}
    assert {row.case_ref for row in rows} == {case.ref}


def test_people_are_listed_by_name_with_todays_posts(database: Database) -> None:
    yesterday = TODAY - timedelta(days=1)
    with transaction(database) as store:
        north = Cluster(uuid4(), "North")
        store.add_cluster(north)
        school = made.school()
        store.add_schools([school])
        store.save_roles([Role("head", "Headteacher"), Role("lead", "Cluster lead")])
        zoe, amina, gone = (made.known(store, name) for name in ("zoe Young", "Amina Head", "Gone Away"))
        store.save_person(replace(gone, active=False))
        accounts.set_password(store.connection, amina.id, "hash", NOW)
        head = made.post(amina, "head", made.at_school(school.id))
        lead = made.post(amina, "lead", Scope(ScopeKind.CLUSTER, north.id))
        own_word = made.post(amina, "caretaker")
        past = made.post(zoe, "head", made.at_school(school.id), to_on=yesterday)
        for post in (head, lead, own_word, past):
            store.add_post(post)
        store.add_cover(cover := Cover(uuid4(), zoe.id, amina.id, TODAY, TODAY, "Ill"))
        store.add_cover(Cover(uuid4(), gone.id, zoe.id, yesterday, yesterday, "Ill"))

    with reading(database) as connection, counting(database) as counted:
        rows, after = people.people_page(connection, TODAY)
        assert len(counted.statements) == 2
        assert after is None
        assert [(row.person, row.signs_in) for row in rows] == [(amina, True), (zoe, False)]
        words = [PostRow(head, "Headteacher", "Oakfield Primary"), PostRow(lead, "Cluster lead", "North")]
        assert set(rows[0].posts) == {*words, PostRow(own_word, "caretaker", None)}
        assert rows[1].posts == ()
        assert [row.person.name for row in people.people_page(connection, TODAY, "AWAY", inactive=True)[0]] == [
            "Gone Away"
        ]
        assert people.people_page(connection, TODAY, "away")[0] == []
        assert [row.person for row in people.people_page(connection, TODAY, "amina.h example")[0]] == [amina]
        page = people.person_page(connection, zoe.id)
        assert [row.post for row in page.posts] == [past]
        assert [(row.absent, row.by) for row in page.covers] == [
            ("Gone Away", "zoe Young"),
            ("zoe Young", "Amina Head"),
        ]
        assert [row.cover for row in people.covers_page(connection, TODAY)] == [cover]
        roles = [(row.role.key, row.holders) for row in people.roles_page(connection, TODAY)]
        assert roles == [("head", 1), ("lead", 1)]
        with pytest.raises(NotFound):
            people.person_page(connection, uuid4())


def test_pages_of_people_hold_each_once(database: Database) -> None:
    with transaction(database) as store:
        for number in range(11):
            made.known(store, "Same Name", email=f"{number}@example.org")
        made.known(store, "Zed")

    seen: list[UUID] = []
    after: str | None = None
    with reading(database) as connection:
        while True:
            rows, after = people.people_page(connection, TODAY, after=after, limit=4)
            seen += [row.person.id for row in rows]
            if after is None:
                break
        with pytest.raises(NotFound):
            people.people_page(connection, TODAY, after="made up")

    assert len(seen) == len(set(seen)) == 12


def test_schools_are_listed_with_their_cluster_and_people(database: Database) -> None:
    with transaction(database) as store:
        north = Cluster(uuid4(), "North")
        store.add_cluster(north)
        elm = made.school("elm Park", cluster_id=north.id)
        oak, shut = made.school("Oakfield"), made.school("Ash", status=SchoolStatus.CLOSED)
        store.add_schools([oak, elm, shut])
        for name in ("Amina", "Ben"):
            store.add_post(made.post(made.known(store, name), "teacher", made.at_school(elm.id)))
        store.add_post(made.post(made.known(store, "Gone", active=False), "teacher", made.at_school(elm.id)))

    with reading(database) as connection, counting(database) as counted:
        rows = people.schools_page(connection, TODAY)
        assert [(row.school, row.cluster, row.people) for row in rows] == [(elm, "North", 2), (oak, None, 0)]
        assert len(people.schools_page(connection, TODAY, closed=True)) == 3
        assert len(counted.statements) == 2
