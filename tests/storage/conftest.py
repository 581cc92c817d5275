"""A migrated database of either kind."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from storage.database import Database
from storage.migrations import migrate


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied: migrating costs a tenth of a second, copying nothing."""
    path = tmp_path_factory.mktemp("migrated") / "headway.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def database(database_url: str, migrated_file: Path) -> Iterator[Database]:
    """An empty database, up to date."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        shutil.copy(migrated_file, url.database)
    else:
        migrate(url)
    opened = Database(url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_database(sqlite_url: str, migrated_file: Path) -> Iterator[Database]:
    """The same on SQLite alone."""
    shutil.copy(migrated_file, sqlite_url.removeprefix("sqlite:///"))
    opened = Database(sqlite_url)
    yield opened
    opened.close()
