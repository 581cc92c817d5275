"""Checking a package: every fault at once, on its element, in a sentence that says what to do instead."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from typing import Any

import pytest

from engine.bpmn import check
from engine.bpmn.drawn import Package
from engine.bpmn.faults import Fault
from engine.model.people import Role
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

ROLES = {
    "headteacher": Role("headteacher", "Headteacher"),
    "director_of_education": Role("director_of_education", "Director of education"),
}
KNOWN = '=if route = "desk" then "1 school day" else "2 school days"'


def form(*keys: str, key: str = "f") -> dict[str, bytes]:
    """A form that asks for these."""
    parts = [{"type": "textfield", "id": f"Field_{name}", "key": name, "label": name.capitalize()} for name in keys]
    made = {"type": "default", "id": key, "schemaVersion": 18, "executionPlatform": "Camunda Platform"}
    return {key: json.dumps({**made, "components": parts}).encode()}


def table(key: str = "t", asked: str = "route", answered: str = "advice") -> dict[str, bytes]:
    """A decision table with one rule."""
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="http://camunda.org/schema">
  <decision id="{key}" name="A table">
    <decisionTable id="dt" hitPolicy="FIRST">
      <input id="i1" label="Route">
        <inputExpression id="ie1" typeRef="string"><text>{asked}</text></inputExpression></input>
      <output id="o1" label="Advice" name="{answered}" typeRef="string" />
      <rule id="r1"><inputEntry id="u1"><text>"desk"</text></inputEntry>
        <outputEntry id="v1"><text>"go"</text></outputEntry></rule>
      <rule id="r2"><inputEntry id="u2"><text></text></inputEntry>
        <outputEntry id="v2"><text>"stay"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>"""
    return {key: text.encode()}


def faults(
    *parts: str,
    flows: str = "",
    forms: Mapping[str, bytes] | None = None,
    decisions: Mapping[str, bytes] | None = None,
    procedures: Collection[str] = (),
    **named: Any,
) -> list[Fault]:
    """What the check says of a sketch; every person's step has a form without questions unless the test gives one."""
    text = sketch(*parts, flows=flows, **named)
    if forms is None:
        forms = form() if b'formRef="f"' in text else {}
    return check.faults(Package(text, forms, decisions or {}), ROLES, procedures)


def sentences(found: list[Fault], element: str | None) -> str:
    """What is said of one element."""
    return "\n".join(fault.sentence for fault in found if fault.element == element)


def a(id: str = "a", **more: Any) -> str:
    """A sound task."""
    return user(id, **{"form": "f", **more})


def good(*parts: str, flows: str = "s>a>e", **more: Any) -> list[Fault]:
    return faults(a(), *parts, flows=flows, **more)


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
        user("x", "Do it", due="soon", role="headteecher"), gateway("g"), step("inclusiveGateway", "o", "Either"),
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
    found = check.faults(Package(b"<oops", {"f": b"{"}, {"t": b"<a"}, b""), ROLES)

    assert sorted(fault.file for fault in found) == ["decisions/t.dmn", "forms/f.form", "procedure.bpmn"]


