"""Reminders and escalations: who is told, once, and never somebody twice for the same thing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from engine.commands.cases import start, tasks
from engine.model.casework import Case, JobKind, Sensitivity
from engine.model.people import TRUST_WIDE, Cover, Person, Role, Scope, ScopeKind, Trust
from engine.model.reminders import HOLDER, LINE, Chase, HouseTable, rows_for
from storage.database import Database, transaction
from storage.store.sql_store import SqlStore
from storage.tables import notices, people
from tests.engine.bpmn import sketch
from tests.engine.commands.place import NOW, Place, jobs_of, run_job, tasks_of
from tests.engine.commands.procedures_of import begun, drawn, in_use, job_of, journal


@pytest.fixture
def place(database: Database) -> Place:
    return Place(database).fill()


def house(store: SqlStore, *rows: Chase) -> None:
    store.save_trust(Trust("Harbour Vale"))
    store.save_house_table(HouseTable(rows))


def next_row(store: SqlStore, case: Case) -> datetime:
    job = job_of(store, case, JobKind.CHASE)
    run_job(store, job, job.run_at)
    return job.run_at


def all_rows(store: SqlStore, case: Case) -> None:
    """Let everything about the case come due."""
    for _ in range(20):
        if not [job for job in jobs_of(store, case.id) if job.kind is JobKind.CHASE]:
            return
        next_row(store, case)


def told(store: SqlStore) -> list[tuple[str, str]]:
    """Whom a message reached, and its subject, in order."""
    wanted = select(people.c.name, notices.c.subject).join_from(notices, people, people.c.id == notices.c.person_id)
    rows = store.connection.execute(wanted.order_by(notices.c.at, people.c.name))
    return [(row.name, row.subject) for row in rows]


def test_each_level_tells_the_next_person_up_and_every_reminder_is_told_once(place: Place) -> None:
    case = begun(place, "trial")

    with transaction(place.database) as store:
        all_rows(store, case)

        late = "Late: Give your account"
        assert told(store) == [
            ("Ruth Adeyemi", "Reminder: Give your account"),
            ("Ruth Adeyemi", "Reminder: Give your account"),
            ("Owen Pryce", late),
            ("Nadia Karim", late),
        ]
        assert tasks_of(store, case)["account"].level == 3
        chased = [line for line in journal(store, case) if "reminder" in line or "late" in line]
        assert chased[-1] == "“Give your account” is late: Director of education was asked to help."
        assert len(chased) == 4  # nobody is chief executive, so the last row told nobody


def test_levels_that_fall_on_one_person_collapse_into_one(place: Place) -> None:
    """The director is the cluster lead's line, the director, and here the chief executive too."""
    in_use(place, drawn(sketch.user("a", role="cluster_lead"), flows="s>a>e"))
    with transaction(place.database) as store:
        store.add_post(place.post(place.director, "chief_executive", TRUST_WIDE))
    case = begun(place, "small")

    with transaction(place.database) as store:
        all_rows(store, case)

        assert [name for name, subject in told(store) if subject == "Late: A"] == ["Nadia Karim"]
        assert tasks_of(store, case)["a"].level == 3


def test_whoever_holds_the_task_is_not_asked_to_help_themselves(place: Place) -> None:
    in_use(place, drawn(sketch.user("a", role="headteacher"), flows="s>a>e"))
    with transaction(place.database) as store:
        me = place.me(store, place.director)
        case = start.start_case(store, me, "small", place.quiet.id, "", {}, NOW)  # nobody is head: it falls to Owen
        all_rows(store, case)

        assert {name for name, _ in told(store)} == {"Owen Pryce", "Nadia Karim"}
        assert [subject for name, subject in told(store) if name == "Owen Pryce"] == ["Reminder: A", "Reminder: A"]


def test_nobody_is_told_that_a_role_without_a_line_is_late(place: Place) -> None:
    """Governors meet termly: their steps are never late, they are at the next meeting."""
    governor = Person(uuid4(), "Jo Marsh", "jo@harbourvale.example")
    in_use(place, drawn(sketch.user("a", role="link_governor"), flows="s>a>e"))
    with transaction(place.database) as store:
        store.save_roles([Role("link_governor", "Link governor")])
        store.add_person(governor)
        store.add_post(place.post(governor, "link_governor", Scope(ScopeKind.SCHOOL, place.school.id)))
    case = begun(place, "small")

    with transaction(place.database) as store:
        all_rows(store, case)

        assert told(store) == [("Jo Marsh", "Reminder: A")]
        assert tasks_of(store, case)["a"].level == 0


