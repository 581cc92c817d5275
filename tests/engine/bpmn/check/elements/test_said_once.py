"""What is drawn wrongly is told once, of what it is called or looks like, with what to draw instead."""

from __future__ import annotations

import pytest

from engine.bpmn.check import package_faults
from engine.bpmn.package import Package
from engine.bpmn.reading import read_package
from engine.model.fault import Fault
from tests.engine.bpmn.check.sketches import ROLES, a, faults, form, good
from tests.engine.bpmn.sketch import call, end, event, gateway, lanes, sketch, start, step, sub, timer, user, wait


def unnamed(drawn: str) -> str:
    """The same without its name."""
    head, _, rest = drawn.partition(' name="')
    return head + rest.partition('"')[2]


def of(found: list[Fault], element: str) -> list[str]:
    return [fault.sentence for fault in found if fault.element == element]


def test_an_arrow_beside_a_diamond_without_a_name_is_called_by_what_stands_beside_that() -> None:
    found = faults(a(), unnamed(gateway("g")), a("b"), flows="s>a>g>b>e g>e", forms=form())

    assert [fault.name for fault in found if fault.element == "f_g_b"] == ["arrow from “diamond behind A” to “B”"]
    assert "g" not in [word for fault in found for word in (fault.name or "").split("“")]


def test_what_has_no_name_is_called_by_what_it_is_and_stands_beside() -> None:
    found = faults(a(), unnamed(gateway("g")), a("b"), flows="s>a>g>b>e g>e", forms=form())

    assert {fault.name for fault in found if fault.element == "g"} == {"diamond behind A"}


def test_an_arrow_that_leads_nowhere_is_one_fault() -> None:
    drawn = sketch(a(), flows="s>a>e").replace(
        b"</bpmn:process>", b'<bpmn:sequenceFlow id="loose" sourceRef="a" /></bpmn:process>'
    )

    (sentence,) = of(package_faults.faults(Package(drawn, form()), ROLES), "loose")

    assert "not joined to anything" in sentence


def test_a_block_with_nothing_in_it_is_one_fault() -> None:
    assert of(good(sub("b", flows=""), flows="s>b>e"), "b") == [
        "There is nothing in this sub-process. Draw what is done in it, or make it a task."
    ]


def test_a_clock_that_says_nothing_is_one_fault_and_no_note_tells_when() -> None:
    drawn = sketch(step("startEvent", "c", inner=timer("", "timeDate")), end(), a(), flows="c>a>e", ends=False)
    found = package_faults.look(read_package(Package(drawn, form()), ROLES), ROLES)

    (sentence,) = of(list(found.faults), "c")
    assert "does not say when" in sentence
    assert "None" not in "".join(note.sentence for note in found.notes)


def test_only_a_timer_that_may_come_again_is_offered_a_cycle() -> None:
    (waited,) = of(good(wait("w", ""), flows="s>w>e"), "w")
    again = step("boundaryEvent", "t", inner=timer(""), attachedToRef="a", cancelActivity="false")
    (on_edge,) = of(good(again, flows="s>a>e t>e"), "t")

    assert "every" not in waited
    assert "“every 2 weeks”" in on_edge


def test_what_a_person_does_throws_no_escalation() -> None:
    (sentence,) = of(good(event("boundaryEvent", "x", "escalation", "late", on="a"), flows="s>a>e x>e"), "x")

    assert "Put this on the edge of a sub-process or of a step that calls" in sentence


def test_an_error_on_the_edge_of_a_step_that_takes_no_time_is_one_fault() -> None:
    (sentence,) = of(
        good(step("serviceTask", "do"), event("boundaryEvent", "x", "error", "gone", on="do"), flows="s>do>e x>e"), "x"
    )

    assert "a step that calls another procedure" in sentence


def test_a_rule_of_another_engine_is_one_fault() -> None:
    found = good(gateway("g", default="f_g_e"), flows="s>g>e g>a?=${ok} a>e".replace("?=", "?"))

    assert [sentence.partition(".")[0] for sentence in of(found, "f_g_a")] == ["“${ok}” is written for another engine"]


def test_a_lane_without_a_name_is_told_and_not_each_step_in_it() -> None:
    drawn = lanes(Zebras="a b inside").replace('name="Zebras"', "")
    block = sub("b", start("s1"), a("inside", role=None), end("e1"), flows="s1>inside>e1")

    found = faults(drawn, a(role=None), block, flows="s>a>b>e", forms=form())

    assert [(fault.element, fault.sentence[:24]) for fault in found] == [("lane_0", "This lane has no name. N")]


def test_a_lane_in_which_nothing_stands_is_a_note() -> None:
    drawn = sketch(lanes(Parents="", DfE="", Headteacher=""), a(), flows="s>a>e")
    found = package_faults.look(read_package(Package(drawn, form()), ROLES), ROLES)

    assert found.faults == ()
    assert "The lanes “Parents” and “DfE” are kept on the drawing: nothing is done there." in [
        note.sentence for note in found.notes
    ]


def test_references_begin_with_the_title_where_the_key_begins_with_a_number() -> None:
    def prefix(key: str) -> str:
        diagram = read_package(Package(sketch(user("a"), flows="s>a>e", key=key)), ROLES).diagram
        return diagram.prefix if diagram else ""

    assert prefix("_696f4c2a-1b") == "ATR"
    assert prefix("lesson_study") == "LES"


@pytest.mark.parametrize("kind", ["message", "signal"])
def test_what_would_begin_the_procedure_again_is_told_where_it_is_sent(kind: str) -> None:
    found = faults(
        event("startEvent", "b", kind, "report"), a(), event("endEvent", "z", kind, "report"), flows="b>a>z",
        ends=False, forms=form(),
    )  # fmt: skip

    assert [(fault.element, "without end" in fault.sentence) for fault in found] == [("z", True)]


def test_an_event_on_the_edge_of_nothing_is_one_fault() -> None:
    (sentence,) = of(good(step("boundaryEvent", "t", inner=timer("1 day")), flows="s>a>e t>e"), "t")

    assert "edge of no step" in sentence


def test_two_events_that_catch_the_same_are_one_fault() -> None:
    block = sub("b", start("s1"), event("endEvent", "e1", "error", "gone"), flows="s1>e1")
    edges = [event("boundaryEvent", id, "error", "gone", on="b") for id in "xy"]

    (sentence,) = of(good(block, *edges, flows="s>b>e x>e y>e"), "y")

    assert "Delete one of the two" in sentence


def test_a_called_procedure_that_is_written_for_another_engine_is_one_fault() -> None:
    (sentence,) = of(good(call("c", "${key}"), flows="s>c>e"), "c")

    assert "cannot be the key" in sentence


def test_a_block_that_begins_by_itself_without_a_start_is_told_to_say_when() -> None:
    block = sub("own", a("b"), end("e1"), flows="b>e1").replace(' id="own"', ' id="own" triggeredByEvent="true"', 1)

    assert "Draw a circle that says when it begins" in of(good(block, flows="s>a>e"), "own")[0]
