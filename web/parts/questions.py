"""Questions as GOV.UK components. Needs no page around it: tasks, starts and the answer to a changed rule share it.

Each question stands in a form group; `data-rules` on it means that other questions may change with its answer
(web/assets/islands/form-rules.js). Buttons: `add:<list>`, `remove:<list>:<row>`, `detach:<id of a file>`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from engine.forms import (
    FieldView,
    FormView,
    GroupView,
    LineView,
    ListView,
    MomentKind,
    PartView,
    PassageView,
    QuestionKind,
)
from web.site.govuk.components import component

DETACH = "detach:"
MOST_KEPT = 500  # blank questions
A_DATE, A_TIME = "For example, 27 3 2027", "For example, 9:30am or 14:30"

Params = dict[str, Any]

_own = Environment(
    loader=PackageLoader("web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)


def render(view: FormView) -> Markup:
    """Every question of a form, to stand inside a <form>."""
    return _parts(view.parts)


def error_summary(view: FormView) -> Markup:
    """The summary of what is wrong, to stand above the page's heading; empty when nothing is."""
    if not view.problems:
        return Markup()
    lines = [
        {"text": problem.sentence, "href": f"#{problem.target}"} if problem.target else {"text": problem.sentence}
        for problem in view.problems
    ]
    return component("govukErrorSummary", {"titleText": "There is a problem", "errorList": lines})


def _parts(parts: tuple[PartView, ...]) -> Markup:
    return Markup("\n").join(_part(part) for part in parts)


def _part(part: PartView) -> Markup:
    if isinstance(part, FieldView):
        return _field_kept(part) if _is_blank(part) else _field(part)
    if isinstance(part, PassageView):
        return _template("passage", blocks=part.blocks)
    if isinstance(part, ListView):
        return _template("list", list=part, parts=_parts)
    if isinstance(part, GroupView):
        return _template("group", group=part, parts=_parts) if part.label else _parts(part.parts)
    assert isinstance(part, LineView)  # noqa: S101 - the last of them
    return Markup('<hr class="govuk-section-break govuk-section-break--m govuk-section-break--visible">')


def _is_blank(field: FieldView) -> bool:
    """Whether it says nothing but what its form asks: no answer, typed or known, no file and nothing that is wrong."""
    chosen = any(one.chosen for one in field.choices)
    return not (field.error or field.files or field.told is not None or chosen or any(field.values.values()))


def _field_kept(field: FieldView) -> Markup:
    """A blank question is the same on page after page. It is made anew unless all of it is as it was."""
    about = (field.id, field.label)
    kept = _kept.get(about)
    if kept is None or kept[0] != field:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        kept = _kept[about] = field, _field(field)
    return kept[1]


_kept: dict[tuple[str, str], tuple[FieldView, Markup]] = {}


def _field(field: FieldView) -> Markup:
    return _told(field) if field.told is not None else _FIELDS[field.kind](field)


def _template(name: str, **given: Any) -> Markup:
    return Markup(_own.get_template(f"parts/forms/{name}.html").render(given))  # noqa: S704 - the template escapes


def _label(field: FieldView) -> str:
    return f"{field.label} (optional)" if field.optional else field.label


def _params(field: FieldView, **more: Any) -> Params:
    """What every component is given. Nothing that is empty is among it."""
    found: Params = {"name": field.name, "formGroup": {"attributes": {"data-rules": ""} if field.live else {}}}
    if field.hint:
        found["hint"] = {"text": field.hint}
    if field.error:
        found["errorMessage"] = {"text": field.error}
    return {**found, **{key: value for key, value in more.items() if value not in (None, "")}}


def _boxed(field: FieldView, **more: Any) -> Params:
    """A component with one box and a label of its own."""
    label = {"text": _label(field), "classes": "govuk-label--s"}
    return _params(field, id=field.id, label=label, value=field.values.get("", ""), **more)


def _set(field: FieldView, **more: Any) -> Params:
    """A component with several boxes, in a fieldset."""
    legend = {"text": _label(field), "classes": "govuk-fieldset__legend--s"}
    return _params(field, fieldset={"legend": legend}, **more)


def _text(field: FieldView) -> Markup:
    looks: Mapping[str | None, Params] = {
        "email": {"type": "email", "spellcheck": False, "classes": "govuk-input--width-20"},
        "phone": {"type": "tel", "classes": "govuk-input--width-20"},
    }
    narrow = "govuk-input--width-10" if field.longest and field.longest <= 12 else None
    more = looks.get(field.looks_like, {"classes": narrow})
    return component("govukInput", _boxed(field, **more, **_units(field)))


