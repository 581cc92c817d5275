"""Getting in: by password, by invitation, by a reset link; and what happens to those who guess."""

from __future__ import annotations

import re
from collections.abc import Callable
from threading import Thread

import pytest
from sqlalchemy import select

from engine.model.casework import JobKind
from storage import accounts
from storage.access_nouns import LinkKind
from storage.database import reading, transaction
from storage.tables import accounts as account_table
from storage.tables import jobs, links, throttle
from tests.web.site import PASSWORD, Browser, Site, hidden
from web import links as sent_links

WRONG = "The email address or the password is not right."
TOO_MANY = "There were too many tries to sign in. Wait 15 minutes and try again."


def signed_in(browser: Browser) -> bool:
    return browser.get("/account").status_code == 200


def test_the_right_password_lets_somebody_in(site: Site) -> None:
    amina = site.person("Amina Head")
    browser = site.browser()

    answer = browser.sign_in(amina.email)

    assert answer.status_code == 303
    assert "Amina Head" in browser.get("/account").text


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


def test_an_account_is_closed_to_guesses_after_ten(site: Site) -> None:
    amina = site.person("Amina Head")
    answers = [site.browser().sign_in(amina.email, f"guess number {n}").status_code for n in range(12)]

    right = site.browser().sign_in(amina.email)

    assert answers == [422] * 10 + [429] * 2
    assert right.status_code == 429
    assert TOO_MANY in right.text


def test_an_unknown_account_is_closed_just_the_same(site: Site) -> None:
    answers = [site.browser().sign_in("nobody@northlea.example", f"guess {n}").status_code for n in range(11)]

    assert answers == [422] * 10 + [429]


def test_the_door_opens_again_after_a_quarter_of_an_hour(site: Site) -> None:
    amina = site.person("Amina Head")
    for n in range(11):
        site.browser().sign_in(amina.email, f"guess number {n}")

    site.clock.passes(minutes=15)

    assert site.browser().sign_in(amina.email).status_code == 303


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


# Links


def invite(site: Site, name: str = "Bel New") -> tuple[str, str]:
    """Somebody invited: their address and the path of their link."""
    person = site.person(name)
    with transaction(site.trust.database) as store:
        store.connection.execute(account_table.delete().where(account_table.c.person_id == person.id))
        address = sent_links.send(store, site.trust.settings, person, LinkKind.INVITATION, site.clock())
    return person.email, address.removeprefix(site.trust.settings.public_url)


def test_an_invitation_lets_somebody_choose_a_password_and_in(site: Site) -> None:
    email, path = invite(site)
    browser = site.browser()
    page = browser.get(path)

    answer = browser.post(path, {"new_password": "kettle orchard moon", "password_again": "kettle orchard moon"})

    assert "Welcome to Headway" in page.text
    assert "Bel New" in page.text
    assert answer.status_code == 303
    assert signed_in(browser)
    assert site.browser().sign_in(email, "kettle orchard moon").status_code == 303


def test_a_link_works_once(site: Site) -> None:
    _email, path = invite(site)
    chosen = {"new_password": "kettle orchard moon", "password_again": "kettle orchard moon"}
    site.browser().post(path, chosen)

    again = site.browser().post(path, chosen)

    assert again.status_code == 410
    assert "This link has been used or has run out. Ask for a new one." in again.text


def test_looking_at_a_link_does_not_use_it_up(site: Site) -> None:
    _email, path = invite(site)

    assert [site.browser().get(path).status_code for _ in range(3)] == [200] * 3


def test_an_invitation_runs_out_after_seven_days(site: Site) -> None:
    _email, path = invite(site)
    site.clock.passes(days=7, seconds=-1)
    assert site.browser().get(path).status_code == 200

    site.clock.passes(seconds=1)

    assert site.browser().get(path).status_code == 410


def test_a_made_up_link_lets_nobody_in(site: Site) -> None:
    assert site.browser().get("/invitation/" + "A" * 43).status_code == 410
    assert site.browser().get("/reset/x").status_code == 410


def test_an_invitation_is_no_reset_link(site: Site) -> None:
    _email, path = invite(site)

    assert site.browser().get(path.replace("invitation", "reset")).status_code == 410


def test_the_database_alone_does_not_give_a_link_away(site: Site) -> None:
    _email, path = invite(site)
    secret = path.rpartition("/")[2]

    with reading(site.trust.database) as connection:
        kept = [*connection.execute(select(links.c.token_hash)).scalars(), *map(str, payloads(connection))]

    assert [text for text in kept if secret in text] == []


def payloads(connection: object) -> list[object]:
    return list(connection.execute(select(jobs.c.payload)).scalars())  # type: ignore[attr-defined]


