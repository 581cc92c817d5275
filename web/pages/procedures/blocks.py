"""The words as blocks of the Camunda Modeler: element templates made of the words' own schemas, so that they agree."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from engine.bpmn.words.fields import Word, YesNo
from engine.bpmn.words.registry import WORDS
from engine.model.people import Role

SCHEMA = "https://unpkg.com/@camunda/element-templates-json-schema/resources/schema.json"
ROLES = frozenset({"role", "fallback_role"})  # parameters that name a role
LONG = frozenset({"text"})  # those that may take several lines
VERSION = 1
RESULT = {  # for words whose answer the case keeps
    "label": "Name of the answer",
    "description": "By this name rules and later steps know what comes back, such as “experts”.",
}


def blocks(roles: Mapping[str, Role]) -> bytes:
    """A file of blocks for the modeller, one for each word, that offers the trust's roles. JSON, UTF-8."""
    return json.dumps([_block(word, roles) for word in WORDS.values()], ensure_ascii=False, indent=2).encode()


def _block(word: Word, roles: Mapping[str, Role]) -> dict[str, Any]:
    known = word.schema().fields
    asked = [_field(field.data_key or name, field, roles) for name, field in known.items()]
    return {
        "$schema": SCHEMA,
        "name": word.label,
        "id": f"headway.{word.key}",
        "version": VERSION,
        "description": word.hint,
        "appliesTo": ["bpmn:Task", "bpmn:ServiceTask", "bpmn:SendTask"],
        "elementType": {"value": "bpmn:ServiceTask"},
        "properties": [
            {"type": "Hidden", "value": word.key, "binding": _binding("trust:word")},
            *asked,
            *_result(word),
        ],
    }


def _result(word: Word) -> list[dict[str, Any]]:
    if word.unnamed is None:
        return []
    needed = {"constraints": {"notEmpty": True}}
    return [{**RESULT, "type": "String", "binding": _binding("trust:result"), **needed}]


def _field(name: str, field: fields.Field[Any], roles: Mapping[str, Role]) -> dict[str, Any]:
    hint = str(field.metadata["hint"])
    hint += "" if field.metadata["fixed"] else " A rule may stand here: it begins with =, or stands in {{ }} in a text."
    made: dict[str, Any] = {"label": field.metadata["label"], "description": hint, "binding": _binding(name)}
    if field.required:
        made["constraints"] = {"notEmpty": True}
    return {**made, **_kind(name, field, roles)}


def _kind(name: str, field: fields.Field[Any], roles: Mapping[str, Role]) -> dict[str, Any]:
    """How it is filled in: chosen where there is something to choose from, else typed."""
    if name in ROLES:
        none = [] if field.required else [{"name": "(nobody)", "value": ""}]
        return _choice([*none, *({"name": role.label, "value": key} for key, role in roles.items())])
    if isinstance(field, YesNo):
        return _choice([{"name": "no", "value": "no"}, {"name": "yes", "value": "yes"}])
    one_of = next((each for each in _validators(field) if isinstance(each, validate.OneOf)), None)
    if one_of is not None:
        chosen = _choice([{"name": str(each), "value": str(each)} for each in one_of.choices])
        return {**chosen, "value": str(field.load_default)}
    if isinstance(field, fields.Integer):
        return {"type": "String", "value": str(field.load_default)}
    return {"type": "Text" if name in LONG else "String"}


def _choice(choices: list[dict[str, str]]) -> dict[str, Any]:
    first = {"value": choices[0]["value"]} if choices and choices[0]["value"] in ("", "no") else {}
    return {"type": "Dropdown", "choices": choices, **first}


def _validators(field: fields.Field[Any]) -> list[Any]:
    return list(field.validators)


def _binding(name: str) -> dict[str, str]:
    return {"type": "camunda:property", "name": name}
