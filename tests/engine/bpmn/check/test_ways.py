"""Checking a drawing as such: arrows, starts, ends, diamonds, and the ways a case can go."""

from __future__ import annotations

from typing import Any

import pytest

from engine.bpmn.check import package_faults
from engine.bpmn.package import Package
from engine.bpmn.reading import read_package
from tests.engine.bpmn.check.sketches import ROLES, a, faults, form, good, sentences
from tests.engine.bpmn.sketch import (
    boundary,
    end,
    gateway,
    lanes,
    script,
    sketch,
    start,
    step,
    sub,
    word,
)

SHAPES = {
    "no start": (dict(parts=(end(), a()), flows="a>e", ends=False), None, "has no start"),
    "two starts": (dict(parts=(a(), start("s2")), flows="s>a>e s2>a"), "s2", "Two starts are called"),
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
                                       "leads to an event"),
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

    assert any("has no id" in fault.sentence for fault in package_faults.faults(Package(text, form()), ROLES))


def test_a_diagram_without_a_drawing_and_an_element_left_out_of_one_are_drawn_and_noted() -> None:
    bare = sketch(a(), flows="s>a>e", drawn=False)
    partly = sketch(a(), flows="s>a>e").replace(b'bpmnElement="a"', b'bpmnElement="other"')

    first, second = (package_faults.look(read_package(Package(text, form())), ROLES) for text in (bare, partly))

    assert (first.faults, second.faults) == ((), ())
    assert ["no drawing" in note.sentence for note in first.notes] == [True]
    assert ["on the drawing, where this was missing" in note.sentence for note in second.notes] == [True]


def test_more_than_two_hundred_lanes_are_told_and_nothing_else() -> None:
    found = faults(lanes(**{f"Lane_{number}": "" for number in range(201)}), a(), flows="s>a>e")

    assert [fault.sentence for fault in found] == ["The diagram has 201 lanes; Headway reads at most 200. Split it up."]


def test_a_diagram_too_large_to_be_drawn_is_told_once() -> None:
    others = "".join(f'<bpmn:task id="other_{number}" />' for number in range(400))
    found = faults(a(), flows="s>a>e", drawn=False, root=f'<bpmn:process id="others">{others}</bpmn:process>')

    assert ["no drawing" in fault.sentence for fault in found if fault.element is None] == [True]


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


@pytest.mark.slow
def test_a_tangle_that_cannot_be_checked_through_is_told() -> None:
    """Each of many branches chooses a join that also waits for another branch: every choice ends differently."""
    drawn, flows = gateway("f", parallel=True), "s>f"
    for n in range(16):
        drawn += gateway(f"x{n}") + gateway(f"p{n}", parallel=True) + gateway(f"q{n}", parallel=True)
        flows += f" f>x{n}>p{n}>e x{n}>q{n}>e p{(n + 1) % 16}>q{n} q{(n + 1) % 16}>p{n}"

    assert "too many choices side by side" in sentences(faults(drawn, flows=flows), None)
