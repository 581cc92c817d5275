"""What changed between two versions of a procedure, as sentences on the step, form or table they are about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from engine.bpmn.definition import Definition
from engine.bpmn.diagram.elements import Element, Flow, Kind
from engine.bpmn.outline import changed_files
from engine.bpmn.outline.phrases import condition_of
from engine.bpmn.words import registry
from engine.model.people import Role
from engine.model.role_names import label_of
from engine.model.wording import quoted


class How(StrEnum):
    """What became of something."""

    ADDED = "new"
    CHANGED = "changed"
    REMOVED = "taken out"


@dataclass(frozen=True)
class Change:
    """What became of one thing, and in which respects. element: its id on the newer diagram, where it stands there."""

    what: str
    how: How
    sentences: tuple[str, ...] = ()
    element: str | None = None


@dataclass(frozen=True)
class Changes:
    """Everything that differs, by what it is about."""

    procedure: tuple[str, ...]
    steps: tuple[Change, ...]
    forms: tuple[Change, ...]
    tables: tuple[Change, ...]

    @property
    def marks(self) -> dict[str, How]:
        """What to mark on the newer diagram: element id -> how."""
        return {change.element: change.how for change in self.steps if change.element}


def changes(before: Definition, after: Definition, roles: Mapping[str, Role]) -> Changes:
    """What the newer version does otherwise than the older one."""
    told = _Comparison(before, after, roles)
    return Changes(
        tuple(told.procedure()),
        tuple(told.steps()),
        tuple(_files(changed_files.forms(before.forms, after.forms))),
        tuple(_files(changed_files.tables(before.decisions, after.decisions))),
    )


def _files(found: Iterator[tuple[str, str, tuple[str, ...]]]) -> Iterator[Change]:
    for what, how, sentences in found:
        yield Change(what, How(how), sentences)


def moved(what: str, old: str | None, new: str | None) -> Iterator[str]:
    """“Deadline changed from 5 school days to 3 school days.” Nothing for what stayed."""
    old, new = old or "", new or ""
    if old == new:
        return
    if not old:
        yield f"{what} added: {new}."
    elif not new:
        yield f"{what} taken out: it was {old}."
    else:
        yield f"{what} changed from {old} to {new}."


@dataclass(frozen=True)
class _Comparison:
    before: Definition
    after: Definition
    roles: Mapping[str, Role]

    def procedure(self) -> Iterator[str]:
        """What holds for the whole of it."""
        old, new = self.before.diagram, self.after.diagram
        yield from moved("Title", quoted(old.title), quoted(new.title))
        yield from moved("Promise", old.promise, new.promise)
        yield from moved("Beginning of its numbers", old.prefix, new.prefix)
        yield from moved("Who may start it", self._starters(self.before), self._starters(self.after))
        if old.guidance != new.guidance:
            yield "What it says it is for is reworded."

    def steps(self) -> Iterator[Change]:
        """Steps, events and diamonds, in the order of the newer diagram; those taken out last."""
        for id, new in self.after.diagram.elements.items():
            old = self._twin.get(id)
            if old is None:
                yield Change(_title(new), How.ADDED, tuple(self._of_new(new)), id)
            elif sentences := tuple(self._of(old, new)):
                yield Change(_title(new), How.CHANGED, sentences, id)
        for id, old in self.before.diagram.elements.items():
            if id not in self._became:
                yield Change(_title(old), How.REMOVED)

    @cached_property
    def _twin(self) -> dict[str, Element]:
        """What each step of the newer diagram was in the older one: by id, else by a name that nothing else has."""
        old, new = self.before.diagram.elements, self.after.diagram.elements
        same = {id: old[id] for id, element in new.items() if id in old and old[id].kind is element.kind}
        taken = {element.id for element in same.values()}
        left = [element for element in old.values() if element.id not in taken and element.name]
        fresh = [element for element in new.values() if element.id not in same and element.name]
        once = _once(left)
        found = {element.id: once[_known(element)] for element in _once(fresh).values() if _known(element) in once}
        return same | found

    def _of_new(self, new: Element) -> Iterator[str]:
        if who := self._role(new, self.after):
            yield f"{who} does it."
        yield from moved("Deadline", None, _rule(new.due))
        yield from moved("Time", None, _rule(new.moment))

    def _of(self, old: Element, new: Element) -> Iterator[str]:
        yield from moved("Name", quoted(old.name) if old.name else "", quoted(new.name) if new.name else "")
        yield from moved("Who does it", self._role(old, self.before), self._role(new, self.after))
        for what, name in _SAID.items():
            yield from moved(what, _rule(getattr(old, name)), _rule(getattr(new, name)))
        if old.guidance != new.guidance:
            yield "What it says to whoever does it is reworded."
        if old.interrupting != new.interrupting:
            yield f"It {'now stops' if new.interrupting else 'no longer stops'} what it is drawn on."
        yield from self._several(old, new)
        yield from _asked(old, new)
        yield from self._ways(old, new)

    def _several(self, old: Element, new: Element) -> Iterator[str]:
        if old.several != new.several:
            was, now = ("for each of several" if each.several else "once" for each in (old, new))
            same = was == now
            yield "For whom it is done several times is changed." if same else f"It is done {now} now, {was} before."
        if old.repeat != new.repeat:
            yield "How often it is done again is changed."

    def _ways(self, old: Element, new: Element) -> Iterator[str]:
        """The arrows out of it, by where they lead."""
        was, now = (self._out(self.before, old.id), self._out(self.after, new.id))
        many = len(was) > 1 or len(now) > 1
        for target in [*now, *(each for each in was if each not in now)]:
            if target not in was:
                yield f"A way to {quoted(target)} is new{_when(now[target], many)}."
            elif target not in now:
                yield f"The way to {quoted(target)} is taken out."
            elif was[target] != now[target] and many:
                yield from moved(f"When it goes on to {quoted(target)}", was[target], now[target])

    def _out(self, version: Definition, id: str) -> dict[str, str]:
        elements, element = version.diagram.elements, version.diagram.elements[id]
        found: dict[str, str] = {}
        for flow in self._arrows[version is self.before].get(id, ()):
            title = self._place(version, elements[flow.target])
            found[title] = f"{found[title]} or {_way(flow, element)}" if title in found else _way(flow, element)
        return found

    def _place(self, version: Definition, element: Element) -> str:
        """What a step is called in both versions: an arrow to a step with a new name leads where it did."""
        twin = self._became.get(element.id) if version is self.before else None
        return _title(self.after.diagram.elements[twin] if twin else element)

    @cached_property
    def _became(self) -> dict[str, str]:
        """The id that each step of the older diagram has on the newer one."""
        return {old.id: id for id, old in self._twin.items()}

    @cached_property
    def _arrows(self) -> tuple[dict[str, list[Flow]], dict[str, list[Flow]]]:
        """The arrows out of each step: of the newer diagram, of the older one."""
        found: tuple[dict[str, list[Flow]], dict[str, list[Flow]]] = ({}, {})
        for arrows, version in zip(found, (self.after, self.before), strict=True):
            for flow in version.diagram.flows:
                if flow.target in version.diagram.elements:
                    arrows.setdefault(flow.source, []).append(flow)
        return found

    def _role(self, element: Element, version: Definition) -> str:
        return (
            label_of(version.package.role(element.role), self.roles)
            if element.role and element.kind is Kind.USER
            else ""
        )

    def _starters(self, version: Definition) -> str:
        names = [label_of(version.package.role(name), self.roles) for name in version.diagram.starters]
        return ", ".join(names) or "any member of staff"


_SAID = {
    "Deadline": "due",
    "Time": "moment",
    "Who of them": "assignee",
    "Form": "form",
    "Table": "decision",
    "What it works out": "script",
    "Name of its result": "result",
    "What it is about": "named",
    "Procedure it calls": "called",
    "Rule it waits for": "condition",
}


def _asked(old: Element, new: Element) -> Iterator[str]:
    """What Headway is asked to do there."""
    was, now = (registry.WORDS.get(each.word or "") for each in (old, new))
    yield from moved("What Headway does", was.label if was else None, now.label if now else None)
    if old.word == new.word:
        labels = registry.labels(new.word or "")
        for name in dict.fromkeys((*old.parameters, *new.parameters)):
            one, two = (_rule(each.parameters.get(name)) for each in (old, new))
            yield from moved(labels.get(name, name), one and quoted(one), two and quoted(two))


def _way(flow: Flow, source: Element) -> str:
    if flow.id == source.default_flow:
        return "in every other case"
    return condition_of(flow) if flow.name else f"the rule {quoted(condition_of(flow), 120)}"


def _when(condition: str, many: bool) -> str:
    return f": {condition}" if many else ""


def _rule(text: str | None) -> str:
    return f"by the rule {quoted(text[1:].strip(), 120)}" if text and text.startswith("=") else text or ""


def _title(element: Element) -> str:
    return element.name or f"{_CALLED.get(element.kind.value, 'a step')} without a name"


_CALLED = {"startEvent": "the start", "endEvent": "an end", "boundaryEvent": "an event on a step"}
_CALLED |= dict.fromkeys(("exclusiveGateway", "inclusiveGateway", "parallelGateway", "eventBasedGateway"), "a diamond")
_CALLED |= dict.fromkeys(("intermediateCatchEvent", "intermediateThrowEvent"), "an event")


def _known(element: Element) -> tuple[str, str]:
    return element.kind.value, element.name.casefold()


def _once(elements: list[Element]) -> dict[tuple[str, str], Element]:
    """Those whose kind and name no other has."""
    often = Counter(map(_known, elements))
    return {_known(element): element for element in elements if often[_known(element)] == 1}
