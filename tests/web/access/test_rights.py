"""What a role gives, flag by flag, as somebody signed in at a browser meets it; and that each page's rule is asked."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import chain, combinations
from types import FrameType
from typing import Any
from uuid import uuid4

import pytest

from engine import policy
from engine.model.casework import Action, Evidence, Sensitivity, Task
from engine.model.people import RIGHTS, TRUST_WIDE, Cover, Post, Role, Scope, ScopeKind
from engine.model.post import KeptMessage
from storage.database import transaction
from tests.web.house import House, Visitor
from tests.web.test_routes import address, methods, rules
from web.access import guard

EVERY_SET = [frozenset(found) for found in chain.from_iterable(combinations(RIGHTS, size) for size in range(4))]
AT = ("trust", "cluster", "school")
# What gives each rule that is about the person alone.
GIVEN_BY = {
    "may_monitor": "leader",
    "may_publish": "designer",
    "may_see_attention": "manager",
    "may_arrange_for_others": "manager",
    "may_administer": "administrator",
}


def holding(house: House, rights: frozenset[str], at: str = "trust", name: str = "Pia Partner") -> Visitor:
    """Somebody with a role of the trust's own that gives these rights."""
    school = house.schools["saltmarsh"]
    scope = {
        "trust": TRUST_WIDE,
        "cluster": Scope(ScopeKind.CLUSTER, school.cluster_id),
        "school": Scope(ScopeKind.SCHOOL, school.id),
    }[at]
    give(house, rights)
    person = house.person(name)
    with transaction(house.database) as store:
        store.add_post(Post(uuid4(), person.id, "partner", scope, date(2026, 9, 1)))
    return house.visitor(name.split()[0].lower())


def give(house: House, rights: frozenset[str]) -> None:
    """What the role gives from now on."""
    gives: dict[str, Any] = dict.fromkeys(rights, True)
    with transaction(house.database) as store:
        store.save_roles([Role("partner", "Partner", **gives)])


def leaders_case(house: House, school: str = "saltmarsh") -> Task:
    """A task of a case that is open to leaders alone."""
    task = house.account(title="Between leaders", school=school)
    with transaction(house.database) as store:
        store.save_case(replace(store.lock_case(task.case_id), sensitivity=Sensitivity.LEADERS))
    return task


@pytest.mark.slow
@pytest.mark.parametrize("rights", EVERY_SET, ids=lambda rights: "+".join(sorted(rights)) or "none")
def test_each_page_about_the_person_opens_by_its_flag_alone(house: House, rights: frozenset[str]) -> None:
    visitor, table, tried = holding(house, rights), guard.table(house.site.app), 0

    for rule in rules(house.site):
        lock = table[rule.endpoint]
        if lock is None or not lock.asked_here or lock.rule == "signed_in":
            continue
        for method in methods(rule):
            opened = (visitor.open if method == "GET" else visitor.send)(address(rule)).status
            assert (opened == 403) == (GIVEN_BY[lock.rule] not in rights), (method, rule.rule, opened)
            tried += 1
    assert tried > 40


@pytest.mark.parametrize("at", AT)
def test_a_role_that_leads_reads_what_is_open_to_leaders_and_only_while_it_leads(house: House, at: str) -> None:
    here, there = (house.case(leaders_case(house, school).case_id).ref for school in ("saltmarsh", "beacon"))
    visitor = holding(house, frozenset({"leader"}), at)

    assert visitor.open(f"/cases/{here}").status == 200
    assert (visitor.open(f"/cases/{there}").status == 200) == (at == "trust")
    assert here in visitor.open("/cases").html
    assert visitor.open("/monitoring").status == 200

    give(house, frozenset({"manager", "designer"}))
    assert visitor.open(f"/cases/{here}").status == 404
    assert here not in visitor.open("/cases").html
    assert visitor.open("/monitoring").status == 403


