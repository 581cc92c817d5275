"""A file without a drawing is laid out: everything on it has a place of its own, in its lane, and arrows between."""

from __future__ import annotations

import random
import re
import time
from itertools import combinations, pairwise

import pytest
from lxml import etree

from engine.bpmn.diagram.dialect import WHAT
from engine.bpmn.diagram.tags import BPMN, BPMNDI
from engine.bpmn.drawing.interchange import boxes_of, edges_of, points_of
from engine.bpmn.drawing.layout import draw_missing
from engine.bpmn.drawing.svg import Rectangle
from engine.readers.xml import read_xml
from tests.engine.bpmn.sketch import boundary, end, gateway, lanes, sketch, start, step, sub, user

STEPS = re.compile(r"Task|Event|Gateway|task|subProcess|transaction")
A_SECOND = 1.0


def laid_out(data: bytes) -> etree._Element:
    root = read_xml(data, WHAT)
    assert draw_missing(root)
    return root


def without_drawing(*parts: str, flows: str, root: str = "") -> bytes:
    return sketch(*parts, flows=flows, root=root, drawn=False)


EVERYTHING = without_drawing(
    lanes(Headteacher="s a x b e", Director="c block late_done", Nobody=""),
    user("a"), boundary("late", "a"), user("late_done"), gateway("x", default="f_x_b"), user("b"), user("c"),
    sub("block", start("s1"), user("inner"), sub("deep", start("s2"), end("e2"), flows="s2>e2"), end("e1"),
        flows="s1>inner>deep>e1"),
    gateway("j"), flows="s>a>x>b>j>e x>c>block>j x>a late>late_done>e",
)  # fmt: skip


def drawn_steps(root: etree._Element) -> dict[str, Rectangle]:
    tags = {item.get("id", ""): etree.QName(item).localname for item in root.iter(f"{{{BPMN}}}*")}
    return {id: box for id, box in boxes_of(root).items() if STEPS.search(tags.get(id, ""))}


def overlap(one: Rectangle, other: Rectangle) -> bool:
    return one.x < other.right and other.x < one.right and one.y < other.bottom and other.y < one.bottom


def holds(outer: Rectangle, inner: Rectangle) -> bool:
    return outer.x <= inner.x and inner.right <= outer.right and outer.y <= inner.y and inner.bottom <= outer.bottom


def test_every_step_and_arrow_is_drawn_and_no_two_steps_cover_each_other() -> None:
    root = laid_out(EVERYTHING)
    boxes = drawn_steps(root)
    around = {("block", id) for id in ("s1", "inner", "deep", "s2", "e2", "e1")} | {("deep", "s2"), ("deep", "e2")}
    covering = {
        frozenset(pair)
        for pair in combinations(boxes, 2)
        if overlap(boxes[pair[0]], boxes[pair[1]]) and pair not in around and pair[::-1] not in around
    }

    assert boxes.keys() == set("s a late late_done x b c block s1 inner deep s2 e2 e1 j e".split())  # noqa: SIM905
    assert edges_of(root) == {item.get("id") for item in root.iter(f"{{{BPMN}}}sequenceFlow")}
    assert covering == {frozenset({"a", "late"})}
    assert all(holds(boxes[outer], boxes[inner]) for outer, inner in around)
    assert not draw_missing(root)


def test_steps_stand_in_their_lanes_and_lanes_below_one_another() -> None:
    boxes = boxes_of(laid_out(EVERYTHING))
    headteacher, director, nobody = (boxes[f"lane_{number}"] for number in range(3))

    assert headteacher.bottom == director.y
    assert director.bottom == nobody.y
    assert all(holds(headteacher, boxes[id]) for id in ("s", "a", "x", "b", "e"))
    assert all(holds(director, boxes[id]) for id in ("c", "block", "late_done", "inner"))
    assert nobody.height >= 80
    assert not any(overlap(lane, boxes["j"]) for lane in (headteacher, director, nobody))  # it has no lane


def test_arrows_lead_from_edge_to_edge_and_through_no_step() -> None:
    root = laid_out(EVERYTHING)
    boxes = drawn_steps(root)
    flows = {item.get("id"): item for item in root.iter(f"{{{BPMN}}}sequenceFlow")}
    for edge in root.iter(f"{{{BPMNDI}}}BPMNEdge"):
        flow, points = flows[edge.get("bpmnElement")], points_of(edge)
        ends = {flow.get("sourceRef"), flow.get("targetRef")}
        assert points[0] != points[-1]
        for (x, y), (to_x, to_y) in pairwise(points):
            assert x == to_x or y == to_y
            line = Rectangle(min(x, to_x) + 1, min(y, to_y) + 1, abs(x - to_x) - 2, abs(y - to_y) - 2)
            through = {id for id, box in boxes.items() if overlap(line, box)} - ends - {"block", "deep", "late"}
            assert not through, (edge.get("bpmnElement"), through)


def test_the_same_file_is_laid_out_the_same_every_time() -> None:
    assert etree.tostring(laid_out(EVERYTHING)) == etree.tostring(laid_out(EVERYTHING))


POOLS = (
    '<bpmn:collaboration id="all"><bpmn:participant id="parents" name="Parents" />'
    '<bpmn:participant id="us" name="The trust" processRef="trial" />'
    '<bpmn:participant id="them" name="The authority" processRef="other" />'
    '<bpmn:messageFlow id="m1" sourceRef="parents" targetRef="a" />'
    '<bpmn:messageFlow id="m2" sourceRef="a" targetRef="theirs" />'
    '<bpmn:textAnnotation id="said"><bpmn:text>For readers</bpmn:text></bpmn:textAnnotation>'
    '<bpmn:association id="dotted" sourceRef="said" targetRef="a" /></bpmn:collaboration>'
    '<bpmn:process id="other"><bpmn:task id="theirs" /></bpmn:process>'
    '<bpmn:process id="third"><bpmn:task id="alone" /></bpmn:process>'
)


