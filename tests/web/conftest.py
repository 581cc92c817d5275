"""A site for each test, on SQLite, with everything migrated."""

import inspect
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, Flask, request
from sqlalchemy import text

from engine import errors, policy
from storage.database import transaction
from storage.migrations import migrate
from tests.web.house import House, copied, make_house
from tests.web.site import Site, Stand, lent_app, make_site
from web.access import guard
from web.site.page import database


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


@pytest.fixture(scope="session")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """Where one site after another is put up."""
    stand = Stand(tmp_path_factory.mktemp("stand"))
    yield stand
    stand.clear()


@pytest.fixture
def sites(tmp_path: Path, migrated_file: Path) -> Iterator[Callable[..., Site]]:
    """Make sites, each with a database of its own; settings as keyword arguments (DEMO="yes")."""
    made: list[Site] = []

    def make(**environment: Any) -> Site:
        folder = tmp_path / f"site{len(made)}"
        folder.mkdir()
        shutil.copy(migrated_file, folder / "headway.db")
        made.append(make_site(folder, **environment))
        return made[-1]

    yield make
    for site in made:
        site.trust.database.close()


@pytest.fixture
def site(stand: Stand, migrated_file: Path) -> Iterator[Site]:
    """One site."""
    yield stand.put_up(migrated_file)
    stand.clear()


@pytest.fixture
def house(stand: Stand, furnished: House) -> Iterator[House]:
    """A site with schools, people and procedures."""
    yield copied(furnished, stand.put_up(Path(str(furnished.database.url.database))))
    stand.clear()


@pytest.fixture
def busy(site: Site) -> Site:
    """A site with pages that fail in every way."""
    site.own = site.lends(_app_in_trouble)
    return site


@cache
def _app_in_trouble() -> Flask:
    pages = Blueprint("trouble", __name__)

    @pages.post("/save")
    @guard.allowed(policy.signed_in)
    def save() -> str:
        with transaction(database()) as store:
            store.connection.execute(text("update trust set name = name"))
        return f"saved {request.form['text']}"

    @pages.get("/break")
    @guard.open_to_all
    def broken() -> str:
        raise ValueError("Amina Head wrote something private")

    @pages.get("/refuse/<name>")
    @guard.open_to_all
    def refuse(name: str) -> str:
        raise _refusal(getattr(errors, name))

    @pages.post("/upload")
    @guard.allowed(policy.signed_in)
    def upload() -> str:
        return str(len(request.files["file"].read()))

    app = lent_app()
    app.register_blueprint(pages)
    app.testing = False
    return app


def _refusal(kind: type[errors.Refused]) -> errors.Refused:
    needs = list(inspect.signature(kind).parameters.values())
    return kind({}) if needs and needs[0].name in {"messages", "faults"} else kind()  # type: ignore[arg-type]
