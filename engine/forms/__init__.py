"""Forms: form-js files that people draw, shown as pages, their answers checked. What others use of form_*.py."""

from __future__ import annotations

from engine.forms.drawn.model import Form, Key, MomentKind, QuestionKind
from engine.forms.drawn.read import read
from engine.forms.drawn.texts import BlockKind
from engine.forms.filled.answers import check
from engine.forms.filled.rules import reads
from engine.forms.filled.sheet import changes_rows, rows_changed
from engine.forms.filled.tell import in_words, tell_answers
from engine.forms.publishing import faults, notes
from engine.forms.shown.parts import (
    Attached,
    BlockView,
    ChoiceView,
    FieldView,
    FormView,
    GroupView,
    LineView,
    ListView,
    PartView,
    PassageView,
    Problem,
    RowView,
    Span,
    html_id,
)
from engine.forms.shown.view import view

__all__ = [
    "Attached",
    "BlockKind",
    "BlockView",
    "ChoiceView",
    "FieldView",
    "Form",
    "FormView",
    "GroupView",
    "Key",
    "LineView",
    "ListView",
    "MomentKind",
    "PartView",
    "PassageView",
    "Problem",
    "QuestionKind",
    "RowView",
    "Span",
    "changes_rows",
    "check",
    "faults",
    "html_id",
    "in_words",
    "notes",
    "read",
    "reads",
    "rows_changed",
    "tell_answers",
    "view",
]
