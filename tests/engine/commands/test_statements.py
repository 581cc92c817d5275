"""How much is sent to the database when the task that is done most is done: everybody feels each statement more."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from bench.support.trust import SIGNAL, TRIAGE
from engine.commands import procedures
from engine.commands.cases import start, tasks
from engine.commands.trust import set_up
from engine.model.casework import Case
from engine.model.people import TRUST_WIDE, Person, Post, School, Scope, ScopeKind, Trust
from storage.database import Database, counting, transaction
from storage.store.sql_store import SqlStore
from tests.engine.commands.place import publish, tasks_of
from web.context.library import SHIPPED, files_of, shipped_roles

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
MOST = 13  # of which none is the session's: a page may add one
SCHOOL = School(uuid4(), "900001", "Saltmarsh Primary School", "primary", "Academy")


@pytest.fixture
def director(sqlite_database: Database) -> Person:
    """Of education, in a trust with the shipped roles, each held by somebody, and the shipped Diagnosis."""
    with transaction(sqlite_database) as store:
        set_up.begin(store, Trust("Harbour Vale"), shipped_roles(), NOW.date())
        store.add_schools([SCHOOL])
        people = {role: Person(uuid4(), role, f"{role}@harbourvale.example") for role in store.roles()}
        for role, person in people.items():
            store.add_person(person)
            scope = Scope(ScopeKind.SCHOOL, SCHOOL.id) if role == "headteacher" else TRUST_WIDE
            store.add_post(Post(uuid4(), person.id, role, scope, date(2026, 9, 1)))
        package = procedures.package_of(files_of([SHIPPED / "diagnosis.bpmn"]))
        publish(store, procedures.resolved(package, store.roles()))
    return people["director_of_education"]


def started(store: SqlStore, director: Person) -> Case:
    me = store.me(director.id, NOW.date())
    return start.start_case(store, me, "diagnosis", SCHOOL.id, "Attendance in Year 4", SIGNAL, NOW)


def test_completing_the_triage_of_a_diagnosis_takes_thirteen_statements_and_one_commit(
    sqlite_database: Database, director: Person
) -> None:
    """Starting is not held to a number here; what it sends is looked at by eye when this changes."""
    with transaction(sqlite_database) as store:
        first, second = (tasks_of(store, started(store, director))["triage"] for _ in range(2))
    with transaction(sqlite_database) as store:  # whatever is kept in memory is there
        tasks.complete_task(store, store.me(director.id, NOW.date()), first.id, TRIAGE, NOW)

    with counting(sqlite_database) as counted, transaction(sqlite_database) as store:
        me = store.me(director.id, NOW.date())
        case = tasks.complete_task(store, me, second.id, TRIAGE, NOW)

    assert case.answers.values["route"] == "desk"
    assert len(counted.statements) + counted.editions <= MOST, "\n\n".join(counted.statements)
    assert counted.commits == 1
