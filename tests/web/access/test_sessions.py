"""Sessions: kept on the server, short-lived, ended everywhere at once, and nothing typed is lost when one ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from flask import Blueprint, request
from sqlalchemy import select

from engine import policy
from engine.model.people import TRUST_WIDE, Cover, Post
from storage.database import counting, reading, transaction
from storage.tables import sessions as table
from tests.web.site import Browser, Site, fields_of, hidden
from web.access import guard, sessions
from web.site import carried as kept
from web.site import page as view

HTTPS = "headway.example.org"


def signed_in(browser: Browser) -> bool:
    return browser.get("/account").status_code == 200


@pytest.fixture
def notes(site: Site) -> Site:
    """A site with a page that takes a long form."""
    pages = Blueprint("notes", __name__)

    @pages.post("/notes")
    @guard.allowed(policy.signed_in)
    def save() -> str:
        return "|".join(f"{name}={value}" for name, value in request.form.items(multi=True) if name != "csrf_token")

    @pages.post("/careful-notes")
    @guard.allowed(policy.signed_in, look=True)
    def look() -> str:
        return f"looking={view.looking()} text={request.form['text']}"

    site.own_app().register_blueprint(pages)
    return site


def test_the_cookie_is_out_of_reach_of_scripts_other_sites_and_other_hosts(site: Site) -> None:
    page = site.browser().get("/sign-in")

    (cookie,) = page.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-headway=")
    assert cookie.partition("; ")[2] == "Secure; HttpOnly; Path=/; SameSite=Lax"


def test_a_browser_that_keeps_no_secure_cookie_may_still_try_headway_on_its_own_computer(
    sites: Callable[..., Site],
) -> None:
    site = sites(PUBLIC_URL="http://127.0.0.1:8000")
    amina = site.person("Amina Head")
    browser = site.browser()
    first = browser.get("/sign-in")
    browser.client.delete_cookie(sessions.COOKIE, domain="127.0.0.1")

    answer = browser.sign_in(amina.email)

    assert [cookie.partition("=")[0] for cookie in first.headers.getlist("Set-Cookie")] == ["__Host-headway", "headway"]
    assert [cookie.partition("=")[0] for cookie in answer.headers.getlist("Set-Cookie")] == ["headway"]
    assert signed_in(browser)


def test_over_https_only_the_strict_cookie_counts(site: Site) -> None:
    browser = site.browser(site.person("Amina Head"))
    value = browser.cookie or ""
    browser.client.delete_cookie(sessions.COOKIE, domain=HTTPS)

    browser.client.set_cookie(sessions.LOCAL_COOKIE, value, domain=HTTPS)

    assert not signed_in(browser)


def test_signing_in_gives_a_new_id(site: Site) -> None:
    amina = site.person("Amina Head")
    browser = site.browser()
    browser.get("/sign-in")
    before = browser.cookie

    browser.sign_in(amina.email)
    first = browser.cookie
    browser.get("/account")
    browser.post("/sign-out")
    browser.sign_in(amina.email)

    assert len({before, first, browser.cookie}) == 3


def test_an_id_planted_before_signing_in_is_worth_nothing_after(site: Site) -> None:
    amina = site.person("Amina Head")
    planted = "A" * 43
    victim, attacker = site.browser(), site.browser()
    for browser in (victim, attacker):
        browser.client.set_cookie(sessions.COOKIE, planted, domain=HTTPS)

    victim.sign_in(amina.email)

    assert signed_in(victim)
    assert not signed_in(attacker)


def test_the_database_keeps_only_the_hash_of_the_id(site: Site) -> None:
    browser = site.browser(site.person("Amina Head"))

    with reading(site.trust.database) as connection:
        kept_ids = connection.execute(select(table.c.id_hash)).scalars().all()

    assert kept_ids == [sessions.id_hash(browser.cookie or "")]
    assert browser.cookie not in kept_ids


def test_two_hours_without_a_page_end_a_session(site: Site) -> None:
    amina = site.person("Amina Head")
    lively, idle = site.browser(amina), site.browser(amina)

    for _ in range(3):
        site.clock.passes(hours=1)
        assert signed_in(lively)

    assert not signed_in(idle)


def test_twelve_hours_end_a_session_whatever_one_does(site: Site) -> None:
    browser = site.browser(site.person("Amina Head"))

    for _ in range(11):
        site.clock.passes(hours=1)
        assert signed_in(browser)
    site.clock.passes(hours=1)

    assert not signed_in(browser)


def test_when_somebody_was_last_here_is_written_at_most_every_five_minutes(site: Site) -> None:
    browser = site.browser(site.person("Amina Head"))
    browser.get("/account")
    writes = []

    for _ in range(11):
        site.clock.passes(minutes=1)
        with counting(site.trust.database) as counted:
            browser.get("/account")
        writes.append(sum(statement.startswith("UPDATE") for statement in counted.statements))

    assert writes == [0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]


def test_a_page_costs_one_statement_to_know_who_asks(site: Site) -> None:
    amina, away = site.person("Amina Head", "headteacher"), site.person("Bel Away", "cluster_lead")
    with transaction(site.trust.database) as store:
        store.add_cover(Cover(uuid4(), away.id, amina.id, date(2026, 11, 1), date(2026, 11, 30), "ill"))
    browser = site.browser(amina)

    with counting(site.trust.database) as counted:
        browser.get("/account")

    assert len(counted.statements) == 1


def test_the_one_statement_knows_posts_and_cover_of_the_day(site: Site) -> None:
    amina, away = site.person("Amina Head", "headteacher"), site.person("Bel Away", "cluster_lead")
    resting = site.person("Cam Resting")
    with transaction(site.trust.database) as store:
        store.add_post(Post(uuid4(), amina.id, "improvement_champion", TRUST_WIDE, date(2020, 1, 1), date(2026, 11, 1)))
        store.add_cover(Cover(uuid4(), away.id, amina.id, date(2026, 11, 1), date(2026, 11, 2), "ill"))
        store.add_cover(Cover(uuid4(), resting.id, amina.id, date(2026, 11, 2), date(2026, 11, 3), "course"))
        expected = store.me(amina.id, date(2026, 11, 2))
    browser = site.browser(amina)

    with site.app.test_request_context("/account", base_url=site.trust.settings.public_url) as context:
        context.request.cookies = {sessions.COOKIE: browser.cookie}  # type: ignore[assignment]
        site.app.preprocess_request()
        found = view.me()

    assert found == expected
    assert [post.role for post in found.posts] == ["headteacher"]
    assert [post.role for post in found.covered] == ["cluster_lead"]
    assert found.covered_people == {away.id, resting.id}


def test_signing_out_everywhere_ends_every_session_at_once(site: Site) -> None:
    amina, other = site.person("Amina Head"), site.person("Bel Other")
    browsers = [site.browser(amina) for _ in range(3)]
    bystander = site.browser(other)

    browsers[0].post("/account/sign-out-everywhere")

    assert [signed_in(browser) for browser in browsers] == [False] * 3
    assert signed_in(bystander)


def test_somebody_who_leaves_is_out_at_once(site: Site) -> None:
    amina = site.person("Amina Head")
    browser = site.browser(amina)
    assert signed_in(browser)

    with transaction(site.trust.database) as store:
        store.save_person(replace(amina, active=False))

    assert not signed_in(browser)


# A session that ends in the middle of something


def test_whoever_opens_a_page_is_asked_to_sign_in_and_comes_back(site: Site) -> None:
    answer = site.browser().get("/account?a=1&b=2")

    assert answer.status_code == 303
    assert answer.location == "/sign-in?next=/account?a%3D1%26b%3D2"


def test_what_was_typed_is_sent_after_signing_in_again(notes: Site) -> None:
    amina = notes.person("Amina Head")
    browser = notes.browser(amina)
    typed = {"text": "\r\n  Two lines\r\nand <more> & “quotes”\r\n", "ticked": ["a", "b"], "empty": ""}
    notes.clock.passes(hours=3)

    asked = browser.post("/notes", typed)
    again = browser.sign_in(amina.email, kept=hidden(asked.text, "kept"))
    sent = browser.press(again.text, "/notes")

    assert asked.status_code == 401
    assert "You have been signed out. Sign in again to go on; what you typed is kept." in asked.text
    assert "You are signed in again" in again.text
    assert "Send it now" in again.text
    assert sent.text == "text=\r\n  Two lines\r\nand <more> & “quotes”\r\n|ticked=a|ticked=b|empty="


def test_a_slip_of_the_password_does_not_lose_what_was_typed(notes: Site) -> None:
    amina = notes.person("Amina Head")
    browser = notes.browser(amina)
    notes.clock.passes(hours=3)
    asked = browser.post("/notes", {"text": "long thoughts"})

    slipped = browser.sign_in(amina.email, "not my password", kept=hidden(asked.text, "kept"))
    again = browser.sign_in(amina.email, kept=hidden(slipped.text, "kept"))

    assert ("text", "long thoughts") in fields_of(again.text, "/notes")


def test_a_page_that_can_shows_the_form_again_before_anything_is_done(notes: Site) -> None:
    amina = notes.person("Amina Head")
    browser = notes.browser(amina)
    notes.clock.passes(hours=3)
    asked = browser.post("/careful-notes", {"text": "long thoughts"})

    again = browser.sign_in(amina.email, kept=hidden(asked.text, "kept"))
    sent = browser.press(again.text, "/careful-notes")

    assert "Go back to what you typed" in again.text
    assert sent.text == "looking=True text=long thoughts"


def test_a_browser_that_forgot_its_cookie_loses_nothing_either(notes: Site) -> None:
    amina = notes.person("Amina Head")
    browser = notes.browser(amina)
    form = {"csrf_token": browser.token, "text": "long thoughts"}
    browser.client.delete_cookie(sessions.COOKIE, domain=HTTPS)

    asked = browser.client.post("/notes", base_url=browser.url, headers=browser.headers, data=form)
    again = browser.sign_in(amina.email, kept=hidden(asked.text, "kept"))

    assert asked.status_code == 401
    assert ("text", "long thoughts") in fields_of(again.text, "/notes")


def test_nobody_else_gets_to_see_what_somebody_typed(notes: Site) -> None:
    amina, other = notes.person("Amina Head"), notes.person("Bel Other")
    browser = notes.browser(amina)
    notes.clock.passes(hours=3)
    asked = browser.post("/notes", {"text": "private thoughts"})

    answer = browser.sign_in(other.email, kept=hidden(asked.text, "kept"))

    assert answer.status_code == 303
    assert answer.location == "/"


def test_passwords_are_never_carried(notes: Site) -> None:
    browser = notes.browser(notes.person("Amina Head"))
    notes.clock.passes(hours=3)
    fields = {"current_password": "hush-hush", "new_password": "kettle orchard", "password_again": "kettle orchard"}

    asked = browser.post("/account/password", fields)

    with notes.app.test_request_context("/sign-in", base_url=browser.url):
        notes.app.preprocess_request()
        carried = kept.unseal(hidden(asked.text, "kept"))
    assert carried
    assert carried.fields == ()


def test_what_is_carried_cannot_be_altered_and_lasts_a_day(notes: Site) -> None:
    with notes.app.test_request_context("/sign-in", base_url=notes.trust.settings.public_url):
        notes.app.preprocess_request()
        sealed = kept.seal(kept.CarriedPost("/notes", "notes.save", (("text", "thoughts"),)))

        assert kept.unseal(sealed) == kept.CarriedPost("/notes", "notes.save", (("text", "thoughts"),))
        assert kept.unseal(sealed[:-2] + "xx") is None
        assert kept.unseal("") is None


def test_a_form_too_long_to_carry_says_so(notes: Site) -> None:
    amina = notes.person("Amina Head")
    browser = notes.browser(amina)
    notes.clock.passes(hours=3)
    asked = browser.post("/notes", {"short": "kept", "text": "x" * 300_000})

    again = browser.sign_in(amina.email, kept=hidden(asked.text, "kept"))

    assert ("short", "kept") in fields_of(again.text, "/notes")
    assert "too long to keep all of it" in again.text


def test_in_the_demo_whoever_was_signed_out_goes_on_with_one_button(sites: Callable[..., Site]) -> None:
    site = sites(DEMO="yes")
    amina = site.person("Amina Head")
    browser = site.browser(amina)
    site.clock.passes(hours=3)
    asked = browser.post("/account/sign-out-everywhere", {"note": "typed"})

    again = browser.press(asked.text, "/demo")

    assert "Go on as Amina Head" in asked.text
    assert ("note", "typed") in fields_of(again.text, "/account/sign-out-everywhere")
    assert signed_in(browser)
