"""Work out every rule of a sheet in one call.

Rules may build on one another: a hidden question counts as unanswered, a worked-out answer and a default may be read by
the rules of others. So a rule is asked with what it builds on written before it, as the entries of one FEEL context:
`{danger: (if (route = "none") = true then null else danger), told__: (danger = "yes")}.told__`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.forms.drawn.model import Component, Form, Group, Listing, Question, QuestionKind, feels, walk
from engine.forms.drawn.texts import Feel
from engine.forms.filled.rules import Settled, reads
from engine.forms.filled.sheet import Sheet, SheetPlace
from engine.forms.filled.values import Unreadable, chosen, read_typed
from engine.rules import feel

KNOWN = "known__"  # begins the name of what the case knows about a question that may be only shown

LONGEST_ASKED = 4_000  # characters of a rule with what it builds on: what FEEL takes

Values = dict[str, Any]

# What rules read before anybody has ticked anything: the same as after they chose to tick nothing.
_NOTHING_TICKED: Mapping[QuestionKind, Any] = {QuestionKind.TICK: False, QuestionKind.TICKS: []}


def settle(sheet: Sheet, *, showing: bool) -> Settled:
    """The sheet with its rules worked out. `showing`: for a page, else for checking answers."""
    places = tuple(sheet.places())
    found = Settled(sheet, places, records_of(sheet, places))
    work = Work(found, showing)
    if work.asks:
        work.ask()
        if _reads_containers(sheet.form):
            work.fill_in()
            work.ask()
    return found


def spelt_rules(sheet: Sheet) -> list[tuple[SheetPlace, str]]:
    """Every rule of a sheet as it would be asked."""
    places = tuple(sheet.places())
    work = Work(Settled(sheet, places, records_of(sheet, places)), showing=True)
    return [(place, work.spelt(place.record, rule)) for place, rule in work.asks]


def _reads_containers(form: Form) -> bool:
    """Whether a rule reads a list or group as a whole that has rules inside: those must be worked out first."""
    if "reads containers" not in form.memo:
        whole = {
            part.key
            for part in walk(form.parts)
            if isinstance(part, Listing | Group) and part.key and any(flags_of(one) for one in walk(part.parts))
        }
        form.memo["reads containers"] = not whole.isdisjoint(reads(form))
    return bool(form.memo["reads containers"])


def flags_of(part: Component) -> tuple[Feel, ...]:
    """The rules that change what a component's answer is to others."""
    if isinstance(part, Question):
        return feels(part.hide, part.rule, part.default, part.readonly, part.disabled)
    return feels(part.hide)


def records_of(sheet: Sheet, places: Sequence[SheetPlace]) -> dict[str, Values]:
    """The answers that rules may read, by the path of the group or row they stand in ("": the form itself)."""
    found: dict[str, Values] = {"": {}}
    wanted = reads(sheet.form)
    for place in places:
        part, beside = place.part, found[place.record]
        if isinstance(part, Listing):
            rows: list[Values] = [{} for _ in range(sheet.rows.get(place.path, 0))]
            beside[part.key] = rows
            found.update({f"{place.path}[{number}]": row for number, row in enumerate(rows)})
        elif isinstance(part, Group) and part.key:
            found[place.path] = beside[part.key] = {}
        elif isinstance(part, Question) and (place.record or part.key in wanted):
            beside[part.key] = value_at(sheet, place, part)
            if feels(part.readonly, part.disabled):
                beside[KNOWN + part.key] = standing(sheet, place, part)
    return found


def value_at(sheet: Sheet, place: SheetPlace, question: Question) -> Any:
    """What a question's answer is as far as it can be read, None else."""
    if sheet.untouched(place):
        found = standing(sheet, place, question)
        return _NOTHING_TICKED.get(question.kind) if found is None else found
    try:
        found = read_typed(question, sheet.boxes_at(place.path, question))
    except Unreadable:
        return None
    if question.kind in (QuestionKind.RADIO, QuestionKind.SELECT):
        return next(iter(chosen(question, [found])), found) if found else found
    return found


def standing(sheet: Sheet, place: SheetPlace, question: Question) -> Any:
    """The answer that holds while nobody gives another: what the case knows, else a default that is no rule."""
    known = sheet.known(place.path)
    return known if known is not None or isinstance(question.default, Feel) else question.default


