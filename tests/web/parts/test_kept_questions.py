"""Blank questions are made once for all who see them; what somebody gave is kept for nobody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine import forms
from engine.forms import Attached
from engine.forms.shown.parts import ChoiceView
from web.parts import questions as pages


def blank(**more: Any) -> forms.FieldView:
    return replace(forms.FieldView(forms.QuestionKind.TEXT, "q-why", "why", "Why?", values={"": ""}), **more)


def shown(field: forms.FieldView) -> str:
    return pages.render(forms.FormView("form", (field,)))


def test_a_blank_question_is_made_once_and_anew_when_anything_of_it_differs() -> None:
    first = shown(blank())
    kept = dict(pages._kept)

    assert shown(blank()) == first
    assert pages._kept == kept
    assert "(optional)" in shown(blank(optional=True))
    assert "In a word" in shown(blank(hint="In a word"))
    assert shown(blank()) == first


@pytest.mark.parametrize(
    "more",
    [
        {"values": {"": "Known to Ruth alone"}},
        {"error": "Enter why"},
        {"told": "Known to Ruth alone"},
        {"kind": forms.QuestionKind.FILES, "files": (Attached("1", "ruth.pdf"),)},
        {"kind": forms.QuestionKind.RADIO, "choices": (ChoiceView("a", "A", chosen=True),)},
    ],
)
def test_what_somebody_typed_or_attached_is_kept_for_nobody(more: dict[str, Any]) -> None:
    pages._kept.clear()

    shown(blank(**more))

    assert pages._kept == {}


def test_only_so_many_blank_questions_are_kept() -> None:
    for number in range(2 * pages.MOST_KEPT + 1):
        shown(blank(id=f"q-{number}"))

    assert 0 < len(pages._kept) <= pages.MOST_KEPT
