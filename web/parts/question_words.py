"""What stands in a form, told in words; and what a page says beside the questions that ask for files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from engine.forms import FieldView, Form, FormView, GroupView, ListView, PartView, QuestionKind
from engine.forms.drawn.model import spoken
from storage.files.types import ACCEPTED
from web.parts.sent_answers import size_in_words

WRITTEN = {QuestionKind.TEXT, QuestionKind.LONG_TEXT, QuestionKind.LIST}
DIVERT = "Worried about a child"


def diverts(form: Form | None, questions: str) -> bool:
    """Whether a page must say where worries about people go: wherever one may write, unless the form says it itself."""
    if form is None or DIVERT in questions:
        return False
    return any(key.kind in WRITTEN for key in form.keys.values())


def told(view: FormView) -> list[tuple[str, str]]:
    """Questions and what stands in them, empty ones left out."""
    return list(_told(view.parts, ""))


def told_plainly(typed: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """What was typed, without the form it was typed into."""
    return [(spoken(name), text) for name, texts in typed.items() for text in texts if text.strip()]


def _told(parts: Sequence[PartView], before: str) -> Iterator[tuple[str, str]]:
    for part in parts:
        if isinstance(part, FieldView) and (text := _text(part)):
            yield f"{before}{part.label}", text
        elif isinstance(part, GroupView):
            yield from _told(part.parts, before)
        elif isinstance(part, ListView):
            for row in part.rows:
                yield from _told(row.parts, f"{row.title}: ")


def _text(field: FieldView) -> str:
    if field.told is not None:
        return field.told
    if field.choices:
        return ", ".join(choice.label for choice in field.choices if choice.chosen)
    if field.kind is QuestionKind.TICK:
        return "Yes" if field.values.get("") == "true" else ""
    if field.kind is QuestionKind.FILES:
        return ", ".join(file.name for file in field.files)
    return " ".join(value for value in field.values.values() if value)


def with_file_hints(view: FormView, most_bytes: int) -> FormView:
    """What may be attached is said before anybody gets it wrong."""
    hint = f"{ACCEPTED[:1].upper()}{ACCEPTED[1:]}, up to {size_in_words(most_bytes)}"
    return replace(view, parts=tuple(_hinted(part, hint) for part in view.parts))


def _hinted(part: PartView, hint: str) -> PartView:
    if isinstance(part, FieldView) and part.kind is QuestionKind.FILES:
        return replace(part, hint=f"{part.hint.rstrip('.')}. {hint}" if part.hint else hint)
    if isinstance(part, GroupView):
        return replace(part, parts=tuple(_hinted(inner, hint) for inner in part.parts))
    return part
