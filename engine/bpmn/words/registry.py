"""What a diagram may ask Headway to do. A word tells (it is carried out and the case moves on) or asks (the case waits
for the answer). Each has a typed schema; the modeller's blocks are made from the labels and hints here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from engine.errors import WordRefused
from engine.model.calendar import read_deadline

_HOLE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_NAME = re.compile(r"^[^\W\d]\w*$")
_YES = frozenset({"yes", "true"})
_NO = frozenset({"no", "false", ""})


@dataclass(frozen=True)
class Word:
    """One thing a diagram may ask for."""

    key: str
    label: str
    hint: str  # one sentence: what it does
    schema: type[Schema]
    asks: bool = False  # the case rests there until it is answered; start_procedure asks when it waits: see asks()


def _told(label: str, hint: str, fixed: bool = False) -> dict[str, Any]:
    """What every parameter has. `fixed`: written out on the diagram, never a rule, so that publishing can check it."""
    missing = f"“{label}” is missing. {hint}"
    messages = {"required": missing, "null": missing, "invalid": f"“{label}” does not fit. {hint}"}
    return {"metadata": {"label": label, "hint": hint, "fixed": fixed}, "error_messages": messages}


def _text(label: str, hint: str, fixed: bool = False) -> fields.String:
    told = _told(label, hint, fixed)
    filled = validate.Regexp(r"\s*\S", error=told["error_messages"]["required"])
    return fields.String(required=True, validate=filled, **told)


def _maybe_text(label: str, hint: str, fixed: bool = False) -> fields.String:
    return fields.String(load_default=None, allow_none=True, **_told(label, hint, fixed))


def _due(label: str) -> fields.String:
    hint = "For example “10 school days”. Leave it out when there is no date."
    return fields.String(load_default=None, allow_none=True, validate=_reads, **_told(label, hint))


def _reads(words: str) -> None:
    try:
        read_deadline(words)
    except ValueError as error:
        raise ValidationError(str(error)) from None


def _names_and_values(label: str, hint: str, key: str) -> fields.Dict:
    return fields.Dict(data_key=key, attribute=key, load_default=dict, **_told(label, hint))


class YesNo(fields.Field[bool]):
    """yes or no, as a designer writes it or as a rule gives it."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bool:
        text = str(value).strip().lower()
        if text not in _YES | _NO:
            raise self.make_error("invalid")
        return text in _YES


def _yes_no(label: str, fixed: bool = False) -> YesNo:
    return YesNo(load_default=False, **_told(label, "Write yes or no.", fixed))


class Tell(Schema):
    """The parameters of `tell`."""

    role = _maybe_text("Role to tell", "The name of a role, or give a person instead.", fixed=True)
    person = _maybe_text("Person to tell", "A rule that gives a person, in place of a role.")
    subject = _text("Subject", "Write one line that says what it is about.")
    text = _text("Message", "Write what they should know or do.")

    @validates_schema
    def _somebody(self, data: Mapping[str, Any], partial: Any = None, **kwargs: Any) -> None:
        later = partial if isinstance(partial, tuple) else ()
        if not data.get("role") and not data.get("person") and "person" not in later:
            raise ValidationError("Nobody would be told. Give a role, or a rule that gives a person.", "role")
        if data.get("person") and not _is_id(data["person"]):
            raise ValidationError("“Person to tell” must be a rule that gives one person found earlier.", "person")


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


class RaiseAction(Schema):
    """The parameters of `raise_action`."""

    title = _text("What to do", "Write it in one line.")
    role = _text("Role to do it", "Write the name of a role.", fixed=True)
    due = _due("Due")
    text = _maybe_text("More about it", "Anything they need to know.")


class Record(Schema):
    """The parameters of `record`."""

    kind = _text("Kind of record", "Write a word for it, such as “diagnosis”.")
    title = _text("Title", "Write one line that says what it is.")
    answers = _names_and_values("Answers to keep", "Names of answers with commas between them.", "fields")