def reset_path(site: Site) -> str:
    with reading(site.trust.database) as connection:
        job = connection.execute(select(jobs.c.kind, jobs.c.payload)).one()
    assert job.kind is JobKind.MAIL
    secret = sent_links.secret(site.trust.settings.secret_key, job.payload["link"][1])
    return f"/{job.payload['link'][0]}/{secret}"


def test_a_forgotten_password_is_chosen_anew_and_ends_every_session(site: Site) -> None:
    amina = site.person("Amina Head")
    elsewhere = site.browser(amina)
    page = site.browser().post("/forgotten-password", {"email": amina.email})
    path, browser = reset_path(site), site.browser()

    browser.post(path, {"new_password": "kettle orchard moon", "password_again": "kettle orchard moon"})

    assert "Check your email" in page.text
    assert signed_in(browser)
    assert not signed_in(elsewhere)
    assert site.browser().sign_in(amina.email).status_code == 422
    assert site.browser().sign_in(amina.email, "kettle orchard moon").status_code == 303


def test_a_reset_link_lasts_two_hours(site: Site) -> None:
    amina = site.person("Amina Head")
    site.browser().post("/forgotten-password", {"email": amina.email})

    site.clock.passes(hours=2)

    assert site.browser().get(reset_path(site)).status_code == 410


def test_choosing_a_password_spends_every_other_link(site: Site) -> None:
    amina = site.person("Amina Head")
    with transaction(site.trust.database) as store:
        paths = [
            sent_links.send(store, site.trust.settings, amina, LinkKind.RESET, site.clock()).rpartition("/")[2]
            for _ in range(2)
        ]
    chosen = {"new_password": "kettle orchard moon", "password_again": "kettle orchard moon"}
    site.browser().post(f"/reset/{paths[0]}", chosen)

    assert site.browser().get(f"/reset/{paths[1]}").status_code == 410


def test_asking_for_a_reset_says_nothing_of_whom_we_know(site: Site) -> None:
    amina = site.person("Amina Head")
    emails = (amina.email, "nobody@northlea.example")

    known, unknown = (site.browser().post("/forgotten-password", {"email": email}) for email in emails)

    assert known.text == unknown.text
    with reading(site.trust.database) as connection:
        assert len(payloads(connection)) == 1


def test_nobody_is_flooded_with_reset_mail(site: Site) -> None:
    amina = site.person("Amina Head")

    answers = [site.browser().post("/forgotten-password", {"email": amina.email}).status_code for _ in range(5)]

    assert answers == [200] * 3 + [429] * 2


# Passwords


def choose(site: Site, path: str, password: str, again: str | None = None) -> str:
    fields = {"new_password": password, "password_again": password if again is None else again}
    answer = site.browser().post(path, fields)
    assert answer.status_code == 422
    return answer.text


def test_a_password_must_be_long_and_not_a_common_one(site: Site) -> None:
    email, path = invite(site)

    assert "Password must be 12 characters or more" in choose(site, path, "elevenchars")
    assert "Password must be 200 characters or fewer" in choose(site, path, "abcd" * 51)
    assert "too easy to guess" in choose(site, path, "Password1234")
    assert "too easy to guess" in choose(site, path, "aaaaaaaaaaaaaaaa")
    assert "too easy to guess" in choose(site, path, email)
    assert "Enter the same password twice" in choose(site, path, "kettle orchard moon", "kettle orchard noon")


def test_a_password_may_be_any_letters_the_person_likes(site: Site) -> None:
    email, path = invite(site)
    written = "cafe\u0301 au lait \U0001f600"  # the accent typed as a letter of its own

    site.browser().post(path, {"new_password": written, "password_again": written})

    assert site.browser().sign_in(email, "caf\u00e9 au lait \U0001f600").status_code == 303


def test_the_password_is_kept_as_argon2id(site: Site) -> None:
    site.person("Amina Head")

    with reading(site.trust.database) as connection:
        account = accounts.account_by_email(connection, "amina.head@northlea.example")

    assert account
    assert account.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_somebody_changes_their_password_and_stays_signed_in_only_here(site: Site) -> None:
    amina = site.person("Amina Head")
    here, elsewhere = site.browser(amina), site.browser(amina)
    before = here.cookie
    fields = {
        "current_password": PASSWORD,
        "new_password": "kettle orchard moon",
        "password_again": "kettle orchard moon",
    }

    answer = here.post("/account/password", fields)

    assert answer.location == "/account?changed=yes"
    assert "Your password is changed" in here.get(answer.location).text
    assert here.cookie != before
    assert not signed_in(elsewhere)


def test_changing_a_password_needs_the_one_that_is(site: Site) -> None:
    browser = site.browser(site.person("Amina Head"))
    fields = {
        "current_password": "wrong",
        "new_password": "kettle orchard moon",
        "password_again": "kettle orchard moon",
    }

    page = browser.post("/account/password", fields)

    assert page.status_code == 422
    assert page.text.count("Your current password is not right") == 2  # in the summary and on the field


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
