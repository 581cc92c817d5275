"""Where cases wait: numbers on a diagram and in a table, each leading to the list it counts."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape

import pytest

from engine.model.casework import Sensitivity
from storage.database import counting, transaction
from tests.web.house import House, Page
from tests.web.published import publish, watched
from tests.web.site import elements


def rows(page: Page) -> list[list[str]]:
    """The table's rows as they are read."""
    found = [each.query("th, td") for each in elements(page.html, "tbody tr")]
    return [[" ".join(cell.to_text().split()) for cell in row] for row in found]


def listed(page: Page) -> int:
    """How many rows a list has."""
    return len(re.findall(r'<li class="hw-task">', page.html))


@pytest.fixture
def busy(house: House) -> House:
    """Three cases wait at the first step, one of them late and one at another school; a fourth is further on."""
    publish(house, watched())
    house.start("watched", "saltmarsh", title="The late one")
    house.moves(days=7)
    house.start("watched", "saltmarsh", title="In good time")
    house.start("watched", "beacon", title="Elsewhere")
    further = house.start("watched", "saltmarsh", title="Further on")
    house.complete("ruth", house.open_tasks(further)[0])
    return house


def test_each_procedure_tells_how_its_cases_stand(busy: House) -> None:
    priya = busy.visitor("priya")

    page = priya.open("/monitoring")

    assert ["A trial", "4 open", "1 late", "0", "0"] in rows(page)
    assert ["Give an account", "0", "0", "0", "0"] in rows(page)


def test_every_number_leads_to_a_list_of_just_as_many(busy: House) -> None:
    priya = busy.visitor("priya")
    pages = [priya.open("/monitoring"), priya.open("/monitoring/watched")]
    number = r'<a class="govuk-link hw-(?:number|figure)[^"]*" href="([^"]+)">(?:<span[^>]*>)?(\d+)'
    links = [(int(count), unescape(href)) for page in pages for href, count in re.findall(number, page.html)]

    assert len(links) == 6
    for count, href in links:
        assert listed(priya.open(href)) == count, href


def test_a_procedure_shows_counts_on_its_diagram_and_the_same_in_a_table(busy: House) -> None:
    page = busy.visitor("priya").open("/monitoring/watched")

    step = next(each for each in elements(page.html, "g") if each.attrs.get("data-element") == "look")
    link = step.query("a")[0]
    marks = json.loads(str(elements(page.html, "[data-marks]")[0].attrs["data-marks"]))

    assert rows(page) == [["Look closely Headteacher; 3 school days", "3 waiting at Look closely", "1 late"]]
    assert "3 waiting" in step.to_text()
    assert "1 late" in step.to_text()
    assert link.attrs["aria-label"] == "Look closely: 3 waiting, 1 late"
    assert link.attrs["href"] == "/monitoring/watched/waiting?step=look"
    assert marks == {
        "look": {
            "kind": "late",
            "text": "3 waiting, 1 late",
            "short": "3 ▲1",
            "href": "/monitoring/watched/waiting?step=look",
        }
    }


def test_the_list_behind_a_number_has_the_first_due_first_and_names_nobody(busy: House) -> None:
    with transaction(busy.database) as store:
        (task, *_) = store.open_tasks_of_roles(["headteacher"], None)
        store.save_task(replace(task[0], person_id=busy.people["tom"].id))
    priya = busy.visitor("priya")

    page = priya.open("/monitoring/watched/waiting?step=look")
    late = priya.open("/monitoring/watched/waiting?step=look&late=yes")

    assert "Waiting at “Look closely”" in page.main
    assert page.main.index("The late one") < page.main.index("In good time")
    assert listed(late) == 1
    assert "Late at “Look closely”" in late.main
    for person in busy.people.values():
        assert person.name not in page.main


def test_numbers_are_those_of_the_school_or_cluster_chosen(busy: House) -> None:
    priya = busy.visitor("priya")
    beacon = busy.schools["beacon"]

    school = priya.open(f"/monitoring/watched?school={beacon.id}")
    cluster = priya.open(f"/monitoring?cluster={beacon.cluster_id}")

    assert rows(school) == [["Look closely Headteacher; 3 school days", "1 waiting at Look closely", "0"]]
    assert "Monitoring, Beacon High" in school.main
    assert ["A trial", "1 open", "0", "0", "0"] in rows(cluster)
    assert f"cluster={beacon.cluster_id}" in cluster.links("status=open")[0]


def test_everybody_counts_only_what_they_may_read(busy: House) -> None:
    busy.person("Carl Chief", ("chief_executive", None))
    with transaction(busy.database) as store:
        task, _ = store.open_tasks_of_roles(["headteacher"], [busy.schools["beacon"].id])[0]
        store.save_case(replace(store.lock_case(task.case_id), sensitivity=Sensitivity.NAMED))

    ruth = busy.visitor("ruth").open("/monitoring/watched")
    counts = {name: rows(busy.visitor(name).open("/monitoring/watched"))[0][1] for name in ("ruth", "carl", "priya")}

    assert counts == {
        "ruth": "2 waiting at Look closely",  # those of her school
        "carl": "2 waiting at Look closely",  # everywhere, but not the one for named people
        "priya": "3 waiting at Look closely",  # she started that one
    }
    assert "Beacon High" not in ruth.main


def test_a_step_that_only_an_earlier_version_has_is_still_counted(busy: House) -> None:
    later = watched()
    renamed = replace(later, bpmn=later.bpmn.replace(b'"look"', b'"see"').replace(b"Look closely", b"See for yourself"))
    publish(busy, renamed, number=2)

    page = busy.visitor("priya").open("/monitoring/watched")

    assert ["A step of an earlier version", "3 waiting at A step of an earlier version", "1 late"] in rows(page)


def test_staff_without_a_leading_role_do_not_monitor(busy: House) -> None:
    tom = busy.visitor("tom")
    addresses = ("/monitoring", "/monitoring/watched", "/monitoring/watched/waiting")

    assert {tom.open(address).status for address in addresses} == {403}


def test_what_is_not_there_is_not_found(busy: House) -> None:
    priya = busy.visitor("priya")
    addresses = ("/monitoring/nothing", "/monitoring?school=x", "/monitoring/watched/waiting?after=x")

    assert {priya.open(address).status for address in addresses} == {404}


def test_monitoring_takes_as_many_statements_however_much_waits(busy: House) -> None:
    priya = busy.visitor("priya")
    priya.open("/monitoring/watched")
    with counting(busy.database) as few:
        priya.open("/monitoring/watched")
    for _ in range(10):
        busy.start("watched")

    with counting(busy.database) as many:
        priya.open("/monitoring/watched")

    assert len(many.statements) == len(few.statements) <= 11
