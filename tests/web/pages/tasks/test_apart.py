"""What is kept between pages says nothing of anybody: people who open the same pages in turn see their own alone."""

from __future__ import annotations

import re
from uuid import UUID

from tests.web.house import House, Page
from web.site.addresses import SOME

HEADS = {"ruth": "saltmarsh", "bea": "gull", "omar": "beacon"}


def menu(page: Page) -> list[str]:
    """The ways that a page's menu shows."""
    return re.findall(r'<a class="hw-menu__link" href="([^"]+)"', page.html)


def test_people_who_open_the_same_pages_in_turn_see_their_own_alone(house: House) -> None:
    tasks = {name: house.account(f"About {name} alone", school) for name, school in HEADS.items()}
    visitors = {name: house.visitor(name) for name in HEADS}
    for name, visitor in visitors.items():
        visitor.send(f"/tasks/{tasks[name].id}", {"know": f"Known to {name}", "save": "later"})

    for name in [*HEADS, *reversed(HEADS)] * 2:
        for path in ("/tasks", f"/tasks/{tasks[name].id}"):
            page = visitors[name].open(path)
            assert house.people[name].name in page.html
            assert f"About {name} alone" in page.main
            assert set(page.values("csrf_token")) == {visitors[name].browser.token}
            for other in HEADS.keys() - {name}:
                assert f"About {other} alone" not in page.html
                assert f"Known to {other}" not in page.html
                assert house.people[other].name not in page.html
                assert str(tasks[other].id) not in page.html
        assert visitors[name].open(f"/tasks/{tasks[name].id}").values("know") == [f"Known to {name}"]


def test_a_menu_is_shared_by_those_alone_who_may_open_the_same(house: House) -> None:
    alone = {name: menu(house.visitor(name).open("/tasks")) for name in ("tom", "ruth", "priya")}
    again = {name: menu(house.visitor(name).open("/tasks")) for name in ("priya", "tom", "ruth", "bea")}

    assert again == {**alone, "bea": alone["ruth"]}
    assert "/attention" in alone["priya"]
    assert "/attention" not in alone["tom"]
    where = house.visitor("ruth").open("/start")
    assert re.findall(r'href="([^"]+)" aria-current="true"', where.html) == ["/start", "/start"]


def test_an_address_kept_for_all_ids_leads_each_to_its_own(house: House) -> None:
    given = [house.account(f"Case {number}") for number in range(3)]

    found = house.visitor("ruth").open("/tasks")

    assert {UUID(link.rpartition("/")[2]) for link in found.links("/tasks/")} == {task.id for task in given}
    assert str(SOME) not in found.html


def test_an_address_kept_for_all_numbers_of_cases_leads_each_to_its_own(house: House) -> None:
    cases = [house.account(f"Case {number}") for number in range(3)]
    refs = [house.case(task.case_id).ref for task in cases]

    pages = [house.visitor("ruth").open(f"/tasks/{task.id}") for task in cases]

    assert [page.links("/cases/") for page in pages] == [[f"/cases/{ref}"] for ref in refs]
