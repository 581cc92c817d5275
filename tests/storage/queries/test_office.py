"""Who works around somebody, which roles nobody holds, whose days are special: each in a statement or two."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from engine.commands.trust.leavers import leaving_key
from engine.model.calendar import Calendar
from engine.model.casework import JobKind
from engine.model.people import TRUST_WIDE, Cluster, SchoolStatus, Scope, ScopeKind
from storage.database import Database, counting, reading, transaction
from storage.queries.trust.holders import Gap, gaps
from storage.queries.trust.leaving import last_day
from storage.queries.trust.own_days import schools_with_own_days
from storage.queries.trust.people import people_page
from storage.store.sql_store import SqlStore
from tests.storage import made
from tests.storage.made import TODAY, at_school


def hold(store: SqlStore, role: str, scope: Scope, **facts: Any) -> None:
    person = made.known(store, f"{role} {uuid4()}")
    store.add_post(made.post(person, role, scope, **facts))


def test_roles_that_nobody_holds_are_found_with_where_in_two_statements(database: Database) -> None:
    east = Cluster(uuid4(), "East")
    with transaction(database) as store:
        store.add_cluster(east)
        here, there = made.school(name="Ash", cluster_id=east.id), made.school(name="Birch")
        gone = made.school(name="Cedar", status=SchoolStatus.CLOSED)
        store.add_schools([here, there, gone])
        hold(store, "head", at_school(here.id))
        hold(store, "lead", Scope(ScopeKind.CLUSTER, east.id))
        hold(store, "chief", TRUST_WIDE)
        hold(store, "clerk", at_school(here.id), to_on=TODAY - timedelta(days=1))

    with reading(database) as connection, counting(database) as counted:
        found = gaps(connection, ["head", "lead", "chief", "clerk"], TODAY)

    assert found == {
        "head": Gap(schools=("Birch",)),
        "lead": Gap(schools=("Birch",)),
        "clerk": Gap(everywhere=True),
    }
    assert len(counted.statements) == 2


def test_people_are_found_by_where_they_work_and_leavers_apart(database: Database) -> None:
    with transaction(database) as store:
        here, there = made.school(), made.school()
        store.add_schools([here, there])
        amina, ben = made.known(store, "Amina Head"), made.known(store, "Ben Hall")
        cara, dan = made.known(store, "Cara Lane"), made.known(store, "Dan Gone", active=False)
        store.add_post(made.post(amina, "head", at_school(here.id)))
        store.add_post(made.post(ben, "head", at_school(there.id)))
        store.add_post(made.post(cara, "chief", TRUST_WIDE))

    def named(**asked: Any) -> list[str]:
        with reading(database) as connection:
            rows, _ = people_page(connection, TODAY, **asked)
        return [row.person.name for row in rows]

    with counting(database) as counted:
        assert named(scopes=[here.id, None]) == ["Amina Head", "Cara Lane"]
    assert len(counted.statements) == 2
    assert named(scopes=[there.id]) == ["Ben Hall"]
    assert named(scopes=[]) == []
    assert named(left=True) == ["Dan Gone"]
    assert dan.name not in named()


def test_a_last_day_is_known_while_it_is_to_come(database: Database) -> None:
    with transaction(database) as store:
        person = made.known(store)
        payload = {"person": str(person.id), "last_day": "2026-12-18"}
        store.add_jobs([made.job(JobKind.LEAVE, key=leaving_key(person.id), payload=payload)])

    with reading(database) as connection, counting(database) as counted:
        assert last_day(connection, person.id) == date(2026, 12, 18)
        assert last_day(connection, uuid4()) is None
    assert len(counted.statements) == 2


def test_schools_with_days_of_their_own_are_told_apart(database: Database) -> None:
    with transaction(database) as store:
        closed, same = made.school(), made.school()
        store.add_schools([closed, same])
        store.save_calendar(None, Calendar(closed=frozenset({TODAY})))
        store.save_calendar(closed.id, Calendar(closed=frozenset({TODAY})))
        store.save_calendar(same.id, Calendar())

    with reading(database) as connection, counting(database) as counted:
        assert schools_with_own_days(connection) == {closed.id}
    assert len(counted.statements) == 1
