"""What is good to know, and what is drawn wrongly, of the steps and diamonds that other programs draw."""

from __future__ import annotations

from engine.bpmn.check import package_faults
from engine.bpmn.check.package_faults import Findings
from engine.bpmn.package import Package
from engine.bpmn.reading import read_package
from tests.engine.bpmn.check.sketches import ROLES, form
from tests.engine.bpmn.sketch import lanes, sketch, step


def look(*parts: str, flows: str) -> Findings:
    """What the check says of a sketch."""
    text = sketch(*parts, flows=flows)
    return package_faults.look(read_package(Package(text, form() if b'formRef="f"' in text else {})), ROLES)


def test_plain_and_manual_tasks_are_their_lanes_and_one_note_says_so() -> None:
    found = look(lanes(Headteacher="a b"), step("task", "a"), step("manualTask", "b"), flows="s>a>b>e")

    assert found.faults == ()
    assert [note.element for note in found.notes] == [None]
    assert "“A” and “B” are plain tasks: the role of the lane is asked" in found.notes[0].sentence


def test_a_plain_task_in_no_lane_is_nobodys() -> None:
    found = look(step("task", "a"), flows="s>a>e")

    assert [(fault.element, fault.sentence.partition(".")[0]) for fault in found.faults] == [
        ("a", "Nobody is to do this")
    ]


def test_a_plain_task_may_have_a_form_and_a_deadline_that_can_be_read() -> None:
    drawn = step("task", "a", camunda_formRef="f", camunda_dueDate="some day", camunda_candidateGroups="headteacher")

    found = look(drawn, flows="s>a>e")

    assert [fault.sentence.partition(".")[0] for fault in found.faults] == ["The deadline does not read"]
