"""While somebody is away: arranged by themselves or by whoever manages them, told, and stopped early."""

from __future__ import annotations

import re
from datetime import date

import pytest

from engine.model.people import Post, Role, Scope, ScopeKind
from storage.database import counting, transaction
from tests.web.house import House, Visitor
from tests.web.office import administrator, day

TODAY, FRIDAY = date(2026, 11, 3), date(2026, 11, 6)


@pytest.fixture
def alex(house: House) -> Visitor:
    return administrator(house)


def away(house: House, by: str, **more: str) -> dict[str, str]:
    return {"by": str(house.people[by].id), **day("from", TODAY), **day("to", FRIDAY), "reason": "Holiday", **more}


def test_a_head_lets_the_deputy_do_their_tasks_and_comes_back_early(house: House) -> None:
    house.account()
    ruth, tom = house.visitor("ruth"), house.visitor("tom")
    form = ruth.open("/cover/add")

    arranged = ruth.send("/cover/add", away(house, "tom"))
    covering = tom.open("/tasks").main
    seen = tom.open("/cover").main
    stop = re.findall(r'action="(/cover/[^"]+/stop)"', arranged.html)
    stopped = ruth.send(stop[0])

    assert "Deputy headteacher, Saltmarsh Primary" in form.main
    assert "Bea Partridge" not in form.main
    assert "The cover is arranged, and your colleague has a message." in arranged.main
    assert "Tom Deputy covers for you Today" in arranged.main
    assert "Give your account" in covering
    assert "You cover for Ruth Adeyemi" in seen
    assert "You cover for Ruth Adeyemi" in tom.open("/messages").main
    assert "The cover has ended." in stopped.main
    assert "Give your account" not in tom.open("/tasks").main


def test_somebody_who_is_not_in_the_list_is_found_by_their_address(house: House) -> None:
    ruth = house.visitor("ruth")

    page = ruth.send("/cover/add", {**away(house, "tom", email="Bea@harbour.example"), "by": ""})
    nobody = ruth.send("/cover/add", away(house, "tom", email="nobody@harbour.example"))

    assert "Bea Partridge covers for you" in page.main
    assert "Nobody who works here has this email address" in nobody.main
    assert nobody.values("reason") == ["Holiday"]


def test_cover_that_makes_no_sense_is_refused_on_its_fields(house: House) -> None:
    ruth = house.visitor("ruth")

    empty = ruth.send("/cover/add", {})
    turned = ruth.send("/cover/add", {**away(house, "ruth"), **day("from", FRIDAY), **day("to", TODAY), "reason": ""})

    assert (empty.status, turned.status) == (422, 422)
    for sentence in ("Choose who does the tasks", "Enter the first day", "Enter the last day"):
        assert sentence in empty.main
    for sentence in ("Choose somebody else", "The last day must be on or after the first day", "Enter why"):
        assert sentence in turned.main
    assert turned.values("to-day") == ["3"]


def test_nobody_arranges_cover_for_others_but_those_who_manage_or_administer(house: House, alex: Visitor) -> None:
    ruth, tom = house.people["ruth"], house.people["tom"]
    for_ruth = away(house, "priya", absent=str(ruth.id))

    refused = house.visitor("tom").send("/cover/add", for_ruth)
    managed = house.visitor("priya").send("/cover/add", for_ruth)
    administered = alex.send("/cover/add", away(house, "priya", absent=str(tom.id)))
    found = house.visitor("priya").open("/cover/for?email=RUTH@harbour.example")

    assert refused.status == 403
    assert house.visitor("tom").open(f"/cover/add?absent={ruth.id}").status == 403
    assert "You cover for Ruth Adeyemi" in managed.main
    assert "Priya Nair covers for Tom Deputy" in administered.main
    assert "While Ruth Adeyemi is away" in found.main
    assert "Nobody who works here" in house.visitor("priya").open("/cover/for?email=x").main
    assert house.visitor("priya").open("/cover/add?absent=made-up").status == 404


def test_a_cluster_lead_arranges_cover_in_their_cluster_alone(house: House) -> None:
    lead, east = house.person("Liz Lead"), house.schools["saltmarsh"].cluster_id
    with transaction(house.database) as store:
        scope = Scope(ScopeKind.CLUSTER, east)
        store.save_roles([Role("cluster_lead", "Cluster lead", leader=True, manager=True)])
        store.add_post(Post(lead.id, lead.id, "cluster_lead", scope, date(2026, 9, 1)))
    liz = house.visitor("liz")

    here = liz.send("/cover/add", away(house, "tom", absent=str(house.people["ruth"].id)))
    there = liz.send("/cover/add", away(house, "tom", absent=str(house.people["omar"].id)))

    assert here.status == 200
    assert there.status == 403
    assert "Arrange cover for somebody else" in liz.open("/cover").main
    assert "Arrange cover for somebody else" not in house.visitor("tom").open("/cover").main


def test_everybodys_cover_is_shown_to_administrators_in_two_statements(house: House, alex: Visitor) -> None:
    for name in ("tom", "bea", "omar"):
        house.cover("ruth", name, FRIDAY)

    with counting(house.database) as counted:
        page = alex.open("/cover")

    assert len(counted.statements) == 2
    assert page.main.count("covers for Ruth Adeyemi") == 3
    assert house.visitor("omar").open("/cover").main.count("for Ruth Adeyemi") == 1


def test_the_account_page_leads_to_cover(house: House) -> None:
    assert house.visitor("ruth").open("/account").links("/cover") == ["/cover"]
