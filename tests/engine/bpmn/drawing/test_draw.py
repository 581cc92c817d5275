"""Drawing a diagram: everything on it is drawn, named and safe to put into a page."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from engine.bpmn.drawing.draw import NO_DRAWING, State, badges, marks, numbered, svg
from engine.bpmn.drawing.svg import width_of, wrapped
from engine.errors import BadFile
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
from tests.engine.bpmn.unsupported.samples import SAMPLES

S = "{http://www.w3.org/2000/svg}"
EVERYTHING = sketch(
    lanes(Headteacher="a"), user("a", "Check the plan", inner=several()), boundary("late", "a"),
    boundary("soon", "a", interrupting=False), gateway("x", default="f_x_b"), gateway("p", parallel=True), wait("w"),
    catch("c"), script("b", "1"), word("t", "tell"), word("m", "tell", "sendTask"),
    step("businessRuleTask", "r"), end("stop", terminate=True), sub("block", start("s1"), end("e1"), flows="s1>e1"),
    step("inclusiveGateway", "o"), step("task", "plain"),
    '<bpmn:textAnnotation id="note"><bpmn:text>A note for readers</bpmn:text></bpmn:textAnnotation>',
    '<bpmn:group id="g" />', flows="s>a>x>b>e x>p>w>c>stop p>t>m>r>block>o>plain>e late>e soon>e",
    root='<bpmn:collaboration id="col"><bpmn:participant id="us" name="Us" processRef="trial" /></bpmn:collaboration>',
)  # fmt: skip


def items(drawing: bytes) -> dict[str, etree._Element]:
    """The group of each element."""
    return {group.get("data-element", ""): group for group in etree.fromstring(drawing).iter(f"{S}g")}


def words_in(element: etree._Element) -> str:
    """Everything written in it."""
    return " ".join(str(text) for text in element.itertext())


def test_everything_on_the_drawing_is_drawn_with_its_id_its_kind_and_its_name() -> None:
    found = items(svg(EVERYTHING))
    drawn = set(re.findall(r'bpmnElement="([^"]+)"', EVERYTHING.decode())) - {"trial"}

    assert drawn <= set(found)
    assert found["a"].get("class") == "hw-drawing__item hw-drawing__item--userTask"
    assert found["a"].findtext(f"{S}title") == "Check the plan"
    assert words_in(found["note"]).split() == ["A", "note", "for", "readers"]


def test_the_drawing_is_an_image_with_a_title_and_a_description() -> None:
    root = etree.fromstring(svg(EVERYTHING))
    ids = (root.get("aria-labelledby") or "").split()

    assert root.get("role") == "img"
    assert [item.get("id") for item in root if item.tag in (f"{S}title", f"{S}desc")] == ids
    assert root.findtext(f"{S}title") == "A trial"
    assert "19 steps, events and choices" in (root.findtext(f"{S}desc") or "")


def test_two_drawings_on_one_page_share_no_ids() -> None:
    one, other = (re.findall(rb' id="([^"]+)"', svg(sketch(flows="s>e", key=key))) for key in ("first", "second"))

    assert one
    assert not set(one) & set(other)


@pytest.mark.parametrize("text", [EVERYTHING, *(samples[0] for samples in SAMPLES.values())])
def test_no_style_no_script_and_no_handler_is_written(text: bytes) -> None:
    for item in etree.fromstring(svg(text)).iter():
        assert etree.QName(item).localname not in ("script", "style", "foreignObject", "image", "use", "a")
        assert not [
            name for name in item.attrib if str(name) == "style" or str(name).startswith("on") or "href" in str(name)
        ]


def test_names_are_written_as_text_whatever_they_hold() -> None:
    drawing = svg(sketch(user("a", '<script>alert("x")</script>&amp;'), flows="s>a>e"))

    assert b"<script" not in drawing
    assert items(drawing)["a"].findtext(f"{S}title") == '<script>alert("x")</script>&amp;'


def test_a_boundary_that_lets_its_step_go_on_is_dashed_and_a_default_way_is_struck() -> None:
    found = items(svg(EVERYTHING))

    assert "stroke-dasharray" in etree.tostring(found["soon"]).decode()
    assert "stroke-dasharray" not in etree.tostring(found["late"]).decode()
    assert len(found["f_x_b"].findall(f"{S}path")) == len(found["f_x_p"].findall(f"{S}path")) + 1


def test_blocks_stand_behind_what_they_hold() -> None:
    order = [group.get("data-element") for group in etree.fromstring(svg(EVERYTHING)).iter(f"{S}g")]

    assert order.index("us") < order.index("lane_0") < order.index("block") < order.index("f_s_a") < order.index("a")


def test_the_inside_of_a_closed_block_is_drawn_below() -> None:
    block = sub("block", start("s1"), user("in"), end("e1"), flows="s1>in>e1")
    text = sketch(block, flows="s>block>e").decode()
    closed = text.replace('bpmnElement="block"', 'bpmnElement="block" isExpanded="false"')
    shapes = "".join(re.findall(r'<bpmndi:BPMNShape id="di_(?:s1|in|e1)".*?</bpmndi:BPMNShape>', closed))
    for each in re.findall(r'<bpmndi:BPMNShape id="di_(?:s1|in|e1)".*?</bpmndi:BPMNShape>', closed):
        closed = closed.replace(each, "")
    plane = f'<bpmndi:BPMNPlane id="p2" bpmnElement="block">{shapes}</bpmndi:BPMNPlane>'
    closed = closed.replace(
        "</bpmn:definitions>", f'<bpmndi:BPMNDiagram id="d2">{plane}</bpmndi:BPMNDiagram></bpmn:definitions>'
    )

    drawing = svg(closed.encode())

    assert {"in", "block"} <= set(items(drawing))
    assert float(etree.fromstring(drawing).get("height", "0")) > float(
        etree.fromstring(svg(text.encode())).get("height", "0")
    )


def test_places_that_are_no_numbers_are_left_out() -> None:
    broken = EVERYTHING.replace(b'x="120"', b'x="NaN"').replace(b'x="240"', b'x="1e99"').replace(b'x="360"', b'x="x"')

    found = svg(broken)

    assert b"nan" not in found.lower().replace(b"nance", b"")
    assert b"e+" not in found


def test_a_diagram_without_places_says_so() -> None:
    assert NO_DRAWING in words_in(etree.fromstring(svg(sketch(flows="s>e", drawn=False))))


def test_what_cannot_be_read_is_refused() -> None:
    with pytest.raises(BadFile):
        svg(b"<!DOCTYPE x><x/>")


def test_counts_stand_on_their_steps_and_lateness_is_a_word() -> None:
    found = items(badges(svg(EVERYTHING), {"a": (12, 3), "b": (1, 0), "t": (0, 0), "gone": (5, 5)}))

    assert "12 waiting" in words_in(found["a"])
    assert "3 late" in words_in(found["a"])
    assert (found["a"].get("class") or "").endswith("hw-drawing__item--late")
    assert "1 waiting" in words_in(found["b"])
    assert "late" not in words_in(found["b"])
    assert "waiting" not in words_in(found["t"])


def test_counts_can_lead_to_their_lists() -> None:
    root = etree.fromstring(badges(svg(EVERYTHING), {"a": (2, 1)}, {"a": "/monitoring/trial?step=a&late=1"}))
    link = next(root.iter(f"{S}a"))

    assert root.get("role") == "group"
    assert link.get("href") == "/monitoring/trial?step=a&late=1"
    assert link.get("aria-label") == "Check the plan: 2 waiting, 1 late"


def test_a_case_shows_where_it_stands_in_words_too() -> None:
    found = items(marks(svg(EVERYTHING), {"a": State.LATE, "b": State.DONE, "w": State.NOW}))

    assert "now, late" in words_in(found["a"])
    assert "done" in words_in(found["b"])
    assert (found["w"].get("class") or "").endswith("hw-drawing__item--now")


def test_numbers_of_faults_stand_on_steps_and_arrows() -> None:
    found = items(numbered(svg(EVERYTHING), {"a": (1, 3), "f_s_a": (2,), "gone": (4,)}))

    assert "! 1, 3" in words_in(found["a"])
    assert "! 2" in words_in(found["f_s_a"])
    assert (found["a"].get("class") or "").endswith("hw-drawing__item--fault")


def test_texts_are_wrapped_to_their_width() -> None:
    lines = wrapped("Check the diagnosis for accuracy against what the school knows", 88, 9)

    assert all(width_of(line) <= 88 for line in lines)
    assert " ".join(lines) == "Check the diagnosis for accuracy against what the school knows"
    assert wrapped("one two three four", 30, 2)[1].endswith("…")
    assert len(wrapped("Donaudampfschifffahrtsgesellschaft", 60, 9)) > 1
    assert wrapped("", 60, 3) == []


def test_a_name_stands_at_its_shape_where_another_program_wrote_nought_for_its_place() -> None:
    drawn = sketch(end("far", "Far away"), user("a"), flows="s>a>far")
    label = b'<bpmndi:BPMNLabel><dc:Bounds x="0" y="0" width="36" height="36" /></bpmndi:BPMNLabel></bpmndi:BPMNShape>'

    assert svg(drawn.replace(b"</bpmndi:BPMNShape>", label)) == svg(drawn)


LOOP = "<bpmn:standardLoopCharacteristics />"
LINK = '<bpmn:linkEventDefinition name="On" />'


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (step("task", "x"), step("manualTask", "x")),
        (user("x", inner=several()), user("x", inner=several(isSequential="true"))),
        (user("x", inner=several()), user("x", inner=LOOP)),
        (user("x"), user("x", inner=LOOP)),
        (step("inclusiveGateway", "x"), step("eventBasedGateway", "x")),
        (step("callActivity", "x"), step("task", "x")),
        (step("dataObjectReference", "x"), step("dataStoreReference", "x")),
        (step("dataStoreReference", "x"), step("task", "x")),
        (step("intermediateThrowEvent", "x"), step("intermediateThrowEvent", "x", inner=LINK)),
        (step("intermediateThrowEvent", "x", inner=LINK), step("intermediateCatchEvent", "x", inner=LINK)),
    ],
)
def test_what_means_something_else_looks_otherwise(one: str, other: str) -> None:
    def marks(drawn: str) -> list[tuple[str, str, str]]:
        group = items(svg(sketch(drawn, flows="s>x>e")))["x"]
        return [
            (str(mark.tag), mark.get("d", "") + mark.get("r", "") + mark.get("stroke-width", ""), mark.get("fill", ""))
            for mark in group.iter()
        ]

    assert marks(one) != marks(other)


def test_an_arrow_with_a_condition_leaves_a_step_with_a_small_diamond_and_a_diamond_without() -> None:
    found = items(svg(sketch(user("a"), gateway("x", default="f_x_e"), flows="s>a a>x?=ok x>e x>a?=ok a>e")))

    assert [len(list(found[id].iter(f"{S}path"))) for id in ("f_a_x", "f_a_e", "f_x_a")] == [2, 1, 1]
