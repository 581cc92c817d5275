"""What a check tells besides faults: it stops nothing, and each thing is told once."""

from __future__ import annotations

import pytest

from engine.bpmn.check import package_faults
from engine.bpmn.check.package_faults import Findings
from engine.bpmn.package import Package
from engine.bpmn.reading import read_package
from engine.model.fault import Note
from tests.engine.bpmn.check.sketches import ROLES, a, form
from tests.engine.bpmn.sketch import boundary, end, sketch, wait

FOREIGN = """<bpmn:extensionElements xmlns:x="{0}"><x:meta key="colour">red</x:meta></bpmn:extensionElements>"""


def look(bpmn: bytes) -> Findings:
    return package_faults.look(read_package(Package(bpmn, form("route", "reason"))), ROLES)


def with_settings_of(address: str, *steps: str) -> bytes:
    drawn = [a(id, name=f"Step {id}", inner=FOREIGN.format(address)) for id in steps]
    return sketch(*drawn, flows=">".join(("s", *steps, "e")))


def test_what_comes_round_and_is_waited_for_once_is_a_note() -> None:
    edge = boundary("late", "a", "every Monday", kind="timeCycle")
    again = boundary("again", "a", "every Monday", interrupting=False, kind="timeCycle")
    found = look(sketch(a(), edge, again, wait("w", "R/P1D", "timeCycle"), end("e2"), flows="s>a>w>e late>e again>e2"))

    assert {note.element for note in found.notes} == {"late", "w"}
    assert "the first time that “R/P1D” comes round" in found.notes[-1].sentence
    assert [fault.sentence for fault in found.faults if fault.element in ("late", "again", "w")] == []


@pytest.mark.parametrize(
    ("address", "called"),
    [
        ("http://www.signavio.com", "Signavio"),
        ("http://www.visual-paradigm.com/product/vpuml/modeler", "Visual Paradigm"),
        ("http://activiti.org/bpmn", "Activiti"),
        ("http://flowable.org/bpmn", "Flowable"),
        ("http://camunda.org/schema/zeebe/1.0", "Camunda 8"),
        ("http://www.trisotech.com/2015/triso/modeling", "Trisotech"),
        ("http://tool.example.org/2020/settings", "tool.example.org"),
        ("urn:some-tool", "urn:some-tool"),
    ],
)
def test_settings_of_another_program_are_one_note_for_the_file_and_no_fault(address: str, called: str) -> None:
    found = look(with_settings_of(address, "a", "b", "c"))

    assert found.faults == ()
    assert [(note.element, note.file) for note in found.notes] == [(None, "procedure.bpmn")]
    assert called in found.notes[0].sentence
    assert "Camunda Modeler" in found.notes[0].sentence


def test_a_file_for_another_platform_is_a_note() -> None:
    found = look(sketch(a("a"), flows="s>a>e").replace(b'"Camunda Platform"', b'"Camunda Cloud"'))

    assert found.faults == ()
    assert ["Camunda 8" in note.sentence for note in found.notes] == [True]


def test_colours_and_vocabularies_that_are_only_declared_are_not_worth_a_note() -> None:
    drawn = sketch(a("a"), flows="s>a>e")
    coloured = drawn.replace(
        b'<bpmndi:BPMNShape id="',
        b'<bpmndi:BPMNShape bioc:fill="#fff" xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0" id="',
    ).replace(b"<bpmn:definitions", b'<bpmn:definitions xmlns:unused="http://flowable.org/bpmn"', 1)

    assert coloured.count(b"biocolor") > 1
    assert look(coloured) == Findings((), ())


def test_a_hostile_vocabulary_fills_no_page() -> None:
    drawn = [
        a(f"a{number}", name=f"Step {number}", inner=FOREIGN.format(f"http://{'x' * 300}{number}.example"))
        for number in range(40)
    ]
    found = look(sketch(*drawn, flows=">".join(["s", *(f"a{number}" for number in range(40)), "e"])))

    assert [type(note) for note in found.notes] == [Note]
    assert len(found.notes[0].sentence) < 700
