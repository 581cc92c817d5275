"""A story's answers as a person's browser would post them, so that they pass through the very form that people see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from engine import forms
from engine.forms.drawn.model import Component, Form, Group, Listing, Question, QuestionKind
from engine.forms.filled.values import to_typed
from engine.model.wording import quoted
from engine.stories.cast import StoryFailed, listed

_CHOSEN = frozenset({QuestionKind.SELECT, QuestionKind.RADIO, QuestionKind.TICKS})
_TICKED = frozenset({"yes", "true"})
# Who is offered where a story does not say whom a step finds. Their ids follow from their names.
SOMEBODY = ("Amina", "Ben", "Carys", "Dev", "Ella", "Finn", "Grace", "Harun")


def person_id(name: str) -> str:
    """The id of somebody in a story."""
    return str(uuid5(UUID(int=0), name))


def offers(names: Sequence[str]) -> list[dict[str, str]]:
    """People as the word find_people offers them."""
    return [{"value": person_id(name), "label": name, "person": person_id(name), "name": name} for name in names]


@dataclass
class Posting:
    """What a person sends: the page as it opened, with their answers typed into it."""

    people: Mapping[str, str]  # name -> id
    fields: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, list[str]] = field(default_factory=dict)

    def open(self, form: Form, names: Mapping[str, Any]) -> None:
        """The page with what stands in it before anybody types: what the case knows, and defaults."""
        self._standing(forms.view(form, names).parts)

    def _standing(self, parts: Sequence[forms.PartView]) -> None:
        for part in parts:
            if isinstance(part, forms.FieldView) and part.told is None and part.kind is not QuestionKind.FILES:
                self.fields.update(_standing_in(part))
            elif isinstance(part, forms.GroupView):
                self._standing(part.parts)
            elif isinstance(part, forms.ListView):
                for row in part.rows:
                    self.fields[row.name] = [""]
                    self._standing(row.parts)

    def fill(self, parts: tuple[Component, ...], answers: Mapping[str, Any], prefix: str = "") -> None:
        """Type the answers in. Raises StoryFailed for one that the form does not ask for or that cannot be typed."""
        asked = dict(_asked(parts))
        for key, answer in answers.items():
            part = asked.get(key)
            if part is None:
                raise StoryFailed(f"nothing asks for {quoted(key)} there; it asks for {listed(asked) or 'nothing'}")
            if isinstance(part, Question):
                self._type(part, answer, prefix + key)
            elif isinstance(part, Listing):
                self._rows(part, answer, prefix + key)
            else:
                self.fill(part.parts, _as(dict, answer, key, "names with values"), f"{prefix}{key}.")

    def _rows(self, listing: Listing, rows: Any, path: str) -> None:
        self._wipe(f"{path}[")
        for number, row in enumerate(_as(list, rows, path, "a list of rows, each with names and values")):
            here = f"{path}[{number}]"
            self.fields[here] = [""]
            self.fill(listing.parts, _as(dict, row, path, "a list of rows, each with names and values"), f"{here}.")

    def _type(self, question: Question, answer: Any, path: str) -> None:
        if question.kind is QuestionKind.FILES:
            self.files[path] = answer if isinstance(answer, list) else [answer]
            return
        typed = to_typed(question, self._meant(question, answer))
        if not typed and answer is not None:
            raise StoryFailed(
                f"{quoted(path)} cannot be answered with {quoted(answer)}; a date is written like 2026-12-03"
            )
        for box in ("", *(typed or ("-day", "-month", "-year", "-time"))):
            self.fields.pop(path + box, None)
        self.fields.update({path + box: list(texts) for box, texts in typed.items()})

    def _meant(self, question: Question, answer: Any) -> Any:
        """A person's name stands for their id, a tick is yes or no, and one of several ticks may stand alone."""
        if question.kind is QuestionKind.TICK:
            return str(answer).lower() in _TICKED
        if question.kind not in _CHOSEN:
            return answer
        several = answer if isinstance(answer, list) else [answer]
        meant = [self.people.get(str(each), each) for each in several]
        return meant if question.kind is QuestionKind.TICKS else meant[0]

    def _wipe(self, beginning: str) -> None:
        for name in [name for name in self.fields if name.startswith(beginning)]:
            del self.fields[name]


def _standing_in(shown: forms.FieldView) -> dict[str, list[str]]:
    if shown.choices:
        chosen = [choice.value for choice in shown.choices if choice.chosen]
        return {shown.name: chosen} if chosen else {}
    return {shown.name + box: [text] for box, text in shown.values.items() if text}


def _asked(parts: tuple[Component, ...]) -> Iterator[tuple[str, Question | Group | Listing]]:
    """Everything that can be answered here, by key; groups without a key share their answers with what is around."""
    for part in parts:
        if isinstance(part, Group) and not part.key:
            yield from _asked(part.parts)
        elif (
            isinstance(part, Question | Group | Listing) and getattr(part, "kind", None) is not QuestionKind.WORKED_OUT
        ):
            yield part.key, part


def _as(kind: type, value: Any, path: str, wanted: str) -> Any:
    if not isinstance(value, kind):
        raise StoryFailed(f"{quoted(path)} must hold {wanted}")
    return value
