"""`govukButton` and its like, by name: written out here where pages are full of them, else the package's templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any

from jinja2 import ChainableUndefined, Environment, PackageLoader, PrefixLoader
from markupsafe import Markup

from web.site.govuk import questions, texts
from web.site.govuk.html import NotHere

PACKAGE = "govuk_frontend_jinja"
TEMPLATES = Environment(
    loader=PrefixLoader({PACKAGE: PackageLoader(PACKAGE)}),
    autoescape=True,
    undefined=ChainableUndefined,  # the package's own templates ask for what may not be there
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,  # these look one another up at every use
)
WRITTEN_OUT: Mapping[str, Callable[..., Markup]] = {
    "govukBackLink": texts.back_link,
    "govukButton": texts.button,
    "govukCharacterCount": questions.character_count,
    "govukCheckboxes": questions.checkboxes,
    "govukDateInput": questions.date_input,
    "govukInput": questions.input_box,
    "govukInsetText": texts.inset_text,
    "govukNotificationBanner": texts.notification_banner,
    "govukRadios": questions.radios,
    "govukSelect": questions.select,
    "govukSummaryList": texts.summary_list,
    "govukTag": texts.tag,
    "govukTextarea": questions.textarea,
}


@cache
def macro(name: str) -> Callable[..., Markup]:
    """The package's own template of a component."""
    folder = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name.removeprefix("govuk"))
    module = TEMPLATES.get_template(f"{PACKAGE}/components/{folder.strip('-')}/macro.html").module
    found: Callable[..., Markup] = getattr(module, name)
    return found


def component(name: str, params: Mapping[str, Any], **more: Any) -> Markup:
    """The HTML of a component. more: `caller`, from a template's {% call %}."""
    written = WRITTEN_OUT.get(name)
    if written:
        try:
            return written(params, **more)
        except NotHere:
            pass
    return macro(name)(params, **more)


def named(name: str) -> Callable[..., Markup]:
    """A component as templates call it."""
    return partial(component, name)
