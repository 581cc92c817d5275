"""How a word is declared: its label, its typed parameters, and how each of them is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from engine.model.calendar import read_deadline

_YES = frozenset({"yes", "true"})
_NO = frozenset({"no", "false", ""})


def never(parameters: Mapping[str, Any]) -> bool:
    """A word that tells: the case does not wait."""
    return False


def always(parameters: Mapping[str, Any]) -> bool:
    """A word that asks: the case rests until it is answered."""
    return True


@dataclass(frozen=True)
class Word:
    """One thing a diagram may ask for."""

    key: str
    label: str
    hint: str  # one sentence: what it does
    schema: type[Schema]
    # By its parameters as drawn: whether the case waits for an answer.
    asks: Callable[[Mapping[str, Any]], bool] = never
    lists: str | None = None  # the parameter in which names with commas stand for those answers
    unnamed: str | None = None  # what to say when its answer is given no name, where it must have one


def told(label: str, hint: str, fixed: bool = False) -> dict[str, Any]:
    """What every parameter has. `fixed`: written out on the diagram, never a rule, so that publishing can check it."""
    missing = f"“{label}” is missing. {hint}"
    messages = {"required": missing, "null": missing, "invalid": f"“{label}” does not fit. {hint}"}
    return {"metadata": {"label": label, "hint": hint, "fixed": fixed}, "error_messages": messages}


def text_of(label: str, hint: str, fixed: bool = False) -> fields.String:
    """A text that must be there."""
    common = told(label, hint, fixed)
    filled = validate.Regexp(r"\s*\S", error=common["error_messages"]["required"])
    return fields.String(required=True, validate=filled, **common)


def maybe_text(label: str, hint: str, fixed: bool = False) -> fields.String:
    """A text that may be left out."""
    return fields.String(load_default=None, allow_none=True, **told(label, hint, fixed))


def due_words(label: str) -> fields.String:
    """A deadline in words that may be left out."""
    hint = "For example “10 school days”. Leave it out when there is no date."
    return fields.String(load_default=None, allow_none=True, validate=_reads, **told(label, hint))


def _reads(words: str) -> None:
    try:
        read_deadline(words)
    except ValueError as error:
        raise ValidationError(str(error)) from None


def names_and_values(label: str, hint: str, key: str) -> fields.Dict:
    """Answers by name, kept under `key`."""
    return fields.Dict(data_key=key, attribute=key, load_default=dict, **told(label, hint))


class YesNo(fields.Field[bool]):
    """yes or no, as a designer writes it or as a rule gives it."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bool:
        text = str(value).strip().lower()
        if text not in _YES | _NO:
            raise self.make_error("invalid")
        return text in _YES


def yes_no(label: str, fixed: bool = False) -> YesNo:
    """yes or no; left out means no."""
    return YesNo(load_default=False, **told(label, "Write yes or no.", fixed))


def means_yes(value: Any) -> bool:
    """Whether a parameter as drawn says yes."""
    return str(value).strip().lower() in _YES
