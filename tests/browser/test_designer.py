"""Somebody who draws procedures: a changed diagram is checked, looked at and published; one with faults shows each."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FilePayload, Page

from engine.model.casework import Version
from storage.database import reading_store
from tests.browser.conftest import Opener
from tests.browser.looks import barriers, too_wide
from tests.browser.served import Served
from tests.browser.visitor import HEIGHT, sign_in
from web.context.library import SHIPPED

pytestmark = pytest.mark.slow

DESIGNER = "Priya Nair"
DRAWN = (SHIPPED / "diagnosis.bpmn").read_text("utf-8")


def as_file(drawn: str) -> FilePayload:
    return {"name": "diagnosis.bpmn", "mimeType": "application/xml", "buffer": drawn.encode()}


def upload(page: Page, drawn: str) -> None:
    """Choose the diagram as the modeller saved it, and nothing else."""
    page.goto("/procedures")
    page.get_by_role("button", name="Upload a procedure").click()
    page.set_input_files("input[name='files']", [as_file(drawn)])
    page.get_by_role("button", name="Check the files").click()
    page.wait_for_url("**/procedures/uploads/*")


def live(served: Served) -> list[Version]:
    """The version that new cases follow."""
    with reading_store(served.trust.database) as store:
        return [version for version in store.live_versions() if version.key == "diagnosis"]


def in_nobodys_way(page: Page) -> list[str]:
    found = []
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": HEIGHT[width]})
        found += [*barriers(page), *too_wide(page)]
    return found


def test_a_changed_diagram_is_published_and_new_cases_follow_it(served: Served, open_page: Opener) -> None:
    with open_page() as page:
        sign_in(page, DESIGNER)
        upload(page, DRAWN.replace('name="Give your first account"', 'name="Tell us what you know"'))

        assert "Tell us what you know" in page.inner_text("main")
        assert in_nobodys_way(page) == []

        page.get_by_role("button", name=re.compile("Publish")).first.click()
        page.wait_for_url(re.compile(r"/procedures/diagnosis(/2)?(\?.*)?$"))

        assert "Version 2" in page.inner_text("main")
        assert "Tell us what you know" in page.inner_text("main")
        assert in_nobodys_way(page) == []
        assert [version.number for version in live(served)] == [2]


def test_every_fault_of_a_diagram_is_told_on_its_step(served: Served, open_page: Opener) -> None:
    drawn = DRAWN.replace('camunda:dueDate="3 school days"', 'camunda:dueDate="soonish"', 1)
    drawn = drawn.replace('camunda:formRef="diagnosis-decision"', 'camunda:formRef="diagnosis-verdict"')
    drawn = drawn.replace('name="Headteacher"', 'name="Head of everything"')
    assert drawn.count("soonish") == drawn.count("diagnosis-verdict") == 1

    with open_page() as page:
        sign_in(page, DESIGNER)
        upload(page, drawn)

        told = page.locator(".hw-faults").inner_text()
        assert "Decide with the head" in told
        assert "soonish" in told
        assert "Head of everything" in told
        assert page.get_by_role("button", name=re.compile("Publish")).count() == 0
        assert in_nobodys_way(page) == []
    assert [version.number for version in live(served)] == [1]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "This diagram is empty."),
        ("not a diagram", "it cannot be read at line 1"),
        ("<html></html>", "This file holds no BPMN process."),
    ],
)
def test_what_is_no_diagram_is_refused_in_a_sentence(content: str, said: str, open_page: Opener) -> None:
    with open_page() as page:
        sign_in(page, DESIGNER)
        upload(page, content)

        assert said in page.inner_text("main")
        assert page.get_by_role("button", name=re.compile("Publish")).count() == 0


STEPS = "".join(f'<task id="t{number}" name="Do part {number}"/>' for number in range(9))
ARROWS = "".join(f'<sequenceFlow id="f{n}" sourceRef="t{n}" targetRef="t{n + 1}"/>' for n in range(8))
FOREIGN = f"""<?xml version="1.0" encoding="UTF-16"?>
<?xml-stylesheet href="x.xsl"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:signavio="http://www.signavio.com" id="d">
 <collaboration id="all"><participant id="p1" name="Café Prüfung" processRef="ours"/>
  <participant id="p2" name="Parents"/>
  <messageFlow id="m" sourceRef="t1" targetRef="p2"/></collaboration>
 <process id="ours"><extensionElements><signavio:signavioMetaData metaKey="revisionid"/></extensionElements>
  <startEvent id="s"/>{STEPS}<endEvent id="e" name="Done"/>{ARROWS}
  <sequenceFlow id="fs" sourceRef="s" targetRef="t0"/><sequenceFlow id="fe" sourceRef="t8" targetRef="e"/></process>
 <process id="theirs"><task id="x" name="Elsewhere"/></process>
</definitions>"""


def test_a_file_of_another_program_is_laid_out_and_its_same_faults_are_told_together(open_page: Opener) -> None:
    with open_page() as page:
        sign_in(page, DESIGNER)
        page.goto("/procedures/upload")
        drawn: FilePayload = {"name": "ours.bpmn", "mimeType": "application/xml", "buffer": FOREIGN.encode("utf-16")}
        page.set_input_files("input[name='files']", [drawn])
        page.get_by_role("button", name="Check the files").click()
        page.wait_for_url("**/procedures/uploads/*")

        told, notes = page.locator(".hw-faults").inner_text(), page.locator("#notes ~ ul").inner_text()
        assert "9 places: “Do part 0”" in told
        assert told.count("Nobody is to do this") == 1
        assert "Signavio" in notes
        assert "has no drawing, so Headway laid one out" in notes
        assert page.locator("[data-element='t8']").count() == 1
        assert in_nobodys_way(page) == []