@pytest.mark.parametrize("at", AT)
def test_a_role_that_manages_takes_cases_in_hand_where_it_is_held_and_only_while_it_manages(
    house: House, at: str
) -> None:
    task, far = house.account(), house.account(school="beacon")
    here, there = (house.case(each.case_id).ref for each in (task, far))
    visitor = holding(house, frozenset({"manager"}), at)
    why = {"why": "Holiday", "reason": "Back on Monday"}

    assert "Pause" in visitor.open(f"/cases/{here}").main
    assert visitor.send(f"/cases/{here}/pause", why).status == 200
    assert house.case(task.case_id).status == "paused"
    assert visitor.send(f"/cases/{here}/resume", {"reason": "Back"}).status == 200
    assert visitor.open(f"/tasks/{task.id}/hand-over").status == 200
    assert (visitor.send(f"/cases/{there}/pause", why).status == 200) == (at == "trust")
    assert (visitor.open("/attention").status == 200) == (at == "trust")

    give(house, frozenset({"leader", "designer"}))
    assert "Pause" not in visitor.open(f"/cases/{here}").main
    assert visitor.send(f"/cases/{here}/pause", why).status == 403
    assert visitor.send(f"/cases/{here}/stop", {"reason": "No", "sure": "yes"}).status == 403
    assert visitor.open(f"/tasks/{task.id}/hand-over").status == 403
    assert visitor.open("/attention").status == 403
    assert house.case(task.case_id).status == "open"


def test_a_role_that_designs_publishes_and_only_while_it_designs(house: House) -> None:
    visitor = holding(house, frozenset({"designer"}), "school")

    assert visitor.open("/procedures/upload").status == 200
    assert "/procedures/upload" in visitor.open("/procedures").links("/procedures/upload")

    give(house, frozenset({"leader", "manager"}))
    assert visitor.open("/procedures/upload").status == 403
    assert visitor.open("/procedures").links("/procedures/upload") == []


@pytest.mark.parametrize("rights", EVERY_SET, ids=lambda rights: "+".join(sorted(rights)) or "none")
def test_names_of_messages_are_for_all_and_all_counts_for_those_who_manage_or_design(
    house: House, rights: frozenset[str]
) -> None:
    visitor = holding(house, rights)
    kept = leaders_case(house).case_id
    with transaction(house.database) as store:
        store.keep_message(KeptMessage(uuid4(), "News", None, None, {}, kept, house.now, house.now))

    found = visitor.open("/messages-and-signals")

    assert found.status == 200
    assert ("News" in found.main) == bool(rights)  # who leads may read the case itself
    assert ("Only cases and messages that you may read" in found.main) == (rights == {"leader"})
    assert bool(found.links("/attention#messages")) == ("manager" in rights)


def test_covering_somebody_gives_what_they_read_and_no_right_of_theirs(house: House) -> None:
    """Cover does tasks and reads; it takes no case in hand, publishes nothing."""
    ref = house.case(leaders_case(house).case_id).ref
    holding(house, frozenset(RIGHTS))
    with transaction(house.database) as store:
        absent, by = house.people["pia"].id, house.people["tom"].id
        store.add_cover(Cover(uuid4(), absent, by, house.now.date(), house.now.date(), "Ill"))
    tom = house.visitor("tom")

    assert tom.open(f"/cases/{ref}").status == 200
    assert tom.open(f"/cases/{ref}/pause").status == 403
    assert [tom.open(path).status for path in ("/monitoring", "/procedures/upload", "/attention")] == [403] * 3


@pytest.mark.slow
def test_every_rule_that_a_page_leaves_to_its_command_is_asked_there(house: House) -> None:
    """Each such page is opened about something real, and the rule it names is seen being asked."""
    table = guard.table(house.site.app)
    left = {endpoint: lock.rule for endpoint, lock in table.items() if lock and lock.rule and not lock.asked_here}
    tried = requests(house)

    unasked = {}
    for endpoint in left:
        name, method, path, data = tried[endpoint]
        visitor = house.visitor(name)
        with watching(getattr(policy, left[endpoint])) as asked:
            visitor.open(path) if method == "get" else visitor.send(path, data)
        if not asked:
            unasked[endpoint] = left[endpoint]

    assert unasked == {}