class StartProcedure(Schema):
    """The parameters of `start_procedure`."""

    procedure = _text("Procedure to start", "Write the key of the procedure.", fixed=True)
    title = _text("Title of the new case", "Write one line that says what it is about.")
    answers = _names_and_values("What to hand on", "Names of answers with commas between them.", "answers")
    wait = _yes_no("Wait until it ends", fixed=True)
    fallback_role = _maybe_text("Who acts instead while it is not in use", "The name of a role.", fixed=True)
    due = _due("Due, for whoever acts instead")
    text = _maybe_text("More about it, for whoever acts instead", "Anything they need to know.")


class FindPeople(Schema):
    """The parameters of `find_people`."""

    role = _text("Role to look for", "Write the name of a role.", fixed=True)
    scope = fields.String(
        load_default="trust",
        validate=validate.OneOf(("school", "cluster", "trust"), error="“Where to look” is school, cluster or trust."),
        **_told("Where to look", "Write school, cluster or trust."),
    )
    at_least = fields.Integer(
        load_default=1,
        validate=validate.Range(1, 50, error="“How many at least” is a whole number from 1 to 50."),
        **_told("How many at least", "Write a whole number from 1 to 50."),
    )
    not_from_school = _yes_no("Leave out people of the case's own school")


WORDS: Mapping[str, Word] = MappingProxyType(
    {
        word.key: word
        for word in (
            Word("tell", "Tell somebody", "Shows a message to the people who hold a role, and mails it.", Tell),
            Word("raise_action", "Raise an action", "Puts something to do on a role's list.", RaiseAction),
            Word("record", "Keep a record", "Keeps answers as a record of the case.", Record),
            Word("start_procedure", "Start a procedure", "Starts another procedure, waiting or not.", StartProcedure),
            Word("find_people", "Find people", "Finds the people who hold a role.", FindPeople, asks=True),
        )
    }
)
_LISTS = {"record": "fields", "start_procedure": "answers"}  # names with commas stand for those answers


def asks(word: str, parameters: Mapping[str, Any]) -> bool:
    """Whether a case waits for this word's answer. Known from the drawing: `wait` is never a rule."""
    if word == "start_procedure":
        return str(parameters.get("wait", "")).strip().lower() in _YES
    return word in WORDS and WORDS[word].asks


def spelt_out(word: str | None, parameters: Mapping[str, str]) -> dict[str, str]:
    """Parameters with a list of answers' names written as the FEEL it stands for: `a, b` becomes `={a: a, b: b}`."""
    key = _LISTS.get(word or "")
    listed = parameters.get(key or "", "")
    names = [name.strip() for name in listed.split(",") if name.strip()]
    if not key or not names or not all(_NAME.match(name) for name in names):
        return dict(parameters)
    return {**parameters, key: "={" + ", ".join(f"{name}: {name}" for name in names) + "}"}


def load(word: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a word, rules worked out, every name present. Raises WordRefused with a sentence.

    tell: role and person (one may be None), subject, text. raise_action: title, role, due, text. record: kind, title,
    fields. start_procedure: procedure, title, answers, wait, fallback_role, due, text. find_people: role, scope,
    at_least, not_from_school.
    """
    if word not in WORDS:
        raise WordRefused(_unknown(word))
    try:
        return dict(WORDS[word].schema().load(parameters))
    except ValidationError as error:
        sentences = " ".join(_sentences(error, WORDS[word]))
        raise WordRefused(f"{WORDS[word].label} could not be carried out. {sentences}") from error


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


def is_rule(text: str) -> bool:
    """Whether a parameter holds FEEL, whole (leading "=") or in holes (`{{ }}`)."""
    return text.startswith("=") or "{{" in text


def holes(text: str) -> list[str]:
    """The FEEL in a text's `{{ }}`."""
    return [found.strip() for found in _HOLE.findall(text)]


def _keys(known: Mapping[str, fields.Field[Any]]) -> set[str]:
    return {field.data_key or name for name, field in known.items()}


def _unknown(word: str) -> str:
    known = ", ".join(WORDS)
    return f"“{word}” is not something Headway can be asked to do. Use one of: {known}."


def _sentences(error: ValidationError, word: Word) -> list[str]:
    known = _keys(word.schema().fields)
    found: list[str] = []
    for name, messages in error.messages_dict.items():
        if name not in known and name != "_schema":
            found.append(f"“{name}” is not something to fill in here. Use: {', '.join(sorted(known))}.")
        else:
            found += [str(message) for message in messages]
    return found
