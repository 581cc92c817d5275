"""Every refusal and failure is a page with a sentence; a database that is away loses nothing; the log names nobody."""

from __future__ import annotations

import io
import logging
import pkgutil
import sqlite3
from importlib import import_module
from pathlib import Path

import pytest
from jinja2 import UndefinedError

import engine
from engine import errors
from tests.web.site import Site, fields_of
from web.app import STATUS, create_app
from web.context import logs, settings
from web.context.trusts import Trusts, open_trust
from web.errors import HEADINGS, status_of


def refusals() -> list[type[errors.Refused]]:
    """Every way to refuse, wherever in the engine it is defined."""
    for module in pkgutil.walk_packages(engine.__path__, "engine."):
        import_module(module.name)
    found: list[type[errors.Refused]] = [errors.Refused]
    for kind in found:
        found.extend(each for each in kind.__subclasses__() if each not in found)
    return found


def test_every_refusal_has_a_status_a_heading_and_a_sentence() -> None:
    kinds = refusals()

    assert len(kinds) >= 25
    assert [kind.__name__ for kind in kinds if kind not in STATUS] == []
    assert [kind.__name__ for kind in kinds if STATUS.get(kind) not in HEADINGS] == []
    assert [kind.__name__ for kind in kinds if not (kind.__doc__ or "").strip().endswith((".", "?"))] == []


def test_a_refusal_of_a_kind_not_listed_takes_the_status_of_its_kind() -> None:
    class Newer(errors.NotFound):
        """It is new."""

    assert status_of(Newer(), STATUS) == 404


@pytest.mark.parametrize("kind", [kind for kind in STATUS if kind.__module__ == "engine.errors"])
def test_a_refusal_is_a_page_with_its_sentence(busy: Site, kind: type[errors.Refused]) -> None:
    answer = busy.browser().get(f"/refuse/{kind.__name__}", follow_redirects=kind is errors.SignedOut)

    if kind is not errors.SignedOut:
        assert answer.status_code == STATUS[kind]
        assert answer.text.count("<h1") == 1
        assert (kind.__doc__ or "").strip().replace("'", "&#39;") in answer.text


def test_a_script_of_ours_is_told_in_json(busy: Site) -> None:
    answer = busy.browser().get("/refuse/NotAllowed", headers={"Accept": "application/json"})

    assert answer.status_code == 403
    assert answer.json == {"sentence": "Your role does not let you do this."}


def test_too_many_tries_say_when_to_come_back(busy: Site) -> None:
    assert busy.browser().get("/refuse/TooManyTries").headers["Retry-After"] == "900"


def test_an_unknown_address_and_a_wrong_method_have_pages(site: Site) -> None:
    missing, method = site.browser().get("/nothing"), site.browser().get("/sign-out")

    assert missing.status_code == 404
    assert "Page not found" in missing.text
    assert method.status_code == 405
    assert "POST" in method.headers["Allow"]
    assert "This page cannot be used like that" in method.text


