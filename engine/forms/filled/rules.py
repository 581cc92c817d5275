"""The rules of a form, and a sheet with its rules worked out: what is hidden, which texts, limits and options hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from engine.errors import ExpressionStopped
from engine.forms.drawn.model import Choices, Component, Form, Option, Question, feels, walk
from engine.forms.drawn.texts import Feel, Words
from engine.forms.filled.sheet import Sheet, SheetPlace
from engine.forms.filled.tell import in_words
from engine.forms.filled.values import as_kept
from engine.rules import feel


def every_rule(form: Form) -> Iterator[tuple[Component, Feel]]:
    """Every rule of the form with the component it belongs to, defaults too."""
    for part in walk(form.parts):
        default = getattr(part, "default", None)
        yield from ((part, rule) for rule in feels(*part.page_rules, default))


def reads(form: Form) -> frozenset[str]:
    """Every name that a rule of the form reads, its own answers included. Worked out once a form."""
    if "reads" not in form.memo:
        names = {name for _, rule in every_rule(form) for name in feel.names_in(rule.text)}
        keyed = {part.choices.key for part in walk(form.parts) if isinstance(part, Question) and part.choices.key}
        form.memo["reads"] = frozenset(names | keyed)
    found: frozenset[str] = form.memo["reads"]
    return found


def called(place: SheetPlace) -> str:
    """What to call a component whose rule went wrong."""
    return place.part.title or place.path


@dataclass(frozen=True)
class Settled:
    """A sheet with its rules worked out."""

    sheet: Sheet
    places: tuple[SheetPlace, ...]
    records: dict[str, dict[str, Any]]  # answers as typed, by the path of the group or row they stand in
    told: dict[tuple[str, str], feel.Told] = field(default_factory=dict)  # by record and expression

    def of(self, place: SheetPlace, rule: Feel) -> Any:
        """The value of one rule. Raises ExpressionStopped when it could not be worked out."""
        told = self.told[place.record, rule.text]
        if told.fault is not None:
            raise ExpressionStopped(f"A rule of “{called(place)}” could not be worked out: {told.fault}")
        return told.value

    def default_rule(self, place: SheetPlace) -> Feel | None:
        """The rule that gives a question's answer while nobody has."""
        default = getattr(place.part, "default", None)
        open_ = isinstance(default, Feel) and self.sheet.untouched(place) and self.sheet.known(place.path) is None
        return default if open_ else None

    def value(self, place: SheetPlace) -> Any:
        """A question's answer as far as it is known, what rules give included."""
        question = place.part
        rule = getattr(question, "rule", None) or self.default_rule(place)
        if rule:
            return as_kept(self.of(place, rule))
        beside = self.records[place.record]
        return beside.get(question.key) if isinstance(question, Question) else None

    def flag(self, place: SheetPlace, drawn: Feel | bool) -> bool:
        """Yes or no; a rule about answers that are not there yet says no.

        Raises ExpressionStopped when it gives neither.
        """
        value = self.of(place, drawn) if isinstance(drawn, Feel) else drawn
        if value is not None and not isinstance(value, bool):
            raise ExpressionStopped(f"A rule of “{called(place)}” must give true or false.")
        return value is True

    def words(self, place: SheetPlace, drawn: Words) -> str:
        """A text with its placeholders filled."""
        texts = (in_words(self.of(place, part)) if isinstance(part, Feel) else part for part in drawn)
        return " ".join("".join(texts).split())

    def number(self, place: SheetPlace, drawn: Decimal | Feel | None) -> Decimal | None:
        """A limit; a rule about answers that are not there yet sets none.

        Raises ExpressionStopped when it gives no number.
        """
        value = self.of(place, drawn) if isinstance(drawn, Feel) else drawn
        if value is None or isinstance(value, Decimal):
            return value
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ExpressionStopped(f"A limit of “{called(place)}” must be a number.")
        return Decimal(str(value))

    def options(self, place: SheetPlace, choices: Choices) -> tuple[Option, ...]:
        """What there is to choose."""
        if choices.rule:
            return options_in(self.of(place, choices.rule))
        return options_in(self.sheet.names.get(choices.key)) if choices.key else choices.fixed

    def hidden(self) -> frozenset[str]:
        """Paths of everything hidden, by its own rule or with the group or list it stands in."""
        found: set[str] = set()
        for place in self.places:
            if found.intersection(place.above) or self.flag(place, place.part.hide):
                found.add(place.path)
        return frozenset(found)


def options_in(value: Any) -> tuple[Option, ...]:
    """The options in a list that a case knows or a rule gives: texts, or contexts with a label and a value."""
    found = []
    for item in value if isinstance(value, list | tuple) else ():
        if isinstance(item, Mapping):
            kept = item.get("value", item.get("label"))
            found.append(Option(as_kept(kept), in_words(item.get("label", kept))))
        elif item is not None:
            found.append(Option(as_kept(item), in_words(item)))
    return tuple(found)
