"""Getting in by a link: invitations and forgotten passwords; and what makes a password."""

from __future__ import annotations

from sqlalchemy import Connection, select

from engine.model.access import LinkKind
from engine.model.casework import JobKind
from storage.access import accounts
from storage.database import reading, transaction
from storage.tables import accounts as account_table
from storage.tables import jobs, links
from tests.web.site import PASSWORD, Browser, Site
from web.access import links as sent_links


def signed_in(browser: Browser) -> bool:
    return browser.get("/account").status_code == 200


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


def payloads(connection: Connection) -> list[object]:
    return list(connection.execute(select(jobs.c.payload)).scalars())


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
