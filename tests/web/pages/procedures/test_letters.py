"""The page of all messages and signals: who sends each, who waits, and what does not meet."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from engine.bpmn.package import Package
from engine.model.casework import Case, Sensitivity
from engine.model.post import KeptMessage
from storage.database import counting, transaction
from tests.engine.bpmn.sketch import event, sketch, user
from tests.web.house import House

PAGE = "/messages-and-signals"


def drawn(key: str, name: str, *parts: str, flows: str, ends: bool = True) -> Package:
    """The event speaks of “news”, which gets the name."""
    bpmn = sketch(*parts, flows=flows, key=key, ends=ends, trust__prefix=key[:3].upper())
    return Package(bpmn.replace(b'name="news"', f'name="{name}"'.encode()))


def waits(key: str = "waits", name: str = "Report in", kind: str = "message") -> Package:
    after = user("after", "Read it")
    return drawn(key, name, event("intermediateCatchEvent", "x", kind, "news"), after, flows="s>x>after>e")


def sends(key: str = "sends", name: str = "Report in", kind: str = "message") -> Package:
    return drawn(key, name, event("intermediateThrowEvent", "tell", kind, "news"), flows="s>tell>e")


def begins() -> Package:
    begun, done = event("startEvent", "s0", "message", "news"), '<bpmn:endEvent id="e0" name="Done" />'
    return drawn("begins", "Report in", begun, user("first"), done, flows="s0>first>e0", ends=False)


def keep(house: House, case: Case, name: str = "Report in") -> None:
    until = house.now + timedelta(days=28)
    with transaction(house.database) as store:
        store.keep_message(KeptMessage(uuid4(), name, None, case.school_id, {}, case.id, house.now, until))


def test_where_no_procedure_has_any_the_page_says_what_would_stand_there(house: House) -> None:
    found = house.visitor("ruth").open(PAGE)

    assert "No procedure in use sends or waits for anything" in found.main
    assert PAGE in house.visitor("ruth").open("/procedures").links()


def test_each_name_tells_who_sends_it_who_waits_and_who_begins_by_it(house: House) -> None:
    for package, title in ((waits(), "Waits for it"), (sends(), "Sends it"), (begins(), "Begins by it")):
        house.publish(package, title)
    house.start("waits")

    found = house.visitor("priya").open(PAGE)

    assert (
        "Report in Message. Goes to one case, or begins a procedure. Sent by Sends it : “Tell” "
        "Waited for by Waits for it : “X” Begins Begins by it : “S0” Now 1 case waits now."
    ) in found.main
    assert "Look at this" not in found.main
    assert {"/procedures/waits", "/procedures/sends", "/procedures/begins"} <= set(found.links("/procedures/"))


def test_what_does_not_meet_is_marked_in_words(house: House) -> None:
    house.publish(sends("one", "Sent only"), "One")
    house.publish(sends("two", "Rung only", "signal"), "Two")
    house.publish(waits("three", "Waited only"), "Three")
    house.publish(waits("four", "Both kinds"), "Four")
    house.publish(sends("five", "Both kinds", "signal"), "Five")

    found = house.visitor("ruth").open(PAGE).main

    assert "5 names need a look: Both kinds (message) Both kinds (signal) Rung only" in found
    assert "Look at this No procedure in use waits for it. What is sent is kept for 20 school days" in found
    assert "Look at this No procedure in use waits for it. It is not kept" in found
    assert found.count("No procedure in use sends it.") == 2
    assert "There is also a signal of this name." in found
    assert "There is also a message of this name." in found


def test_names_that_are_nearly_the_same_are_pointed_out(house: House) -> None:
    house.publish(sends("one", "Report ready"), "One")
    house.publish(waits("two", "report ready "), "Two")

    found = house.visitor("ruth").open(PAGE).main

    assert "Nearly the same name: “report ready”. Only names that are written alike meet." in found
    assert "Nearly the same name: “Report ready”." in found


def test_a_name_that_only_cases_of_earlier_versions_wait_for_is_told(house: House) -> None:
    version = house.publish(waits(), "Waits for it")
    house.start("waits")
    with transaction(house.database) as store:
        store.withdraw_version(version.id, house.now)

    found = house.visitor("priya").open(PAGE).main

    assert "Look at this No procedure in use has it any more. Now 1 case waits now." in found


def test_counts_are_of_what_the_reader_may_read_and_titles_never_stand_there(house: House) -> None:
    house.publish(waits(), "Waits for it")
    house.start("waits", title="Open to all here")
    hidden = house.start("waits", title="Between leaders")
    with transaction(house.database) as store:
        store.save_case(replace(store.lock_case(hidden.id), sensitivity=Sensitivity.NAMED))
    far = house.start("waits", "beacon", title="Elsewhere")
    keep(house, far)

    priya, tom = house.visitor("priya").open(PAGE), house.visitor("tom").open(PAGE)

    assert "3 cases wait now. 1 message is kept ." in priya.main
    assert "/attention#messages" in priya.links()
    assert "Only cases and messages that you may read are counted." in tom.main
    assert "1 case waits now." in tom.main
    assert "kept" not in tom.main.partition("Now")[2]
    for page in (priya, tom):
        assert not [title for title in ("Open to all here", "Between leaders", "Elsewhere") if title in page.html]


def test_the_page_costs_as_many_statements_whatever_waits(house: House) -> None:
    house.publish(waits(), "Waits for it")
    priya = house.visitor("priya")
    priya.open(PAGE)
    with counting(house.database) as few:
        priya.open(PAGE)
    for case in [house.start("waits") for _ in range(5)]:
        keep(house, case)

    with counting(house.database) as many:
        assert "5 cases wait now. 5 messages are kept ." in priya.open(PAGE).main

    assert len(many.statements) == len(few.statements) <= 6


def test_needs_attention_leads_to_it(house: House) -> None:
    keep(house, house.case(house.account().case_id))

    assert PAGE in house.visitor("priya").open("/attention").links()
