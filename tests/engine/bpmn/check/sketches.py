"""Sketches for the tests of the check: files to go with them, and what the check says of each."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from engine.bpmn.check import package_faults
from engine.bpmn.package import Package
from engine.model.fault import Fault
from engine.model.people import Role
from tests.engine.bpmn.sketch import (
    sketch,
    user,
)

ROLES = {
    "headteacher": Role("headteacher", "Headteacher"),
    "director_of_education": Role("director_of_education", "Director of education"),
}
MUST = {"validate": {"required": True}}
KNOWN = '=if route = "desk" then "1 school day" else "2 school days"'


def form(*keys: str, key: str = "f") -> dict[str, bytes]:
    """A form that asks for these, every one to be answered."""
    parts = [
        {"type": "textfield", "id": f"Field_{name}", "key": name, "label": name.capitalize(), **MUST} for name in keys
    ]
    made = {"type": "default", "id": key, "schemaVersion": 18, "executionPlatform": "Camunda Platform"}
    return {key: json.dumps({**made, "components": parts}).encode()}


def table(key: str = "t", asked: str = "route", answered: str = "advice") -> dict[str, bytes]:
    """A decision table with one rule."""
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="http://camunda.org/schema">
  <decision id="{key}" name="A table">
    <decisionTable id="dt" hitPolicy="FIRST">
      <input id="i1" label="Route">
        <inputExpression id="ie1" typeRef="string"><text>{asked}</text></inputExpression></input>
      <output id="o1" label="Advice" name="{answered}" typeRef="string" />
      <rule id="r1"><inputEntry id="u1"><text>"desk"</text></inputEntry>
        <outputEntry id="v1"><text>"go"</text></outputEntry></rule>
      <rule id="r2"><inputEntry id="u2"><text></text></inputEntry>
        <outputEntry id="v2"><text>"stay"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>"""
    return {key: text.encode()}


def faults(
    *parts: str,
    flows: str = "",
    forms: Mapping[str, bytes] | None = None,
    decisions: Mapping[str, bytes] | None = None,
    procedures: Collection[str] = (),
    **named: Any,
) -> list[Fault]:
    """What the check says of a sketch; every person's step has a form without questions unless the test gives one."""
    text = sketch(*parts, flows=flows, **named)
    if forms is None:
        forms = form() if b'formRef="f"' in text else {}
    return package_faults.faults(Package(text, forms, decisions or {}), ROLES, procedures)


def sentences(found: list[Fault], element: str | None) -> str:
    """What is said of one element."""
    return "\n".join(fault.sentence for fault in found if fault.element == element)


def a(id: str = "a", **more: Any) -> str:
    """A sound task."""
    return user(id, **{"form": "f", **more})


def good(*parts: str, flows: str = "s>a>e", **more: Any) -> list[Fault]:
    return faults(a(), *parts, flows=flows, **more)
