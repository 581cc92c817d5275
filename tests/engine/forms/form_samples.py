"""The sample forms, and short ways to make a form and try answers on it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from engine import forms
from engine.errors import BadAnswers
from engine.forms import FieldView, Form, GroupView, ListView, PartView

FOLDER = Path(__file__).parent / "forms"
COLOURS = [{"label": "Red", "value": "red"}, {"label": "Blue", "value": "blue"}, {"label": "Seven", "value": 7}]
REQUIRED = {"required": True}
TODAY = date(2026, 11, 23)
TRIAGE_NAMES: Mapping[str, Any] = {"agree_signal": True, "school": {"name": "Hollybrook Primary"}, "today": TODAY}
DEFECT_NAMES: Mapping[str, Any] = {
    "today": TODAY,
    "assets": ["Boiler", {"label": "Lift", "value": 7}],
    "staff": [{"id": "p1", "name": "Ann Archer"}, {"id": "p2", "name": "Ben Brook"}],
}


def sample(name: str) -> Form:
    """One of the .form files beside this one."""
    return forms.read(name, (FOLDER / f"{name}.form").read_bytes())


def made(*components: Mapping[str, Any]) -> Form:
    """A form of these components, each given an id, and a key or a label where it has none."""
    return forms.read("made", drawn(*components))


def drawn(*components: Mapping[str, Any]) -> bytes:
    """The file of such a form."""
    return json.dumps({"type": "default", "components": components}).encode()


def ask(type: str, key: str = "answer", label: str = "Answer", **more: Any) -> dict[str, Any]:
    """One question."""
    return {"type": type, "id": f"Field_{key}", "key": key, "label": label, **more}


def rows(*columns: Mapping[str, Any], path: str = "causes", label: str = "Causes", **more: Any) -> dict[str, Any]:
    """A list of rows."""
    return {"type": "dynamiclist", "id": f"List_{path}", "path": path, "label": label, "components": columns, **more}


def post(**fields: str | Sequence[str]) -> dict[str, list[str]]:
    """What a page sends, from `key="one text"` or `key=[several]`."""
    return {name: [given] if isinstance(given, str) else list(given) for name, given in fields.items()}


def answer(form: Form, posted: Mapping[str, Sequence[str]], names: Mapping[str, Any] | None = None, **more: Any) -> Any:
    """The answers, for a form that takes them."""
    return forms.check(form, posted, {"today": TODAY} if names is None else names, **more)


def wrong(form: Form, posted: Mapping[str, Sequence[str]], names: Mapping[str, Any] | None = None) -> dict[str, str]:
    """The first sentence about each question, by path; empty when everything is right."""
    try:
        answer(form, posted, names)
    except BadAnswers as refused:
        return {path: sentences[0] for path, sentences in refused.messages.items()}
    return {}


def kept(component: dict[str, Any], **fields: Any) -> Any:
    """The one answer of a form with one question."""
    return answer(made(component), post(**fields))["answer"]


def refused(component: dict[str, Any], **typed: Any) -> str:
    """The sentence about it."""
    found = wrong(made(component), post(**typed))
    assert list(found) == ["answer"]
    return found["answer"]


CAUSES = rows(
    ask("textfield", key="cause", label="Cause", validate=REQUIRED),
    ask("datetime", key="since", subtype="date"),
    ask("checklist", key="proof", values=COLOURS),
    ask("textfield", key="why", validate=REQUIRED, conditional={"hide": '=not(list contains(proof, "red"))'}),
    properties={"max": 3},
)


def row(number: int, **fields: Any) -> dict[str, list[str]]:
    """What a page sends for one row of CAUSES."""
    return post(**{f"causes[{number}]": "row"}, **{f"causes[{number}].{key}": given for key, given in fields.items()})


def fields(parts: Sequence[PartView]) -> dict[str, FieldView]:
    """Every question shown, by name."""
    found: dict[str, FieldView] = {}
    for part in parts:
        if isinstance(part, FieldView):
            found[part.name] = part
        elif isinstance(part, GroupView):
            found |= fields(part.parts)
        elif isinstance(part, ListView):
            found |= {name: one for each in part.rows for name, one in fields(each.parts).items()}
    return found


def shown(form: Form, names: Any = None, typed: Any = None, **more: Any) -> dict[str, FieldView]:
    """Every question of a form as a page shows it."""
    return fields(forms.view(form, {"today": TODAY} if names is None else names, typed, **more).parts)


def only(component: dict[str, Any], names: Any = None, typed: Any = None, **more: Any) -> FieldView:
    """The one question of a form with one question."""
    (found,) = shown(made(component), names, typed, **more).values()
    return found
