"""The refusal table: a row without a sample fails, and what Headway does run meets no row."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from engine.bpmn.diagram.dialect import diagram_of
from engine.bpmn.unsupported import table
from engine.bpmn.unsupported.matchers import Refusal, WholeFile
from engine.bpmn.unsupported.steps import REST
from engine.bpmn.unsupported.vocabulary import NAMED_EXTENSIONS, NAMED_SETTINGS, NAMED_TAGS
from engine.readers.xml import read_xml
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


def refused(text: bytes) -> list[table.Unsupported]:
    """What the table says of a file."""
    root = read_xml(text, "This diagram")
    return table.refused(WholeFile(root, diagram_of(root)))


@pytest.mark.parametrize("row", table.TABLE, ids=lambda row: row.key)
def test_every_row_refuses_its_samples_by_name_with_what_to_draw_instead(row: Refusal) -> None:
    for sample in SAMPLES[row.key]:
        found = [each for each in refused(sample) if each.row is row]

        assert found, sample.decode()
        assert all(each.element for each in found)
        assert all(
            "{" not in each.sentence.replace("${", "").replace("#{", "").replace("{{ name }}", "") for each in found
        )


def test_every_sample_has_its_row_and_every_key_is_used_once() -> None:
    keys = [row.key for row in table.TABLE]

    assert sorted(keys) == sorted(set(keys)) == sorted(SAMPLES)


@pytest.mark.parametrize("row", table.TABLE, ids=lambda row: row.key)
def test_every_row_speaks_to_a_headteacher(row: Refusal) -> None:
    said = row.sentence("x")

    assert row.what.endswith(".")
    assert row.instead.endswith(".")
    assert not re.search(r"\b(gateway|node|token|instance|workflow|BPMN|parse|XML)\b", said, re.IGNORECASE)


def test_samples_are_refused_for_one_reason_where_they_hold_one() -> None:
    """The last rows stand in for no other, and nothing is told twice in different words."""
    rest = {row.key for row in REST}
    for key, samples in SAMPLES.items():
        if key not in rest:
            for sample in samples:
                assert not {each.row.key for each in refused(sample)} & rest, sample.decode()


def test_what_the_last_rows_leave_to_others_has_a_row_of_its_own() -> None:
    text = "".join(sample.decode() for samples in SAMPLES.values() for sample in samples)

    for setting in NAMED_SETTINGS - {"formRefVersion", "candidateStarterUsers", "candidateStarterGroups"}:
        assert f"camunda:{setting}=" in text
    for tag in NAMED_EXTENSIONS:
        assert f"<camunda:{tag}" in text


PLACES = {  # where the modeller writes what has no row of its own: always inside something that has one
    "complexBehaviorDefinition": "multiInstanceLoopCharacteristics",
}  # fmt: skip


@pytest.mark.parametrize("tag", sorted(NAMED_TAGS))
def test_a_named_tag_never_passes_unseen(tag: str) -> None:
    """A row meets it in its sample, or meets what it can only stand in."""
    told = f"<bpmn:{PLACES.get(tag, tag)}"

    meets = [sample for samples in SAMPLES.values() for sample in samples if told in sample.decode()]

    assert meets
    assert all(refused(sample) for sample in meets)


def test_what_headway_runs_meets_no_row() -> None:
    block = sub(
        "block", start("s1"), user("view"), end("e1"), flows="s1>view>e1", inner=several(), trust__collect="views"
    )
    note = '<bpmn:textAnnotation id="t"><bpmn:text>${note}</bpmn:text></bpmn:textAnnotation>'
    note += '<bpmn:association id="as" sourceRef="a" targetRef="t" /><bpmn:group id="g" />'
    rule = step("businessRuleTask", "rule", camunda_decisionRef="t", camunda_decisionRefBinding="latest")
    text = sketch(
        lanes(headteacher="a"), note, user("a", form="f", inner="<bpmn:documentation>Ask ${x}</bpmn:documentation>"),
        boundary("late", "a"), gateway("x", default="f_x_r"), gateway("r", parallel=True), gateway("j", parallel=True),
        user("m", inner=several()), boundary("soon", "m", interrupting=False), wait("w"), catch("c"), rule,
        script("sum", "1 + 1"), word("tell", "tell", "sendTask", role="headteacher", text="a"),
        end("stop", terminate=True), block, boundary("block_late", "block"), end("e2"),
        flows="s>a>x>r x>stop?=no r>m>j r>w>c>j j>rule>sum>tell>block>e late>e2 soon>e2 block_late>e2",
        trust__promise="3 school days", trust__prefix="ABC", trust__starters="headteacher", trust__names="x",
        root='<bpmn:collaboration id="col"><bpmn:participant id="p" processRef="trial" /></bpmn:collaboration>',
    )  # fmt: skip

    assert [each.sentence for each in refused(text)] == []


def test_the_same_message_may_be_waited_for_on_ways_that_exclude_each_other() -> None:
    text = sketch(
        gateway("x", default="f_x_c2"), catch("c1"), catch("c2"), catch("c3"), flows="s>x>c1?=a x>c2 c1>c3 c2>c3 c3>e"
    )

    assert refused(text) == []


def test_a_setting_on_a_part_is_told_on_what_can_be_clicked() -> None:
    looped = several(inner="<bpmn:loopCardinality>3</bpmn:loopCardinality>")

    found = refused(sketch(user("x", "Give a view", inner=looped), flows="s>x>e"))

    assert [(each.element, each.name) for each in found] == [("x", "Give a view")]


def test_comments_and_drawings_are_no_settings() -> None:
    text = sketch(flows="s>e").replace(b"<bpmn:startEvent", b"<!-- ${x} --><bpmn:startEvent")

    assert etree.fromstring(text) is not None
    assert refused(text) == []