def requests(house: House) -> dict[str, tuple[str, str, str, dict[str, Any] | None]]:
    """For each page whose rule its command asks: who sends what, so that it comes as far as asking."""
    task, other = house.account(), house.account(title="Another")
    ref = house.case(task.case_id).ref
    action = Action(
        uuid4(), task.case_id, None, "Visit", "director_of_education", "director_of_education@trust", None, house.now
    )
    cover = Cover(uuid4(), house.people["tom"].id, house.people["ruth"].id, house.now.date(), house.now.date(), "Ill")
    author = house.people["priya"].id
    paper = Evidence(uuid4(), task.case_id, None, "", "a.txt", "text/plain", 1, "0" * 64, author, house.now)
    with transaction(house.database) as store:
        store.add_action(action)
        store.add_evidence(paper)
        store.add_cover(cover)
    reason, at = {"reason": "Because"}, f"/tasks/{task.id}"
    away = {f"{day}-{box}": part for day in ("from", "to") for box, part in
            (("day", "6"), ("month", "11"), ("year", "2026"))}  # fmt: skip
    who = {"absent": str(house.people["tom"].id), "by": str(house.people["ruth"].id)}
    found = {
        "cases.show": ("get", f"/cases/{ref}", None),
        "cases.earlier": ("get", f"/cases/{ref}/earlier/answers", None),
        "cases.journal": ("get", f"/cases/{ref}/journal", None),
        "cases.ask_pause": ("get", f"/cases/{ref}/pause", None),
        "cases.pause": ("post", f"/cases/{ref}/pause", {"why": "Holiday"}),
        "cases.ask_resume": ("get", f"/cases/{ref}/resume", None),
        "cases.resume": ("post", f"/cases/{ref}/resume", reason),
        "cases.ask_stop": ("get", f"/cases/{ref}/stop", None),
        "cases.stop": ("post", f"/cases/{house.case(other.case_id).ref}/stop", {**reason, "sure": "yes"}),
        "cases.ask_arrived": ("get", f"/cases/{ref}/arrived", None),
        "cases.arrived": ("post", f"/cases/{ref}/arrived", reason),
        "correct.show": ("get", f"/cases/{ref}/correct", None),
        "correct.save": ("post", f"/cases/{ref}/correct", reason),
        "start.index": ("get", "/start", None),
        "start.show": ("get", "/start/account?school=" + str(house.schools["saltmarsh"].id), None),
        "start.begin": ("post", "/start/account", {"school": str(house.schools["saltmarsh"].id), "headline": "x"}),
        "start.questions": ("post", "/start/account/questions", {"school": str(house.schools["saltmarsh"].id)}),
        "tasks.show": ("get", at, None),
        "tasks.earlier": ("get", f"{at}/earlier", None),
        "tasks.answer": ("post", at, {"know": "All", "agree": "yes"}),
        "tasks.draft": ("post", f"{at}/draft", {"know": "All"}),
        "tasks.questions": ("post", f"{at}/questions", {"know": "All"}),
        "actions.show": ("get", f"/actions/{action.id}", None),
        "actions.done": ("post", f"/actions/{action.id}", {"outcome": "Fine"}),
        "holding.claim": ("post", f"{at}/claim", {}),
        "holding.release": ("post", f"{at}/release", {}),
        "holding.hand_over": ("get", f"{at}/hand-over", None),
        "holding.give": ("post", f"{at}/hand-over", {"to": str(house.people["tom"].id), **reason}),
        "holding.extend": ("get", f"{at}/extend", None),
        "holding.put_off": ("post", f"{at}/extend", {"until-day": "9", "until-month": "12", "until-year": "2026"}),
        "evidence.download": ("get", f"/evidence/{paper.id}", None),
        "cover.add": ("get", f"/cover/add?absent={who['absent']}", None),
        "cover.arrange": ("post", "/cover/add", {**away, **who, **reason}),
        "cover.stop": ("post", f"/cover/{cover.id}/stop", {}),
    }
    return {endpoint: ("ruth" if endpoint == "holding.claim" else "priya", *sent) for endpoint, sent in found.items()}


@contextmanager
def watching(rule: Any) -> Iterator[list[str]]:
    """Note each time a function begins to run in this thread."""
    asked: list[str] = []

    def note(frame: FrameType, event: str, arg: Any) -> None:
        if event == "call" and frame.f_code is rule.__code__:
            asked.append(event)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield asked
    finally:
        sys.setprofile(before)
