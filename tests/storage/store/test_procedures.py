"""Versions as kept."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from engine.bpmn.package import Package
from engine.errors import AlreadyPublished, NotFound
from storage.database import Database, counting, transaction
from storage.migrations import migrate
from storage.store.sql_store import SqlStore
from storage.store.version_cache import Memory
from tests.storage import made

PROCESSES = Path(__file__).parents[3] / "processes"


def test_a_version_keeps_the_very_bytes_of_its_files(database: Database) -> None:
    package = made.package(b"<bpmn>\r\n\xc3\xa9</bpmn>")
    with transaction(database) as store:
        version = made.version()
        store.add_version(version, package, b"<svg/>", [])

    with transaction(database) as store:
        assert store.package(version.id) == package
        assert store.package(version.id).digest == package.digest
        assert store.version(version.id) == version
        with pytest.raises(NotFound):
            store.package(uuid4())
        with pytest.raises(NotFound):
            store.version(uuid4())


def test_the_live_version_is_the_latest_that_has_not_been_withdrawn(database: Database) -> None:
    with transaction(database) as store:
        first, second = made.published(store, number=1), made.published(store, number=2)
        other = made.published(store, "estates")
        assert store.live_version("diagnosis") == second
        assert store.live_versions() == [second, other]

        store.withdraw_version(second.id, made.NOW)
        assert store.live_version("diagnosis") == first
        assert store.versions("diagnosis") == [replace(second, withdrawn_at=made.NOW), first]
        store.withdraw_version(first.id, made.NOW)
        assert store.live_version("diagnosis") is None
        assert store.live_versions() == [other]


def test_withdrawing_twice_keeps_the_first_moment(database: Database) -> None:
    with transaction(database) as store:
        version = made.published(store)
        store.withdraw_version(version.id, made.NOW)
        store.withdraw_version(version.id, made.NOW + made.DAY)

        assert store.version(version.id).withdrawn_at == made.NOW


def test_a_number_and_live_files_are_published_once(database: Database) -> None:
    with transaction(database) as store:
        first = made.published(store)

    for again in (made.version(number=1, digest="others"), made.version(number=2, digest=first.digest)):
        with pytest.raises(AlreadyPublished), transaction(database) as store:
            store.add_version(again, made.package(), b"<svg/>", [])

    with transaction(database) as store:
        store.withdraw_version(first.id, made.NOW)
        store.add_version(made.version(number=2, digest=first.digest), made.package(), b"<svg/>", [])


def diagnosis(number: int = 1) -> Package:
    """The shipped procedure, differing by a comment."""
    bpmn = (PROCESSES / "diagnosis.bpmn").read_bytes() + f"<!-- {number} -->".encode()
    forms = {path.stem: path.read_bytes() for path in sorted((PROCESSES / "diagnosis" / "forms").glob("*.form"))}
    decisions = {path.stem: path.read_bytes() for path in sorted((PROCESSES / "diagnosis" / "decisions").glob("*.dmn"))}
    return Package(bpmn, forms, decisions)


def add(store: SqlStore, number: int, package: Package) -> UUID:
    version = made.version(number=number, digest=package.digest)
    store.add_version(version, package, b"<svg/>", [])
    return version.id


def test_a_version_is_read_once_and_then_costs_no_statement(database: Database) -> None:
    with transaction(database) as store:
        version_id = add(store, 1, diagnosis())

    with transaction(database) as store, counting(database) as counted:
        drawn = store.definition(version_id)
        assert len(counted.statements) == 1
    with transaction(database) as store, counting(database) as counted:
        assert store.definition(version_id) is drawn
        assert counted.statements == []
        with pytest.raises(NotFound):
            store.definition(uuid4())
    assert drawn.diagram.key == "diagnosis"


def test_the_same_files_are_read_once_whatever_the_version(database: Database) -> None:
    with transaction(database) as store:
        first = add(store, 1, diagnosis())
        store.withdraw_version(first, made.NOW)
        again = add(store, 2, diagnosis())

        assert store.definition(first) is store.definition(again)


def test_only_the_versions_used_last_are_remembered(sqlite_database: Database) -> None:
    sqlite_database.memory = Memory(most=2)
    with transaction(sqlite_database) as store:
        one, two, three = (add(store, number, diagnosis(number)) for number in (1, 2, 3))
        first = store.definition(one)
        store.definition(two)
        assert store.definition(one) is first
        store.definition(three)

        with counting(sqlite_database) as counted:
            assert store.definition(one) is first
            assert counted.statements == []
            store.definition(two)
            assert len(counted.statements) == 1


def test_nothing_of_one_trust_is_remembered_for_another(sqlite_database: Database, tmp_path: Path) -> None:
    with transaction(sqlite_database) as store:
        version_id = add(store, 1, diagnosis())
        store.definition(version_id)

    migrate(f"sqlite:///{tmp_path / 'other.db'}")
    other = Database(f"sqlite:///{tmp_path / 'other.db'}")
    with transaction(other) as store, pytest.raises(NotFound):
        store.definition(version_id)
    other.close()


def test_a_version_whose_publishing_was_undone_is_not_there(database: Database) -> None:
    with suppress(RuntimeError), transaction(database) as store:
        version_id = add(store, 1, diagnosis())
        raise RuntimeError

    with transaction(database) as store, pytest.raises(NotFound):
        store.definition(version_id)
