"""Keep a record."""

from __future__ import annotations

from marshmallow import Schema

from engine.bpmn.words.fields import Word, names_and_values, text_of


class RecordParameters(Schema):
    """The parameters of `record`."""

    kind = text_of("Kind of record", "Write a word for it, such as “diagnosis”.")
    title = text_of("Title", "Write one line that says what it is.")
    answers = names_and_values("Answers to keep", "Names of answers with commas between them.", "fields")


WORD = Word("record", "Keep a record", "Keeps answers as a record of the case.", RecordParameters, lists="fields")
