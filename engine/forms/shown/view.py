"""A form as a page shows it: what is visible, in order, with values, options, hints and what is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from engine.forms.drawn.model import (
    Form,
    Group,
    Listing,
    MomentKind,
    Passage,
    Question,
    QuestionKind,
    Separator,
    spoken,
    walk,
)
from engine.forms.drawn.texts import BlockKind, Feel, StyledText, TextBlock
from engine.forms.filled.answers import plain
from engine.forms.filled.rules import Settled, reads
from engine.forms.filled.sentences import inside
from engine.forms.filled.settle import settle, standing
from engine.forms.filled.sheet import ADD, REMOVE, Posted, SheetPlace, known_sheet, posted_sheet
from engine.forms.filled.tell import in_words, tell_answer
from engine.forms.filled.values import TIME, Unreadable, as_text, boxes, option_key, read_typed, to_typed
from engine.forms.shown.parts import (
    Attached,
    BlockView,
    ChoiceView,
    FieldView,
    FormView,
    GroupView,
    LineView,
    ListView,
    PartView,
    PassageView,
    Problem,
    RowView,
    Span,
    html_id,
)
from engine.model.text import clean

_STEP = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_LOWEST_HEADING = 4


def view(
    form: Form,
    names: Mapping[str, Any],
    typed: Posted | None = None,
    errors: Mapping[str, Sequence[str]] | None = None,
    files: Mapping[str, Sequence[Attached]] | None = None,
) -> FormView:
    """The form as a page shows it. Raises ExpressionStopped.

    typed: what a person typed so far (posted or a draft), as posted; None: open it with what the case knows.
    errors: BadAnswers.messages. files: path of a file question -> what is attached to it.
    """
    files = files or {}
    ids = {path: tuple(file.id for file in attached) for path, attached in files.items()}
    sheet = known_sheet(form, names, ids) if typed is None else posted_sheet(form, typed, names, ids)
    work = _Viewing(settle(sheet, showing=True), errors or {}, files)
    parts = work.parts("")
    return FormView(form.key, parts, work.all_problems())


class _Viewing:
    """One view: the problems are gathered on the way, in the order people meet them."""

    def __init__(
        self, settled: Settled, errors: Mapping[str, Sequence[str]], files: Mapping[str, Sequence[Attached]]
    ) -> None:
        self.settled, self.sheet, self.errors, self.files = settled, settled.sheet, errors, files
        self.reads = reads(settled.sheet.form)
        self.top = _top_heading(settled.sheet.form)
        self.problems: list[Problem] = []
        self.told: set[str] = set()
        self.inside: dict[str, list[SheetPlace]] = {}
        hidden = settled.hidden()
        for place in settled.places:
            if place.path not in hidden:
                self.inside.setdefault(place.within, []).append(place)

    def all_problems(self) -> tuple[Problem, ...]:
        rest = (sentence for path, said in self.errors.items() if path not in self.told for sentence in said)
        return (*self.problems, *(Problem(sentence) for sentence in rest))

    def parts(self, within: str) -> tuple[PartView, ...]:
        """What stands in the form (""), a group or a row."""
        return tuple(part for place in self.inside.get(within, ()) if (part := self.part(place)))

    def part(self, place: SheetPlace) -> PartView | None:
        part = place.part
        if isinstance(part, Question):
            return None if part.kind is QuestionKind.WORKED_OUT else self.question(place, part)
        if isinstance(part, Passage):
            return PassageView(tuple(self.block(place, block) for block in part.blocks))
        if isinstance(part, Group):
            return GroupView(html_id(place.path), self.settled.words(place, part.label), self.parts(place.path))
        if isinstance(part, Listing):
            return self.listing(place, part)
        return LineView() if isinstance(part, Separator) else None

    def block(self, place: SheetPlace, block: TextBlock) -> BlockView:
        lines = tuple(tuple(self.span(place, run) for run in line) for line in block.lines)
        return BlockView(block.kind, lines, min(_LOWEST_HEADING, 2 + max(0, block.level - self.top)))

    def span(self, place: SheetPlace, run: StyledText) -> Span:
        """Blanks count here: words stand before and after."""
        texts = (in_words(self.settled.of(place, part)) if isinstance(part, Feel) else part for part in run.words)
        return Span("".join(texts), run.strong, run.href)

    def question(self, place: SheetPlace, drawn: Question) -> FieldView:
        settled, question = self.settled, plain(self.settled, place, drawn)
        texts = self.texts(place, question)
        only_shown = settled.flag(place, question.readonly) or settled.flag(place, question.disabled)
        error = self.error(place.path)
        wrong = _wrong(question, texts) if error and question.kind is QuestionKind.DATE else ()
        longest = question.limits.longest
        found = FieldView(
            kind=question.kind,
            id=html_id(place.path),
            name=place.path,
            label=question.title or spoken(question.key),
            hint=settled.words(place, question.hint),
            error=error,
            optional=not question.required and not only_shown and question.kind is not QuestionKind.TICK,
            live=self.live(place),
            told=tell_answer(question, self.answer(place, question)) if only_shown else None,
            values={box: texts[box][-1] if texts.get(box) else "" for box in boxes(question)},
            wrong=frozenset(wrong),
            choices=_choices(question, texts.get("", ())),
            moment=question.moment,
            looks_like=question.limits.looks_like,
            longest=int(longest) if isinstance(longest, Decimal) else None,
            whole=question.limits.decimals == 0,
            prefix=settled.words(place, question.prefix),
            suffix=settled.words(place, question.suffix),
            accept=question.accept,
            multiple=question.multiple,
            files=tuple(self.files.get(place.path, ())),
        )
        self.note(place.path, found.id + (wrong[0] if wrong else ""))
        return found

    def texts(self, place: SheetPlace, question: Question) -> Mapping[str, tuple[str, ...]]:
        """What stands in its boxes: as typed, or the answer that holds while nobody has typed."""
        if self.sheet.untouched(place):
            return to_typed(question, self.answer(place, question))
        typed = self.sheet.boxes_at(place.path, question)
        return {box: tuple(map(clean, texts)) for box, texts in typed.items()}

    def answer(self, place: SheetPlace, question: Question) -> Any:
        if self.settled.default_rule(place):
            return self.settled.value(place)
        return standing(self.sheet, place, question)

    def listing(self, place: SheetPlace, drawn: Listing) -> ListView:
        label = self.settled.words(place, drawn.label)
        one = drawn.one or _singular(label)
        least, most = self.sheet.bounds(place.path, drawn)
        count = self.sheet.rows[place.path]
        error = self.error(place.path)
        self.note(place.path, html_id(place.path))
        rows = tuple(
            RowView(
                id=html_id(f"{place.path}[{number}]"),
                name=f"{place.path}[{number}]",
                title=f"{one[:1].upper()}{one[1:]} {number + 1} of {count}",
                parts=self.parts(f"{place.path}[{number}]"),
                remove=f"{REMOVE}{place.path}:{number}" if count > least and not drawn.fixed else None,
            )
            for number in range(count)
        )
        add = f"{ADD}{place.path}" if count < most and not drawn.fixed else None
        hint = self.settled.words(place, drawn.hint)
        return ListView(html_id(place.path), label, hint, error, inside(one), rows, add, self.live(place))

    def live(self, place: SheetPlace) -> bool:
        """Whether a rule reads it, or the list or group it stands in."""
        return not self.reads.isdisjoint(_STEP.findall(place.path))

    def error(self, path: str) -> str:
        return next(iter(self.errors.get(path, ())), "")

    def note(self, path: str, target: str) -> None:
        self.told.add(path)
        self.problems += [Problem(sentence, target) for sentence in self.errors.get(path, ())]


def _top_heading(form: Form) -> int:
    """The highest heading in the form's texts: it is shown one below the page's own."""
    passages = (part.blocks for part in walk(form.parts) if isinstance(part, Passage))
    levels = [block.level for blocks in passages for block in blocks if block.kind is BlockKind.HEADING]
    return min(levels, default=1)


def _choices(question: Question, chosen: Sequence[str]) -> tuple[ChoiceView, ...]:
    keys = set(map(option_key, chosen))
    texts = ((as_text(option.value), option.label) for option in question.choices.fixed)
    return tuple(ChoiceView(text, label, option_key(text) in keys) for text, label in texts)


def _wrong(question: Question, texts: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Which boxes of a date to mend: those left empty, else the time when the day can be read, else all."""
    every = list(boxes(question))
    empty = [box for box in every if not any(text.strip() for text in texts.get(box, ()))]
    if 0 < len(empty) < len(every):
        return empty
    if empty or question.moment is not MomentKind.BOTH:
        return every
    try:
        read_typed(question, {**texts, TIME: ("0:00",)})
    except Unreadable:
        return [box for box in every if box != TIME]
    return [TIME]


def _singular(label: str) -> str:
    """What one of a list is called, as far as its label tells."""
    if label.endswith("ies"):
        return f"{label[:-3]}y"
    return label[:-1] if label.endswith("s") and not label.endswith("ss") else label
