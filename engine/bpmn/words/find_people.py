"""Find people."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from engine.bpmn.words.fields import Word, always, text_of, told, yes_no


class FindPeople(Schema):
    """The parameters of `find_people`."""

    role = text_of("Role to look for", "Write the name of a role.", fixed=True)
    scope = fields.String(
        load_default="trust",
        validate=validate.OneOf(("school", "cluster", "trust"), error="“Where to look” is school, cluster or trust."),
        **told("Where to look", "Write school, cluster or trust."),
    )
    at_least = fields.Integer(
        load_default=1,
        validate=validate.Range(1, 50, error="“How many at least” is a whole number from 1 to 50."),
        **told("How many at least", "Write a whole number from 1 to 50."),
    )
    not_from_school = yes_no("Leave out people of the case's own school")


WORD = Word(
    "find_people",
    "Find people",
    "Finds the people who hold a role.",
    FindPeople,
    asks=always,
    unnamed="The people found have no name. Fill in the property trust:result.",
)
