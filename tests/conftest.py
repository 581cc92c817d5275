"""What every test may ask for: databases and a browser, real ones."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from playwright.sync_api import Browser, sync_playwright

from tests import chromium
from tests.postgres import running_postgres


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The SQLAlchemy address of a PostgreSQL server that runs until the tests end. Shared: leave no tables in it."""
    with running_postgres() as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The SQLAlchemy address of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'headway.db'}"


@pytest.fixture
def postgres_database_url(postgres_url: str) -> Iterator[str]:
    """An empty database on the shared server.

    A database and not a schema: making and dropping one costs 0.1 s more, and its address is a plain one,
    which migrations, dumps and other processes take without a search path.
    """
    name = f"test_{uuid4().hex}"
    with psycopg.connect(_plain(postgres_url), autocommit=True) as connection:
        connection.execute(f"create database {name}")
    yield f"{postgres_url.rpartition('/')[0]}/{name}"
    with psycopg.connect(_plain(postgres_url), autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database of either kind: a test that asks for this runs on both."""
    fixture = "sqlite_url" if request.param == "sqlite" else "postgres_database_url"
    url: str = request.getfixturevalue(fixture)
    return url


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """The Chromium to start."""
    return chromium.chromium()


@pytest.fixture(scope="session")
def browser(chromium_path: Path) -> Iterator[Browser]:
    """One Chromium for all tests; each makes a context of its own and closes it.

    Playwright's event loop stays in this thread, so a test beside it that needs asyncio runs it in another thread.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=chromium.ARGUMENTS)
        yield browser
        browser.close()


def _plain(url: str) -> str:
    """The address as psycopg itself reads it."""
    return url.replace("postgresql+psycopg://", "postgresql://")