def _units(field: FieldView) -> Params:
    units = {"prefix": field.prefix, "suffix": field.suffix}
    return {name: {"text": text} for name, text in units.items() if text}


def _long_text(field: FieldView) -> Markup:
    if field.longest is None:
        return component("govukTextarea", _boxed(field, spellcheck=True))
    params = _boxed(field, spellcheck=True, maxlength=field.longest, threshold=75)
    params["attributes"] = params.pop("formGroup")["attributes"]  # this component takes none for its group
    return component("govukCharacterCount", params)


def _number(field: FieldView) -> Markup:
    mode = "numeric" if field.whole else "decimal"
    params = _boxed(field, inputmode=mode, classes="govuk-input--width-5", spellcheck=False, **_units(field))
    return component("govukInput", params)


def _moment(field: FieldView) -> Markup:
    if field.moment is MomentKind.TIME:
        params = _boxed(field, classes="govuk-input--width-5", spellcheck=False)
        return component("govukInput", params | _with_example(field, A_TIME))
    items = [_box(field, box, value) for box, value in field.values.items()]
    example = A_DATE if field.moment is MomentKind.DATE else f"{A_DATE}, at 9:30am"
    params = _set(field, id=field.id, namePrefix=field.name, items=items)
    return component("govukDateInput", params | _with_example(field, example))


def _box(field: FieldView, box: str, value: str) -> Params:
    width = {"-year": 4, "-time": 5}.get(box, 2)
    wrong = " govuk-input--error" if box in field.wrong else ""
    found = {"name": box.removeprefix("-"), "value": value, "classes": f"govuk-input--width-{width}{wrong}"}
    return {**found, "inputmode": "text"} if box == "-time" else found


def _with_example(field: FieldView, example: str) -> Params:
    """The shape of the answer is said before anybody gets it wrong."""
    return {"hint": {"text": f"{field.hint.rstrip('.')}. {example}" if field.hint else example}}


def _tick(field: FieldView) -> Markup:
    item: Params = {"value": "true", "text": field.label, "checked": field.values.get("") == "true"}
    params = _params(field, idPrefix=field.id, items=[item])
    if hint := params.pop("hint", None):
        item["hint"] = hint
    return component("govukCheckboxes", _with_blank(field, params))


def _ticks(field: FieldView) -> Markup:
    params = _set(field, idPrefix=field.id, items=_items(field))
    if not field.hint:
        params["hint"] = {"text": "Select all that apply"}
    return component("govukCheckboxes", _with_blank(field, params))


def _with_blank(field: FieldView, params: Params) -> Params:
    """A field that is always posted, so that nothing ticked is an answer too."""
    blank = Markup('<input type="hidden" name="{}" value="">').format(field.name)
    return {**params, "formGroup": {**params["formGroup"], "beforeInputs": {"html": blank}}}


def _items(field: FieldView) -> list[Params]:
    return [{"value": one.value, "text": one.label, "checked": one.chosen} for one in field.choices]


def _radio(field: FieldView) -> Markup:
    short = len(field.choices) == 2 and all(len(one.label) <= 12 for one in field.choices)
    inline = "govuk-radios--inline" if short else None
    return component("govukRadios", _set(field, idPrefix=field.id, items=_items(field), classes=inline))


def _select(field: FieldView) -> Markup:
    items = [{"value": one.value, "text": one.label, "selected": one.chosen} for one in field.choices]
    params = _boxed(field, items=[{"value": "", "text": "Choose an answer"}, *items])
    params.pop("value", None)
    return component("govukSelect", params)


def _files(field: FieldView) -> Markup:
    params = _boxed(field, multiple=field.multiple, attributes={"accept": field.accept} if field.accept else {})
    if field.files:
        listed = _template("files", files=field.files, question=field.label, detach=DETACH)
        params["formGroup"] = {**params["formGroup"], "beforeInput": {"html": listed}}
    return component("govukFileUpload", params)


def _told(field: FieldView) -> Markup:
    """A question that only shows its answer."""
    text = Markup("<br>").join(escape(line) for line in (field.told or "").split("\n"))
    row = {"key": {"text": field.label}, "value": {"html": text}}
    return component("govukSummaryList", {"rows": [row], "attributes": {"id": field.id}})


_FIELDS: Mapping[QuestionKind, Callable[[FieldView], Markup]] = {
    QuestionKind.TEXT: _text,
    QuestionKind.LONG_TEXT: _long_text,
    QuestionKind.NUMBER: _number,
    QuestionKind.DATE: _moment,
    QuestionKind.TICK: _tick,
    QuestionKind.TICKS: _ticks,
    QuestionKind.RADIO: _radio,
    QuestionKind.SELECT: _select,
    QuestionKind.FILES: _files,
}
