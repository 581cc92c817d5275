"""Forms: form-js files that people draw, shown as pages, their answers checked. What others use of form_*.py."""

from __future__ import annotations

from engine.bpmn.form_answers import check
from engine.bpmn.form_check import faults
from engine.bpmn.form_model import Form, Key, Kind, Moment
from engine.bpmn.form_read import read
from engine.bpmn.form_rules import reads
from engine.bpmn.form_sheet import changes_rows, rows_changed
from engine.bpmn.form_shown import (
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
from engine.bpmn.form_tell import in_words, tell_answers
from engine.bpmn.form_view import view
from engine.bpmn.form_words import BlockKind

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
    "Kind",
    "LineView",
    "ListView",
    "Moment",
    "PartView",
    "PassageView",
    "Problem",
    "RowView",
    "Span",
    "changes_rows",
    "check",
    "faults",
    "html_id",
    "in_words",
    "read",
    "reads",
    "rows_changed",
    "tell_answers",
    "view",
]
