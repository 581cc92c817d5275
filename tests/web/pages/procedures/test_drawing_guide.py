"""How to draw: everything that can be drawn is on the page, each sample without a fault, drawn by Headway itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from lxml import etree

from engine.bpmn.check.package_faults import faults
from engine.bpmn.diagram import dialect
from engine.bpmn.diagram.elements import Diagram, Kind
from engine.bpmn.drawing import draw
from engine.bpmn.package import Package
from engine.commands.procedures import package_of
from engine.model.people import Role
from tests.web.house import House
from web.context.library import shipped_roles
from web.pages.procedures.drawing_guide.elements import PARTS
from web.pages.procedures.drawing_guide.samples import FOLDER, DrawingSample, groups, sample_file

ROLES = {role.key: role for role in shipped_roles()}
SAMPLES = [sample for group in groups(ROLES) for sample in group.samples]
IN_USE = frozenset({"sample_task"})  # what one of the samples calls


def package(sample: DrawingSample) -> Package:
    """A sample with what goes with it, as it is downloaded."""
    files = [sample.file, *sample.beside]
    return package_of({name: sample_file(name, ROLES) for name in files})


def drawn() -> Iterator[Diagram]:
    """Every sample, read."""
    return (dialect.read(sample.data, ROLES) for sample in SAMPLES)


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample.element.key for sample in SAMPLES])
def test_a_sample_has_no_fault(sample: DrawingSample) -> None:
    assert faults(package(sample), ROLES, IN_USE) == []


def test_everything_that_is_run_has_a_sample() -> None:
    shown = {(element.kind, element.trigger) for diagram in drawn() for element in diagram.elements.values()}
    events = {(kind, trigger) for kind, about in dialect.ABOUT.items() for trigger in about}
    steps = {*dialect.STEPS.values(), Kind.SUB, Kind.EVENT_SUB}
    tags = {etree.QName(item).localname for each in SAMPLES for item in etree.fromstring(each.data).iter(etree.Element)}

    assert events - shown == set()
    assert steps - {kind for kind, _ in shown} == set()
    assert {*dialect.STEPS, "transaction", "textAnnotation", "dataObjectReference", "messageFlow"} - tags == set()


def test_every_sample_kept_is_on_the_page_and_of_its_own_key() -> None:
    kept = {str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.bpmn")}
    keys = [diagram.key for diagram in drawn()]

    assert kept == {f"{part.key}/{each.key}.bpmn" for part in PARTS for each in part.elements}
    assert keys == [f"sample_{sample.element.key}" for sample in SAMPLES]
    assert len(set(keys)) == len(keys) > 50


def test_a_picture_is_headways_own_drawing_and_says_in_words_what_it_shows() -> None:
    for sample in SAMPLES:
        own, shown = etree.fromstring(draw.svg(sample.data)), etree.fromstring(sample.picture)
        said = shown.findtext("{*}desc")

        assert [group.get("data-element") for group in shown.iter("{*}g")] == [
            group.get("data-element") for group in own.iter("{*}g")
        ]
        assert said == " ".join(f"{step.number}. {step.sentence}" for step in sample.steps)


def test_the_page_shows_every_sample_and_each_is_downloaded_as_it_is_kept(trust: House) -> None:
    dana = trust.visitor("dana")
    page = dana.open(dana.open("/procedures").links("/procedures/upload/drawing")[0])

    assert page.html.count("<svg") >= len(SAMPLES)
    for sample in SAMPLES:
        address = page.links(f"/{sample.file}")[0]
        assert dana.open(address).response.get_data() == (FOLDER / _folder(sample) / sample.file).read_bytes()
        assert sample.name in page.main
    assert dana.open(page.links("sample-answers.form")[0]).status == 200
    assert dana.open("/procedures/upload/drawing/..%2felements.py").status == 404
    assert dana.open("/procedures/upload").links("/procedures/upload/drawing") != []


def test_a_trust_without_that_role_gets_samples_in_a_lane_of_its_own() -> None:
    roles = {"head": Role("head", "Head & “teacher”")}
    own = dialect.read(sample_file("call_activity.bpmn", roles), roles)

    assert own.lanes == ("Head & “teacher”",)
    assert b'value="head"' in sample_file("send_task.bpmn", roles)


def _folder(sample: DrawingSample) -> str:
    return next(part.key for part in PARTS if sample.element in part.elements)
