"""Getting in: by password, by invitation, by a reset link; and what happens to those who guess."""

from __future__ import annotations

import re
from collections.abc import Callable
from threading import Thread
from uuid import UUID

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from storage.access import accounts
from storage.database import reading, transaction
from storage.tables import accounts as account_table
from storage.tables import throttle
from tests.web.site import PASSWORD, Browser, Site, hidden

WRONG = "The email address or the password is not right."
TOO_MANY = "There were too many tries to sign in. Wait 15 minutes and try again."


def signed_in(browser: Browser) -> bool:
    return browser.get("/account").status_code == 200


def kept_hash(site: Site, person_id: UUID) -> str:
    with reading(site.trust.database) as connection:
        wanted = select(account_table.c.password_hash).where(account_table.c.person_id == person_id)
        return str(connection.execute(wanted).scalar_one())


def keeps_hash(site: Site, person_id: UUID, password_hash: str) -> None:
    with transaction(site.trust.database) as store:
        accounts.set_password(store.connection, person_id, password_hash, site.clock())


def test_the_right_password_lets_somebody_in(site: Site) -> None:
    amina = site.person("Amina Head")
    browser = site.browser()

    answer = browser.sign_in(amina.email)

    assert answer.status_code == 303
    assert "Amina Head" in browser.get("/account").text


def test_a_password_kept_with_weaker_settings_is_kept_better_once_it_was_right(site: Site) -> None:
    amina = site.person("Amina Head")
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    keeps_hash(site, amina.id, weak)

    wrong = site.browser().sign_in(amina.email, "not the password")
    untouched = kept_hash(site, amina.id)
    right = site.browser().sign_in(amina.email)
    stronger = kept_hash(site, amina.id)
    again = site.browser().sign_in(amina.email)

    assert (wrong.status_code, right.status_code, again.status_code) == (422, 303, 303)
    assert untouched == weak
    assert "m=19456,t=2,p=1" in stronger
    assert kept_hash(site, amina.id) == stronger


def test_a_password_changed_meanwhile_is_not_put_back(site: Site) -> None:
    amina = site.person("Amina Head")
    newer = kept_hash(site, amina.id)

    with transaction(site.trust.database) as store:
        accounts.renew_password_hash(store.connection, amina.id, "the hash of before", "the old password kept better")

    assert kept_hash(site, amina.id) == newer


def test_an_address_is_the_same_in_capitals(site: Site) -> None:
    site.person("Amina Head")

    assert site.browser().sign_in(" AMINA.head@Northlea.example ").status_code == 303


def test_nobody_learns_whether_an_address_is_known(site: Site) -> None:
    amina = site.person("Amina Head")
    away = site.person("Left Longago", active=False)
    wrong = site.browser().sign_in(amina.email, "not the password")
    pages = [wrong, site.browser().sign_in("nobody@northlea.example"), site.browser().sign_in(away.email)]

    assert {page.status_code for page in pages} == {422}
    assert len({re.sub(r'value="[^"]*"', "", page.text) for page in pages}) == 1
    assert WRONG in wrong.text


def test_the_address_is_kept_and_the_password_is_not(site: Site) -> None:
    page = site.browser().sign_in("somebody@northlea.example", "my wrong password")

    assert 'value="somebody@northlea.example"' in page.text
    assert "my wrong password" not in page.text


def test_somebody_who_was_invited_but_has_no_password_cannot_sign_in(site: Site) -> None:
    amina = site.person("Amina Head")
    with transaction(site.trust.database) as store:
        store.connection.execute(account_table.delete())

    assert WRONG in site.browser().sign_in(amina.email, "").text


@pytest.mark.slow
def test_an_account_is_closed_to_guesses_after_ten(site: Site) -> None:
    amina = site.person("Amina Head")
    answers = [site.browser().sign_in(amina.email, f"guess number {n}").status_code for n in range(12)]

    right = site.browser().sign_in(amina.email)

    assert answers == [422] * 10 + [429] * 2
    assert right.status_code == 429
    assert TOO_MANY in right.text


@pytest.mark.slow
def test_an_unknown_account_is_closed_just_the_same(site: Site) -> None:
    answers = [site.browser().sign_in("nobody@northlea.example", f"guess {n}").status_code for n in range(11)]

    assert answers == [422] * 10 + [429]


