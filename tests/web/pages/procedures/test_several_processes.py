"""A file with several processes: one is published and run for good, the others stay in the file and on the drawing."""

from __future__ import annotations

from storage.database import transaction
from tests.web.house import House
from tests.web.pages.procedures.test_pages import DIAGRAM, KEY, changed, press_publish, shipped, upload

OTHER = (
    '<bpmn:process id="of_the_council" name="At the council" isExecutable="true"><bpmn:startEvent id="cs" />'
    '<bpmn:task id="ct" name="Look into it" /><bpmn:endEvent id="ce" name="Looked into" />'
    '<bpmn:sequenceFlow id="c1" sourceRef="cs" targetRef="ct" />'
    '<bpmn:sequenceFlow id="c2" sourceRef="ct" targetRef="ce" />'
    "</bpmn:process><bpmndi:BPMNDiagram"
)


def test_one_of_several_is_published_and_stays_the_one_that_is_run(trust: House) -> None:
    dana, files = trust.visitor("dana"), {**shipped(), **changed(DIAGRAM, "<bpmndi:BPMNDiagram", OTHER)}

    looked = upload(dana, files)
    press_publish(dana, looked)
    again = upload(dana, {DIAGRAM: files[DIAGRAM]})

    assert "This file holds 2 processes. Headway runs “Estates defect”" in looked.main
    assert "“At the council” is kept on the drawing" in looked.main
    assert 'data-element="ct"' in dana.open(f"/procedures/{KEY}").html
    assert "Look into it" not in dana.open(f"/procedures/{KEY}").main.split("Steps in words")[-1]
    assert "is exactly this already" in again.main
    assert "process.txt" not in dana.open(f"/procedures/{KEY}").main
    with transaction(trust.database) as store:
        version = store.live_version(KEY)
        assert version is not None
        assert store.definition(version.id).diagram.key == KEY
        assert store.package(version.id).digest == version.digest
