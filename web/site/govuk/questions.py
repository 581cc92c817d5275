"""GOV.UK's components that ask: radios, checkboxes, boxes to write in, dates, lists to choose from."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup, escape

from web.site.govuk.html import (
    NOTHING,
    NotHere,
    Params,
    attribute,
    attributes,
    before,
    classes,
    fieldset,
    group,
    hint,
    known,
    label,
    text_of,
    told,
)

SET = frozenset({"name", "idPrefix", "formGroup", "hint", "errorMessage", "fieldset", "items", "classes", "attributes"})
ITEM = frozenset({"value", "text", "html", "checked", "hint"})
BOX = frozenset({"name", "id", "label", "hint", "errorMessage", "formGroup", "value", "classes", "attributes"})
INPUT = BOX | {"type", "spellcheck", "prefix", "suffix", "inputmode", "autocomplete"}
TEXTAREA = BOX | {"rows", "spellcheck"}
COUNTED = TEXTAREA | {"maxlength", "threshold"}
SELECT = BOX - {"value"} | {"items"}
OPTION = frozenset({"value", "text", "selected"})
DATE = frozenset({"id", "name", "namePrefix", "formGroup", "hint", "errorMessage", "fieldset", "items"})
DATE_ITEM = frozenset({"name", "value", "classes", "inputmode"})


def radios(params: Params) -> Markup:
    """One answer of several."""
    return _ticked(params, "radio", "govuk-radios")


def checkboxes(params: Params) -> Markup:
    """Any number of answers."""
    return _ticked(params, "checkbox", "govuk-checkboxes")


def _ticked(params: Params, kind: str, name: str) -> Markup:
    prefix = escape(known(params, SET).get("idPrefix") or params.get("name", ""))
    around = params.get("fieldset")
    said, described_by = told(params, prefix)
    each = described_by if not around and kind == "checkbox" else ""  # nothing else could say so
    items = "".join(
        _item(item, kind, name, _numbered(prefix, number), escape(params.get("name", "")), each)
        for number, item in enumerate(params.get("items", ()), 1)
    )
    opened = f"{classes(name, params.get('classes'))}{attributes(params.get('attributes'))}"
    boxes = f'{said}<div{opened} data-module="{name}">\n{before(params, "beforeInputs")}{items}</div>'
    return group(params, fieldset(around, boxes, described_by) if around else boxes)


def _numbered(prefix: str, number: int) -> str:
    return f"{prefix}-{number}" if number > 1 else prefix


def _item(item: Params, kind: str, name: str, its_id: str, asked: str, described_by: str) -> str:
    helps = known(item, ITEM).get("hint")
    ids = [described_by] if described_by else []
    beside = ""
    if helps:
        ids.append(f"{its_id}-item-hint")
        beside = hint(helps, f"{its_id}-item-hint", f"govuk-hint {name}__hint")
    checked = " checked" if item.get("checked") else ""
    value = escape(item.get("value", ""))
    box = f'<input class="{name}__input" id="{its_id}" name="{asked}" type="{kind}" value="{value}"{checked}'
    words = label({"text": item.get("text", ""), "html": item.get("html"), "classes": f"{name}__label"}, its_id)
    return f'<div class="{name}__item">\n{box}{attribute("aria-describedby", " ".join(ids))}>\n{words}{beside}</div>\n'


def input_box(params: Params) -> Markup:
    """One line to write in."""
    its_id = escape(known(params, INPUT).get("id") or params.get("name", ""))
    said, described_by = told(params, its_id)
    box = _input(params, its_id, described_by)
    if _affix(params, "prefix") or _affix(params, "suffix"):
        box = f'<div class="govuk-input__wrapper">\n{_affix(params, "prefix")}{box}\n{_affix(params, "suffix")}</div>'
    if (params.get("formGroup") or NOTHING).get("beforeInput"):
        raise NotHere
    return group(params, f"{label(params.get('label', NOTHING), its_id)}{said}{box}")


def _affix(params: Params, name: str) -> str:
    given = params.get(name)
    text = text_of(given) if given else ""
    return f'<div class="govuk-input__{name}" aria-hidden="true">{text}</div>\n' if text else ""


def _input(params: Params, its_id: str, described_by: str) -> str:
    wrong = " govuk-input--error" if params.get("errorMessage") else ""
    name = f"govuk-input {escape(params['classes'])}" if params.get("classes") else "govuk-input"
    first = f'class="{name}{wrong}" id="{its_id}" name="{escape(params.get("name", ""))}"'
    kind = escape(params.get("type") or "text")
    rest = (
        _spelling(params),
        _filled("value", params.get("value")),
        attribute("aria-describedby", described_by),
        _filled("autocomplete", params.get("autocomplete")),
        _filled("inputmode", params.get("inputmode")),
        attributes(params.get("attributes")),
    )
    return f'<input {first} type="{kind}"{"".join(rest)}>'


def _filled(name: str, value: Any) -> str:
    """An attribute that may be empty; none for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        raise NotHere
    return f' {name}="{escape(value)}"'


