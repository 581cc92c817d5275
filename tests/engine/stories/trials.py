"""What tests of stories share: four roles, small forms, and how the last story of a file comes out."""

from __future__ import annotations

import json

import pytest

from engine.bpmn.definition import Definition
from engine.bpmn.package import Package
from engine.model.people import Role
from engine.stories import tell
from tests.engine.bpmn.sketch import sketch

ROLES = {
    role.key: role
    for role in (
        Role("headteacher", "Headteacher", line="cluster_lead"),
        Role("cluster_lead", "Cluster lead", line="director_of_education"),
        Role("director_of_education", "Director of education", line="chief_executive", days="working"),
        Role("chief_executive", "Chief executive", days="working"),
    )
}


def form(*parts: dict[str, object]) -> bytes:
    numbered = [{"id": f"Field_{number}", **part} for number, part in enumerate(parts)]
    return json.dumps({"type": "default", "schemaVersion": 18, "components": numbered}).encode()


def asks(key: str, kind: str = "textfield", **more: object) -> dict[str, object]:
    return {"type": kind, "key": key, "label": key.capitalize(), "validate": {"required": True}, **more}


REASON = form(asks("reason"))
WHOLE = form(
    asks("reason"),
    asks("count", "number"),
    asks("seen_on", "datetime", subtype="date"),
    asks("sure", "checkbox"),
    asks("who", "select", valuesKey="offered"),
    asks("kinds", "checklist", values=[{"value": "data", "label": "Data"}, {"value": "work", "label": "Work"}]),
    asks("level", "radio", values=[{"value": "low", "label": "Low"}], defaultValue="low"),
    {"type": "dynamiclist", "path": "causes", "label": "Causes", "components": [{"id": "c", **asks("cause")}]},
    asks("paper", "filepicker"),
)


def package(*parts: str, flows: str = "s>a>e", told: str = "", **forms: bytes) -> Package:
    return Package(sketch(*parts, flows=flows, trust__promise="2 school days"), forms, {}, told.encode())


def outcome(told: str, *parts: str, flows: str = "s>a>e", **forms: bytes) -> tell.StoryOutcome:
    """How the last story of a file comes out."""
    read = package(*parts, flows=flows, told=told, **forms)
    return tell.tell(tell.read(read.stories)[-1], Definition(read), ROLES)


def failure(told: str, *parts: str, flows: str = "s>a>e", **forms: bytes) -> str:
    """The sentence with which the last story of a file fails."""
    with pytest.raises(tell.StoryFailed) as failed:
        outcome(told, *parts, flows=flows, **forms)
    return failed.value.sentence


def fault(told: str, *parts: str, flows: str = "s>a>e", **forms: bytes) -> list[str]:
    """Every fault of a package's stories."""
    return [found.sentence for found in tell.all_faults(package(*parts, flows=flows, told=told, **forms), ROLES)]
