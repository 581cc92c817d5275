"""Headers, tokens against forged requests, hosts, proxies, caps, refusals as pages, and a log that names nobody."""

from __future__ import annotations

import inspect
import io
import logging
import pkgutil
import sqlite3
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest
from flask import Blueprint, request
from jinja2 import UndefinedError
from sqlalchemy import text

import engine
from engine import errors
from storage.database import transaction
from tests.web.site import PASSWORD, Site, fields_of
from web import guard, logs, settings
from web.app import STATUS, create_app
from web.refusals import HEADINGS, status_of
from web.trust import Trusts, host_name, open_trust

EVIL = "https://evil.example"


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

    site.app.register_blueprint(pages)
    site.app.testing = False
    return site


def _refusal(kind: type[errors.Refused]) -> errors.Refused:
    needs = list(inspect.signature(kind).parameters.values())
    return kind({}) if needs and needs[0].name in {"messages", "faults"} else kind()  # type: ignore[arg-type]


# Headers


def test_every_answer_is_protected(site: Site) -> None:
    for answer in (site.browser().get("/sign-in"), site.browser().get("/nothing"), site.browser().get("/account")):
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
        assert answer.headers["Cache-Control"] == "no-store"


def test_browsers_are_not_told_to_insist_on_https_where_there_is_none(sites: Callable[..., Site]) -> None:
    answer = sites(PUBLIC_URL="http://127.0.0.1:8000").browser().get("/sign-in")

    assert "Strict-Transport-Security" not in answer.headers


def test_files_asked_for_by_their_hash_are_kept_for_good_and_others_are_checked(site: Site) -> None:
    browser = site.browser()
    address = browser.get("/sign-in").text.partition('rel="stylesheet" href="')[2].partition('"')[0]

    said = []
    for asked in (address, "/static/headway.css", "/static/headway.css?v=0"):
        with browser.get(asked) as answer:
            said.append(answer.headers["Cache-Control"])

    assert said == ["public, max-age=31536000, immutable", "no-cache", "no-cache"]


# Forged requests


def test_a_form_without_its_token_is_refused(site: Site) -> None:
    browser = site.browser(site.person("Amina Head"))

    for wrong in ("", "0" * 64, site.browser().token):
        answer = browser.post("/account/sign-out-everywhere", {"csrf_token": wrong})
        assert answer.status_code == 422
    assert browser.get("/account").status_code == 200


def test_the_token_of_somebody_else_is_worth_nothing(site: Site) -> None:
    amina, other = site.person("Amina Head"), site.person("Bel Other")
    browser, others = site.browser(amina), site.browser(other)

    assert browser.post("/account/sign-out-everywhere", {"csrf_token": others.token}).status_code == 422


def test_the_token_may_come_as_a_header_from_a_script_of_ours(site: Site) -> None:
    browser = site.browser(site.person("Amina Head"))
    headers = {**browser.headers, "X-CSRF-Token": browser.token}

    answer = browser.client.post("/sign-out", base_url=browser.url, headers=headers)

    assert answer.status_code == 303


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "", "Origin": EVIL}],
)
def test_a_form_from_another_site_is_refused_even_with_the_token(site: Site, headers: dict[str, str]) -> None:
    browser = site.browser(site.person("Amina Head"))
    sent = {name: value for name, value in {**browser.headers, **headers}.items() if value}

    answer = browser.client.post(
        "/account/sign-out-everywhere", base_url=browser.url, headers=sent, data={"csrf_token": browser.token}
    )

    assert answer.status_code == 422
    assert browser.get("/account").status_code == 200


def test_another_site_never_gets_its_fields_carried_by_a_page_of_ours(busy: Site) -> None:
    browser = busy.browser(busy.person("Amina Head"))
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": EVIL}

    answer = browser.client.post("/save", base_url=browser.url, headers=headers, data={"text": "planted"})

    assert answer.status_code == 422
    assert "planted" not in answer.text


def test_signing_in_cannot_be_forged_either(site: Site) -> None:
    amina = site.person("Amina Head")
    form = {"csrf_token": "0" * 64, "email": amina.email, "password": PASSWORD}

    answer = site.browser().client.post("/sign-in", base_url=site.trust.settings.public_url, data=form)

    assert answer.status_code == 422


