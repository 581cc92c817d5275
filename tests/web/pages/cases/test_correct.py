"""Correcting an answer that stopped a case: offered where it stands, shown before and after, kept with its reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.bpmn.package import Package
from engine.model.casework import Case, CaseStatus, Sensitivity
from storage.database import reading_store, transaction
from tests.engine.bpmn.sketch import end, gateway, properties, several, sketch, start, sub, user
from tests.web.house import YES_NO, House, Page, form, question


def counted() -> Package:
    """The head says how many; once the director has confirmed, a condition goes by it."""
    drawn = sketch(
        properties(trust__prefix="CNT"),
        user("say", "Say how many", form="say"),
        user("confirm", "Confirm it", role="director_of_education", form="confirm"),
        gateway("many", default="f_many_e"),
        user("more", "Say more", form=None),
        flows="s>say>confirm>many>e many>more?3<_number(amount) more>e",
        key="counted",
    )
    asked = form(
        question("textfield", "amount", "How many?"),
        question("radio", "sure", "Are you sure?", values=YES_NO),
        {
            "id": "L", "type": "dynamiclist", "path": "rows", "label": "Rows", "defaultRepetitions": 0,
            "components": [question("textfield", "cause", "Cause")],
        },
    )  # fmt: skip
    return Package(drawn, {"say": asked, "confirm": form(question("textarea", "seen", "What have you seen?"))})


@pytest.fixture
def case(house: House) -> Case:
    """A case that stopped: the head wrote a word where a number is needed."""
    house.publish(counted(), "Count them")
    case = house.start("counted", title="Chairs in the hall")
    house.complete("ruth", house.open_tasks(case)[0], amount="lots", sure="no")
    task = house.open_tasks(case)[0]
    house.visitor("priya").send(f"/tasks/{task.id}", {"seen": "All of them", "complete": "yes"})
    return house.case(case.id)


def correct(house: House, case: Case, by: str = "priya", **more: Any) -> Page:
    """Somebody sends the page as they see it."""
    sent = {"amount": "12", "_reason": "The head meant twelve", "_revision": str(case.revision), **more}
    return house.visitor(by).send(f"/cases/{case.ref}/correct", sent)


def test_the_way_to_it_stands_where_the_case_needs_attention(house: House, case: Case) -> None:
    address = f"/cases/{case.ref}/correct"

    assert case.status is CaseStatus.ATTENTION
    assert house.visitor("priya").open(f"/cases/{case.ref}").links(address)
    assert house.visitor("priya").open("/attention").links(address)
    assert house.visitor("ruth").open(f"/cases/{case.ref}").links(address) == []
    assert house.visitor("ruth").open(address).status == 403
    assert house.visitor("bea").open(address).status == 404


def test_it_shows_what_the_rule_goes_by_with_who_answered_and_opens_with_it(house: House, case: Case) -> None:
    page = house.visitor("priya").open(f"/cases/{case.ref}/correct")

    assert "At “Many”" in page.main
    assert "How many? lots Ruth Adeyemi, today at 9:41am" in page.main
    assert "Are you sure?" not in page.main
    assert page.values("amount") == ["lots"]


def test_the_case_goes_on_and_its_journal_tells_both_and_why(house: House, case: Case) -> None:
    page = correct(house, case)

    assert page.path == f"/cases/{case.ref}"
    assert "The answer is corrected, and the case goes on." in page.main
    assert "Priya Nair corrected “How many?”: “lots” became “12”. The reason: The head meant twelve" in page.main
    assert house.case(case.id).status is CaseStatus.OPEN
    assert "An answer of yours was corrected" in house.visitor("ruth").open("/messages").main
    done = house.visitor("priya").send(
        f"/tasks/{house.open_tasks(case)[0].id}", {"seen": "All of them", "complete": "yes"}
    )
    assert done.status == 200
    assert [task.step for task in house.open_tasks(case)] == ["more"]


def test_the_case_and_its_tasks_tell_the_answer_as_it_stands_and_who_corrected_it(house: House, case: Case) -> None:
    correct(house, case)
    task = house.open_tasks(case)[0]
    note = "Corrected by Priya Nair, today at 9:41am"

    for address in (f"/cases/{case.ref}/earlier/answers", f"/tasks/{task.id}", f"/tasks/{task.id}/earlier"):
        page = house.visitor("priya").open(address).main
        assert "How many? 12" in page
        assert "lots" not in page
        assert page.count(note) == 1
    shown = house.visitor("priya").open(f"/cases/{case.ref}").main
    assert "How many? 12 Are you sure? No" in shown
    assert note in shown
    with reading_store(house.database) as store:
        assert next(sent.answers["amount"] for sent in store.submissions(case.id)) == "lots"


def test_an_answer_given_again_since_is_told_as_it_was_given(house: House) -> None:
    drawn = sketch(
        properties(trust__prefix="AGN"),
        user("say", form="say"),
        user("confirm", role="director_of_education", form=None),
        gateway("many", default="f_many_say"),
        flows="s>say>confirm>many>say many>e?3<_number(amount)",
        key="again",
    )
    house.publish(Package(drawn, {"say": form(question("textfield", "amount", "How many?"))}), "Again")
    case = house.start("again")
    house.complete("ruth", house.open_tasks(case)[0], amount="lots")
    house.visitor("priya").send(f"/tasks/{house.open_tasks(case)[0].id}", {"complete": "yes"})
    house.moves(minutes=1)
    correct(house, house.case(case.id), amount="1")
    house.moves(minutes=1)
    house.visitor("priya").send(f"/tasks/{house.open_tasks(case)[0].id}", {"complete": "yes"})
    case = house.complete("ruth", house.open_tasks(case)[0], amount="2")
    latest = house.visitor("priya").open(f"/cases/{case.ref}").main
    earlier = house.visitor("priya").open(f"/cases/{case.ref}/earlier/answers").main

    assert "How many? 2" in latest
    assert "Corrected by" not in latest
    assert "How many? 2" in earlier
    assert "How many? lots" in earlier
    assert "and answered again since: “How many?”: “lots” became “1”" in earlier


def test_what_a_case_began_with_says_who_corrected_it(house: House) -> None:
    drawn = sketch(
        properties(trust__prefix="BGN"),
        user("confirm", role="director_of_education", form=None),
        gateway("many", default="f_many_e"),
        user("more", role="director_of_education", form=None),
        start(camunda_formRef="say"),
        end(),
        flows="s>confirm>many>e many>more?3<_number(amount) more>e",
        key="begun",
        ends=False,
    )
    house.publish(Package(drawn, {"say": form(question("textfield", "amount", "How many?"))}), "Begun")
    case = house.start("begun", amount="lots")
    house.visitor("priya").send(f"/tasks/{house.open_tasks(case)[0].id}", {"complete": "yes"})
    correct(house, house.case(case.id))
    house.visitor("priya").send(f"/tasks/{house.open_tasks(case)[0].id}", {"complete": "yes"})

    for address in (f"/cases/{case.ref}", f"/tasks/{house.open_tasks(case)[0].id}"):
        page = house.visitor("priya").open(address).main
        assert "How many? 12" in page
        assert "Corrected by Priya Nair" in page


def test_what_is_wrong_is_said_on_its_field_and_nothing_typed_is_lost(house: House, case: Case) -> None:
    no_reason = correct(house, case, _reason=" ", amount="13")
    too_long = correct(house, case, _reason="x" * 2001)
    same = correct(house, case, amount="lots")
    other = correct(house, case, sure="yes")

    assert [each.status for each in (no_reason, too_long, same, other)] == [422] * 4
    assert "Give a reason" in no_reason.main
    assert no_reason.values("amount") == ["13"]
    assert "2,000 characters or fewer" in too_long.main
    assert "Change an answer first" in same.main
    assert "does not ask: “sure”" in other.main
    assert house.case(case.id) == case


def test_a_case_that_stops_again_says_so(house: House, case: Case) -> None:
    page = correct(house, case, amount="a dozen")

    assert "The answer is corrected, but the case stopped again." in page.main
    assert "“lots” became “a dozen”" in page.main
    assert house.case(case.id).status is CaseStatus.ATTENTION
    assert correct(house, house.case(case.id)).status == 200
    assert house.case(case.id).status is CaseStatus.OPEN


def test_whoever_comes_second_is_told_and_reads_what_they_typed(house: House, case: Case) -> None:
    correct(house, case, amount="a dozen")
    second = correct(house, case, amount="14")
    correct(house, house.case(case.id))
    third = correct(house, case, amount="15", _reason="Fifteen, I am told")

    assert (second.status, third.status) == (409, 409)
    assert "The case moved on while you were working" in second.main
    assert second.values("amount") == ["14"]
    assert "does not need attention any more" in third.main
    assert "Fifteen, I am told" in third.main
    assert house.case(case.id).answers.values["amount"] == "12"


def test_a_page_without_its_revision_changes_nothing(house: House, case: Case) -> None:
    for said in ("", "x", "9" * 30, "-1"):
        assert correct(house, case, _revision=said).status == 409
    assert house.case(case.id) == case


def test_who_may_not_read_the_case_cannot_correct_it(house: House, case: Case) -> None:
    with transaction(house.database) as store:
        store.save_case(replace(store.lock_case(case.id), sensitivity=Sensitivity.NAMED))
    house.person("Max Manager", ("chief_executive", None))

    assert correct(house, house.case(case.id), by="max").status == 404
    assert house.visitor("max").open("/attention").links("/correct") == []


def test_a_row_of_a_list_is_added_without_script(house: House) -> None:
    drawn = sketch(
        properties(trust__prefix="ROW"),
        user("say", form="say"),
        user("confirm", role="director_of_education", form=None),
        gateway("many", default="f_many_e"),
        user("more", form=None),
        flows="s>say>confirm>many>e many>more?3<_number(rows[1].cause) more>e",
        key="rowed",
    )
    asked = {
        "id": "L", "type": "dynamiclist", "path": "rows", "label": "Rows", "defaultRepetitions": 0,
        "components": [question("textfield", "cause", "Cause")],
    }  # fmt: skip
    house.publish(Package(drawn, {"say": form(asked)}), "Rows")
    case = house.start("rowed")
    house.complete("ruth", house.open_tasks(case)[0])
    house.visitor("priya").send(f"/tasks/{house.open_tasks(case)[0].id}", {"complete": "yes"})
    case = house.case(case.id)
    more = house.visitor("priya").send(f"/cases/{case.ref}/correct", {"add:rows": "yes"})
    sent = {"rows[0]": "row", "rows[0].cause": "4", "_reason": "Left out", "_revision": str(case.revision)}
    page = house.visitor("priya").send(f"/cases/{case.ref}/correct", sent)

    assert case.status is CaseStatus.ATTENTION
    assert 'name="rows[0].cause"' in more.html
    assert "“None” became “1. Cause: 4”" in page.main


def test_the_answer_corrected_for_one_of_several_changes_no_other(house: House) -> None:
    block = sub(
        "each",
        start("bs"),
        user("say", "Say how many", form="say"),
        user("confirm", "Confirm it", role="director_of_education", form=None),
        gateway("many", default="f_many_be"),
        user("more", "Say more", form=None),
        end("be"),
        flows="bs>say>confirm>many>be many>more?3<_number(amount) more>be",
        inner=several('=["North", "South"]', "site"),
    )
    drawn = sketch(properties(trust__prefix="SEV"), block, flows="s>each>e", key="severally")
    house.publish(Package(drawn, {"say": form(question("textfield", "amount", "How many?"))}), "Severally")
    case = house.start("severally")
    for task in house.open_tasks(case):
        house.complete("ruth", task, amount="lots")
    north = next(task for task in house.open_tasks(case) if task.item == "North")
    house.visitor("priya").send(f"/tasks/{north.id}", {"complete": "yes"})
    case, priya = house.case(case.id), house.visitor("priya")
    sent = {"amount": "12", "_reason": "Twelve", "_revision": str(case.revision)}
    priya.send(f"/cases/{case.ref}/correct", {**sent, "_item": north.scope})

    for address in (f"/cases/{case.ref}", f"/tasks/{north.id}", f"/tasks/{north.id}/earlier"):
        page = priya.open(address).main
        assert page.count("How many? 12") == 1
        assert page.count("How many? lots") == 1
        assert page.count("Corrected by Priya Nair") == 1
