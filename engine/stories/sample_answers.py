"""Answers that a form takes, for stories to begin with: one for each question, and others where ways part by it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from typing import Any

from engine.forms.drawn.model import Component, Form, Group, Listing, MomentKind, Question, QuestionKind
from engine.stories.posting import person_id

MOST_WAYS = 16  # to answer one form
_TEXT = "Something to say about it"
_DAY = "2026-12-03"
_MOMENTS = {MomentKind.DATE: _DAY, MomentKind.TIME: "10:00", MomentKind.BOTH: f"{_DAY}T10:00"}
_LIKE = {"email": "ann@example.org", "phone": "020 7946 0000"}
_PLAIN: Mapping[QuestionKind, Any] = {
    QuestionKind.TEXT: _TEXT,
    QuestionKind.LONG_TEXT: _TEXT,
    QuestionKind.TICK: "yes",
    QuestionKind.FILES: "paper.pdf",
}


def ways(form: Form | None, decides: Collection[str], known: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Some ways to answer a form, those first in which a question that decides something is answered otherwise.

    decides: keys that rules go by. known: what the case knows.
    """
    parts = dict(_asked(form.parts)) if form else {}
    base = {key: sample(part, known) for key, part in parts.items() if _needed(part) or key in decides}
    yield base
    others = ((key, other) for key in base if key in decides for other in _others(parts[key], base[key]))
    yield from islice(({**base, key: other} for key, other in others if other != base[key]), MOST_WAYS)


def mended(
    answers: Mapping[str, Any], wrong: Collection[str], form: Form, known: Mapping[str, Any]
) -> dict[str, Any] | None:
    """The answers with those that the form found missing, and without those it did not take; None: nothing to mend."""
    parts = dict(_asked(form.parts))
    keys = {path.partition(".")[0].partition("[")[0] for path in wrong}
    missing = {key: sample(parts[key], known) for key in keys if key in parts and key not in answers}
    kept = {key: answer for key, answer in answers.items() if key not in keys}
    found = {**(answers if missing else kept), **missing}
    return None if found == dict(answers) else found


def sample(part: Component, known: Mapping[str, Any]) -> Any:
    """One answer."""
    if isinstance(part, Group):
        return {key: sample(each, known) for key, each in _asked(part.parts)}
    if isinstance(part, Listing):
        return [{key: sample(each, known) for key, each in _asked(part.parts)}]
    if not isinstance(part, Question):
        return None
    if part.kind in (QuestionKind.RADIO, QuestionKind.SELECT, QuestionKind.TICKS):
        first = next(iter(_offered(part, known)), "")
        return [first] if part.kind is QuestionKind.TICKS else first
    if part.kind is QuestionKind.NUMBER:
        return str(part.limits.least if isinstance(part.limits.least, int) else 1)
    if part.kind is QuestionKind.DATE:
        return _MOMENTS[part.moment]
    return _LIKE.get(part.limits.looks_like or "", _PLAIN.get(part.kind, _TEXT))


def _needed(part: Component) -> bool:
    if isinstance(part, Question):
        return part.required is True and part.default is None
    return isinstance(part, Listing | Group)


def _others(part: Component, first: Any) -> list[Any]:
    """Answers between which a rule may tell."""
    if isinstance(part, Question):
        if part.choices.fixed and part.kind is not QuestionKind.TICKS:
            return [_written(option.value) for option in part.choices.fixed]
        if part.kind is QuestionKind.TICK:
            return ["yes", "no"]
        if part.kind is QuestionKind.NUMBER:
            return [first, "1000", "0"]
    return [first]


def _offered(part: Question, known: Mapping[str, Any]) -> list[str]:
    if part.choices.fixed:
        return [_written(option.value) for option in part.choices.fixed]
    listed = known.get(part.choices.key or "")
    rows = listed if isinstance(listed, list) else []
    return [str(_person(row) if isinstance(row, dict) else row) for row in rows]


def _person(row: Mapping[str, Any]) -> Any:
    name = row.get("name") or row.get("label")
    return name if name and person_id(str(name)) == row.get("value") else row.get("value", name)


def _written(value: Any) -> str:
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _asked(parts: tuple[Component, ...]) -> Iterator[tuple[str, Component]]:
    """What can be answered here, by key."""
    for part in parts:
        if isinstance(part, Group) and not part.key:
            yield from _asked(part.parts)
        elif isinstance(part, Group | Listing) or (
            isinstance(part, Question) and part.kind is not QuestionKind.WORKED_OUT and not part.readonly
        ):
            yield part.key, part
