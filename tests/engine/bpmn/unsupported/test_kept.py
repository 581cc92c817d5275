"""Several processes, pools of others, documents and dashed arrows: one process is run, the rest is kept and noted."""

from __future__ import annotations

import pytest
from lxml import etree

from engine.bpmn.check import package_faults
from engine.bpmn.check.package_faults import Findings
from engine.bpmn.definition import Definition
from engine.bpmn.drawing import draw
from engine.bpmn.package import Package
from engine.bpmn.reading import read_package
from tests.engine.bpmn.check.sketches import ROLES, a, form
from tests.engine.bpmn.sketch import arrows, end, gateway, lanes, sketch, start, step, user


def look(bpmn: bytes) -> Findings:
    return package_faults.look(read_package(Package(bpmn, form()), ROLES), ROLES)


def another(id: str, *parts: str, flows: str = "", executable: str = "false") -> str:
    body = "".join(parts) + arrows(flows)
    return f'<bpmn:process id="{id}" name="The {id}" isExecutable="{executable}">{body}</bpmn:process>'


def run_of(bpmn: bytes) -> str:
    read = read_package(Package(bpmn), ROLES)
    assert read.diagram is not None
    return read.diagram.key


PARTS = (start("s1"), user("b", form=None, role=None, due=None), step("task", "t"), end("e1"))
FLOWS = "s1>b>t>e1"


def test_the_process_whose_lanes_are_roles_is_run_and_the_choice_is_told() -> None:
    other = another("other", *PARTS, step("task", "t2"), flows=f"{FLOWS} t>t2", executable="true")
    bpmn = sketch(lanes(Headteacher="a"), a(role=None), flows="s>a>e", root=other)

    found = look(bpmn)

    assert run_of(bpmn) == "trial"
    assert found.faults == ()
    assert [note.sentence for note in found.notes] == [
        "This file holds 2 processes. Headway runs “A trial”: most lanes named after roles of the trust are its own."
        " “The other” is kept on the drawing. To run another one, save it as a file of its own."
    ]


@pytest.mark.parametrize(
    ("others", "run"),
    [
        ((another("other", *PARTS, flows=FLOWS, executable="true"),), "trial"),  # both may be run: the first as largest
        ((another("other", *PARTS, flows=FLOWS), another("third")), "trial"),
        ((another("other", lanes(Headteacher="b", Director_of_education="t"), *PARTS, flows=FLOWS),), "other"),
        ((another("other", lanes(Somebody="b", Else="t"), *PARTS, flows=FLOWS),), "trial"),
    ],
)
def test_of_several_one_is_run_by_lanes_then_by_its_mark_then_by_its_size(others: tuple[str, ...], run: str) -> None:
    drawn = sketch(
        a(), *(step("task", f"x{number}") for number in range(3)), flows="s>a>x0>x1>x2>e", root="".join(others)
    )

    assert run_of(drawn) == run


def test_without_a_mark_or_lanes_the_largest_is_run() -> None:
    drawn = sketch(a(), flows="s>a>e", root=another("large", *PARTS, flows=FLOWS)).replace(
        b'isExecutable="true"', b'isExecutable="false"'
    )

    assert run_of(drawn) == "large"


def test_what_was_run_when_it_was_published_is_run_for_good() -> None:
    other = another("other", lanes(Headteacher="b"), *PARTS, flows=FLOWS)
    read = read_package(Package(sketch(a(), flows="s>a>e", root=other), form()), ROLES)
    kept = Package.from_files(read.package.files())

    assert kept.process == "other"
    assert Definition(kept).diagram.key == "other"  # without any role of the trust
    assert 'id="drawing-other-title"' in draw.svg_of(read.root).decode() if read.root is not None else False


def test_faults_of_processes_that_are_not_run_are_nobodys() -> None:
    wild = another(
        "other", lanes(Nobody_we_know="x"), step("serviceTask", "x", camunda_class="a.B"), step("adHocSubProcess", "y"),
        step("complexGateway", "z"), "<bpmn:task />", flows="x>y",
    )  # fmt: skip

    assert look(sketch(a(), flows="s>a>e", root=wild)).faults == ()


POOLS = (
    '<bpmn:collaboration id="all"><bpmn:participant id="us" name="Us" processRef="trial" />'
    '<bpmn:participant id="parents" name="Parents" /><bpmn:participant id="dfe" name="DfE" processRef="nowhere" />'
    '<bpmn:messageFlow id="m" sourceRef="a" targetRef="parents" /><bpmn:conversation id="talk" /></bpmn:collaboration>'
)


def test_pools_of_outside_parties_and_their_messages_are_notes() -> None:
    found = look(sketch(a(), flows="s>a>e", root=POOLS))

    assert found.faults == ()
    assert [note.sentence.split(":")[0] for note in found.notes] == [
        "The pools “Parents” and “DfE” are kept on the drawing",
        "Dashed arrows between pools are kept on the drawing",
        "The file says more than Headway goes by (“conversation”)",
    ]


def test_documents_stores_and_what_moves_them_are_notes() -> None:
    data = (
        '<bpmn:ioSpecification><bpmn:dataInput id="di" /><bpmn:inputSet><bpmn:dataInputRefs>di</bpmn:dataInputRefs>'
        '</bpmn:inputSet><bpmn:outputSet /></bpmn:ioSpecification><bpmn:property id="p1" />'
        '<bpmn:dataInputAssociation id="in"><bpmn:sourceRef>doc</bpmn:sourceRef><bpmn:targetRef>di</bpmn:targetRef>'
        "<bpmn:assignment><bpmn:from>x</bpmn:from><bpmn:to>y</bpmn:to></bpmn:assignment></bpmn:dataInputAssociation>"
    )
    found = look(
        sketch(
            a(inner=data), step("dataObjectReference", "doc", "The plan"), '<bpmn:dataObject id="o" />',
            step("dataStoreReference", "store", "Records"), gateway("g"), '<bpmn:group id="grp" />', flows="s>a>g>e",
            root='<bpmn:dataStore id="ds" />',
        )
    )  # fmt: skip

    assert found.faults == ()
    assert [note.sentence for note in found.notes] == [
        "Drawn documents and data stores (“The plan” and “Records”) are kept on the drawing: a case keeps its answers"
        " by itself."
    ]


def test_who_does_a_step_as_other_programs_say_it_is_a_note() -> None:
    owner = (
        "<bpmn:potentialOwner><bpmn:resourceAssignmentExpression><bpmn:formalExpression>x</bpmn:formalExpression>"
        "</bpmn:resourceAssignmentExpression></bpmn:potentialOwner>"
    )
    found = look(sketch(a(inner=owner), "<bpmn:auditing />", flows="s>a>e", root='<bpmn:interface id="i" name="x" />'))

    assert found.faults == ()
    assert len(found.notes) == 1


def test_the_others_are_on_the_drawing() -> None:
    read = read_package(Package(sketch(a(), flows="s>a>e", root=another("other", *PARTS, flows=FLOWS)), form()), ROLES)
    assert read.root is not None

    drawn = etree.fromstring(draw.svg_of(read.root))

    assert {"a", "b", "t"} <= {item.get("data-element") for item in drawn.iter()}
