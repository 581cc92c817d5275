"""The floor a command is compared with: plain SpiffWorkflow on the same diagram, and one fsynced 4 KB commit."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.spiff.parser import SpiffBpmnParser
from SpiffWorkflow.spiff.serializer.config import SPIFF_CONFIG
from SpiffWorkflow.util.task import TaskState

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"


def committing(folder: Path) -> Callable[[], None]:
    """Inserts 4 KB and commits it with an fsync (SQLite, WAL, synchronous FULL)."""
    connection = sqlite3.connect(folder / "floor.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE floor (data BLOB)")
    data = os.urandom(4096)

    def commit() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO floor VALUES (?)", (data,))
        connection.execute("COMMIT")

    return commit


def spiff(bpmn: bytes, key: str, step: str | None) -> Callable[[], None]:
    """Loads a case of the diagram, completes `step` and dumps it, all as the library ships.

    step None: starts a case and dumps it. The diagram's rules become Python that takes the same way.
    """
    parser = SpiffBpmnParser()
    parser.add_bpmn_xml(plain(bpmn))
    spec, subs = parser.get_spec(key), parser.get_subprocess_specs(key)
    serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure(SPIFF_CONFIG))

    def started() -> BpmnWorkflow:
        workflow = BpmnWorkflow(spec, subs)
        workflow.do_engine_steps()
        return workflow

    def start() -> None:
        serializer.serialize_json(started())

    if step is None:
        return start
    stored = serializer.serialize_json(started())

    def complete() -> None:
        workflow = serializer.deserialize_json(stored)
        (task,) = (t for t in workflow.get_tasks(state=TaskState.READY) if t.task_spec.bpmn_id == step)
        task.data.update({"route": "desk"})
        task.run()
        workflow.do_engine_steps()
        serializer.serialize_json(workflow)

    return complete


def plain(bpmn: bytes) -> etree._Element:
    """The diagram in the library's own dialect: Python for rules, empty scripts for words and tables, no Camunda."""
    root = etree.fromstring(bpmn)
    for element in list(root.iter()):
        if isinstance(element.tag, str):
            PLAINER.get(element.tag.removeprefix(BPMN), _as_it_is)(element)
        for name in list(element.attrib):
            if isinstance(name, str) and name.startswith(CAMUNDA):
                del element.attrib[name]
    return root


def _as_it_is(_element: etree._Element) -> None:
    """Nothing to change."""


def _as_script(element: etree._Element) -> None:
    element.tag = f"{BPMN}scriptTask"
    for child in list(element):
        if child.tag in {f"{BPMN}script", f"{BPMN}extensionElements"}:
            element.remove(child)
    etree.SubElement(element, f"{BPMN}script").text = "done = True"


def _three_times(element: etree._Element) -> None:
    for child in list(element):
        element.remove(child)
    etree.SubElement(element, f"{BPMN}loopCardinality").text = "3"


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _in_a_month(element: etree._Element) -> None:
    element.text = json.dumps("P30D")


def _condition(element: etree._Element) -> None:
    element.text = _python(element.text or "")


def _python(feel: str) -> str:
    """Only the first gateway matters here: its rules compare one answer with one text; others become false."""
    match = re.fullmatch(r'\s*=?\s*(\w+)\s*=\s*"([^"]*)"\s*', feel)
    return f'locals().get("{match[1]}") == "{match[2]}"' if match and match[1] == "route" else "False"


PLAINER: Mapping[str, Callable[[etree._Element], None]] = {
    "businessRuleTask": _as_script,
    "sendTask": _as_script,
    "serviceTask": _as_script,
    "scriptTask": _as_script,
    "conditionExpression": _condition,
    "timeDuration": _in_a_month,
    "timeDate": _in_a_month,
    "multiInstanceLoopCharacteristics": _three_times,
    "extensionElements": _remove,
}
