"""What GOV.UK's components are made of, as text: the package's own templates take twenty times as long over the same.

Every function here gives exactly what those templates give for the parameters it knows (whitespace aside), and raises
NotHere for any other, so that the template is asked instead. tests/web/parts/test_govuk.py holds each to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

Params = Mapping[str, Any]
NOTHING: Params = {}


class NotHere(Exception):
    """A parameter that only the package's own template knows."""


def known(params: Params, names: frozenset[str]) -> Params:
    """The parameters themselves. Raises NotHere when there are others."""
    if not names.issuperset(params):
        raise NotHere
    return params


TEXT = frozenset({"text", "html"})
STYLED = frozenset({"text", "html", "classes"})


def text_of(params: Params, names: frozenset[str] = TEXT) -> str:
    """What stands in an element: HTML as it is, text escaped. Raises NotHere."""
    html = known(params, names).get("html")
    return str(html).strip() if html else escape(params.get("text", ""))


def classes(name: str, more: Any) -> str:
    """The class attribute of an element."""
    return f' class="{name} {escape(more)}"' if more else f' class="{name}"'


def attributes(given: Any) -> str:
    """Attributes by name; yes and no in words. Raises NotHere for anything but plain values."""
    if not given:
        return ""
    if not isinstance(given, Mapping):
        raise NotHere
    return "".join(f' {escape(name)}="{escape(_plain(value))}"' for name, value in given.items())


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int):
        return value
    raise NotHere


def attribute(name: str, value: Any) -> str:
    """One attribute; nothing when the value is empty."""
    return f' {name}="{escape(value)}"' if value else ""


def label(params: Params, for_id: str) -> str:
    """The label of one box; nothing without words."""
    text = text_of(params, STYLED)
    if not text:
        return ""
    return f'<label{classes("govuk-label", params.get("classes"))} for="{for_id}">\n{text}\n</label>\n'


def hint(params: Params, its_id: str, name: str = "govuk-hint") -> str:
    """What helps to answer."""
    given = params.get("classes")
    return f'<div id="{its_id}"{classes(name, given)}>\n{text_of(params, STYLED)}\n</div>\n'


def error_message(params: Params, its_id: str) -> str:
    """What is wrong with an answer."""
    said = text_of(params)
    hidden = '<span class="govuk-visually-hidden">Error:</span>'
    return f'<p id="{its_id}" class="govuk-error-message">\n{hidden} {said}\n</p>\n'


def told(params: Params, its_id: str, described_by: str = "") -> tuple[str, str]:
    """The hint and the error of a question, and the ids of what describes it."""
    found, ids = "", [described_by] if described_by else []
    if given := params.get("hint"):
        found += hint(given, f"{its_id}-hint")
        ids.append(f"{its_id}-hint")
    if wrong := params.get("errorMessage"):
        found += error_message(wrong, f"{its_id}-error")
        ids.append(f"{its_id}-error")
    return found, " ".join(ids)


LEGEND = frozenset({"legend", "classes"})


def fieldset(params: Params, inside: str, described_by: str, role: str = "") -> str:
    """Boxes that belong together, with what they are called."""
    legend = known(params, LEGEND).get("legend", NOTHING)
    called = text_of(legend, STYLED)
    if called:
        called = f"<legend{classes('govuk-fieldset__legend', legend.get('classes'))}>\n{called}\n</legend>\n"
    opened = f"{classes('govuk-fieldset', params.get('classes'))}{attribute('role', role)}"
    return f"<fieldset{opened}{attribute('aria-describedby', described_by)}>\n{called}{inside}\n</fieldset>"


GROUP = frozenset({"attributes", "classes", "beforeInputs", "beforeInput"})


def group(params: Params, inside: str) -> Markup:
    """A question with everything around it."""
    given = known(params.get("formGroup") or NOTHING, GROUP)
    wrong = " govuk-form-group--error" if params.get("errorMessage") else ""
    opened = f"{classes(f'govuk-form-group{wrong}', given.get('classes'))}{attributes(given.get('attributes'))}"
    return Markup(f"<div{opened}>\n{inside}\n</div>")  # noqa: S704 - made of escaped parts


def before(params: Params, name: str) -> str:
    """What the page puts before the boxes."""
    given = (params.get("formGroup") or NOTHING).get(name)
    return f"{text_of(given)}\n" if given else ""
