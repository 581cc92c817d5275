"""Versions as kept."""

from dataclasses import replace
from uuid import uuid4

import pytest

from engine.errors import AlreadyPublished, NotFound
from storage.database import Database, transaction
from tests.storage import made


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
