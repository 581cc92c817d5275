"""A procedure's page tells when Headway starts it next by itself, and for whom."""

from __future__ import annotations

from engine.bpmn.package import Package
from engine.commands import clock
from engine.commands.procedures import withdraw
from engine.model.casework import Version
from storage.database import transaction
from tests.engine.bpmn.sketch import end, properties, sketch, step, timer, user
from tests.web.house import House
from tests.web.published import publish


def by_clock(house: House, words: str, whom: str = "the trust", number: int = 1) -> Version:
    start = step("startEvent", "s", "", inner=properties(trust__for=whom) + timer(words, "timeCycle"))
    drawn = sketch(start, user("a", f"Look round {number}"), end(), flows="s>a>e", key="round", ends=False)
    version = publish(house, Package(drawn), number)
    with transaction(house.database) as store:
        clock.arrange(store, house.now, {version.key})
    return version


def test_the_page_names_the_next_moment_of_the_trust(house: House) -> None:
    by_clock(house, "every Monday")

    found = house.visitor("ruth").open("/procedures/round").main

    assert "Headway starts this by itself. Once for the whole trust: every Monday" in found
    assert "Next on Monday 9 November 2026 at 8am." in found
    assert "Who may start it Nobody: Headway starts it by itself" in found


def test_schools_that_begin_at_one_moment_stand_together_by_name(house: House) -> None:
    by_clock(house, "every Monday", "each school")

    found = house.visitor("ruth").open("/procedures/round").main

    assert "Once in each school: every Monday" in found
    assert "at 8am: Beacon High, Gull Lane Primary and Saltmarsh Primary." in found


def test_only_the_version_in_use_tells_of_it_and_none_once_it_is_withdrawn(house: House) -> None:
    by_clock(house, "every Monday")
    second = by_clock(house, "every Tuesday", number=2)
    ruth = house.visitor("ruth")

    assert "Headway starts this by itself." not in ruth.open("/procedures/round/1").main.partition("Steps in words")[0]
    assert "every Tuesday" in ruth.open("/procedures/round").main.partition("Steps in words")[0]

    with transaction(house.database) as store:
        for row in store.versions("round"):
            withdraw(store, store.me(house.people["priya"].id, house.now.date()), row.id, house.now)
    gone = ruth.open(f"/procedures/round/{second.number}").main.partition("Steps in words")[0]
    assert "Headway starts this by itself." not in gone


def test_a_rhythm_that_no_calendar_gives_a_moment_says_why(house: House) -> None:
    by_clock(house, "first school day of each half-term")

    found = house.visitor("ruth").open("/procedures/round").main.partition("Steps in words")[0]

    assert "Next on" not in found
    assert "calendar" in found or "terms" in found