@pytest.mark.slow
def test_the_door_opens_again_after_a_quarter_of_an_hour(site: Site) -> None:
    amina = site.person("Amina Head")
    for n in range(11):
        site.browser().sign_in(amina.email, f"guess number {n}")

    site.clock.passes(minutes=15)

    assert site.browser().sign_in(amina.email).status_code == 303


@pytest.mark.slow
def test_signing_in_forgives_earlier_slips(site: Site) -> None:
    amina = site.person("Amina Head")

    for _round in range(2):
        for n in range(6):
            site.browser().sign_in(amina.email, f"guess number {n}")
        assert site.browser().sign_in(amina.email).status_code == 303


@pytest.mark.slow
def test_one_machine_gets_fifty_tries_at_all_accounts_together(site: Site) -> None:
    answers = [site.browser().sign_in(f"person{n}@northlea.example", "guess").status_code for n in range(52)]

    assert answers == [422] * 50 + [429] * 2


@pytest.mark.slow
def test_a_whole_school_behind_one_address_may_sign_in(site: Site) -> None:
    people = [site.person(f"Person Number{n}") for n in range(55)]

    assert {site.browser().sign_in(person.email).status_code for person in people} == {303}


@pytest.mark.slow
def test_guesses_at_the_same_moment_all_count(site: Site) -> None:
    amina = site.person("Amina Head")
    answers: list[int] = []

    def guess(n: int) -> None:
        answers.append(site.browser().sign_in(amina.email, f"guess number {n}").status_code)

    threads = [Thread(target=guess, args=(n,)) for n in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [422] * 10 + [429] * 14


def test_the_counters_name_nobody(site: Site) -> None:
    site.browser().sign_in("amina.head@northlea.example", "guess")

    with reading(site.trust.database) as connection:
        keys = connection.execute(select(throttle.c.key)).scalars().all()

    assert len(keys) == 2
    assert [key for key in keys if not re.fullmatch("[0-9a-f]{64}", key)] == []


def test_after_signing_in_one_sees_the_page_one_wanted(site: Site) -> None:
    amina = site.person("Amina Head")
    browser = site.browser()
    sent = browser.get("/account?tab=2")
    page = browser.get(sent.location)

    answer = browser.sign_in(amina.email, next=hidden(page.text, "next"))

    assert sent.location == "/sign-in?next=/account?tab%3D2"
    assert answer.location == "/account?tab=2"


def test_no_other_site_can_be_the_page_one_wanted(site: Site) -> None:
    amina = site.person("Amina Head")

    for bad in (
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\/evil",
        "javascript:alert(1)",
        "/\t/e",
    ):
        assert site.browser().sign_in(amina.email, next=bad).location == "/"


def test_somebody_signed_in_is_not_asked_again(site: Site) -> None:
    browser = site.browser(site.person("Amina Head"))

    assert browser.get("/sign-in?next=/account").location == "/account"


def test_signing_out_ends_the_session_and_not_only_the_cookie(site: Site) -> None:
    amina = site.person("Amina Head")
    browser, copy = site.browser(amina), site.browser()
    copy.client.set_cookie("__Host-headway", browser.cookie or "", domain="headway.example.org")
    assert signed_in(copy)

    answer = browser.post("/sign-out")

    assert answer.location == "/sign-in"
    assert not signed_in(browser)
    assert not signed_in(copy)


# The demo


def test_in_the_demo_anybody_made_up_can_be_picked(sites: Callable[..., Site]) -> None:
    site = sites(DEMO="yes")
    amina = site.person("Amina Head", "headteacher")
    browser = site.browser()

    page = browser.get("/demo")
    browser.post("/demo", {"person": str(amina.id)})

    assert "Amina Head" in page.text
    assert "Headteacher" in page.text
    assert signed_in(browser)


def test_no_real_person_can_be_picked_even_in_the_demo(sites: Callable[..., Site]) -> None:
    site = sites(DEMO="yes")
    real = site.person("Real Person", "headteacher")
    with transaction(site.trust.database) as store:
        store.save_person(real.__class__(real.id, real.name, "real.person@northlea.org"))
    browser = site.browser()

    answer = browser.post("/demo", {"person": str(real.id)})

    assert "Real Person" not in browser.get("/demo").text
    assert answer.status_code == 404
    assert not signed_in(browser)


def test_without_the_demo_nobody_can_be_picked(site: Site) -> None:
    amina = site.person("Amina Head", "headteacher")
    browser = site.browser()

    assert browser.get("/demo").status_code == 404
    assert browser.post("/demo", {"person": str(amina.id)}).status_code == 404
    assert not signed_in(browser)
