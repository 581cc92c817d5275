"""One component of a form-js file, read value by value. A value that does not fit is noted and left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from engine.errors import BadFile
from engine.forms.drawn import html
from engine.forms.drawn.model import QuestionKind
from engine.forms.drawn.texts import BadText, Feel, TextBlock, Words, passage, words
from engine.model.text import clean
from engine.model.wording import quoted

LONGEST_TEXT = 10_000
LONGEST_RULE = 1_000
AGAIN = "Save it again from the form editor and upload that file."

T = TypeVar("T")

_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class Box:
    """One component's JSON, read value by value. A value that does not fit is noted and left out."""

    def __init__(self, raw: Mapping[str, Any], slips: list[str] | None = None) -> None:
        self.raw = raw
        self.slips: list[str] = [] if slips is None else slips
        self.notes: list[str] = []

    def slip(self, name: str, wanted: str) -> None:
        self.slips.append(f"{quoted(name)} must be {wanted}. Set it again in the form editor.")

    def inside(self, name: str) -> Box:
        """An object inside this one; none counts as empty."""
        found = self.raw.get(name) or {}
        if not isinstance(found, dict):
            self.slip(name, "a group of settings")
            found = {}
        return Box(found, self.slips)

    def parts(self) -> list[Any]:
        """The components of a group as the file lists them. Raises BadFile when it is no list."""
        found = self.raw.get("components", [])
        if not isinstance(found, list):
            raise BadFile(f"This form holds a group that is no list of components. {AGAIN}")
        return found

    def text(self, name: str, longest: int = LONGEST_TEXT) -> str:
        found = self.raw.get(name)
        if found is None:
            return ""
        if not isinstance(found, str):
            self.slip(name, "a text")
            return ""
        if len(found) > longest or _UNSEEN.search(found):
            self.slip(name, f"a text of at most {longest:,} characters, without invisible ones")
            return ""
        return clean(found)

    def words(self, *names: str) -> Words:
        """The first of these texts that is there, with its placeholders."""
        found = next(filter(None, map(self.text, names)), "")
        return self.without_bad_text(words, found) or ()

    def blocks(self, name: str) -> tuple[TextBlock, ...]:
        return self.without_bad_text(passage, self.text(name)) or ()

    def html(self, name: str) -> tuple[TextBlock, ...]:
        """The blocks of what HTML says."""
        return self.without_bad_text(lambda text: passage(html.text_of(text)), self.text(name)) or ()

    def without_bad_text(self, read_text: Callable[[str], T], text: str) -> T | None:
        try:
            return read_text(text)
        except BadText as error:
            self.slips.append(str(error))
            return None

    def feel(self, name: str) -> Feel | None:
        """An expression, with or without its "="."""
        found = self.text(name, LONGEST_RULE).strip().removeprefix("=").strip()
        return Feel(found) if found else None

    def flag(self, name: str) -> Feel | bool:
        found = self.raw.get(name)
        if isinstance(found, str):
            return self.feel(name) or False
        if found is None or isinstance(found, bool):
            return bool(found)
        self.slip(name, "yes, no or a rule")
        return False

    def number(self, name: str) -> Decimal | Feel | None:
        found = self.raw.get(name)
        if isinstance(found, str) and found.strip().startswith("="):
            return self.feel(name)
        return self.figure(name)

    def figure(self, name: str) -> Decimal | None:
        found = self.raw.get(name)
        if found is None or found == "":
            return None
        if isinstance(found, int | Decimal) and not isinstance(found, bool):
            return Decimal(found)
        if isinstance(found, str) and re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,12})?", found.strip()):
            return Decimal(found.strip())
        self.slip(name, "a number")
        return None

    def whole(self, name: str, most: int, default: int) -> int:
        found = self.figure(name)
        if found is None:
            return default
        if found != int(found) or not 0 <= found <= most:
            self.slip(name, f"a whole number from 0 to {most}")
            return default
        return int(found)

    def shared(self) -> dict[str, Any]:
        """What every component has. Read it last, when every slip is noted."""
        found = {
            "id": self.text("id", 200),
            "label": self.words("label", "dateLabel", "timeLabel"),
            "hide": self.inside("conditional").flag("hide"),
        }
        return {**found, "slips": tuple(self.slips), "notes": tuple(self.notes)}

    def asked(self) -> dict[str, Any]:
        """What every question has."""
        found = {
            "kind": QuestionKind(self.raw["type"]),
            "key": self.text("key", 200).strip(),
            "hint": hint_of(self),
            "required": self.inside("validate").flag("required"),
            "readonly": self.flag("readonly"),
            "disabled": self.flag("disabled"),
            "default": default_of(self),
            "prefix": self.inside("appearance").words("prefixAdorner"),
            "suffix": self.inside("appearance").words("suffixAdorner"),
        }
        return {**found, **self.shared()}


def hint_of(box: Box) -> Words:
    """The description, and a hint from the custom properties."""
    described, hint = box.words("description"), box.inside("properties").words("hint")
    return (*described, " ", *hint) if described and hint else described or hint


def default_of(box: Box) -> Any:
    found = box.raw.get("defaultValue")
    if isinstance(found, str):
        text = box.text("defaultValue")
        return box.feel("defaultValue") if text.startswith("=") else text or None
    if isinstance(found, dict) or (isinstance(found, list) and not all(isinstance(item, str) for item in found)):
        box.slip("defaultValue", "a text, a number, yes, no or a list of texts")
        return None
    return plain_number(found)


def plain_number(value: Any) -> Any:
    """A number as JSON tells it: a Decimal that is whole becomes an int, else a float."""
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == int(value) else float(value)
