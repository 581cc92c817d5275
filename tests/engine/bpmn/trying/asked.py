"""Questions to build trials from, and a procedure with one rule."""

from __future__ import annotations

import json
from html import escape
from typing import Any

from engine.bpmn.check import package_faults
from engine.bpmn.package import Package
from engine.model.fault import Fault
from tests.engine.bpmn.check.sketches import ROLES
from tests.engine.bpmn.sketch import gateway, sketch, user

Question = dict[str, Any]


def number(key: str = "n", required: bool = True, **limits: Any) -> Question:
    return {"type": "number", "key": key, "id": key, "label": key, "validate": {"required": required, **limits}}


def choice(key: str = "kind", required: bool = True, *options: str, type: str = "radio") -> Question:
    values = [{"label": text, "value": text} for text in options or ("urgent", "normal")]
    return {"type": type, "key": key, "id": key, "label": key, "values": values, "validate": {"required": required}}


def day(key: str = "d", required: bool = True) -> Question:
    kept = {"validate": {"required": required}}
    return {"type": "datetime", "subtype": "date", "key": key, "id": key, "dateLabel": key, **kept}


def text(key: str = "t", required: bool = True) -> Question:
    return {"type": "textfield", "key": key, "id": key, "label": key, "validate": {"required": required}}


def tick(key: str = "ok") -> Question:
    return {"type": "checkbox", "key": key, "id": key, "label": key}


def form(*questions: Question, key: str = "f") -> dict[str, bytes]:
    return {key: json.dumps({"type": "default", "id": key, "components": list(questions)}).encode()}


def faults(bpmn: bytes, forms: dict[str, bytes], decisions: dict[str, bytes] | None = None) -> list[Fault]:
    return package_faults.faults(Package(bpmn, forms, decisions or {}), ROLES)


def of_condition(rule: str, *questions: Question) -> str:
    """What is said of a condition behind a form that asks these."""
    drawn = sketch(user("a", form="f"), gateway("x", default="f_x_b"), user("b", form="f"), flows="s>a>x>b>e x>e?=RULE")
    found = faults(drawn.replace(b"=RULE", f"={escape(rule)}".encode()), form(*questions))
    assert {fault.element for fault in found} <= {"f_x_e"}, found
    assert len(found) <= 1, found
    return found[0].sentence if found else ""
