"""Migrations: up and down, the same schema as the tables say, and safe when two processes start at once."""

import multiprocessing
import re
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from engine.model.people import RIGHTS
from storage.database import Database, reading, transaction
from storage.migrations import append_only, downgrade, is_current, latest, migrate, office_editions, revision
from storage.tables import APPEND_ONLY, metadata

# What PostgreSQL knows of a schema, as it would be written: columns, indexes, constraints, triggers.
POSTGRES_SCHEMA = """
select table_name, column_name || ' ' || data_type || ' ' || is_nullable || coalesce(column_default, '')
    from information_schema.columns where table_schema = 'public'
union all select tablename, indexdef from pg_indexes where schemaname = 'public'
union all select relname, conname || ' ' || pg_get_constraintdef(c.oid)
    from pg_constraint c join pg_class r on r.oid = c.conrelid
    where contype <> 'n' and r.relnamespace = 'public'::regnamespace
union all select relname, pg_get_triggerdef(t.oid)
    from pg_trigger t join pg_class r on r.oid = t.tgrelid where not tgisinternal
"""


def schema(connection: Connection) -> set[tuple[str, str]]:
    """The schema as (table, definition), Alembic's own table apart."""
    if connection.dialect.name == "postgresql":
        rows = connection.execute(text(POSTGRES_SCHEMA)).all()
        return {(table, definition) for table, definition in rows if table != "alembic_version"}
    rows = connection.execute(text("select tbl_name, type, sql from sqlite_master where sql is not null")).all()
    return {
        (table, part) for table, kind, sql in rows if table != "alembic_version" for part in sqlite_parts(kind, sql)
    }


def sqlite_parts(kind: str, sql: str) -> Iterator[str]:
    """A table's columns and constraints in any order; other things as they are written."""
    lines = sql.splitlines() if kind == "table" else [sql]
    for line in lines:
        yield re.sub(r"\s+", " ", line.replace('"', "")).strip(" ,()")


@pytest.fixture
def created(database_url: str) -> Iterator[Database]:
    """A database with the tables made from their Python, without a migration."""
    database = Database(database_url)
    with database.writing() as connection:
        metadata.create_all(connection)
        append_only.protect(connection, APPEND_ONLY)
        office_editions.watch(connection)
    yield database
    database.close()


def test_migrations_make_exactly_the_tables_that_the_code_speaks_of(created: Database) -> None:
    with reading(created) as connection:
        expected = schema(connection)
    with created.writing() as connection:
        append_only.release(connection, APPEND_ONLY)
        office_editions.unwatch(connection)
        metadata.drop_all(connection)
    assert len(expected) > 200

    migrate(created.url)

    with reading(created) as connection:
        assert schema(connection) == expected
        compared = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(compared, metadata) == []


def test_going_down_takes_everything_away_and_up_again_works(database_url: str) -> None:
    database = Database(database_url)
    for _ in range(2):
        migrate(database_url)
        assert is_current(database)
        downgrade(database_url)
        assert not is_current(database)
        with reading(database) as connection:
            assert inspect(connection).get_table_names() == ["alembic_version"]
            assert schema(connection) == set()
    database.close()


def test_each_migration_goes_down_to_the_one_before(database_url: str) -> None:
    database = Database(database_url)
    migrate(database_url, "0001")
    with reading(database) as connection:
        first = schema(connection)
        assert revision(connection) == "0001"
    migrate(database_url)
    downgrade(database_url, "0001")

    with reading(database) as connection:
        assert schema(connection) == first
    database.close()


# What gave each right by its key before rights were columns of the role.
RIGHTS_BY_KEY = {
    "chief_executive": "lm", "director_of_education": "lmd", "director_of_qa": "lmd", "cluster_lead": "lm",
    "headteacher": "l", "hub_director": "l", "procedure_designer": "d", "site_manager": "", "deputy_head": "l",
}  # fmt: skip


def test_a_trust_keeps_the_rights_its_roles_gave_by_their_keys(database_url: str) -> None:
    database = Database(database_url)
    migrate(database_url, "0002")
    said = text("insert into roles (key, label, days, leader, place) values (:key, 'Own name', 'school', :leads, :at)")
    with database.writing() as connection:
        for at, key in enumerate(RIGHTS_BY_KEY):
            connection.execute(said, {"key": key, "leads": key == "deputy_head", "at": at})
    migrate(database_url)

    with transaction(database) as store:
        rights = {
            key: "".join(right[0] for right in RIGHTS if right in role.rights) for key, role in store.roles().items()
        }
        labels = {role.label for role in store.roles().values()}
    database.close()

    assert rights == RIGHTS_BY_KEY
    assert labels == {"Own name"}


def test_migrating_again_changes_nothing(database: Database) -> None:
    migrate(database.url)

    assert is_current(database)
    with reading(database) as connection:
        assert revision(connection) == latest()


@pytest.mark.slow
def test_processes_that_migrate_at_once_do_not_clash(database_url: str) -> None:
    with ProcessPoolExecutor(3, mp_context=multiprocessing.get_context("spawn")) as pool:
        list(pool.map(migrate, [database_url] * 3))

    database = Database(database_url)
    assert is_current(database)
    database.close()


def test_what_is_appended_only_is_what_the_migration_protects(database: Database) -> None:
    with reading(database) as connection:
        protected = {table for table, definition in schema(connection) if "append_only" in definition}

    assert protected == set(APPEND_ONLY)
