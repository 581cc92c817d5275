"""Schools and clusters, and the import of the national extract."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from html import unescape

import pytest

from engine.model.people import School, SchoolStatus
from storage.database import counting, transaction
from tests.engine.readers.test_gias import extract
from tests.web.house import House, Page, Visitor, make_house
from tests.web.office import administrator
from tests.web.site import Site

NAMED = "edubasealldata20261102.csv"
OURS = [
    {"URN": f"90000{number}", "EstablishmentName": name, "PhaseOfEducation (name)": phase}
    for number, name, phase in (
        (1, "Saltmarsh Primary", "Primary"),
        (2, "Gull Lane Primary", "Primary"),
        (3, "Beacon High", "Secondary"),
    )
]


@pytest.fixture
def alex(house: House) -> Visitor:
    return administrator(house)


def upload(visitor: Visitor, data: bytes, name: str = NAMED, **more: str) -> Page:
    return visitor.send("/schools/import", {"file": (io.BytesIO(data), name), "uid": "99001", **more})


def confirm(visitor: Visitor, plan: Page, **more: str) -> Page:
    return visitor.send("/schools/import/do", {"extract": plan.values("extract")[0], **more})


def schools_of(house: House) -> dict[str, School]:
    with transaction(house.database) as store:
        return {school.urn: school for school in store.schools(closed=True)}


def test_schools_are_listed_by_cluster_in_two_statements(house: House) -> None:
    with counting(house.database) as counted:
        page = house.visitor("ruth").open("/schools")

    words = page.main
    assert words.index("East") < words.index("Gull Lane Primary") < words.index("West") < words.index("Beacon High")
    assert "Secondary, URN 900003" in words
    assert "Import" not in words
    assert len([each for each in counted.statements if "INSERT" not in each]) == 2  # who asks, and the schools


def test_a_school_is_shown_to_all_and_placed_by_administrators(house: House, alex: Visitor) -> None:
    gull, west = house.schools["gull"], house.schools["beacon"].cluster_id

    seen = house.visitor("ruth").open(f"/schools/{gull.id}")
    moved = alex.send(f"/schools/{gull.id}/cluster", {"cluster": str(west)})
    alone = alex.send(f"/schools/{gull.id}/cluster", {"cluster": "none"})
    wrong = alex.send(f"/schools/{gull.id}/cluster", {"cluster": "x"})

    assert "Save cluster" not in seen.main
    assert "Cluster West" in moved.main
    assert "Cluster None" in alone.main
    assert "In no cluster" in alex.open("/schools").main
    assert wrong.status == 422
    assert house.visitor("ruth").send(f"/schools/{gull.id}/cluster", {"cluster": "none"}).status == 403


def test_clusters_are_added_and_renamed(house: House, alex: Visitor) -> None:
    added = alex.send("/schools/clusters", {"name": "North"})
    twice = alex.send("/schools/clusters", {"name": "north"})
    opened = alex.open(alex.open("/schools/clusters").links("/schools/clusters/")[0])
    renamed = alex.send(opened.path, {"name": "Eastern"})

    assert "North 0 schools" in added.main
    assert "Another cluster has this name" in twice.main
    assert opened.values("name") == ["East"]
    assert "Eastern 2 schools" in renamed.main


def test_an_extract_is_looked_at_first_and_then_carried_out(house: House, alex: Visitor) -> None:
    rows = [*OURS, {"URN": "900004", "EstablishmentName": "Tern Special", "NumberOfPupils": ""}]
    rows[1] = {**rows[1], "EstablishmentName": "Gull Lane Academy"}

    plan = upload(alex, extract(*rows))
    assert schools_of(house).keys() == {"900001", "900002", "900003"}
    done = confirm(alex, plan)

    assert "1 school to add, 3 to change, 0 to close; 0 stay as they are." in plan.main
    assert "name from Gull Lane Primary to Gull Lane Academy" in plan.main
    assert "Tern Special has no number of pupils in this file." in plan.main
    assert "1 added, 3 changed, 0 closed." in done.main
    found = schools_of(house)
    assert found["900002"].name == "Gull Lane Academy"
    assert found["900002"].cluster_id == house.schools["gull"].cluster_id
    again = upload(alex, extract(*rows))
    assert "There is nothing to do." in again.main
    with transaction(house.database) as store:
        assert (store.trust().name, store.trust().uid) == ("Northlea Schools Trust", "99001")


def test_closing_more_than_a_fifth_needs_a_tick_of_its_own(house: House, alex: Visitor) -> None:
    plan = upload(alex, extract(OURS[0]))
    refused = confirm(alex, plan)
    done = confirm(alex, refused, close="yes")

    assert "This would close 2 of your 3 open schools." in plan.main
    assert refused.status == 422
    assert "Tick the box if all of these schools really are to be closed" in refused.main
    assert "0 added, 1 changed, 2 closed." in done.main
    assert "Show closed schools too (2)" in done.main
    assert schools_of(house)["900003"].status is SchoolStatus.CLOSED
    assert "Beacon High Closed" in alex.open("/schools?closed=yes").main


@pytest.mark.parametrize(
    ("data", "name", "more", "sentence"),
    [
        (b"", "", {}, "Choose the file"),
        (extract({}), NAMED, {"uid": "no"}, "Enter the group UID, a number such as 2044"),
        (extract({}), NAMED, {"uid": "42"}, "No school in this file belongs to trust 42."),
        (extract({}), "mine.csv", {}, "Enter the date of the extract"),
        (extract({}), "all20270101.csv", {}, "The date of the extract must be today or earlier"),
        (extract({}), "all20261399.csv", {}, "Enter the date of the extract"),
        (b"URN,Name\n1,2\n", NAMED, {}, "This file lacks the columns"),
        (extract({})[:-40], NAMED, {}, "the file may have been cut off"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(
    house: House, alex: Visitor, data: bytes, name: str, more: dict[str, str], sentence: str
) -> None:
    page = upload(alex, data, name, **more)

    assert page.status == 422
    assert sentence in page.main
    assert page.values("uid") == [more.get("uid", "99001")]


def test_a_plan_that_was_altered_or_is_old_is_not_carried_out(house: House, alex: Visitor) -> None:
    plan = upload(alex, extract(*OURS))

    altered = alex.send("/schools/import/do", {"extract": plan.values("extract")[0].replace(".", "x.", 1)})
    house.moves(hours=1)
    forged = alex.send("/schools/import/do", {"extract": ""})

    assert (altered.status, forged.status) == (422, 422)
    assert "Upload the file again." in altered.main
    assert schools_of(house)["900001"].as_at is None


def test_the_page_says_when_the_national_file_is_too_large_and_takes_it_when_it_is_not(
    sites: Callable[..., Site],
) -> None:
    small, large = make_house(sites(UPLOAD_MB="1")), make_house(sites(UPLOAD_MB="80"))
    padding = [{"URN": f"{number}", "Trusts (code)": "7"} for number in range(100000, 112000)]
    data = extract(*OURS, *padding)
    person, other = administrator(small), administrator(large)

    told, refused, far = person.open("/schools/import"), upload(person, data), upload(person, data * 4)
    taken = upload(other, data)

    assert "This Headway takes files up to 1 MB; the file of the whole country has about 60 MB." in told.main
    assert "This file is larger than 1 MB" in refused.main
    assert far.status == 413
    assert "This Headway takes files up to" not in other.open("/schools/import").main
    assert "3 to change, 0 to close" in taken.main


def test_the_sealed_rows_are_those_of_the_trust_alone(house: House, alex: Visitor) -> None:
    padding = [
        {"URN": f"{number}", "Trusts (code)": "7", "EstablishmentName": "Elsewhere"} for number in range(100000, 100500)
    ]
    page = upload(alex, extract(*OURS, *padding))

    sealed = re.findall(r'name="extract" value="([^"]+)"', page.html)
    assert len(unescape(sealed[0])) < 2000
