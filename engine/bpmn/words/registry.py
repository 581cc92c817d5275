"""What a diagram may ask Headway to do. A word tells (it is carried out and the case moves on) or asks (the case waits
for the answer). Each has a typed schema; the modeller's blocks are made from the labels and hints of the words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from marshmallow import Schema, ValidationError, fields

from engine.bpmn.words import find_people, raise_action, record, start_procedure, tell
from engine.bpmn.words.fields import Word
from engine.errors import WordRefused
from engine.model.wording import quoted
from engine.rules.texts import is_rule

_NAME = re.compile(r"^[^\W\d]\w*$")

WORDS: Mapping[str, Word] = MappingProxyType(
    {module.WORD.key: module.WORD for module in (tell, raise_action, record, start_procedure, find_people)}
)


def asks(word: str, parameters: Mapping[str, Any]) -> bool:
    """Whether a case waits for this word's answer."""
    return word in WORDS and WORDS[word].asks(parameters)


def labels(word: str) -> dict[str, str]:
    """What the parameters of a word are called, by name."""
    return {key: str(field.metadata["label"]) for key, field in _fields(word).items()}


def _fields(word: str | None) -> dict[str, fields.Field[Any]]:
    known = WORDS[word].schema().fields if word and word in WORDS else {}
    return {field.data_key or name: field for name, field in known.items()}


def spelt_out(word: str | None, parameters: Mapping[str, str]) -> dict[str, str]:
    """Parameters with a list of answers' names written as the FEEL it stands for: `a, b` becomes `={a: a, b: b}`."""
    parameters = _filled(word, parameters)
    key = WORDS[word].lists if word is not None and word in WORDS else None
    listed = parameters.get(key or "", "")
    names = [name.strip() for name in listed.split(",") if name.strip()]
    if not key or not names or not all(_NAME.match(name) for name in names):
        return dict(parameters)
    return {**parameters, key: "={" + ", ".join(f"{name}: {name}" for name in names) + "}"}


def _filled(word: str | None, parameters: Mapping[str, str]) -> dict[str, str]:
    """Without what a block leaves empty and need not hold."""
    needed = {key for key, field in _fields(word).items() if field.required}
    return {key: text for key, text in parameters.items() if text.strip() or key in needed}


def load(word: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a word, rules worked out, every name present. Raises WordRefused with a sentence.

    tell: role and person (one may be None), subject, text. raise_action: title, role, due, text. record: kind, title,
    fields. start_procedure: procedure, title, answers, wait, fallback_role, due, text. find_people: role, scope,
    at_least, not_from_school.
    """
    if word not in WORDS:
        raise WordRefused(_unknown(word))
    try:
        return dict(_schema(word).load(parameters))
    except ValidationError as error:
        sentences = " ".join(_sentences(error, WORDS[word]))
        raise WordRefused(f"{WORDS[word].label} could not be carried out. {sentences}") from error


@cache
def _schema(word: str) -> Schema:
    """Made once: reading does not change it, and every case that asks for the word reads."""
    return WORDS[word].schema()


def faults(word: str, parameters: Mapping[str, str]) -> list[str]:
    """What is wrong with a word as drawn, a sentence each. What a rule will give cannot be known yet and passes."""
    if word not in WORDS:
        return [_unknown(word)]
    known = WORDS[word].schema().fields
    later = {name for name, text in parameters.items() if is_rule(text)}
    found = [
        f"“{field.metadata['label']}” cannot be a rule. Write it out."
        for field in known.values()
        if field.metadata["fixed"] and (field.data_key or field.name) in later
    ]
    drawn = {name: text for name, text in parameters.items() if name not in later or name not in _keys(known)}
    try:
        WORDS[word].schema().load(drawn, partial=tuple(later))
    except ValidationError as error:
        found += _sentences(error, WORDS[word])
    return found


def _keys(known: Mapping[str, fields.Field[Any]]) -> set[str]:
    return {field.data_key or name for name, field in known.items()}


def _unknown(word: str) -> str:
    known = ", ".join(WORDS)
    return f"{quoted(word)} is not something Headway can be asked to do. Use one of: {known}."


def _sentences(error: ValidationError, word: Word) -> list[str]:
    known = _keys(word.schema().fields)
    found: list[str] = []
    for name, messages in error.messages_dict.items():
        if name not in known and name != "_schema":
            found.append(f"{quoted(name)} is not something to fill in here. Use: {', '.join(sorted(known))}.")
        else:
            found += [str(message) for message in messages]
    return found