def test_pools_messages_and_notes_have_places_and_a_process_without_a_pool_a_sheet_of_its_own() -> None:
    root = laid_out(without_drawing(user("a"), flows="s>a>e", root=POOLS))
    boxes, planes = boxes_of(root), list(root.iter(f"{{{BPMNDI}}}BPMNPlane"))

    assert [plane.get("bpmnElement") for plane in planes] == ["all", "third"]
    assert {"m1", "m2", "dotted"} <= edges_of(root)
    assert holds(boxes["us"], boxes["a"])
    assert holds(boxes["them"], boxes["theirs"])
    assert boxes["parents"].bottom < boxes["us"].y < boxes["us"].bottom < boxes["them"].y
    assert boxes["said"].y > boxes["them"].bottom


def part_of(drawn: bytes, *left_out: str) -> bytes:
    text = drawn.decode()
    for id in left_out:
        text, count = re.subn(rf'<bpmndi:BPMN(Shape|Edge) id="di_{id}".*?</bpmndi:BPMN\1>', "", text)
        assert count == 1
    return text.encode()


def test_what_is_missing_on_a_drawing_is_put_below_it_and_the_rest_stays() -> None:
    drawn = sketch(user("a"), user("b"), boundary("late", "a"), flows="s>a>b>e late>e")
    root = laid_out(part_of(drawn, "b", "f_a_b", "f_b_e", "late", "f_late_e"))
    before, after = boxes_of(read_xml(drawn, WHAT)), boxes_of(root)

    assert {id: box for id, box in after.items() if id not in ("b", "late")} == {
        id: box for id, box in before.items() if id not in ("b", "late")
    }
    assert after["b"].y > max(box.bottom for id, box in before.items() if id != "b")
    assert overlap(after["late"], after["a"])
    assert {"f_a_b", "f_b_e", "f_late_e"} <= edges_of(root)


def test_a_block_drawn_closed_gets_a_sheet_of_its_own() -> None:
    drawn = sketch(sub("block", start("s1"), user("inner"), end("e1"), flows="s1>inner>e1"), flows="s>block>e")
    root = laid_out(part_of(drawn, "s1", "inner", "e1", "f_s1_inner", "f_inner_e1"))

    assert [plane.get("bpmnElement") for plane in root.iter(f"{{{BPMNDI}}}BPMNPlane")] == ["trial", "block"]
    assert {"s1", "inner", "e1"} <= boxes_of(root).keys()


def test_a_whole_drawing_is_left_alone() -> None:
    assert not draw_missing(read_xml(sketch(user("a"), flows="s>a>e"), WHAT))


def _random(seed: int, steps: int, arrows: int) -> bytes:
    chance = random.Random(seed)
    parts = [step(chance.choice(("task", "exclusiveGateway", "userTask")), f"n{number}") for number in range(steps)]
    flows = {f"n{chance.randrange(steps)}>n{chance.randrange(steps)}" for _ in range(arrows)}
    return without_drawing(*parts, flows=" ".join(sorted(flows)))


@pytest.mark.parametrize("seed", range(6))
def test_any_tangle_is_laid_out_with_everything_apart(seed: int) -> None:
    boxes = drawn_steps(laid_out(_random(seed, 8 + 2 * seed, 10 + 5 * seed)))

    assert len(boxes) == 10 + 2 * seed  # with its start and end
    assert not [pair for pair in combinations(boxes.values(), 2) if overlap(*pair)]


def _hostile() -> list[tuple[str, bytes]]:
    deep = step("task", "t")
    for number in range(50):
        deep = step("subProcess", f"d{number}", inner=deep)
    many = "".join(sub(f"b{n}", start(f"s{n}"), end(f"e{n}"), flows=f"s{n}>e{n}") for n in range(120))
    ring = " ".join(f"n{n}>n{(n * 7 + 1) % 380}" for n in range(380))
    return [
        ("everything joined", _random(1, 380, 780)),
        ("a ring", without_drawing(*(step("task", f"n{n}") for n in range(380)), flows=ring)),
        ("a long row", without_drawing(*(step("task", f"n{n}") for n in range(390)),
                                       flows=">".join(f"n{n}" for n in range(390)))),
        ("a fan", without_drawing(*(step("task", f"n{n}") for n in range(390)),
                                  flows=" ".join(f"n0>n{n}" for n in range(1, 390)))),
        ("blocks in blocks", without_drawing(deep, flows="s>e")),
        ("many blocks", without_drawing(many, flows="s>e")),
        ("events on one edge", without_drawing(user("a"), *(boundary(f"b{n}", "a") for n in range(380)),
                                               flows="s>a>e")),
        ("a step on its own edge", without_drawing(step("boundaryEvent", "b", attachedToRef="b"), flows="s>e")),
        ("lanes", without_drawing(lanes(**{f"Lane_{n}": "s" for n in range(900)}), flows="s>e")),
        ("one id for all", without_drawing(*(user("a") for _ in range(300)), flows="s>a>e a>a")),
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("data", [pytest.param(data, id=called) for called, data in _hostile()])
def test_a_hostile_file_holds_nobody_up(data: bytes) -> None:
    root = read_xml(data, WHAT)
    draw_missing(read_xml(EVERYTHING, WHAT))  # V8 has begun
    began = time.process_time()

    draw_missing(root)

    assert time.process_time() - began < A_SECOND


def test_more_than_four_hundred_steps_are_not_laid_out() -> None:
    assert not draw_missing(read_xml(_random(1, 410, 10), WHAT))
