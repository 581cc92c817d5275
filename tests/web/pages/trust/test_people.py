"""People: found, added, given roles, sent links, and seen off."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from storage.database import counting, transaction
from tests.web.house import House, Visitor
from tests.web.office import administrator, day

NOVEMBER_3 = date(2026, 11, 3)  # today, see tests.web.house.NOW


@pytest.fixture
def alex(house: House) -> Visitor:
    return administrator(house)


def test_an_administrator_finds_people_by_name_school_and_state(house: House, alex: Visitor) -> None:
    everybody = alex.open("/people").main
    named = alex.open("/people?q=ruth").main
    here = alex.open(f"/people?school={house.schools['gull'].id}").main
    nobody = alex.open("/people?q=zzz").main

    assert "Ruth Adeyemi" in everybody
    assert "Headteacher, Saltmarsh Primary" in everybody
    assert "Alex Office Administrator" in everybody
    assert "Ruth Adeyemi" in named
    assert "Omar Haddad" not in named
    assert "Bea Partridge" in here
    assert "Ruth Adeyemi" not in here
    assert "Nobody fits." in nobody
    assert "Nobody fits." in alex.open("/people?state=left").main


def test_others_see_who_is_who_around_them_and_change_nothing(house: House) -> None:
    ruth, priya = house.visitor("ruth"), house.visitor("priya")

    page = ruth.open("/people")

    assert "People at the schools you work with" in page.main
    assert "Tom Deputy" in page.main
    assert "Priya Nair" in page.main
    assert "Bea Partridge" not in page.main
    assert page.links("/people/") == []
    assert "Bea Partridge" not in ruth.open(f"/people?school={house.schools['gull'].id}").main
    assert "Bea Partridge" in priya.open("/people").main
    for path in ("/people/add", f"/people/{house.people['tom'].id}", "/schools/import", "/reminders/change"):
        assert ruth.open(path).status == 403
    assert ruth.send("/people/add", {"name": "X", "email": "x@y.example"}).status == 403


def test_a_page_of_people_takes_as_many_statements_however_many_there_are(house: House, alex: Visitor) -> None:
    for number in range(120):
        house.person(f"N{number:03} Person", ("school_office", house.schools["gull"]))

    with counting(house.database) as counted:
        first = alex.open("/people")
    after = first.links("after=")

    assert len(counted.statements) == 4  # who asks, the schools to filter by, people, their posts
    assert len(after) == 1
    second = alex.open(after[0])
    assert "Back to the first people" in second.main
    assert not set(first.links("/people/")) & set(second.links("/people/")) - {"/people/add"}
    assert alex.open("/people?after=made-up").status == 404


def test_somebody_is_added_invited_and_gets_in_by_the_link_shown_once(house: House, alex: Visitor) -> None:
    page = alex.send("/people/add", {"name": "Zoe Marsh", "email": "Zoe@harbour.example"})

    link = page.html.partition("https://headway.example.org")[2].partition("<")[0]
    assert "Zoe Marsh is added" in page.main
    assert "It is shown only this once." in page.main
    chosen = Visitor(house.site.browser()).send(
        link, {"new_password": "four plain little words", "password_again": "four plain little words"}
    )
    assert chosen.status == 200
    assert "Your tasks" in chosen.main
    assert link not in alex.open(page.links("/roles/add")[0]).html


def test_somebody_who_cannot_be_added_leaves_the_form_as_it_was(house: House, alex: Visitor) -> None:
    page = alex.send("/people/add", {"name": "Ruth Again", "email": "ruth@harbour.example", "right": "yes"})
    empty = alex.send("/people/add", {"name": "", "email": "ruth"})

    assert page.status == 422
    assert "Someone with this email address is known already" in page.main
    assert page.values("name") == ["Ruth Again"]
    assert 'value="yes" checked' in page.html
    assert "Enter their name" in empty.main
    assert "Enter an email address in the correct format" in empty.main


def test_a_role_is_given_from_a_day_and_ended(house: House, alex: Visitor) -> None:
    tom, gull = house.people["tom"], house.schools["gull"]
    given = alex.send(
        f"/people/{tom.id}/roles/add",
        {"role": "school_office", "place": f"school:{gull.id}", **day("from", NOVEMBER_3)},
    )
    twice = alex.send(
        f"/people/{tom.id}/roles/add",
        {"role": "school_office", "place": f"school:{gull.id}", **day("from", NOVEMBER_3)},
    )
    ends = alex.open(next(link for link in given.links("/end") if "School office" in alex.open(link).main))
    ended = alex.send(ends.path, day("to", NOVEMBER_3 + timedelta(days=10)))

    assert "School office, Gull Lane Primary" in given.main
    assert "This person holds that role there already" in twice.main
    assert "to Friday 13 November 2026" in ended.main


def test_a_role_that_makes_no_sense_is_refused_on_every_field_at_once(house: House, alex: Visitor) -> None:
    page = alex.send(
        f"/people/{house.people['tom'].id}/roles/add", {"to-day": "40", "to-month": "1", "to-year": "2027"}
    )

    assert page.status == 422
    for sentence in ("Choose a role", "Choose where", "Enter the first day", "The last day must"):
        assert sentence in page.main
    assert page.values("to-day") == ["40"]


def test_a_leaver_is_signed_out_at_once_and_comes_back_without_their_old_session(house: House, alex: Visitor) -> None:
    tom, browser = house.people["tom"], house.visitor("tom")
    assert browser.open("/people").status == 200

    left = alex.send(f"/people/{tom.id}/leaves", {"when": "now"})
    assert "Has left. They cannot sign in." in left.main
    assert "Sign in" in browser.open("/people").main
    assert "Tom Deputy" in alex.open("/people?state=left").main
    assert "Tom Deputy" not in alex.open("/people").main

    back = alex.send(f"/people/{tom.id}/stays")
    assert "They hold no role" in back.main
    assert "Sign in" in browser.open("/people").main


def test_a_last_day_is_shown_and_may_be_taken_back(house: House, alex: Visitor) -> None:
    ruth = house.people["ruth"]
    page = alex.send(f"/people/{ruth.id}/leaves", {"when": "day", **day("last_day", date(2026, 12, 18))})
    unsure = alex.send(f"/people/{ruth.id}/leaves", {})
    empty = alex.send(f"/people/{ruth.id}/leaves", {"when": "day"})
    stays = alex.send(f"/people/{ruth.id}/stays")

    assert "Leaves on Friday 18 December 2026." in page.main
    assert "to Friday 18 December 2026" in page.main
    assert "Choose when" in unsure.main
    assert "Enter the last day" in empty.main
    assert "Leaves on" not in stays.main


def test_a_link_is_an_invitation_at_first_and_a_way_back_in_later(house: House, alex: Visitor) -> None:
    known = house.site.person("Kit Known")

    first = alex.send(f"/people/{house.people['ruth'].id}/link")
    later = alex.send(f"/people/{known.id}/link")

    assert "/invitation/" in first.html
    assert "/reset/" in later.html
    alex.send(f"/people/{known.id}/leaves", {"when": "now"})
    assert alex.send(f"/people/{known.id}/link").status == 422


def test_the_last_administrator_cannot_be_made_none(house: House, alex: Visitor) -> None:
    me, ruth = house.people["alex"], house.people["ruth"]

    refused = alex.send(f"/people/{me.id}/administrator", {"administrator": "no"})
    leaves = alex.send(f"/people/{me.id}/leaves", {"when": "now"})
    made = alex.send(f"/people/{ruth.id}/administrator", {"administrator": "yes"})
    gone = alex.send(f"/people/{me.id}/administrator", {"administrator": "no"})

    assert refused.status == leaves.status == 422
    assert "make somebody else an administrator first" in refused.main
    assert "make somebody else an administrator first" in leaves.main
    assert "Administrator Yes" in made.main
    assert "People at the schools you work with" in gone.main


def test_details_are_corrected(house: House, alex: Visitor) -> None:
    ruth = house.people["ruth"]

    changed = alex.send(f"/people/{ruth.id}/details", {"name": "Ruth Cole", "email": "cole@harbour.example"})
    taken = alex.send(f"/people/{ruth.id}/details", {"name": "Ruth Cole", "email": "tom@harbour.example"})

    assert "Ruth Cole" in changed.main
    assert "cole@harbour.example" in changed.main
    assert "Someone with this email address is known already" in taken.main
    assert alex.open(f"/people/{uuid4()}").status == 404


def test_a_form_that_outlived_its_session_comes_back_filled_in(house: House, alex: Visitor) -> None:
    page = alex.send("/people/add", {"name": "Zoe", "email": "zoe@harbour.example", "look": "yes"})

    assert page.status == 200
    assert page.values("name") == ["Zoe"]
    with transaction(house.database) as store:
        assert store.person_by_email("zoe@harbour.example") is None
