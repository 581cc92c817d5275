"""Headers, tokens against forged requests, hosts, proxies, caps, refusals as pages, and a log that names nobody."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Blueprint, request

from engine import policy
from tests.web.site import PASSWORD, Site
from web.access import guard
from web.app import create_app
from web.context.trusts import Trusts, host_name

EVIL = "https://evil.example"


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
    north.own = south.own = both
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
    @guard.allowed(policy.signed_in)
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
