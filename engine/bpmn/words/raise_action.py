"""Raise an action."""

from __future__ import annotations

from marshmallow import Schema

from engine.bpmn.words.fields import Word, due_words, maybe_text, text_of


class RaiseAction(Schema):
    """The parameters of `raise_action`."""

    title = text_of("What to do", "Write it in one line.")
    role = text_of("Role to do it", "Write the name of a role.", fixed=True)
    due = due_words("Due")
    text = maybe_text("More about it", "Anything they need to know.")


WORD = Word("raise_action", "Raise an action", "Puts something to do on a role's list.", RaiseAction)
