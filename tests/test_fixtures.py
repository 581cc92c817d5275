"""The fixtures are what they say: a real PostgreSQL, an empty database each time, a real Chromium."""

import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser
from sqlalchemy import create_engine, inspect, text

from tests import chromium
from tests.postgres import running_postgres


@pytest.mark.slow
def test_postgresql_answers_and_keeps_what_is_committed_safe(postgres_url: str) -> None:
    engine = create_engine(postgres_url)

    with engine.connect() as connection:
        one = connection.execute(text("select 1")).scalar_one()
        fsync = connection.execute(text("show fsync")).scalar_one()
        version = int(connection.execute(text("show server_version_num")).scalar_one())
    engine.dispose()

    assert (one, fsync) == (1, "on")
    assert version >= 180000


@pytest.mark.parametrize("visit", ["first", "second"])
def test_every_test_gets_an_empty_database(database_url: str, visit: str) -> None:
    engine = create_engine(database_url)

    with engine.begin() as connection:
        found = inspect(connection).get_table_names()
        connection.execute(text("create table left_behind (id integer)"))
    engine.dispose()

    assert found == [], f"the {visit} visit found tables"


@pytest.mark.slow
def test_postgresql_stops_and_leaves_nothing_behind_when_the_work_fails() -> None:
    addresses = []

    def work() -> None:
        with running_postgres({"fsync": "off"}) as url:
            addresses.append((urlsplit(url).hostname, urlsplit(url).port))
            socket.create_connection(addresses[0]).close()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(addresses[0])


@pytest.mark.slow
def test_a_page_renders_in_chromium_and_its_script_runs(browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()

    page.goto("data:text/html,<h1>Your tasks</h1><script>document.title = 1 + 1</script>")

    assert page.get_by_role("heading").inner_text() == "Your tasks"
    assert page.title() == "2"
    assert page.evaluate("window.innerWidth") == 390
    context.close()


def test_a_machine_without_chromium_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    signpost = tmp_path / "chromium"
    signpost.write_text("#!/bin/sh\necho install the snap\n")
    signpost.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)

    with pytest.raises(chromium.NoChromium, match="apt-get install chromium"):
        chromium.chromium()
