"""The components written out here give the very HTML that GOV.UK's own templates give, whitespace aside."""

from __future__ import annotations

import re
from typing import Any

import pytest
from markupsafe import Markup

from web.site.govuk.components import WRITTEN_OUT, component, macro
from web.site.govuk.html import NotHere

RUDE = """<b>"O'Neil" & co</b>"""
LABEL = {"label": {"text": RUDE, "classes": "govuk-label--s"}}
TOLD: list[dict[str, Any]] = [
    {},
    {"hint": {"text": RUDE}},
    {"errorMessage": {"text": RUDE}},
    {"hint": {"text": "One"}, "errorMessage": {"text": "Two"}},
    {"formGroup": {"attributes": {"data-rules": ""}}, "hint": {"text": "Only one"}},
    {"formGroup": {"classes": "more", "attributes": {}}},
]
BLANK = {"formGroup": {"attributes": {}, "beforeInputs": {"html": Markup('<input type="hidden" name="x">')}}}
LEGEND = {"fieldset": {"legend": {"text": RUDE, "classes": "govuk-fieldset__legend--s"}}}
ITEMS: list[dict[str, Any]] = [
    {"value": "a", "text": RUDE, "checked": False},
    {"value": RUDE, "text": "B", "checked": True},
    {"value": "c", "text": "C", "hint": {"text": RUDE}},
]
OPTIONS: list[list[dict[str, Any]]] = [
    [],
    [{"value": RUDE, "text": RUDE, "selected": True}, {"value": "b", "text": "B"}],
    [{}],
]
DAY = [
    {"name": "day", "value": RUDE, "classes": "govuk-input--width-2"},
    {"name": "month", "value": "", "classes": "govuk-input--width-2 govuk-input--error"},
    {"name": "time", "value": "9am", "classes": "govuk-input--width-5", "inputmode": "text"},
]

CASES: dict[str, list[dict[str, Any]]] = {
    "govukBackLink": [{"text": RUDE, "href": "/a?b=1&c=2"}, {"href": "/"}, {}],
    "govukButton": [
        {"text": RUDE},
        {"text": "Go", "href": "/a?b&c", "classes": "govuk-button--secondary"},
        {"text": "Go", "name": "complete", "value": RUDE, "preventDoubleClick": True},
        {"text": "Go", "type": "button", "attributes": {"data-x": RUDE, "data-on": True}, "id": "go"},
        {"html": Markup("<b>Go</b>"), "preventDoubleClick": False},
        {"text": "Start", "href": "/", "isStartButton": True},
        {"text": "No", "disabled": True},
    ],
    "govukCharacterCount": [
        {"name": "n", "id": "i", **LABEL, "value": f"\n one\n{RUDE}", "maxlength": 500, "spellcheck": True, **more}
        for more in [
            *TOLD[:4],
            {"attributes": {"data-rules": ""}},
            {"rows": 3},
            {"classes": "wide"},
            {"threshold": 75},
            {"threshold": 0},
            {"threshold": True},
        ]
    ],
    "govukCheckboxes": [
        {"name": "n", "idPrefix": "i", "items": ITEMS, **more, **around}
        for around in ({}, LEGEND)
        for more in [*TOLD, BLANK, {"classes": "govuk-checkboxes--small", "attributes": {"data-x": "y"}}]
    ],
    "govukDateInput": [
        {"id": "i", "namePrefix": "n", "items": DAY, **more, **around}
        for around in ({}, LEGEND)
        for more in [*TOLD, {"name": "n"}, {"namePrefix": ""}, {"classes": "other"}]
    ],
    "govukInput": [
        {"name": "n", "id": "i", **LABEL, "value": RUDE, **more}
        for more in [
            *TOLD,
            {"type": "email", "spellcheck": False, "classes": "govuk-input--width-20"},
            {"inputmode": "decimal", "prefix": {"text": "£"}, "suffix": {"text": RUDE}},
            {"value": "", "autocomplete": "email", "attributes": {"data-x": RUDE}},
            {"value": None, "label": {}},
            {"disabled": True},
        ]
    ],
    "govukInsetText": [{"text": RUDE}, {"html": Markup("<b>Go</b>"), "id": "x", "classes": "hw-divert"}],
    "govukNotificationBanner": [
        {"titleText": RUDE, "text": RUDE, "type": "success"},
        {"titleText": "A", "text": "B", "classes": "c"},
        {"text": "No title"},
    ],
    "govukRadios": [
        {"name": "n", "idPrefix": "i", "items": ITEMS, **more, **around}
        for around in ({}, LEGEND)
        for more in [*TOLD, {"classes": "govuk-radios--inline"}, {"value": "a"}]
    ],
    "govukSelect": [
        {"name": "n", "id": "i", **LABEL, "items": [{"value": "", "text": "All"}, *options], **more}
        for options in OPTIONS
        for more in [*TOLD, {"classes": "wide", "attributes": {"data-x": "y"}}]
    ],
    "govukSummaryList": [
        {
            "rows": [
                {"key": {"text": RUDE}, "value": {"text": RUDE}},
                {"key": {"text": "B"}, "value": {"html": "<b>C</b>"}},
            ]
        },
        {"rows": [], "classes": "hw-aside__facts", "attributes": {"id": "facts"}},
        {"rows": [{"key": {"text": "A"}, "value": {"text": 3}, "actions": {"items": [{"href": "/", "text": "Go"}]}}]},
    ],
    "govukTag": [{"text": RUDE, "classes": "govuk-tag--red"}, {"text": "A", "attributes": {"data-x": "y"}}],
    "govukTextarea": [
        {"name": "n", "id": "i", **LABEL, "value": f"\n one\n{RUDE}", **more}
        for more in [*TOLD, {"rows": 3, "spellcheck": False}, {"classes": "wide", "attributes": {"data-x": "y"}}]
    ],
}
EACH = [(name, params) for name, listed in CASES.items() for params in listed]