def test_a_form_opened_before_signing_in_again_elsewhere_can_be_sent_after_all(busy: Site) -> None:
    browser = busy.browser(busy.person("Amina Head"))

    asked = browser.post("/save", {"csrf_token": "0" * 64, "text": "long thoughts"})
    sent = browser.press(asked.text, "/save")

    assert asked.status_code == 422
    assert "Send it again" in asked.text
    assert sent.text == "saved long thoughts"


# Hosts and proxies


def test_a_host_name_that_is_not_ours_is_turned_away(site: Site) -> None:
    answer = site.browser().client.get("/sign-in", base_url="https://evil.example")

    assert answer.status_code == 404
    assert "Headway does not answer under this address." in answer.text
    assert "Northlea" not in answer.text


def test_host_names_are_read_without_port_and_brackets() -> None:
    assert [host_name(host) for host in ("Example.org:8000", "[::1]:8000", "127.0.0.1")] == [
        "example.org",
        "::1",
        "127.0.0.1",
    ]


def test_a_proxy_is_believed_only_when_it_is_ours(sites: Callable[..., Site]) -> None:
    says = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "headway.example.org"}
    seen: list[str | None] = []
    for proxies in ("0", "1"):
        site = sites(TRUSTED_PROXIES=proxies)
        site.app.before_request(lambda: seen.append(request.remote_addr))
        site.app.test_client().get("/sign-in", base_url="https://headway.example.org", headers=says)

    assert seen == ["127.0.0.1", "192.0.2.7"]


def test_two_trusts_on_one_server_never_meet(tmp_path: Path, sites: Callable[..., Site]) -> None:
    north = sites(PUBLIC_URL="https://north.example.org")
    south = sites(PUBLIC_URL="https://south.example.org")
    amina = north.person("Amina North")
    both = create_app(Trusts(north.trust, {"south.example.org": south.trust}), north.clock)
    north.app = south.app = both
    browser = north.browser(amina)
    stranger = south.browser()
    stranger.client.set_cookie("__Host-headway", browser.cookie or "", domain="south.example.org")

    assert browser.get("/account").status_code == 200
    assert stranger.get("/account").status_code == 303
    assert south.browser().sign_in(amina.email).status_code == 422
    assert north.browser().sign_in(amina.email).status_code == 303


# Caps


def test_an_upload_beyond_the_cap_is_refused_with_a_page(sites: Callable[..., Site]) -> None:
    site = sites(UPLOAD_MB="1")
    browser = site.browser(site.person("Amina Head"))

    answer = browser.client.post(
        "/sign-out",
        base_url=browser.url,
        headers={**browser.headers, "Content-Type": "multipart/form-data; boundary=x"},
        data=b"x" * 8_000_000,
    )

    assert answer.status_code == 413
    assert "A file may have 1 MB, and all of them together 5 MB." in answer.text


def test_a_file_that_is_too_large_is_cut_off_and_what_was_typed_with_it_arrives(
    sites: Callable[..., Site],
) -> None:
    site = sites(UPLOAD_MB="1")
    pages = Blueprint("large", __name__)

    @pages.post("/attach")
    @guard.allowed(guard.SIGNED_IN)
    def attach() -> str:
        sizes = [str(len(request.files[name].read())) for name in ("small", "large")]
        return " ".join([*sizes, request.form["text"]])

    site.app.register_blueprint(pages)
    browser = site.browser(site.person("Amina Head"))
    parts = [
        ("csrf_token", "", browser.token),
        ("small", "; filename=a", "y" * 2**20),
        ("large", "; filename=b", "x" * 3 * 2**20),
        ("text", "", "typed"),
    ]
    body = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n{data}\r\n' for name, file, data in parts
    )

    answer = browser.client.post(
        "/attach",
        base_url=browser.url,
        headers={**browser.headers, "Content-Type": "multipart/form-data; boundary=x"},
        data=f"{body}--x--\r\n".encode(),
    )

    assert answer.text == f"{2**20} {2**20 + 1} typed"


def test_a_flood_of_fields_is_refused(busy: Site) -> None:
    browser = busy.browser(busy.person("Amina Head"))

    part = b'--x\r\nContent-Disposition: form-data; name="n"\r\n\r\n1\r\n'

    answer = browser.client.post(
        "/upload",
        base_url=browser.url,
        headers={**browser.headers, "Content-Type": "multipart/form-data; boundary=x"},
        data=part * 5000 + b"--x--\r\n",
    )

    assert answer.status_code == 413


# Refusals and failures as pages


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
    assert "test_security.py" in said


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
