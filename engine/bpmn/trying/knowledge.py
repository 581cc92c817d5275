"""What every name of a procedure may hold: from the questions that ask for it, and from what rules and tables give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from engine.bpmn.check.subject import View
from engine.bpmn.diagram.elements import Element, Kind
from engine.bpmn.trying.domains import ANYTHING, FACTS, PEOPLE, Domain, Sort, of_parts, of_rows, of_values
from engine.bpmn.trying.emptiness import Emptiness, Empty
from engine.bpmn.trying.evaluate import Bench
from engine.bpmn.trying.simple import is_simple
from engine.forms.drawn.model import Component, Form, Question, QuestionKind, walk
from engine.rules import feel
from engine.rules.feel import Ask, Told
from engine.rules.literals import plain_value

_STARTED = Domain(Sort.GROUP, ({"started": False}, {"started": True, "end": "Ended"}), open=True)


@dataclass(frozen=True)
class Try:
    """Rules worked out with one way to answer the questions they read."""

    names: Mapping[str, Any]
    told: tuple[Told, ...]

    @property
    def empty(self) -> list[str]:
        """The names left empty."""
        return [name for name, value in self.names.items() if value is None]


@dataclass(frozen=True)
class Trial:
    """All the ways some rules were tried."""

    tries: tuple[Try, ...]
    complete: bool  # no other answers would give anything else


@dataclass
class Tried:
    """Names with what they may hold, and rules tried with them."""

    view: View
    bench: Bench = field(default_factory=Bench)
    _domains: dict[str, Domain] = field(default_factory=dict)
    _working: set[str] = field(default_factory=set)
    _trials: dict[tuple[str, ...], Trial] = field(default_factory=dict)

    @cached_property
    def emptiness(self) -> Emptiness:
        return Emptiness(self.view)

    def domain(self, name: str) -> Domain:
        """What a name may hold."""
        if name not in self._domains:
            if name in self._working:
                return ANYTHING
            self._working.add(name)
            self._domains[name] = _together([self._from(name, element) for element in self._givers.get(name, ())])
            self._working.discard(name)
        return self._domains[name]

    def trial(self, rules: Sequence[str], place: str | None) -> Trial:
        """Rules worked out together with every kind of answer; at `place`, as far as names can be empty there."""
        key = tuple(rules)
        if key not in self._trials:
            self._trials[key] = self._run(rules)
        whole = self._trials[key]
        return whole if place is None else Trial(tuple(self._possible(whole.tries, place)), whole.complete)

    def _run(self, rules: Sequence[str]) -> Trial:
        names = self.read_by(rules)
        domains = {name: self.domain(name) for name in names}
        choices = {name: (*domain.tried(rules), None) for name, domain in domains.items()}
        ways, all_of_them = self.bench.ways(choices)
        told = self.bench.work_out([(Ask(rule), way) for way in ways for rule in rules])
        tries = tuple(
            Try(way, tuple(told[number * len(rules) : (number + 1) * len(rules)])) for number, way in enumerate(ways)
        )
        known = all(
            not domain.open or (domain.sort is not Sort.ANYTHING and is_simple(rules)) for domain in domains.values()
        )
        return Trial(tries, all_of_them and known and not self._read_clock(rules))

    def _read_clock(self, rules: Sequence[str]) -> bool:
        return any({"school", "case", "calendar", "now", "item_number"} & feel.names_in(rule) for rule in rules)

    def read_by(self, rules: Iterable[str]) -> list[str]:
        """The names that rules read, and what decides whether these are asked at all."""
        names = sorted({name for rule in rules for name in feel.names_in(rule)} - FACTS.keys())
        if len(names) > 4:
            return names
        more = {
            other
            for name in names
            for filling in self.emptiness.fillings(name)
            for rule in filling.unless
            for other in feel.names_in(rule)
        }
        added = sorted(more - set(names) - FACTS.keys())
        return names + added if len(names) + len(added) <= 5 else names

    def _possible(self, tries: Sequence[Try], place: str) -> Iterator[Try]:
        """Those in which only such names are empty as may be."""
        may: dict[str, Empty | None] = {}
        for one in tries:
            empties = []
            for name in one.empty:
                if name not in may:
                    may[name] = self.emptiness.at(name, place)
                empties.append((name, may[name]))
            if all(empty is not None and self._holds_one(empty, one) for _, empty in empties):
                yield one

    def _holds_one(self, empty: Empty, one: Try) -> bool:
        return not empty.while_one or any(self._holds(rule, one.names) for rule in empty.while_one)

    def _holds(self, rule: str, names: Mapping[str, Any]) -> bool:
        """Whether a rule holds; one that reads names which were not tried may."""
        read = feel.names_in(rule) - FACTS.keys()
        if not read <= names.keys():
            return True
        key = (rule, *(repr(names[name]) for name in sorted(read)))
        if key not in self.bench.kept:
            self.bench.kept[key] = self.bench.work_out([(Ask(rule), {name: names[name] for name in read})])[0]
        return self.bench.kept[key].value is True

    @cached_property
    def _givers(self) -> Mapping[str, list[Element]]:
        found: dict[str, list[Element]] = {}
        for element in self.view.diagram.elements.values():
            for name in self._gives(element):
                found.setdefault(name, []).append(element)
        return found

    def _gives(self, element: Element) -> Iterator[str]:
        if element.form and element.form in self.view.forms:
            yield from self.view.forms[element.form].keys
        if element.several:
            yield from filter(None, (element.several.item, element.several.collect))
        yield from (one.name for one in element.hands_back)
        if element.result:
            yield element.result
        elif element.decision and element.decision in self.view.decisions:
            yield from (column.name for column in self.view.decisions[element.decision].outputs)

    def _from(self, name: str, element: Element) -> Domain:
        if element.several and name == element.several.item:
            return ANYTHING
        if element.several and name == element.several.collect:
            return self._collected(element)
        form = self.view.forms.get(element.form or "")
        if form and name in form.keys:
            return self._asked(name, form)
        if element.kind is Kind.SCRIPT and element.script and not feel.parse_fault(element.script):
            return self.gives(element.script)
        if any(one.name == name for one in element.hands_back):
            return ANYTHING
        if element.kind is Kind.RULE:
            return self._decided(name, element)
        return PEOPLE if element.word == "find_people" else _STARTED if element.word else ANYTHING

    def _asked(self, name: str, form: Form) -> Domain:
        found = self._of_forms(form)[name]
        rules = (part.rule for part in walk(form.parts) if isinstance(part, Question) and _is_worked_out(part, name))
        rule = next(rules, None)
        return self.gives(rule.text) if rule and not feel.parse_fault(rule.text) else found

    def _of_forms(self, form: Form) -> Mapping[str, Domain]:
        if "trial" not in form.memo:
            form.memo["trial"] = of_parts(form.parts)
        found: Mapping[str, Domain] = form.memo["trial"]
        return found

    def gives(self, rule: str) -> Domain:
        """What a rule may give."""
        if unknown := [name for name in feel.names_in(rule) if name in self._working]:
            names = {name: None for name in unknown}
            told = self.bench.work_out([(Ask(rule), dict.fromkeys(feel.names_in(rule) - FACTS.keys()) | names)])
            return of_values([one.value for one in told], open=True)
        trial = self.trial([rule], None)
        values = [one.told[0].value for one in trial.tries if one.told[0].fault is None]
        return of_values(values, open=not trial.complete)

    def _collected(self, element: Element) -> Domain:
        inside = [
            item for item in self.view.diagram.elements.values() if element is item or element in self.view.around(item)
        ]
        names = {name for item in inside for name in self._gives(item)} - {
            element.several.collect if element.several else ""
        }
        return of_rows({name: self.domain(name) for name in sorted(names)[:60]})

    def _decided(self, name: str, element: Element) -> Domain:
        decision = self.view.decisions.get(element.decision or "")
        if decision is None:
            return ANYTHING
        columns = [place for place, column in enumerate(decision.outputs) if name in (column.name, element.result)]
        if len(columns) != 1 or decision.hit_policy not in ("UNIQUE", "FIRST", "ANY", "PRIORITY"):
            return ANYTHING
        texts = {rule.results[columns[0]].text for rule in decision.rules}
        plain = [value for text in texts if (value := plain_value(text)) is not None]
        others = [text for text in texts if plain_value(text) is None]
        return of_values(plain, open=bool([text for text in others if text != "null"]))


def _is_worked_out(part: Component, name: str) -> bool:
    return (
        isinstance(part, Question)
        and part.kind is QuestionKind.WORKED_OUT
        and part.key == name
        and part.rule is not None
    )


def _together(found: Sequence[Domain]) -> Domain:
    """What a name may hold that several steps give."""
    if not found:
        return ANYTHING
    if len(found) == 1 or all(other == found[0] for other in found):
        return found[0]
    first = found[0]
    same = all(other.sort is first.sort for other in found)
    values = tuple(value for domain in found for value in domain.values)
    options = tuple(dict.fromkeys(option for domain in found for option in domain.options))
    return replace(
        first,
        sort=first.sort if same else Sort.ANYTHING,
        values=tuple({repr(value): value for value in values}.values()),
        open=any(domain.open for domain in found) or not same,
        least=None,
        most=None,
        whole=False,
        options=options if all(domain.options for domain in found) else (),
    )