def plain(html: str) -> str:
    """The HTML with every run of whitespace as one blank, but for what somebody wrote."""
    apart = re.split(r"(<textarea[^>]*>.*?</textarea>)", html.strip(), flags=re.DOTALL)
    return "".join(part if part.startswith("<textarea") else re.sub(r"\s+", " ", part) for part in apart)


@pytest.mark.parametrize(("name", "params"), EACH, ids=lambda value: value if isinstance(value, str) else "")
def test_a_component_is_the_one_of_the_package(name: str, params: dict[str, Any]) -> None:
    assert plain(component(name, params)) == plain(macro(name)(params))


def test_every_component_written_out_is_compared_and_is_not_only_handed_on() -> None:
    assert set(CASES) == set(WRITTEN_OUT)
    WRITTEN_OUT["govukCharacterCount"]({"name": "n", "maxlength": 9, "threshold": 75})  # as every form asks for it
    for name, listed in CASES.items():
        assert isinstance(WRITTEN_OUT[name](listed[0]), Markup)


def test_what_stands_in_a_call_is_the_same_too() -> None:
    def caller() -> Markup:
        return Markup("<p>Inside</p>")

    for name, params in (
        ("govukInsetText", {"classes": "hw-divert"}),
        ("govukNotificationBanner", {"type": "success", "titleText": RUDE}),
    ):
        assert plain(component(name, params, caller=caller)) == plain(macro(name)(params, caller=caller))


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("govukRadios", {"name": "n", "items": [{"divider": "or"}]}),
        ("govukButton", {"text": "A", "attributes": {"x": {"value": "1", "optional": True}}}),
        ("govukInput", {"name": "n", "formGroup": {"beforeInput": {"text": "A"}}}),
        ("govukSelect", {"name": "n", "items": [{"text": "Without a value"}]}),
        ("govukTag", {"text": "A", "unheard_of": 1}),
        ("govukCharacterCount", {"name": "n", "maxlength": 9, "threshold": "75"}),
    ],
)
def test_what_is_not_written_out_comes_from_the_package(name: str, params: dict[str, Any]) -> None:
    with pytest.raises(NotHere):
        WRITTEN_OUT[name](params)
    assert plain(component(name, params)) == plain(macro(name)(params))
