"""Faults of expressions: each can be read as FEEL, and names only what the procedure knows at that place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from engine import forms
from engine.bpmn.check.size import too_much
from engine.bpmn.check.spelling import nearest
from engine.bpmn.check.steps import unreadable
from engine.bpmn.check.subject import View
from engine.bpmn.diagram.elements import ABOUT, BRINGS, Element, Kind, names_in_list
from engine.bpmn.reads import expressions
from engine.bpmn.runtime.variables import ITEM_NUMBER, ITEMS_DONE, ITEMS_TOTAL, TIMES_DONE
from engine.bpmn.unsupported.matchers import OF_ANOTHER_ENGINE
from engine.model.fault import Fault
from engine.model.wording import MOST_LISTED, in_a_row, quoted
from engine.rules import feel, table_faults
from engine.rules.misread import misread_rule

FACTS = frozenset({"case", "school", "today", "calendar"})
COUNTS_OF_ITEMS = frozenset({ITEMS_DONE, ITEMS_TOTAL})
COUNTS_OF_TIMES = frozenset({TIMES_DONE})
MOST_HINTS = 20  # names compared with all that are known; each takes a moment
_NAME = re.compile(r"^[^\W\d]\w*$")


@dataclass(frozen=True)
class DrawnRule:
    """An expression on the diagram."""

    element: str  # where it stands
    text: str  # FEEL without its leading "="
    sees: str | None  # the element whose names it sees; None: those of the procedure
    counts: frozenset[str] = frozenset()  # names that this rule alone may read


@dataclass(frozen=True)
class Names:
    """Which names are known where. What is answered inside a step for several is only known there."""

    view: View
    _hints: Iterator[int] = field(default_factory=lambda: iter(range(MOST_HINTS)))

    @cached_property
    def everywhere(self) -> frozenset[str]:
        """Names known in the whole procedure."""
        found = {*FACTS, *names_in_list(self.view.diagram.properties.get("trust:names"))}
        for element in self.view.diagram.elements.values():
            if self._several_around(element) is None:
                found.update(self.answers(element))
            if element.several and element.several.collect and self._several_outside(element) is None:
                found.add(element.several.collect)
        return frozenset(found)

    @cached_property
    def complete(self) -> bool:
        """Whether every form and table could be read. While one is missing its answers are missing everywhere: to say
        so of each rule would hide the one fault behind many.
        """
        elements = self.view.diagram.elements.values()
        forms_there = all(element.form in self.view.forms for element in elements if element.form)
        return forms_there and all(element.decision in self.view.decisions for element in elements if element.decision)

    def at(self, id: str | None) -> frozenset[str]:
        """Names known at an element, those of the items it is done for included."""
        element = self.view.diagram.elements.get(id or "")
        if element is None:
            return self.everywhere
        return self.at_all([element])

    def at_all(self, elements: Iterable[Element]) -> frozenset[str]:
        """Names known at any of some elements."""
        around = {item.id for element in elements for item in (element, *self.view.around(element)) if item.several}
        return self.everywhere.union(*(self._inside[id] for id in around))

    def like(self, name: str, id: str | None) -> str | None:
        """A known name that is written much like this one. Looked for a few times in one check."""
        if next(self._hints, None) is None:
            return None
        return nearest(name, self.at(id))

    def only_inside(self, name: str) -> list[str]:
        """The steps for several inside which alone a name is known."""
        return [id for id, names in self._inside.items() if name in names]

    def answers(self, element: Element) -> Iterable[str]:
        """Names that a step gives answers to."""
        if element.form and element.form in self.view.forms:
            yield from self.view.forms[element.form].keys
        yield from (one.name for one in element.hands_back)
        if element.result:
            yield element.result
        elif element.decision and element.decision in self.view.decisions:
            yield from (column.name for column in self.view.decisions[element.decision].outputs)

    @cached_property
    def _inside(self) -> dict[str, set[str]]:
        """For each step or block done for several, what is known inside it alone."""
        found: dict[str, set[str]] = {}
        for element in self.view.diagram.elements.values():
            if element.several:
                found.setdefault(element.id, set()).update({ITEM_NUMBER, element.several.item or ITEM_NUMBER})
            around = self._several_around(element)
            if around:
                found.setdefault(around.id, set()).update(self.answers(element))
            outside = self._several_outside(element)
            if outside and element.several and element.several.collect:
                found.setdefault(outside.id, set()).add(element.several.collect)
        return found

    def _several_around(self, element: Element) -> Element | None:
        return element if element.several else self._several_outside(element)

    def _several_outside(self, element: Element) -> Element | None:
        return next((item for item in self.view.around(element) if item.several), None)


def faults(view: View) -> Iterator[Fault]:
    """Every fault of expressions and names, those inside forms and decision tables included."""
    names = Names(view)
    if large := too_much(view, [rule.text for rule in rules(view)]):
        yield large
        return
    told = _times_told(view)
    for rule in rules(view):
        if (rule.element, rule.text) not in told and not OF_ANOTHER_ENGINE.search(rule.text):
            yield from _rule(view, names, rule)
    yield from _given(view, names)
    yield from _forms(view, names)
    yield from _decisions(view, names)


def _times_told(view: View) -> set[tuple[str, str]]:
    """Rules of deadlines and timers that give what is no time: that is told already, and once is enough."""
    drawn = ((element.id, text) for element in view.diagram.elements.values() for text in (element.due, element.timer))
    return {(id, text[1:].strip()) for id, text in drawn if text and text.startswith("=") and unreadable(text)}


def rules(view: View) -> Iterator[DrawnRule]:
    """Every expression on the diagram."""
    for element in view.diagram.elements.values():
        if element.several and element.several.each_of:
            yield DrawnRule(element.id, element.several.each_of, element.inside)
        yield from _after_each(element)
        for text in expressions(element):
            yield DrawnRule(element.id, text, element.id)
        for name in names_in_list(element.properties.get(ABOUT)) + names_in_list(element.properties.get(BRINGS)):
            yield DrawnRule(element.id, name, element.id)
    for flow in view.diagram.flows:
        if flow.condition:
            yield DrawnRule(flow.id, flow.condition, flow.inside)


def _after_each(element: Element) -> Iterator[DrawnRule]:
    """What is asked each time a step was done once more: whether it is over early, whether it is done again."""
    if element.several and element.several.until:
        gathered = frozenset(filter(None, [element.several.collect]))
        yield DrawnRule(element.id, element.several.until, element.id, COUNTS_OF_ITEMS | gathered)
    if element.repeat and element.repeat.while_true:
        yield DrawnRule(element.id, element.repeat.while_true, element.id, COUNTS_OF_TIMES)


def _rule(view: View, names: Names, rule: DrawnRule) -> Iterator[Fault]:
    if misread := misread_rule(rule.text):
        yield view.fault(rule.element, f"The rule {quoted(rule.text)} does not read as it is meant. {misread}")
        return
    fault = feel.parse_fault(rule.text) if rule.text else "is empty"
    if fault:
        how = _STRAIGHT if _CURLY & set(rule.text) else _HOW
        yield view.fault(rule.element, f"The rule {quoted(rule.text)} {fault}. {how}")
        return
    if not names.complete:
        return
    unknown = feel.unknown_names(rule.text, names.at(rule.sees) | rule.counts)
    if unknown:
        first, *rest = unknown
        more = f" Nothing answers {in_a_row(map(quoted, rest), most=MOST_LISTED)} either." if rest else ""
        yield view.fault(rule.element, f"{_unknown(view, names, rule, first)}{more}")


_HOW = 'Write it in FEEL, such as =route = "desk".'
_STRAIGHT = 'Write texts between straight marks, such as "desk".'
_CURLY = frozenset("\u201c\u201d\u201e\u2018\u2019")  # what a word processor makes of quotation marks


def _unknown(view: View, names: Names, rule: DrawnRule, name: str) -> str:
    inside = names.only_inside(name)
    if inside:
        return (
            f"{quoted(name)} is answered separately for each of {view.titles(inside)} and is only known inside."
            " Gather the answers there with trust:collect, and use that name here."
        )
    close = names.like(name, rule.sees)
    hint = f" Did you mean {quoted(close)}?" if close else " Use the key of a question, a result or a name handed on."
    return f"The rule {quoted(rule.text)} names {quoted(name)}, which nothing in this procedure answers.{hint}"


def _given(view: View, names: Names) -> Iterator[Fault]:
    """Names the diagram itself gives away: results, items, gathered answers, names handed on; and keys of forms."""
    for element in view.diagram.elements.values():
        several = element.several
        for name in filter(None, (element.result, *((several.item, several.collect) if several else ()))):
            if sentence := _bad_name(name):
                yield view.fault(element.id, sentence)
        if several and several.item and several.item in names.everywhere and several.item not in FACTS:
            yield view.fault(
                element.id, f"{quoted(several.item)} is the name of an answer too. Give the items another name."
            )
    for name in names_in_list(view.diagram.properties.get("trust:names")):
        if sentence := _bad_name(name):
            yield view.fault(None, f"{sentence} It is listed in trust:names.")
    yield from _keys(view)


def _keys(view: View) -> Iterator[Fault]:
    for key, form in view.forms.items():
        taken = [name for name in form.keys if name in FACTS]
        if taken:
            yield Fault(f"forms/{key}.form", None, None, f"{_taken(taken)} Give those questions other keys.")


def _bad_name(name: str) -> str | None:
    if not _NAME.match(name):
        return f"{quoted(name)} cannot be a name. Use letters, digits and _ without spaces, and begin with a letter."
    return f"{_taken([name])} Choose another name." if name in FACTS else None


def _taken(names: list[str]) -> str:
    said = in_a_row([quoted(name) for name in names], most=MOST_LISTED)
    return f"{said} {'is a name' if len(names) == 1 else 'are names'} that Headway itself gives in every case."


def _forms(view: View, names: Names) -> Iterator[Fault]:
    for key, form in view.forms.items():
        known = names.at_all(item for item in view.diagram.elements.values() if item.form == key)
        for element, label, sentence in forms.faults(form, known):
            yield Fault(f"forms/{key}.form", element, label, sentence)


def _decisions(view: View, names: Names) -> Iterator[Fault]:
    for key, decision in view.decisions.items():
        steps = [item for item in view.diagram.elements.values() if item.decision == key and item.kind is Kind.RULE]
        known = names.at_all(steps)
        for element, label, sentence in table_faults.faults(decision, known):
            yield Fault(f"decisions/{key}.dmn", element, label, sentence)
