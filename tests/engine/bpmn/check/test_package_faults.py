"""Checking a package: every fault at once, on its element, in a sentence that says what to do instead."""

from __future__ import annotations

import json
import re

import pytest

from engine.bpmn.check import package_faults
from engine.bpmn.check.package_faults import MOST_TOLD
from engine.bpmn.package import Package
from engine.bpmn.reading import read_package
from engine.model.fault import Fault
from tests.engine.bpmn.check.sketches import KNOWN, ROLES, a, faults, form, good, sentences, table
from tests.engine.bpmn.sketch import (
    boundary,
    catch,
    end,
    gateway,
    lanes,
    script,
    several,
    sketch,
    start,
    step,
    sub,
    user,
    wait,
    word,
)


def test_a_sound_procedure_has_no_fault() -> None:
    block = sub(
        "views",
        start("s1"),
        a("view", due=KNOWN),
        end("e1"),
        flows="s1>view>e1",
        inner=several("experts", "expert"),
        trust__collect="all_views",
    )
    rule = step("businessRuleTask", "rule", camunda_decisionRef="t", camunda_resultVariable="advice")

    found = faults(
        lanes(Headteacher="a", director_of_education="views", DIRECTOR_OF_EDUCATION="b"), start(camunda_formRef="f"),
        end(), a(role=None), boundary("late", "a", "5 school days", interrupting=False),
        word("nudge", "tell", "sendTask", role="Headteacher", subject="{{ route }} is late", text="=reason"),
        end("e2", "Reminded"), gateway("x", default="f_x_rule"), rule,
        word("find", "find_people", role="headteacher", trust__result="experts"), block,
        script("best", "for v in all_views return v.reason", "reasons"), gateway("f", parallel=True),
        gateway("j", parallel=True), wait("w", "=if count(reasons) > 2 then \"same day\" else \"1 working day\""),
        a("b", role=None, assignee="=experts[1].person"), catch("c"),
        word("go", "start_procedure", procedure="goals", title="Goals for {{ school.name }}", answers="route, reason",
             wait="yes", fallback_role="headteacher"),
        word("keep", "record", kind="diagnosis", title="={a: route}.a", fields="route, reasons"),
        flows="s>a>x>rule>find>views>best>f>w>j f>b>j j>c>go>keep>e x>a?=route_=_\"again\" late>nudge>e2",
        forms=form("route", "reason"), decisions=table(), procedures=["goals"], ends=False,
        trust__promise="15 school days", trust__starters="Headteacher", trust__names="given",
    )  # fmt: skip

    assert [fault.sentence for fault in found] == []


def test_every_fault_is_told_at_once_with_its_file_its_element_and_its_name() -> None:
    found = faults(
        user("x", "Do it", due="soon", role="headteecher"), gateway("g"), step("complexGateway", "o", "Either"),
        user("far", "Alone"), flows="s>x>g>o?=nobody o>e g>e?=)",
    )  # fmt: skip

    assert {(fault.file, fault.element, fault.name) for fault in found} >= {
        ("procedure.bpmn", "x", "Do it"), ("procedure.bpmn", "g", "G"), ("procedure.bpmn", "o", "Either"),
        ("procedure.bpmn", "far", "Alone"), ("procedure.bpmn", "f_g_o", "arrow from “G” to “Either”"),
    }  # fmt: skip
    assert len(sentences(found, "x").splitlines()) == 3
    assert all(re.search(r"[.?]$", fault.sentence) for fault in found)


def test_a_fault_never_speaks_like_a_programmer() -> None:
    found = faults(user("x", role=None, due=None), gateway("g"), flows="s>x>g g>e g>x")

    assert not [fault for fault in found if re.search(r"\b(gateway|node|token|null|None|XML)\b", fault.sentence)]


def test_files_that_cannot_be_read_are_told_together() -> None:
    found = package_faults.faults(Package(b"<oops", {"f": b"{"}, {"t": b"<a"}, b""), ROLES)

    assert sorted(fault.file for fault in found) == ["decisions/t.dmn", "forms/f.form", "procedure.bpmn"]


