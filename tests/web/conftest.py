"""A site for each test, on SQLite, with everything migrated."""

import inspect
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Blueprint, request
from sqlalchemy import text

from engine import errors
from storage.database import transaction
from storage.migrations import migrate
from tests.web.house import House, copied, make_house
from tests.web.site import Site, make_site
from web import guard


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied: migrating costs a tenth of a second, copying nothing."""
    path = tmp_path_factory.mktemp("migrated") / "headway.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> House:
    """A house whose file is copied by every test that asks for one: furnishing it takes longer than most of them."""
    folder = tmp_path_factory.mktemp("furnished")
    shutil.copy(migrated_file, folder / "headway.db")
    house = make_house(make_site(folder))
    house.database.close()
    return house


@pytest.fixture
def sites(tmp_path: Path, migrated_file: Path) -> Iterator[Callable[..., Site]]:
    """Make sites, each with a database of its own; settings as keyword arguments (DEMO="yes")."""
    made: list[Site] = []

    def make(begin_with: Path = migrated_file, **environment: str) -> Site:
        folder = tmp_path / f"site{len(made)}"
        folder.mkdir()
        shutil.copy(begin_with, folder / "headway.db")
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
def house(sites: Callable[..., Site], furnished: House) -> House:
    """A site with schools, people and procedures."""
    return copied(furnished, sites(begin_with=Path(str(furnished.database.url.database))))


@pytest.fixture
def busy(site: Site) -> Iterator[Site]:
    """A site with pages that fail in every way."""
    pages = Blueprint("trouble", __name__)

    @pages.post("/save")
    @guard.allowed(guard.SIGNED_IN)
    def save() -> str:
        with transaction(site.trust.database) as store:
            store.connection.execute(text("update trust set name = name"))
        return f"saved {request.form['text']}"

    @pages.get("/break")
    @guard.allowed(guard.ANYONE)
    def broken() -> str:
        raise ValueError("Amina Head wrote something private")

    @pages.get("/refuse/<name>")
    @guard.allowed(guard.ANYONE)
    def refuse(name: str) -> str:
        raise _refusal(getattr(errors, name))

    @pages.post("/upload")
    @guard.allowed(guard.SIGNED_IN)
    def upload() -> str:
        return str(len(request.files["file"].read()))

    site.own_app().register_blueprint(pages)
    site.app.testing = False
    return site


def _refusal(kind: type[errors.Refused]) -> errors.Refused:
    needs = list(inspect.signature(kind).parameters.values())
    return kind({}) if needs and needs[0].name in {"messages", "faults"} else kind()  # type: ignore[arg-type]
