"""GOV.UK's components that tell or lead somewhere: buttons, links back, tags, banners, lists of facts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from markupsafe import Markup, escape

from web.site.govuk.html import STYLED, TEXT, NotHere, Params, attribute, attributes, classes, known, text_of

BUTTON = TEXT | {"classes", "href", "type", "value", "name", "preventDoubleClick", "attributes", "id"}
LINK = TEXT | {"href", "classes", "attributes"}
TAG = TEXT | {"classes", "attributes"}
INSET = TAG | {"id"}
BANNER = frozenset({"type", "titleText", "text", "classes", "attributes"})
SUMMARY = frozenset({"rows", "classes", "attributes"})
ROW = frozenset({"key", "value", "classes"})
Caller = Callable[[], Any]


def button(params: Params) -> Markup:
    """A button, or a link that looks like one."""
    known(params, BUTTON)
    common = f'{classes("govuk-button", params.get("classes"))} data-module="govuk-button"'
    common += f"{attributes(params.get('attributes'))}{attribute('id', params.get('id'))}"
    words = text_of({name: params[name] for name in TEXT if name in params})
    if href := params.get("href"):
        return Markup(f'<a href="{escape(href)}" role="button" draggable="false"{common}>\n{words}\n</a>')  # noqa: S704 - escaped parts
    sent = f"{attribute('value', params.get('value'))}{attribute('name', params.get('name'))}"
    once = params.get("preventDoubleClick")
    if once is not None:
        sent += f' data-prevent-double-click="{escape(str(once).lower())}"'
    kind = escape(params.get("type") or "submit")
    return Markup(f'<button type="{kind}"{sent}{common}>\n{words}\n</button>')  # noqa: S704 - escaped parts


def back_link(params: Params) -> Markup:
    """The way back."""
    words = params.get("html") or escape(known(params, LINK).get("text") or "Back")
    opened = f"{classes('govuk-back-link', params.get('classes'))}{attributes(params.get('attributes'))}"
    return Markup(f'<a href="{escape(params.get("href") or "#")}"{opened}>{words}</a>')  # noqa: S704 - escaped parts


def tag(params: Params) -> Markup:
    """A word for how something stands."""
    opened = f"{classes('govuk-tag', known(params, TAG).get('classes'))}{attributes(params.get('attributes'))}"
    return Markup(f"<strong{opened}>\n{_words(params)}\n</strong>")  # noqa: S704 - escaped parts


def inset_text(params: Params, caller: Caller | None = None) -> Markup:
    """Words that stand out."""
    opened = f"{attribute('id', known(params, INSET).get('id'))}{classes('govuk-inset-text', params.get('classes'))}"
    inside = caller() if caller else _words(params)
    return Markup(f"<div{opened}{attributes(params.get('attributes'))}>\n{inside}\n</div>")  # noqa: S704 - escaped parts


def _words(params: Params) -> str:
    return text_of({name: params[name] for name in TEXT if name in params}, STYLED)


def notification_banner(params: Params, caller: Caller | None = None) -> Markup:
    """What was just done. Words in it: those of the call, or a line of text."""
    kind = known(params, BANNER).get("type")
    if kind not in (None, "success") or not params.get("titleText"):
        raise NotHere
    its_id = "govuk-notification-banner-title"
    name = "govuk-notification-banner" + (" govuk-notification-banner--success" if kind else "")
    role = "alert" if kind else "region"
    opened = f'{classes(name, params.get("classes"))} role="{role}" aria-labelledby="{its_id}"'
    opened += f' data-module="govuk-notification-banner"{attributes(params.get("attributes"))}'
    title = f'<h2 class="govuk-notification-banner__title" id="{its_id}">\n{escape(params["titleText"])}\n</h2>'
    header = f'<div class="govuk-notification-banner__header">\n{title}\n</div>'
    content = f'<div class="govuk-notification-banner__content">\n{_told(params, caller)}</div>'
    return Markup(f"<div{opened}>\n{header}\n{content}\n</div>")  # noqa: S704 - escaped parts


def _told(params: Params, caller: Caller | None) -> str:
    if caller:
        return f"{caller()}\n"
    text = params.get("text")
    return f'<p class="govuk-notification-banner__heading">\n{escape(text).strip()}\n</p>\n' if text else ""


def summary_list(params: Params) -> Markup:
    """Facts with what they are called. Rows without actions alone."""
    opened = f"{classes('govuk-summary-list', known(params, SUMMARY).get('classes'))}"
    rows = "".join(_row(row) for row in params.get("rows", ()) if row)
    return Markup(f"<dl{opened}{attributes(params.get('attributes'))}>\n{rows}</dl>")  # noqa: S704 - escaped parts


def _row(row: Params) -> str:
    key, value = known(row, ROW)["key"], row["value"]
    called = f"<dt{classes('govuk-summary-list__key', key.get('classes'))}>\n{text_of(key, STYLED)}\n</dt>"
    said = f"<dd{classes('govuk-summary-list__value', value.get('classes'))}>\n{text_of(value, STYLED)}\n</dd>"
    return f"<div{classes('govuk-summary-list__row', row.get('classes'))}>\n{called}\n{said}\n</div>\n"