def _spelling(params: Params) -> str:
    asked = params.get("spellcheck")
    return f' spellcheck="{str(asked).lower()}"' if isinstance(asked, bool) else ""


def textarea(params: Params) -> Markup:
    """Many lines to write in."""
    return group(known(params, TEXTAREA), _textarea(params, "govuk-textarea", params.get("attributes")))


def _textarea(params: Params, name: str, more: Any, counted: str = "") -> str:
    its_id = escape(params.get("id") or params.get("name", ""))
    said, described_by = told(params, its_id, f"{its_id}-info" if counted else "")
    wrong = " govuk-textarea--error" if params.get("errorMessage") else ""
    own = " ".join(filter(None, ("govuk-js-character-count" if counted else "", str(params.get("classes") or ""))))
    opened = f'{classes(f"{name}{wrong}", own)} id="{its_id}" name="{escape(params.get("name", ""))}"'
    rest = f"{_spelling(params)}{attribute('aria-describedby', described_by)}{attributes(more)}"
    value = escape(params.get("value", ""))
    box = f'<textarea{opened} rows="{escape(params.get("rows") or 5)}"{rest}>{value}</textarea>'
    words = label(params.get("label", NOTHING), its_id)
    return f"{words}{said}{before(params, 'beforeInput')}{box}{counted}"


def character_count(params: Params) -> Markup:
    """Many lines to write in, with how many letters there may be."""
    most, its_id = known(params, COUNTED).get("maxlength"), escape(params.get("id") or params.get("name", ""))
    near = params.get("threshold")
    if type(most) is not int or not most or type(near) not in (int, type(None)) or params.get("formGroup"):
        raise NotHere
    message = f"You can enter up to {most} characters"
    counted = f'\n<div id="{its_id}-info" class="govuk-hint govuk-character-count__message">\n{message}\n</div>'
    counts: dict[str, Any] = {"data-module": "govuk-character-count", "data-maxlength": most}
    if near is not None:
        counts["data-threshold"] = near
    around = {"classes": "govuk-character-count", "attributes": counts}
    inside = _textarea(params, "govuk-textarea", params.get("attributes"), counted)
    return group({"formGroup": around, "errorMessage": params.get("errorMessage")}, inside)


def select(params: Params) -> Markup:
    """A list to choose one of."""
    its_id = escape(known(params, SELECT).get("id") or params.get("name", ""))
    said, described_by = told(params, its_id)
    wrong = "govuk-select--error" if params.get("errorMessage") else ""
    own = " ".join(filter(None, (str(params.get("classes") or ""), wrong)))
    opened = f'{classes("govuk-select", own)} id="{its_id}" name="{escape(params.get("name", ""))}"'
    rest = f"{attribute('aria-describedby', described_by)}{attributes(params.get('attributes'))}"
    options = "".join(_option(item) for item in params.get("items", ()))
    box = f"{before(params, 'beforeInput')}<select{opened}{rest}>\n{options}</select>"
    return group(params, f"{label(params.get('label', NOTHING), its_id)}{said}{box}")


def _option(item: Params) -> str:
    value = known(item, OPTION).get("value")
    if not isinstance(value, str):
        raise NotHere
    chosen = " selected" if item.get("selected") else ""
    return f'<option value="{escape(value)}"{chosen}>{escape(item.get("text", ""))}</option>\n'


def date_input(params: Params) -> Markup:
    """A date in boxes."""
    its_id, around = escape(known(params, DATE).get("id", "")), params.get("fieldset")
    if not params.get("items"):
        raise NotHere
    said, described_by = told(params, its_id)
    items = "".join(_date_item(item, its_id, params.get("namePrefix")) for item in params["items"])
    inside = before(params, "beforeInputs")
    boxes = f'{said}<div class="govuk-date-input"{attribute("id", its_id)}>\n{inside}{items}</div>'
    return group(params, fieldset(around, boxes, described_by, "group") if around else boxes)


def _date_item(item: Params, its_id: str, prefix: Any) -> str:
    name = known(item, DATE_ITEM)["name"]
    box = {
        "label": {"text": str(name).capitalize(), "classes": "govuk-date-input__label"},
        "id": Markup(f"{its_id}-{escape(name)}"),  # noqa: S704 - both are escaped
        "name": f"{prefix}-{name}" if prefix else name,
        "classes": f"govuk-date-input__input {item.get('classes') or ''}",
        "value": item.get("value"),
        "type": "text",
        "inputmode": item.get("inputmode") or "numeric",
    }
    return f'<div class="govuk-date-input__item">\n{input_box(box)}\n</div>\n'