STEPS = {
    "no lane and no role": (a(role=None), "Nobody is to do this"),
    "a misspelt role": (a(role="headteecher"), "“headteecher” is not a role of the trust. Did you mean “Headteacher”?"),
    "an unknown role": (a(role="wizard"), "The roles are Director of education and Headteacher"),
    "no form": (user("a"), "has no form"),
    "a form not there": (user("a", form="g"), "The form “g” is not among the files"),
    "no deadline": (a(due=None), "has no deadline"),
    "a deadline that does not read": (a(due="soonish"), "“soonish” is not a time we can read"),
    "a deadline whose rule gives no words": (a(due='=if true then "soon" else "same day"'), "“soon” is not a time"),
    "no name": (a().replace('name="A"', ""), "has no name"),
    "a timer without time": (wait("a", ""), "This timer has no time"),
    "a timer that does not read": (wait("a", "later"), "“later” is not a time"),
    "a cycle that does not read": (wait("a", "0 9 * * 1", "timeCycle"), "written for machines (cron)"),
    "a cycle of no length": (wait("a", "every 0 days", "timeCycle"), "“every 0 days” has no length"),
    "a cycle that never comes": (wait("a", "R0/P1W", "timeCycle"), "“R0/P1W” says that it never happens"),
    "a cycle whose rule gives none": (wait("a", '=if true then "soon" else "daily"', "timeCycle"), "“soon” does not"),
    "a timer with two times": (
        wait("a", "daily", "timeCycle").replace("<bpmn:timeC", "<bpmn:timeDate>2026-12-01</bpmn:timeDate><bpmn:timeC"),
        "Keep one of the two"),
    "a message without name": (catch("a", None), "message without a name"),
    "a table not named": (step("businessRuleTask", "a"), "has no decision table"),
    "a table not there": (step("businessRuleTask", "a", camunda_decisionRef="u"), "“u” is not among the files"),
    "an empty script": (script("a", ""), "nothing to work out"),
    "a script without result": (script("a", "1", None), "has no name"),
    "no word": (step("serviceTask", "a"), "does not say what to do"),
    "an unknown word": (word("a", "explode"), "“explode” is not something Headway can be asked to do"),
    "a word without what it needs": (word("a", "tell", role="headteacher", text="x"), "“Subject” is missing"),
    "a word with a parameter too many": (word("a", "tell", role="headteacher", text="x", subject="y", cc="z"), "“cc”"),
    "a word with an unknown role": (word("a", "tell", role="headteach", text="x", subject="y"), "“Headteacher”?"),
    "a word whose fallback is unknown": (
        word("a", "start_procedure", procedure="goals", title="x", fallback_role="x"), "“x” is not a role"),
    "people without a name": (word("a", "find_people", role="headteacher"), "The people found have no name"),
    "a misspelt procedure": (
        word("a", "start_procedure", procedure="golas", title="x", fallback_role="headteacher"),
        "There is no procedure “golas”. Did you mean “goals”?",
    ),
    "an unknown procedure and nobody to act instead": (
        word("a", "start_procedure", procedure="peer_review", title="x"),
        "There is no procedure “peer_review”. Those there are: goals.",
    ),
    "a result with spaces": (script("a", "1", "my result"), "cannot be a name"),
    "a result named like a fact": (script("a", "1", "school"), "that Headway itself gives"),
    "items without a good name": (a(inner=several("[1]", "case")), "that Headway itself gives"),
    "items named like an answer": (a(inner=several("[1]", "s1")) + script("z", "1", "s1"), "the name of an answer too"),
}  # fmt: skip


@pytest.mark.parametrize(("drawn", "said"), STEPS.values(), ids=STEPS)
def test_a_step_that_does_not_say_what_it_must_is_told(drawn: str, said: str) -> None:
    assert said in sentences(faults(drawn, flows="s>a>e", procedures=["goals"]), "a")


def test_a_procedure_that_does_not_exist_yet_may_be_named_when_a_role_acts_instead() -> None:
    later = word("b", "start_procedure", procedure="peer_review", title="x", fallback_role="headteacher")

    assert good(later, flows="s>a>b>e", procedures=["goals"]) == []
    assert good(later, flows="s>a>b>e") == []