def test_a_fault_of_ours_is_a_page_with_a_number_and_tells_nothing_else(
    busy: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.set_up()
    answer = busy.browser().get("/break")
    logging.getLogger().handlers.clear()

    said = capsys.readouterr().out
    number = answer.text.partition("say the number ")[2][:16]
    assert answer.status_code == 500
    assert "Amina" not in answer.text + said
    assert f"event=error id={number} error=ValueError" in said
    assert "conftest.py" in said


# A database that is away


def lock(site: Site) -> sqlite3.Connection:
    """Somebody else holds the database and does not let go."""
    held = sqlite3.connect(site.trust.database.url.database or "", isolation_level=None)
    held.execute("BEGIN EXCLUSIVE")
    return held


@pytest.mark.slow  # SQLite waits five seconds before it gives up
def test_a_locked_database_loses_nothing_that_was_typed(busy: Site) -> None:
    browser = busy.browser(busy.person("Amina Head"))
    held = lock(busy)

    away = browser.post("/save", {"text": "\nlong thoughts & <more>"})
    held.close()
    sent = browser.press(away.text, "/save")

    assert away.status_code == 503
    assert away.headers["Retry-After"] == "5"
    assert "Try again" in away.text
    assert sent.text == "saved \r\nlong thoughts & <more>"


def test_a_database_that_is_gone_is_a_page_that_needs_none(busy: Site) -> None:
    browser = busy.browser(busy.person("Amina Head"))
    path = Path(busy.trust.database.url.database or "")
    busy.trust.database.close()
    kept = path.with_name("away")
    path.rename(kept)
    path.mkdir()

    posted, opened = browser.post("/save", {"text": "long thoughts"}), browser.get("/account?a=1")
    health = browser.get("/healthz")
    path.rmdir()
    kept.rename(path)
    again = browser.press(posted.text, "/save")

    assert [answer.status_code for answer in (posted, opened, health)] == [503, 503, 503]
    assert 'href="/account?a=1"' in opened.text
    assert health.json == {"status": "the database does not answer"}
    assert again.text == "saved long thoughts"


def test_passwords_and_files_are_not_carried_over_a_failure(busy: Site) -> None:
    browser = busy.browser(busy.person("Amina Head"))
    file = (io.BytesIO(b"bytes"), "plan.pdf")

    asked = browser.post("/save", {"csrf_token": "0", "text": "thoughts", "new_password": "hush-hush", "file": file})

    assert [name for name, _ in fields_of(asked.text, "/save")] == ["csrf_token", "text"]
    assert "hush-hush" not in asked.text
    assert "choose them again" in asked.text


# Health and the log


def test_health_needs_no_sign_in_and_answers_under_any_name(site: Site) -> None:
    for base in ("https://headway.example.org", "http://10.0.0.7:8000"):
        answer = site.app.test_client().get("/healthz", base_url=base)

        assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_health_says_when_the_database_is_behind(tmp_path: Path) -> None:
    trust = open_trust(settings.read({"VAR_DIR": str(tmp_path)}))
    answer = create_app(Trusts(trust)).test_client().get("/healthz")
    trust.database.close()

    assert answer.status_code == 503
    assert answer.json == {"status": "the database is not up to date: headway migrate"}


def test_the_log_says_which_page_and_how_long_and_nothing_personal(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.set_up()
    amina = site.person("Amina Head")
    browser = site.browser()
    browser.sign_in(amina.email)
    browser.get("/account?name=Amina")
    browser.get("/reset/" + "s" * 43)
    logging.getLogger().handlers.clear()

    lines = capsys.readouterr().out.splitlines()
    assert [line.partition("method=")[2].partition(" ms=")[0] for line in lines] == [
        "GET route=/sign-in status=200",
        "POST route=/sign-in status=303",
        "GET route=/account status=200",
        "GET route=/reset/<secret> status=410",
    ]
    assert [word for word in ("amina", "Amina", "sss", "127.0.0.1") if word in "".join(lines)] == []


def test_a_line_of_the_log_stays_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up()
    logs.say("odd", what='two\nlines and "quotes"', empty="")
    logging.getLogger().handlers.clear()

    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert r'event=odd what="two\nlines and \"quotes\"" empty=""' in said


def test_a_misspelt_name_in_a_template_is_an_error_and_a_lent_one_is_not(site: Site) -> None:
    env = site.app.jinja_env
    lent = (
        '{% from "govuk_frontend_jinja/components/tag/macro.html" import govukTag as lent %}'
        '{{ lent({"text": "New"}) }}{{ govukTag({"text": "<b>"}) }}'
    )

    assert "New" in env.from_string(lent).render()
    assert "&lt;b&gt;" in env.from_string(lent).render()
    with pytest.raises(UndefinedError):
        env.from_string("{{ nmae }}").render()
