"""Tell somebody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError, validates_schema

from engine.bpmn.words.fields import Word, maybe_text, text_of


class Tell(Schema):
    """The parameters of `tell`."""

    role = maybe_text("Role to tell", "The name of a role, or give a person instead.", fixed=True)
    person = maybe_text("Person to tell", "A rule that gives a person, in place of a role.")
    subject = text_of("Subject", "Write one line that says what it is about.")
    text = text_of("Message", "Write what they should know or do.")

    @validates_schema
    def _somebody(self, data: Mapping[str, Any], partial: Any = None, **kwargs: Any) -> None:
        later = partial if isinstance(partial, tuple) else ()
        if not data.get("role") and not data.get("person") and not {"person", "role"} & set(later):
            raise ValidationError("Nobody would be told. Give a role, or a rule that gives a person.", "role")
        if data.get("person") and not _is_id(data["person"]):
            raise ValidationError("“Person to tell” must be a rule that gives one person found earlier.", "person")


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


WORD = Word("tell", "Tell somebody", "Shows a message to the people who hold a role, and mails it.", Tell)