def test_a_lane_must_be_a_role_by_key_or_label_whatever_its_letters() -> None:
    found = good(lanes(HEADTEACHER="a", Head_master="s", director_of_education="e"))

    assert [(fault.element, fault.name) for fault in found] == [("lane_1", "Head master")]
    assert "Did you mean" in found[0].sentence
    assert [f.sentence for f in good(lanes(**{"": "a"}))] == ["This lane has no name. Name it after a role."]


def test_what_the_procedure_says_of_itself_must_read() -> None:
    assert "“ages” is not a time" in sentences(good(trust__promise="ages"), None)
    assert "“=ages” is not a time" in sentences(good(trust__promise="=ages"), None)
    assert "trust:prefix" in sentences(good(trust__prefix="Diagnosis"), None)
    assert "named in trust:starters" in sentences(good(trust__starters="headteacher, wizard"), None)
    assert "listed in trust:names" in sentences(good(trust__names="a b"), None)
    nameless = sketch(a(), flows="s>a>e").replace(b' name="A trial"', b"")
    assert "has no name" in sentences(package_faults.faults(Package(nameless, form()), ROLES), None)


def test_while_a_form_is_missing_rules_are_not_blamed_for_its_answers() -> None:
    missing = faults(user("a", form="g"), script("z", "route"), flows="s>a>z>e")
    there = faults(a(), script("z", "route"), flows="s>a>z>e")

    assert [fault.element for fault in missing] == ["a"]
    assert "“route”, which nothing in this procedure answers" in sentences(there, "z")


def test_two_tasks_of_one_role_must_not_share_a_name() -> None:
    found = faults(a(name="Check"), a("b", name="check"), a("c", name="Check", role="director_of_education"),
                   flows="s>a>b>c>e")  # fmt: skip

    assert [fault.element for fault in found] == ["b"]


def test_files_that_nothing_uses_are_told() -> None:
    found = good(forms=form("route") | form(key="g"), decisions=table())

    assert [fault.file for fault in found] == ["forms/g.form", "decisions/t.dmn"]


def test_the_faults_of_forms_and_tables_are_told_with_their_files() -> None:
    broken = json.loads(form("route")["f"])
    broken["components"].append({"type": "iframe", "id": "frame", "label": "Frame"})
    rule = step("businessRuleTask", "b", camunda_decisionRef="t")

    found = good(rule, flows="s>a>b>e", forms={"f": json.dumps(broken).encode()}, decisions=table(asked="rout"))

    assert {fault.file for fault in found} == {"forms/f.form", "decisions/t.dmn"}


def test_a_table_that_gives_a_list_needs_a_name_for_it() -> None:
    several_rows = {"t": table()["t"].replace(b'"FIRST"', b'"COLLECT"')}

    def said(result: str | None) -> str:
        rule = step("businessRuleTask", "b", camunda_decisionRef="t", camunda_resultVariable=result)
        return sentences(good(rule, flows="s>a>b>e", forms=form("route"), decisions=several_rows), "b")

    assert "several rows" in said(None)
    assert said("advice") == ""


def test_a_procedure_that_cannot_keep_its_promise_is_told_with_the_way() -> None:
    steps = a() + a("b", name="B", due="4 working days") + gateway("x", default="f_x_e")

    found = faults(steps, flows="s>a>b>x>e x>a?=true", trust__promise="13 school days")

    assert [fault.sentence for fault in found] == [
        "The longest way through takes 14 school days, and the procedure promises 13 school days: “A” 3, “B” 4, “A” 3,"
        " “B” 4. Every way back counts once. Shorten deadlines, do steps side by side, or promise more."
    ]
    assert faults(steps, flows="s>a>b>x>e x>a?=true", trust__promise="14 school days") == []