SHAPES = {
    "no start": (dict(parts=(end(), a()), flows="a>e", ends=False), None, "has no start"),
    "two starts": (dict(parts=(a(), start("s2")), flows="s>a>e s2>a"), "s2", "more than one start"),
    "no end": (dict(parts=(start(), a()), flows="s>a", ends=False), None, "has no end"),
    "an end without a name": (dict(parts=(start(), step("endEvent", "e").replace('name="E"', ""), a()),
                                   flows="s>a>e", ends=False), "e", "Name it by how the case has ended"),
    "a block without start": (dict(parts=(sub("b", a(), end("e1"), flows="a>e1"),), flows="s>b>e"), "b", "no start"),
    "a block without end": (dict(parts=(sub("b", start("s1"), a(), flows="s1>a"),), flows="s>b>e"), "b", "no end"),
    "a step nothing follows": (dict(parts=(a(), a("b", role="director_of_education")), flows="s>a>e a>b"), "b",
                               "Nothing follows"),
    "a timer nothing follows": (dict(parts=(a(), boundary("t", "a")), flows="s>a>e"), "t", "Nothing follows"),
    "a step never reached": (dict(parts=(a(), a("b")), flows="s>a>e b>e"), "b", "No arrow leads here"),
    "a round without an end": (dict(parts=(a(), a("b", role="director_of_education"), a("c")),
                                    flows="s>a b>c c>b a>b a>e"), "b", "never come to an end"),
    "a round without a stop": (dict(parts=(script("x", "1"), gateway("g", default="f_g_e")),
                                    flows="s>x>g>e g>x?=true"), "x", "round and round"),
    "a round that only finds people": (dict(
        parts=(word("p", "find_people", role="headteacher", trust__result="r"), gateway("g", default="f_g_e")),
        flows="s>p>g>e g>p?=true"), "p", "round and round"),
    "a round through a block that does not stop": (dict(
        parts=(sub("b", start("s1"), a(), gateway("y", default="f_y_a"), end("e1"),
                   flows="s1>y>a>e1 y>e1?=true"), gateway("g", default="f_g_e")),
        flows="s>b>g>e g>b?=true"), "b", "round and round"),
    "no default": (dict(parts=(gateway("g"), a()), flows="s>g>a?=true g>e?=false a>e"), "g", "no default way"),
    "a default elsewhere": (dict(parts=(gateway("g", default="f_s_g"), a()), flows="s>g>a?=true g>e?=false a>e"), "g",
                            "no default way"),
    "a way without condition": (dict(parts=(gateway("g", default="f_g_e"), a()), flows="s>g>a g>e a>e"), "f_g_a",
                                "has no condition"),
    "a default with a condition": (dict(parts=(gateway("g", default="f_g_e"), a()),
                                        flows="s>g>a?=true g>e?=true a>e"), "f_g_e", "Remove its condition"),
    "an arrow to nothing": (dict(parts=(a(),), flows="s>a>e a>gone"), "f_a_gone", "not joined to anything"),
    "an arrow across a border": (dict(parts=(sub("b", start("s1"), a(), end("e1"), flows="s1>a>e1"),),
                                      flows="s>b>e s>a"), "f_s_a", "crosses the border"),
    "an arrow to a start": (dict(parts=(a(),), flows="s>a>e a>s"), "f_a_s", "leads back to the start"),
    "an arrow from an end": (dict(parts=(a(),), flows="s>a>e e>a"), "f_e_a", "leaves an end"),
    "an arrow to a timer on an edge": (dict(parts=(a(), boundary("t", "a")), flows="s>t a>e t>e s>a"), "f_s_t",
                                       "leads to a timer"),
    "a timer on no edge": (dict(parts=(a(), boundary("t", "gone")), flows="s>a>e t>e"), "t", "on the edge of no step"),
    "an id with signs": (dict(parts=(a("a b"),), flows=""), "a b", "cannot have"),
    "an id used twice": (dict(parts=(a(), a()), flows="s>a>e"), "a", "used 2 times"),
}  # fmt: skip


@pytest.mark.parametrize(("drawn", "element", "said"), SHAPES.values(), ids=SHAPES)
def test_a_drawing_that_does_not_hold_together_is_told(drawn: dict[str, Any], element: str | None, said: str) -> None:
    found = faults(*drawn["parts"], **{name: value for name, value in drawn.items() if name != "parts"})

    assert said in sentences(found, element), found


def test_a_step_without_an_id_is_told() -> None:
    text = sketch(a(), flows="s>a>e").replace(b'id="a" ', b"")

    assert any("has no id" in fault.sentence for fault in check.faults(Package(text, form()), ROLES))


def test_a_diagram_without_a_drawing_is_told_once() -> None:
    found = faults(a(), flows="s>a>e", drawn=False)

    assert [fault.sentence.split(",")[0] for fault in found] == ["This file has no drawing"]


def test_an_element_left_out_of_the_drawing_is_told() -> None:
    text = sketch(a(), flows="s>a>e").replace(b'bpmnElement="a"', b'bpmnElement="other"')

    found = check.faults(Package(text, form()), ROLES)

    assert "not on the drawing" in sentences(found, "a")


def test_more_than_three_hundred_steps_are_told() -> None:
    steps = [a(f"a{n}", name=f"Step {n}") for n in range(300)]
    flows = "s>" + ">".join(f"a{n}" for n in range(300)) + ">e"

    assert [fault.sentence.split(";")[0] for fault in faults(*steps, flows=flows)] == [
        "The diagram has 302 steps, events and diamonds and 301 arrows"
    ]


def test_more_rules_than_anybody_could_follow_are_told() -> None:
    long = "".join(script(f"x{n}", "1 + " * 900 + "1", f"r{n}") for n in range(9))

    assert "more than 30,000 letters" in sentences(
        good(long, flows="s>a>" + ">".join(f"x{n}" for n in range(9)) + ">e"), None
    )


