"""What a record keeps, in words: by the questions it was asked with, where a form of the procedure asked them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine import forms
from engine.forms import Form
from engine.forms.drawn.model import spoken

NAMES_ITSELF = frozenset({"label", "name", "title"})  # a fact with one of these is told by it


def told(body: Mapping[str, Any], asked: Mapping[str, Form]) -> list[tuple[str, str]]:
    """Facts as (name, text); what was not known is left out. asked: the forms of the procedure."""
    return list(_facts(body, asked))


def _facts(body: Mapping[str, Any], asked: Mapping[str, Form]) -> Iterator[tuple[str, str]]:
    for key, value in body.items():
        if value in (None, "", [], {}):
            continue
        form = next((form for form in asked.values() if key in form.keys), None)
        yield from forms.tell_answers(form, {key: value}) if form else [(spoken(key), _in_words(value, asked))]


def _in_words(value: Any, asked: Mapping[str, Form]) -> str:
    """Several facts of one thing on one line, several things one below the other."""
    if isinstance(value, Mapping) and not NAMES_ITSELF & set(value):
        return "; ".join(f"{name.rstrip('?:')}: {_on_one_line(text)}" for name, text in _facts(value, asked))
    if isinstance(value, list) and any(isinstance(each, Mapping) for each in value):
        lines = [text for each in value if (text := _in_words(each, asked))]
        return "\n".join(f"{number}. {text}" for number, text in enumerate(lines, start=1))
    return forms.in_words(value)


def _on_one_line(text: str) -> str:
    return " / ".join(text.splitlines())