@pytest.mark.parametrize(
    ("words", "days"),
    [("every Monday", 5), ("every 2 weeks", 10), ("R3/P1D", 1), ("first school day of each term", 75), ("monthly", 23),
     ("every 3 school days", 3), ('=if route = "desk" then "every 2 weeks" else "every Monday"', 10)],
)  # fmt: skip
def test_a_wait_for_what_comes_round_counts_as_long_as_it_can_take(words: str, days: int) -> None:
    def said(promise: int) -> list[Fault]:
        drawn = a() + wait("w", words, "timeCycle")
        return faults(drawn, flows="s>a>w>e", forms=form("route"), trust__promise=f"{promise} school days")

    assert [fault.element for fault in said(days + 2)] == [None]
    assert said(days + 3) == []


def test_a_procedure_may_promise_nothing() -> None:
    assert good() == []


@pytest.mark.parametrize(
    "due",
    ["soon", '="soon"', '=if ruote = "a" then "soon" else "later"', "=ruote + other", "=ruote +", "3 {{ ruote }} days"],
)
def test_a_wrong_deadline_is_one_fault_whatever_is_wrong_with_it(due: str) -> None:
    found = faults(a(due=due), forms=form("route"), flows="s>a>e", trust__promise="5 school days")

    assert [fault.element for fault in found] == ["a"]


@pytest.mark.parametrize("rule", ["ruote = other", "ruote =", "ruote == 5", "ruote + other > third", "count(route)"])
def test_a_wrong_condition_is_one_fault_whatever_is_wrong_with_it(rule: str) -> None:
    def drawn(text: str) -> bytes:
        flows = "s>a>g>e g>b?=RULE b>e"
        return sketch(a(), gateway("g", default="f_g_e"), a("b", name="Again"), flows=flows).replace(
            b"RULE", text.replace(">", "&gt;").encode()
        )

    found = package_faults.faults(Package(drawn(rule), form("route")), ROLES)

    assert [fault.element for fault in found] == ["f_g_b"]


def look_at(bpmn: bytes, **files: dict[str, bytes]) -> tuple[Fault, ...]:
    package = Package(bpmn, files.get("forms", form()), files.get("decisions", {}))
    return package_faults.look(read_package(package, ROLES), ROLES).faults


def test_the_same_fault_on_many_elements_is_one_with_all_of_them() -> None:
    drawn = [user(f"a{number}", f"Step {number}", form="f", role=None) for number in range(6)]
    found = look_at(sketch(*drawn, flows=">".join(("s", *(f"a{number}" for number in range(6)), "e"))))

    (nobody,) = [fault for fault in found if "Nobody is to do this" in fault.sentence]
    assert [place.element for place in nobody.places] == [f"a{number}" for number in range(6)]
    assert [place.name for place in nobody.places] == [f"Step {number}" for number in range(6)]


def test_what_differs_stays_apart() -> None:
    found = look_at(sketch(user("a", "A", form="f", role="x1"), user("b", "B", form="f", role="x2"), flows="s>a>b>e"))

    assert len([fault for fault in found if "is not a role" in fault.sentence]) == 2


def test_what_cannot_be_read_comes_first_then_what_leads_nowhere_then_details() -> None:
    found = look_at(
        sketch(user("a", "", form="f", due="soon"), step("complexGateway", "g"), flows="s>a>g>e"),
        forms={**form(), "broken": b"{", "unused": form(key="unused")["unused"]},
        decisions={"t": b"<x>"},
    )
    said = [fault.sentence for fault in found]

    def place(part: str) -> int:
        return next(number for number, sentence in enumerate(said) if part in sentence)

    assert place("not a JSON file") < place("is not whole") < place("A diamond with a star")
    assert place("A diamond with a star") < place("does not read")
    assert place("A diamond with a star") < place("No step of the diagram uses this file")


def test_forty_are_told_and_the_rest_counted() -> None:
    count = MOST_TOLD + 20
    drawn = [a(f"a{number}", name=f"Step {number}", due=f"soon {number}") for number in range(count)]
    found = look_at(sketch(*drawn, flows=">".join(("s", *(f"a{number}" for number in range(count)), "e"))))

    assert len(found) == MOST_TOLD + 1
    assert found[-1].sentence.startswith("There are 20 more faults.")