def test_the_rows_of_a_role_without_a_line_are_those_before_the_deadline() -> None:
    table = HouseTable((Chase(-2, HOLDER, 0, "Soon"), Chase(0, HOLDER, 0, "Today"), Chase(2, LINE, 1, "Level 1")))

    assert rows_for(table, Role("governor", "Governor")).chases == table.chases[:1]
    assert rows_for(table, Role("head", "Head", line="lead")) == table
    assert rows_for(table, None) == table


def test_whoever_covers_is_reminded_with_the_one_who_is_away(place: Place) -> None:
    case = begun(place, "trial")
    with transaction(place.database) as store:
        day = NOW.date()
        store.add_cover(Cover(uuid4(), place.head.id, place.lead.id, day, day + timedelta(days=30), "Away"))
        next_row(store, case)

        assert told(store) == [
            ("Owen Pryce", "Reminder: Give your account"),
            ("Ruth Adeyemi", "Reminder: Give your account"),
        ]


def test_a_table_that_has_changed_is_followed_from_there_on(place: Place) -> None:
    case = begun(place, "trial")
    with transaction(place.database) as store:
        next_row(store, case)
        house(store, Chase(-2, HOLDER, 0, "Reminder"), Chase(3, LINE, 1, "Level 1"))
        next_row(store, case)  # the row it was made for is gone: nobody is told
        assert len(told(store)) == 1
        assert next_row(store, case) == datetime(2026, 11, 10, 17, tzinfo=UTC)

        assert [name for name, _ in told(store)] == ["Ruth Adeyemi", "Owen Pryce"]
        assert [job for job in jobs_of(store, case.id) if job.kind is JobKind.CHASE] == []


def test_a_reminder_that_was_tried_again_later_says_all_that_came_due_meanwhile_once(place: Place) -> None:
    case = begun(place, "trial")
    with transaction(place.database) as store:
        job = job_of(store, case, JobKind.CHASE)
        store.drop_jobs([job.key])
        store.add_jobs([job])
        store.move_jobs({job.id: datetime(2026, 11, 9, 17, tzinfo=UTC)})
        next_row(store, case)

        assert [name for name, _ in told(store)] == ["Owen Pryce", "Ruth Adeyemi", "Ruth Adeyemi"]
        assert job_of(store, case, JobKind.CHASE).run_at == datetime(2026, 11, 12, 17, tzinfo=UTC)


def test_a_deadline_at_the_end_of_time_is_chased_as_far_as_there_are_days(place: Place) -> None:
    in_use(place, drawn(sketch.user("a", due="9999-12-31"), flows="s>a>e"))

    case = begun(place, "small")

    with transaction(place.database) as store:
        assert job_of(store, case, JobKind.CHASE).run_at == datetime(9999, 12, 29, 17, tzinfo=UTC)


def test_a_task_that_was_put_off_begins_its_reminders_anew(place: Place) -> None:
    case = begun(place, "trial")
    with transaction(place.database) as store:
        task = tasks_of(store, case)["account"]
        tasks.extend(store, place.me(store, place.head), task.id, "2026-11-12", "She is away", NOW)

        assert job_of(store, case, JobKind.CHASE).run_at == datetime(2026, 11, 10, 17, tzinfo=UTC)


@pytest.mark.parametrize("who_may_read", [Sensitivity.LEADERS, Sensitivity.NAMED])
def test_an_escalation_hides_the_title_from_whoever_may_not_read_the_case(
    place: Place, who_may_read: Sensitivity
) -> None:
    """The finance partner leads nobody and is not named; the head holds the task."""
    finance = Person(uuid4(), "Sam Field", "sam@harbourvale.example")
    in_use(place, drawn(sketch.user("a", form="note"), flows="s>a>e"))
    with transaction(place.database) as store:
        store.save_roles([Role("finance_partner", "Finance partner")])
        store.add_person(finance)
        store.add_post(place.post(finance, "finance_partner", TRUST_WIDE))
        house(store, Chase(-2, HOLDER, 0, "Reminder"), Chase(2, "finance_partner", 1, "Level 1"))
        me = place.me(store, place.head)
        case = start.start_case(store, me, "small", place.school.id, "About Mr Gale", {}, NOW)
        store.save_case(replace(store.case(case.id), sensitivity=who_may_read))
        all_rows(store, case)

        said = {row.person_id: row.text for row in store.connection.execute(select(notices))}
        assert "About Mr Gale" in said[place.head.id]
        assert "About Mr Gale" not in said[finance.id]
        assert case.ref in said[finance.id]
        mails = [job for job in store.connection.exec_driver_sql("select payload from jobs where delivers").scalars()]
        assert len([mail for mail in mails if "About Mr Gale" in str(mail)]) == 1
