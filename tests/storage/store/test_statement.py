"""Writes sent to SQLite's own driver do what SQLAlchemy would: the same rows, refusals and listeners."""

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from engine.model.casework import Case, TaskStatus
from engine.model.people import Person
from storage.database import Database, counting, transaction
from storage.store.keeper import columns, values
from storage.store.sql_store import SqlStore
from storage.store.statement import Statement
from storage.tables import people, tasks
from tests.storage import made

PERSON = columns(people, Person)


def filled(store: SqlStore) -> Case:
    """A case with a task, and somebody who holds a role."""
    case = made.started(store, made.published(store))
    made.offered(store, case)
    store.add_post(made.post(made.known(store), "head"))
    return case


@pytest.mark.parametrize("names", [[], ["Ann"], ["Ann", "Bo"], ["Nobody", "Ann", "Bo"]])
def test_lists_of_any_length_may_be_given(database: Database, names: list[str]) -> None:
    dropping = Statement(delete(people).where(people.c.name.in_(bindparam("names", expanding=True)), people.c.active))
    with transaction(database) as store:
        known = {made.known(store, name).name for name in ("Ann", "Bo", "Cy")}

        assert dropping.run(store.connection, {"names": names}) == len(known & {*names})
        assert {row.name for row in store.connection.execute(select(people.c.name))} == known - {*names}


def test_an_update_writes_the_columns_it_is_given_and_tells_how_many_rows(database: Database) -> None:
    saving = Statement(update(tasks).where(tasks.c.id == bindparam("the_id")))
    with transaction(database) as store:
        case = filled(store)
        (task,) = store.open_tasks(case.id)

        assert saving.run(store.connection, {"title": "New", "the_id": task.id}) == 1
        assert saving.run(store.connection, {"status": TaskStatus.DONE, "level": 2, "the_id": task.id}) == 1
        assert saving.run(store.connection, {"title": "No", "the_id": uuid4()}) == 0
        assert store.task(task.id) == replace(task, title="New", status=TaskStatus.DONE, level=2)


def test_many_rows_are_one_statement_and_listeners_hear_of_each(database: Database) -> None:
    adding = Statement(insert(people))
    some = [Person(uuid4(), name, f"{name}@harbourvale.example") for name in ("Ann", "Bo")]
    with transaction(database) as store, counting(database) as counted:
        rows = [{**values(person), "email_key": person.email.lower()} for person in some]
        adding.run_all(store.connection, rows, returning=people.c.id)
        found = [Person(*row) for row in store.connection.execute(select(*PERSON).order_by(people.c.name))]

    assert found == some
    assert len(counted.statements) == 2


def test_what_the_database_refuses_is_raised_as_sqlalchemy_raises_it(database: Database) -> None:
    adding = Statement(insert(people))
    with transaction(database) as store:
        who = made.known(store)

    with pytest.raises(IntegrityError), database.writing() as connection:
        adding.run(connection, {**values(who), "email_key": "another"})
    with pytest.raises(IntegrityError) as told, database.writing() as connection:
        adding.run_all(connection, [{**values(who), "email_key": "another"}] * 2, returning=people.c.id)
    assert who.email not in str(told.value) or not database.is_sqlite
