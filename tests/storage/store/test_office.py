"""What is kept of people, schools and settings is never out of date: whoever changes it, taken back or not."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import Connection, delete, insert, select, text, update

from engine.model.calendar import Calendar
from engine.model.people import Cluster, Cover, Role, Trust
from engine.model.reminders import HouseTable
from storage.database import Database, counting, reading, reading_store, transaction
from storage.migrations.office_editions import OFFICE
from storage.store.office import Office, edition_of
from storage.store.sql_store import SqlStore
from storage.tables import editions, metadata, people, posts
from tests.storage.made import DAY, TODAY, at_school, person, post, school

HERE = school()
RUTH, TOM = person("Ruth"), person("Tom")
TOMS = post(TOM, "headteacher", at_school(HERE.id))


class TakenBack(Exception):
    """Raised to have a transaction taken back."""


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """A trust with a school and two people, one of them its head."""
    with transaction(sqlite_database) as store:
        store.save_trust(Trust("Northlea"))
        store.save_roles([Role("headteacher", "Head")])
        store.add_schools([HERE])
        store.add_person(RUTH)
        store.add_person(TOM)
        store.add_post(post(RUTH, "headteacher", at_school(HERE.id)))
    return sqlite_database


def heads(store: SqlStore) -> list[object]:
    """Who is head, by the way that keeps it."""
    return [each.person_id for each in store.posts_near(["headteacher"], HERE.id, TODAY)]


def seen(store: SqlStore) -> list[object]:
    """All that is kept, as one value."""
    return [
        store.trust(),
        store.house_table(),
        store.roles(),
        store.school_and_calendar(HERE.id, TODAY),
        store.calendar(HERE.id, TODAY),
        store.people([RUTH.id, TOM.id]),
        heads(store),
        store.posts_of_role("headteacher", TODAY),
    ]


def test_what_is_asked_again_is_not_read_again(database: Database) -> None:
    with reading_store(database) as store:
        first = seen(store)
    with counting(database) as counted, reading_store(database) as store:
        again = seen(store)

    assert again == first
    assert counted.statements == []


@pytest.mark.parametrize("change", [
    lambda store: store.save_trust(Trust("Southlea")),
    lambda store: store.save_house_table(HouseTable(())),
    lambda store: store.save_roles([Role("headteacher", "Head of school")]),
    lambda store: store.save_schools([replace(HERE, name="Elsewhere")]),
    lambda store: store.save_calendar(HERE.id, Calendar(closed=frozenset([TODAY + DAY]))),
    lambda store: store.save_person(replace(TOM, name="Thomas")),
    lambda store: store.save_person(replace(RUTH, active=False)),
    lambda store: store.add_post(TOMS),
    lambda store: store.connection.execute(delete(posts)),
    lambda store: store.connection.execute(update(people).values(name="Nobody")),
])  # fmt: skip
def test_another_process_is_heard_of_at_once_and_what_it_takes_back_never_was(
    database: Database, change: Callable[[SqlStore], object]
) -> None:
    other = Database(database.url)
    with reading_store(database) as store:
        before = seen(store)
    with suppress(TakenBack), transaction(other) as store:
        change(store)
        inside = seen(SqlStore(store.connection, store.memory))
        raise TakenBack
    with reading_store(database) as mine, reading_store(other) as theirs:
        assert seen(mine) == seen(theirs) == before
    assert inside != before

    with reading_store(database) as during, transaction(other) as store:
        change(store)
        assert seen(during) == before

    with reading_store(database) as mine, reading_store(other) as theirs:
        assert seen(mine) == seen(theirs) == inside
    other.close()


def test_a_page_that_began_before_goes_on_with_what_it_saw(database: Database) -> None:
    with reading_store(database) as early:
        assert heads(early) == [RUTH.id]
        with transaction(database) as store:
            store.end_post(store.posts_of(RUTH.id)[0].id, TODAY - DAY)
            store.add_post(TOMS)
        with reading_store(database) as late:
            assert heads(late) == [TOM.id]
        assert heads(SqlStore(early.connection, database.memory)) == [RUTH.id]


def test_a_part_taken_back_of_a_transaction_leaves_nothing_behind(database: Database) -> None:
    with transaction(database) as store:
        with suppress(TakenBack), store.attempt() as inside:
            inside.save_person(replace(TOM, name="Thomas"))
            assert inside.people([TOM.id])[TOM.id].name == "Thomas"
            raise TakenBack
        assert SqlStore(store.connection, store.memory).people([TOM.id]) == {TOM.id: TOM}


@pytest.mark.parametrize("table", OFFICE)
def test_every_table_of_the_office_draws_a_number_for_every_kind_of_change(database: Database, table: str) -> None:
    with transaction(database) as store:
        store.add_cluster(Cluster(uuid4(), "Estuary"))
        store.add_cover(Cover(uuid4(), RUTH.id, TOM.id, TODAY, TODAY, "ill"))
        store.save_calendar(None, Calendar())
    with suppress(TakenBack), transaction(database) as store:
        store.connection.execute(text("pragma defer_foreign_keys = on"))
        rows = metadata.tables[table]
        one = dict(store.connection.execute(select(rows).limit(1)).one()._mapping)
        drawn = [edition_of(store.connection)]
        for change in (
            update(rows).values({name: rows.c[name] for name in one}),
            delete(rows),
            insert(rows).values(one),
        ):
            store.connection.execute(change)
            drawn.append(edition_of(store.connection))
        raise TakenBack

    assert len(set(drawn)) == 4


def test_only_so_much_is_kept(database: Database) -> None:
    office = Office(most=2)

    def asked(connection: Connection, about: int) -> list[int]:
        read: list[int] = []
        office.ask(connection, about, lambda: read.append(about))
        return read

    with reading(database) as connection:
        assert [asked(connection, about) for about in (1, 2, 1, 3, 1)] == [[1], [2], [], [3], [1]]


def test_where_no_number_is_drawn_everything_is_read_anew(database: Database) -> None:
    with transaction(database) as store:
        store.connection.execute(delete(editions))
    with reading_store(database) as store:
        seen(store)
    with counting(database) as counted, reading_store(database) as store:
        seen(store)
    assert len(counted.statements) > 4


def test_a_transaction_asks_for_the_edition_once_and_again_when_it_changed_or_took_back_something(
    database: Database,
) -> None:
    with counting(database) as counted, transaction(database) as store:
        seen(store)
        once = counted.editions
        with suppress(TakenBack), store.attempt() as inside:
            inside.add_post(TOMS)
            assert len(inside.posts_of_role("headteacher", TODAY)) == 2
            raise TakenBack

        assert len(store.posts_of_role("headteacher", TODAY)) == 1
        store.add_post(TOMS)
        assert len(store.posts_of_role("headteacher", TODAY)) == 2

    assert once == 1
