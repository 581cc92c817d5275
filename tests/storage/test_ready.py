"""Statements handed straight to SQLite's driver answer what SQLAlchemy answers, and are counted and refused alike."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import Uuid, bindparam, delete, literal, select, text

from engine.errors import Unavailable
from storage.database import Database, counting, reading, transaction
from storage.ready import MOST_LISTED, read_row, read_rows
from storage.tables import entries, people, tasks
from storage.tables.types import DueMoment, Moment, ScopeId
from tests.storage import made

OF_IDS = select(people.c.id, people.c.name).where(people.c.id.in_(bindparam("ids", expanding=True)))
OF_NAMES = select(people.c.name).where(people.c.name.in_(["Ada Head", "Ben Chair"]), people.c.active)
BUT_IDS = select(people.c.id).where(people.c.id.not_in(bindparam("ids", expanding=True)))
VALUES = select(
    literal(None, ScopeId).label("everywhere"),
    bindparam("due", type_=DueMoment()).label("due"),
    bindparam("at", type_=Moment()).label("at"),
    bindparam("one", type_=Uuid()).label("one"),
)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, MOST_LISTED, MOST_LISTED + 1])
def test_lists_of_any_length_find_what_they_name(database: Database, count: int) -> None:
    with transaction(database) as store:
        known = [made.known(store, f"Person {number}", email=f"{number}@example.org").id for number in range(3)]
    ids = [*known, *(uuid4() for _ in range(count))][:count]

    with reading(database) as connection:
        assert {row[0] for row in read_rows(connection, OF_IDS, {"ids": ids})} == set(known[:count])
        assert {row[0] for row in read_rows(connection, BUT_IDS, {"ids": ids})} == set(known[count:])
        both = connection.execute(OF_IDS.order_by(people.c.name), {"ids": ids}).all()
        again = read_rows(connection, OF_IDS.order_by(people.c.name), {"ids": ids})
        assert [tuple(row) for row in again] == [tuple(row) for row in both]


def test_values_are_written_and_read_as_their_types_say(database: Database) -> None:
    now, one = datetime.now(UTC), uuid4()
    with reading(database) as connection:
        assert tuple(read_row(connection, VALUES, {"due": None, "at": now, "one": one}) or ()) == (None, None, now, one)
        assert tuple(read_row(connection, VALUES, {"due": now, "at": None, "one": None}) or ()) == (
            None,
            now,
            None,
            None,
        )


def test_values_that_stand_in_the_statement_are_sent_with_it(database: Database) -> None:
    with transaction(database) as store:
        made.known(store, "Ada Head")
    with reading(database) as connection:
        assert [tuple(row) for row in read_rows(connection, OF_NAMES)] == [("Ada Head",)]
        assert read_row(connection, OF_NAMES.where(people.c.name == "Nobody")) is None


def test_what_is_left_out_is_missed_and_not_sent_as_nothing(database: Database) -> None:
    with reading(database) as connection, pytest.raises(Exception, match="ids"):
        read_rows(connection, OF_IDS)


def test_each_is_counted_as_one_statement(database: Database) -> None:
    with counting(database) as counted, reading(database) as connection:
        read_rows(connection, OF_IDS, {"ids": []})
        read_row(connection, OF_NAMES)

    assert len(counted.statements) == 2


def test_what_was_written_in_the_same_transaction_is_read(database: Database) -> None:
    with transaction(database) as store:
        known = made.known(store)
        assert read_row(store.connection, OF_IDS, {"ids": [known.id]}) is not None
        store.connection.execute(delete(entries))
        store.connection.execute(delete(tasks))
        store.connection.execute(delete(people))
        assert read_row(store.connection, OF_IDS, {"ids": [known.id]}) is None


def test_a_database_that_is_gone_is_told_as_ever(sqlite_database: Database) -> None:
    with transaction(sqlite_database) as store:
        store.connection.execute(text("pragma writable_schema = on"))
    with open(str(sqlite_database.url.database), "r+b") as file:
        file.write(b"no database at all" * 400)
    sqlite_database.close()

    with pytest.raises(Unavailable), reading(sqlite_database) as connection:
        read_rows(connection, OF_NAMES)