JOINS = {
    "alternatives into a join": (
        gateway("x", default="f_x_b") + a() + a("b") + gateway("j", parallel=True),
        "s>x>a>j x>b>j j>e x>a?=true".replace("x>a>j", "a>j"), "j",
    ),
    "a branch that may end early": (
        gateway("f", parallel=True) + a() + a("b") + gateway("x", default="f_x_j") + gateway("j", parallel=True)
        + end("e2"), "s>f>a>j f>b>x>j x>e2?=true j>e", "j",
    ),
    "a way back into a join": (
        gateway("j", parallel=True) + a() + gateway("x", default="f_x_e"), "s>j>a>x>e x>j?=true", "j",
    ),
    "a timer's way into a join": (
        gateway("f", parallel=True) + a() + a("b") + gateway("j", parallel=True) + boundary("t", "a")
        + end("e2"), "s>f>a>j f>b>j j>e t>e2", "j",
    ),
    "a reminder's way into a join": (
        a() + boundary("t", "a", interrupting=False) + gateway("j", parallel=True), "s>a>j t>j j>e", "j",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("parts", "flows", "join"), JOINS.values(), ids=JOINS)
def test_a_join_that_can_wait_for_ever_is_told(parts: str, flows: str, join: str) -> None:
    said = sentences(faults(parts, flows=flows), join)

    assert "waits for every arrow" in said
    assert "for ever" in said


TWICE = {
    "branches that meet without a join": (
        gateway("f", parallel=True) + a() + a("b") + a("c"), "s>f>a>c f>b>c c>e", "c",
    ),
    "a reminder that leads into the main way": (
        a() + boundary("t", "a", interrupting=False) + a("b"), "s>a>b>e t>b", "b",
    ),
    "a branch that goes back before the fork": (
        gateway("m") + gateway("f", parallel=True) + a() + gateway("x", default="f_x_j") + a("b")
        + gateway("j", parallel=True), "s>m>f>a>x>j f>b>j j>e x>m?=true", "b",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("parts", "flows", "step_id"), TWICE.values(), ids=TWICE)
def test_a_step_that_would_be_done_twice_is_told(parts: str, flows: str, step_id: str) -> None:
    assert "would be done twice" in sentences(faults(parts, flows=flows), step_id)


SOUND = {
    "a choice inside a branch": (
        gateway("f", parallel=True) + gateway("x", default="f_x_a") + a() + a("b") + gateway("m")
        + a("c") + gateway("j", parallel=True), "s>f>x>a>m>j x>b?=true b>m f>c>j j>e",
    ),
    "a fork inside a branch": (
        gateway("f", parallel=True) + gateway("g", parallel=True) + a() + a("b") + gateway("h", parallel=True)
        + a("c") + gateway("j", parallel=True) + a("d"),
        "s>f>g>a>h g>b>h h>d>j f>c>j j>e",
    ),
    "a fork whose branches join in two steps": (
        gateway("f", parallel=True) + a() + a("b") + a("c") + gateway("h", parallel=True)
        + gateway("j", parallel=True), "s>f>a>h f>b>h h>j f>c>j j>e",
    ),
    "branches that each end": (
        gateway("f", parallel=True) + a() + a("b") + end("e2"), "s>f>a>e f>b>e2",
    ),
    "branches that reach one end": (gateway("f", parallel=True) + a() + a("b"), "s>f>a>e f>b>e"),
    "a reminder that ends": (
        a() + boundary("t", "a", interrupting=False) + a("b") + gateway("x", default="f_x_e")
        + end("e2"), "s>a>x>e x>a?=true t>b>e2",
    ),
    "a join inside a round": (
        gateway("m") + gateway("f", parallel=True) + a() + a("b") + gateway("j", parallel=True)
        + gateway("x", default="f_x_e"), "s>m>f>a>j f>b>j j>x>e x>m?=true",
    ),
    "a branch that stops everything": (
        gateway("f", parallel=True) + a() + a("b") + gateway("x", default="f_x_j") + gateway("j", parallel=True)
        + end("stop", terminate=True), "s>f>a>j f>b>x>j x>stop?=true j>e",
    ),
    "a timer whose way comes back": (
        a() + boundary("t", "a") + a("b") + gateway("m"), "s>a>m>e t>b>m",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("parts", "flows"), SOUND.values(), ids=SOUND)
def test_sound_ways_are_not_faults(parts: str, flows: str) -> None:
    assert faults(parts, flows=flows) == []


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
    assert "has no name" in sentences(check.faults(Package(nameless, form()), ROLES), None)


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


RULES = {
    "a condition": ("x", 'rout = "desk"', "f_x_e", "Did you mean “route”?"),
    "a condition that cannot be read": ("x", "route = (", "f_x_e", "could not be read"),
    "a condition with typographic marks": ("x", "route = “desk”", "f_x_e", "straight marks"),
    "an assignee": (a("b", assignee="=nobody.person"), "", "b", "“nobody”"),
    "a deadline": (a("b", due="=when"), "", "b", "“when”"),
    "a collection": (a("b", inner=several("peple", "p")), "", "b", "“peple”"),
    "a script": (script("b", "1 + other"), "", "b", "“other”"),
    "a timer": (wait("b", "=someday"), "", "b", "“someday”"),
    "a parameter": (word("b", "tell", role="headteacher", subject="=topic", text="x"), "", "b", "“topic”"),
    "a hole in a text": (word("b", "tell", role="headteacher", subject="{{ topic }}", text="x"), "", "b", "“topic”"),
    "an empty hole": (word("b", "tell", role="headteacher", subject="{{ }}", text="x"), "", "b", "is empty"),
    "a name handed on": (word("b", "start_procedure", procedure="goals", title="x", answers="route, topic",
                              fallback_role="headteacher"), "", "b", "“topic”"),
    "a name kept": (word("b", "record", kind="x", title="x", fields="topic"), "", "b", "“topic”"),
    "an item outside its step": (a("b", due="=person.due", inner=several("[1]", "person")) + script("c", "person"),
                                 "", "c", "only known inside"),
}  # fmt: skip


@pytest.mark.parametrize(("drawn", "condition", "element", "said"), RULES.values(), ids=RULES)
def test_a_rule_reads_and_names_only_what_is_known(drawn: str, condition: str, element: str, said: str) -> None:
    if drawn == "x":
        parts = gateway("x", default="f_x_b") + a("b")
        flows = f"s>a>x>b>e x>e?={condition.replace(' ', '_')}"
    else:
        parts, flows = drawn, "s>a>b>c>e" if 'id="c"' in drawn else "s>a>b>e"

    found = good(parts, flows=flows, forms=form("route"), procedures=["goals"])

    assert said in sentences(found, element), found


def test_what_is_answered_for_one_item_is_known_inside_and_gathered_outside() -> None:
    block = sub(
        "b",
        start("s1"),
        a("view", name="View"),
        script("x", "verdict + expert.name", "sum"),
        end("e1"),
        flows="s1>view>x>e1",
        inner=several('[{name: "Ann"}]', "expert"),
        trust__collect="views",
    )
    inside = faults(block, script("c", "views[1].verdict + views[1].sum"), flows="s>b>c>e", forms=form("verdict"))
    outside = faults(block, script("c", "verdict"), flows="s>b>c>e", forms=form("verdict"))

    assert inside == []
    assert "only known inside" in sentences(outside, "c")
    assert "trust:collect" in sentences(outside, "c")


def test_names_given_at_the_start_and_facts_are_known() -> None:
    text = script("x", "signal.text + case.ref + school.name + string(school days between(today, today))", "note")

    assert good(text, flows="s>a>x>e", trust__names="signal") == []


def test_the_outputs_of_a_table_are_known() -> None:
    rule = step("businessRuleTask", "b", camunda_decisionRef="t")

    assert good(rule, script("c", "advice"), flows="s>a>b>c>e", forms=form("route"), decisions=table()) == []


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


def test_a_procedure_may_promise_nothing() -> None:
    assert good() == []


def test_a_tangle_that_cannot_be_checked_through_is_told() -> None:
    """Each of many branches chooses a join that also waits for another branch: every choice ends differently."""
    drawn, flows = gateway("f", parallel=True), "s>f"
    for n in range(16):
        drawn += gateway(f"x{n}") + gateway(f"p{n}", parallel=True) + gateway(f"q{n}", parallel=True)
        flows += f" f>x{n}>p{n}>e x{n}>q{n}>e p{(n + 1) % 16}>q{n} q{(n + 1) % 16}>p{n}"

    assert "too many choices side by side" in sentences(faults(drawn, flows=flows), None)
