"""The templates' own surroundings: strict about our names, and GOV.UK's components at hand without imports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from flask import Flask
from flask.templating import Environment as FlaskEnvironment
from jinja2 import StrictUndefined, Template
from markupsafe import Markup

from web.access import csrf
from web.site.addresses import url_for
from web.site.govuk.components import PACKAGE, TEMPLATES, named

LENT = f"{PACKAGE}/"  # templates of that package, which lean on undefined names being empty


class HouseEnvironment(FlaskEnvironment):
    """A misspelt name in a template of ours is an error; GOV.UK's own templates may ask for what is not there."""

    def __init__(self, app: Flask, **options: Any) -> None:
        super().__init__(app, **options)
        self.undefined = StrictUndefined
        self.trim_blocks = self.lstrip_blocks = True

    def get_template(self, name: str | Template, *args: Any, **options: Any) -> Template:
        """Lent templates come from surroundings of their own."""
        if isinstance(name, str) and name.startswith(LENT):
            return TEMPLATES.get_template(name)
        return super().get_template(name, *args, **options)


COMPONENTS = (
    "govukBackLink",
    "govukBreadcrumbs",
    "govukButton",
    "govukCharacterCount",
    "govukCheckboxes",
    "govukDateInput",
    "govukDetails",
    "govukErrorMessage",
    "govukErrorSummary",
    "govukFieldset",
    "govukFileUpload",
    "govukHint",
    "govukInput",
    "govukInsetText",
    "govukLabel",
    "govukNotificationBanner",
    "govukPagination",
    "govukPanel",
    "govukPasswordInput",
    "govukRadios",
    "govukSelect",
    "govukSkipLink",
    "govukSummaryList",
    "govukTable",
    "govukTabs",
    "govukTag",
    "govukTaskList",
    "govukTextarea",
    "govukWarningText",
)


def furnish(app: Flask, hashes: dict[str, str]) -> None:
    """Give every template its helpers."""
    env = app.jinja_env
    env.globals |= {name: named(name) for name in COMPONENTS}
    env.globals |= {
        "asset": lambda name: url_for("static", filename=name, v=hashes[name]),
        "url_for": url_for,
        "csrf_token": csrf.token,
        "csrf_field": csrf_field,
    }


def csrf_field() -> Markup:
    """The hidden field that every form of ours carries."""
    return Markup(f'<input type="hidden" name="{csrf.FIELD}" value="{csrf.token()}">')  # noqa: S704 - of letters and figures alone


def read_hashes(static: Path) -> dict[str, str]:
    """What the build wrote down about the files in web/static. Ends the program when it has not been run."""
    manifest = static / "manifest.json"
    if not manifest.is_file():
        raise SystemExit("The styles and scripts of the pages have not been built yet: run `make setup`.")
    hashes: dict[str, str] = json.loads(manifest.read_text("utf-8"))
    return hashes
