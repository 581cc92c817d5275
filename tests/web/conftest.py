"""A site for each test, on SQLite, with everything migrated."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.migrations import migrate
from tests.web.house import House, make_house
from tests.web.site import Site, make_site


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied: migrating costs a tenth of a second, copying nothing."""
    path = tmp_path_factory.mktemp("migrated") / "headway.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def sites(tmp_path: Path, migrated_file: Path) -> Iterator[Callable[..., Site]]:
    """Make sites, each with a database of its own; settings as keyword arguments (DEMO="yes")."""
    made: list[Site] = []

    def make(**environment: str) -> Site:
        folder = tmp_path / f"site{len(made)}"
        folder.mkdir()
        shutil.copy(migrated_file, folder / "headway.db")
        made.append(make_site(folder, **environment))
        return made[-1]

    yield make
    for site in made:
        site.trust.database.close()


@pytest.fixture
def site(sites: Callable[..., Site]) -> Site:
    """One site."""
    return sites()


@pytest.fixture
def house(site: Site) -> House:
    """A site with schools, people and procedures."""
    return make_house(site)