def chain(record: str) -> list[str]:
    """A row or group with those around it, outermost first: `contact`, `contact.phones[0]`."""
    steps = record.split(".") if record else []
    return [".".join(steps[:count]) for count in range(len(steps) + 1)]


class Work:
    """The asks of one sheet, each in the names of the row or group it stands in."""

    def __init__(self, settled: Settled, showing: bool) -> None:
        self.settled, self.sheet = settled, settled.sheet
        self.at = {place.path: place for place in settled.places}
        self.defined = {
            (place.record, place.part.key): place
            for place in settled.places
            if isinstance(place.part, Question | Listing | Group) and place.part.key and self._builds_on(place)
        }
        self.asks = [(place, rule) for place in settled.places for rule in self._rules(place, showing)]

    def _rules(self, place: SheetPlace, showing: bool) -> Iterator[Feel]:
        yield from place.part.page_rules if showing else place.part.rules
        if default := self.settled.default_rule(place):
            yield default

    def _builds_on(self, place: SheetPlace) -> list[Feel]:
        return [*flags_of(place.part), *feels(*(self.at[path].part.hide for path in place.above))]

    def ask(self) -> None:
        """Ask everything in one call."""
        places = {(place.record, rule.text): (place, rule) for place, rule in self.asks}
        asks = [feel.Ask(self.spelt(place.record, rule)) for place, rule in places.values()]
        scopes = {record: self._scope(record) for record, _ in places}
        told = feel.evaluate(asks, self._names(), [scopes[record] for record, _ in places])
        self.settled.told.update(zip(places, told, strict=True))

    def _names(self) -> Values:
        """What the rules read: the form's own answers over what the case knows."""
        known, own = self.sheet.names, self.settled.records[""]
        wanted = reads(self.sheet.form)
        found = {name: known[name] for name in wanted if name in known}
        return found | {name: value for name, value in own.items() if name in wanted or name.startswith(KNOWN)}

    def _scope(self, record: str) -> Values:
        """The names of one row or group: its own answers over those around it."""
        found: Values = {}
        for path in chain(record)[1:]:
            found |= self.settled.records[path]
        number = re.search(r"\[([0-9]+)\](?:\.[^\[]*)?$", record)
        return {**found, "this": self.settled.records[record], "i": int(number[1]) + 1} if number else found

    def spelt(self, record: str, rule: Feel) -> str:
        """The rule with everything it builds on written before it."""
        entries: dict[str, str] = {}
        self._gather(record, rule, entries, set())
        if not entries:
            return rule.text
        before = ", ".join(f"{name}: ({text})" for name, text in entries.items())
        return f"{{{before}, told__: ({rule.text}\n)}}.told__"

    def _gather(self, record: str, rule: Feel, entries: dict[str, str], seen: set[str]) -> None:
        for name in sorted(feel.names_in(rule.text)):
            found = (self.defined.get((path, name)) for path in reversed(chain(record)))
            place = next((place for place in found if place), None)
            if place and place.path not in seen:
                seen.add(place.path)
                for other in self._builds_on(place):
                    self._gather(place.record, other, entries, seen)
                entries[name] = self._definition(place, name)

    def _definition(self, place: SheetPlace, name: str) -> str:
        """FEEL for an answer as the rules of others must see it."""
        text = self._answer(place, name)
        for path in (*place.above, place.path):
            hide = self.at[path].part.hide
            if isinstance(hide, Feel):
                text = f"if ({hide.text}\n) = true then null else {text}"
        return text

    def _answer(self, place: SheetPlace, name: str) -> str:
        part = place.part
        if not isinstance(part, Question):
            return name
        given = part.rule or self.settled.default_rule(place)
        if given:
            return f"({given.text}\n)"
        shown = feels(part.readonly, part.disabled)
        if not shown:
            return name
        either = " or ".join(f"({flag.text}\n) = true" for flag in shown)
        return f"if {either} then {KNOWN}{name} else {name}"

    def fill_in(self) -> None:
        """Put what the rules gave into the rows and groups, for rules that read them as a whole."""
        hidden = self.settled.hidden()
        for place in self.settled.places:
            if isinstance(place.part, Question) and place.record:
                kept = None if place.path in hidden else self.settled.value(place)
                self.settled.records[place.record][place.part.key] = kept
