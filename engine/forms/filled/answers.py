"""Check what a person sent against the form: what is visible must be answered well, what is hidden is dropped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from marshmallow import Schema, ValidationError

from engine.errors import BadAnswers
from engine.forms.drawn.model import Choices, Form, Group, Listing, Question, QuestionKind
from engine.forms.filled.rules import Settled
from engine.forms.filled.schema import not_past, schema
from engine.forms.filled.settle import settle, standing
from engine.forms.filled.sheet import Posted, SheetPlace, posted_sheet, refuse_excess

MOST_SCHEMAS = 64  # kept for one form: one for each set of questions that was visible together


def check(
    form: Form, posted: Posted, names: Mapping[str, Any], files: Mapping[str, Sequence[str]] | None = None
) -> dict[str, Any]:
    """The answers in what was sent, as they are kept: JSON, dates and times as ISO texts in London time.

    posted: field name -> texts, without the page's own fields. names: every name FEEL may read, `today` among them.
    files: path of a file question -> ids of the evidence attached to it; nothing posted under its name counts.
    A question that is not answered is None; hidden and disabled questions are left out.
    Raises BadAnswers (path -> sentences, in the form's order), UnknownAnswers, ExpressionStopped.
    """
    refuse_excess(posted)
    settled = settle(posted_sheet(form, posted, names, files, final=True), showing=False)
    work = _Check(settled)
    answers = work.record("")
    if work.messages:
        order = {place.path: number for number, place in enumerate(settled.places)}
        raise BadAnswers(dict(sorted(work.messages.items(), key=lambda item: order.get(item[0], -1))))
    return answers


def plain(settled: Settled, place: SheetPlace, question: Question) -> Question:
    """The question with its rules worked out; itself when it has none."""
    if not question.bends and not question.choices.key:
        return question
    drawn, choices = question.limits, question.choices
    sizes = (drawn.least, drawn.most, drawn.shortest, drawn.longest)
    least, most, shortest, longest = (settled.number(place, size) for size in sizes)
    return replace(
        question,
        label=(settled.words(place, question.label),),
        required=settled.flag(place, question.required),
        limits=replace(drawn, least=least, most=most, shortest=shortest, longest=longest),
        choices=Choices(settled.options(place, choices)),
    )


class _Check:
    """One check: gathers messages by path while it puts the answers together."""

    def __init__(self, settled: Settled) -> None:
        self.settled, self.sheet = settled, settled.sheet
        self.messages: dict[str, list[str]] = {}
        self.places: dict[str, list[SheetPlace]] = defaultdict(list)
        hidden = settled.hidden()
        for place in settled.places:
            if place.path not in hidden:
                self.places[place.record].append(place)

    def record(self, path: str) -> dict[str, Any]:
        """The answers of the form ("") or of one group or row."""
        asked = [place for place in self.places[path] if self._asks(place)]
        loaded = self._load(asked)
        found: dict[str, Any] = {}
        for place in self.places[path]:
            part = place.part
            if isinstance(part, Listing):
                found[part.key] = self.rows(place, part)
            elif isinstance(part, Group) and part.key:
                found[part.key] = self.record(place.path)
            elif isinstance(part, Question) and part.key in loaded:
                found[part.key] = loaded[part.key]
            elif isinstance(part, Question) and not self.settled.flag(place, part.disabled) and not self._asks(place):
                found[part.key] = self._standing(place, part)
        return found

    def _asks(self, place: SheetPlace) -> bool:
        """Whether a person may answer it."""
        part = place.part
        if not isinstance(part, Question) or part.kind is QuestionKind.WORKED_OUT:
            return False
        return not (self.settled.flag(place, part.readonly) or self.settled.flag(place, part.disabled))

    def _standing(self, place: SheetPlace, question: Question) -> Any:
        """What a rule gives, or what was known before the question was only shown."""
        if question.rule or self.settled.default_rule(place):
            return self.settled.value(place)
        return None if question.kind is QuestionKind.WORKED_OUT else standing(self.sheet, place, question)

    def _load(self, places: Sequence[SheetPlace]) -> dict[str, Any]:
        """Answers by key; those that are wrong are left out and told in `messages`."""
        asked = [(place.path, place.part) for place in places if isinstance(place.part, Question)]
        plain_ones = [plain(self.settled, place, question) for place, (_, question) in zip(places, asked, strict=True)]
        loaded: dict[str, Any] = {}
        wrong: dict[str, list[str]] = {}
        same = [now for now, (_, drawn) in zip(plain_ones, asked, strict=True) if now is drawn]
        own = [now for now, (_, drawn) in zip(plain_ones, asked, strict=True) if now is not drawn]
        typed = {question.key: self.sheet.boxes_at(path, question) for path, question in asked}
        for found in (kept_schema(self.sheet.form, same) if same else None, schema(own) if own else None):
            if found:
                _load_into(loaded, wrong, found, typed)
        for (path, _), question in zip(asked, plain_ones, strict=True):
            self._tell(path, question, loaded.get(question.key), wrong.get(question.key, []))
        return loaded

    def _tell(self, path: str, question: Question, answer: Any, wrong: list[str]) -> None:
        past = not_past(question, answer, self.sheet.names.get("today"))
        if wrong or past:
            self.messages[path] = wrong[:1] or [past or ""]  # one at a time: the first is the one to mend first

    def rows(self, place: SheetPlace, listing: Listing) -> list[dict[str, Any]]:
        """The rows of a list. Empty rows beyond the fewest it may have are dropped."""
        least, most = self.sheet.bounds(place.path, listing)
        paths = [f"{place.path}[{number}]" for number in range(self.sheet.rows[place.path])]
        empty = [path for path in paths if not listing.fixed and self._empty(path)]
        needed = set(empty[: max(0, least - (len(paths) - len(empty)))])
        kept = [self.record(path) for path in paths if path not in empty or path in needed]
        if len(kept) > most or place.path in self.sheet.too_many:
            self.messages[place.path] = [f"{listing.title} must have {most} or fewer: remove some"]
        elif needed and not any(message.startswith(path) for message in self.messages for path in needed):
            self.messages[place.path] = [f"Add at least {least} to “{listing.title}”"]
        return kept

    def _empty(self, path: str) -> bool:
        prefix = f"{path}."
        return not any(
            text.strip() for name, texts in self.sheet.typed.items() if name.startswith(prefix) for text in texts
        )


def _load_into(loaded: dict[str, Any], wrong: dict[str, list[str]], found: Schema, typed: Mapping[str, Any]) -> None:
    try:
        loaded |= dict(found.load({key: typed[key] for key in found.fields}))
    except ValidationError as error:
        loaded |= error.valid_data if isinstance(error.valid_data, dict) else {}
        wrong |= {str(key): list(sentences) for key, sentences in error.messages_dict.items()}


def kept_schema(form: Form, questions: Sequence[Question]) -> Schema:
    """The schema of questions without rules: made once for each set of them."""
    kept = form.memo.setdefault("schemas", {})
    key = tuple(id(question) for question in questions)
    if key not in kept:
        if len(kept) >= MOST_SCHEMAS:
            kept.clear()
        kept[key] = schema(questions)
    found: Schema = kept[key]
    return found
