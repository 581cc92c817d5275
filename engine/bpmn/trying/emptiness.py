"""Whether a name may still be empty where a rule reads it: not asked for yet, or asked for and not answered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from engine.bpmn.check.subject import View
from engine.bpmn.diagram.elements import Element, Kind
from engine.forms.drawn.model import Component, Group, Listing, Question, QuestionKind
from engine.forms.drawn.texts import Feel

_ALWAYS = frozenset({QuestionKind.TICK, QuestionKind.TICKS, QuestionKind.FILES, QuestionKind.WORKED_OUT})


@dataclass(frozen=True)
class Filling:
    """A step that gives a name a value, unless one of `unless` holds."""

    element: str
    unless: tuple[str, ...] = ()


@dataclass(frozen=True)
class Empty:
    """May be empty: always possible (`unless` empty), or only while one of these rules holds."""

    while_one: tuple[str, ...] = ()


@dataclass(frozen=True)
class Emptiness:
    """Asks the diagram. Everything is worked out when first asked for."""

    view: View

    def at(self, name: str, place: str) -> Empty | None:
        """Whether the name may be empty at an element or arrow; None when it cannot."""
        if name in self._items:
            return None
        fillings = self.fillings(name)
        if self._open_at(place, {filling.element for filling in fillings}):
            return Empty()
        unless = tuple(dict.fromkeys(rule for filling in fillings for rule in filling.unless))
        firm = {filling.element for filling in fillings if not filling.unless}
        return Empty(unless) if unless and self._open_at(place, firm) else None

    def fillings(self, name: str) -> list[Filling]:
        """The steps after which a name holds something."""
        return self._fillings.get(name, [])

    @cached_property
    def _fillings(self) -> Mapping[str, list[Filling]]:
        found: dict[str, list[Filling]] = {}
        for element in self.view.diagram.elements.values():
            for name, unless in self._given(element):
                found.setdefault(name, []).append(Filling(element.id, unless))
        return found

    def _given(self, element: Element) -> Iterator[tuple[str, tuple[str, ...]]]:
        if _may_skip(element):
            return
        if element.form and element.form in self.view.forms:
            yield from sure_answers(self.view.forms[element.form].parts)
        if element.several:
            yield from ((name, ()) for name in (element.several.item, element.several.collect) if name)
        if element.result:
            yield element.result, ()
        elif element.decision and element.decision in self.view.decisions:
            yield from ((column.name, ()) for column in self.view.decisions[element.decision].outputs)

    def _open_at(self, place: str, filled: Collection[str]) -> bool:
        key = frozenset(filled)
        if key not in self._kept:
            self._kept[key] = self._spread(key)
        before, after = self._kept[key]
        flow = self._flows.get(place)
        if flow is not None:
            return flow in after
        node = self.view.graph.nodes.get(place)
        host = node.attached_to if node is not None else None
        return (host or place) in before

    @cached_property
    def _items(self) -> frozenset[str]:
        """What one of several is called inside its step: it is there from the beginning."""
        several = [element.several for element in self.view.diagram.elements.values() if element.several]
        return frozenset(each.item for each in several if each.item)

    @cached_property
    def _kept(self) -> dict[frozenset[str], tuple[set[str], set[str]]]:
        return {}

    @cached_property
    def _flows(self) -> Mapping[str, str]:
        return {flow.id: flow.source for flow in self.view.diagram.flows}

    def _spread(self, filled: Collection[str]) -> tuple[set[str], set[str]]:
        """Where a case can come to without having passed any of these steps: to them, and out of them."""
        graph = self.view.graph
        before: set[str] = set()
        after: set[str] = set()
        work = graph.begins(None)
        while work:
            id = work.pop()
            if id not in before:
                if graph.waits_for_all(id) and not all(flow.source in after for flow in graph.into[id]):
                    continue
                before.add(id)
                work += [*graph.timers.get(id, ()), *self._begins.get(id, ())]
            if id in after or id in filled or (id in self._begins and id not in self._passed):
                continue
            after.add(id)
            work += [flow.target for flow in graph.out[id]]
            outer = graph.nodes[id].inside
            while self._may_end(id, outer) and outer and outer in before and outer not in {*after, *filled}:
                after.add(outer)
                work += [flow.target for flow in graph.out[outer]]
                id, outer = outer, graph.nodes[outer].inside
        return before, after

    def _may_end(self, id: str, outer: str | None) -> bool:
        """Whether a block may be over with this: an end in it, or a block in it that ends everything else."""
        return bool(outer) and self.view.graph.kind(id) in (Kind.END, Kind.EVENT_SUB)

    @cached_property
    def _begins(self) -> Mapping[str, list[str]]:
        """Blocks and where each begins."""
        return {id: self.view.graph.begins(id) for id in self.view.graph.scopes if id}

    @cached_property
    def _passed(self) -> frozenset[str]:
        """Blocks done for several: with an empty list they are passed straight."""
        elements = self.view.diagram.elements
        skipped = {id for id, each in elements.items() if each.kind is Kind.SUB and (each.several or _may_skip(each))}
        return frozenset(id for id in self._begins if id in skipped)


def _may_skip(element: Element) -> bool:
    """Whether a step that repeats itself may be passed without being done."""
    return element.repeat is not None and element.repeat.looks_first


def sure_answers(parts: Iterable[Component], around: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The answers that are surely given once a form is sent, each with the rules under which it is hidden."""
    for part in parts:
        if part.hide is True:
            continue
        unless = (*around, part.hide.text) if isinstance(part.hide, Feel) else around
        if isinstance(part, Group) and not part.key:
            yield from sure_answers(part.parts, unless)
        elif isinstance(part, Group | Listing):
            yield part.key, unless
        elif isinstance(part, Question) and _is_sure(part):
            needed = (f"(({part.required.text}\n) = true) = false",) if isinstance(part.required, Feel) else ()
            yield part.key, (*unless, *needed)


def _is_sure(question: Question) -> bool:
    if question.kind is QuestionKind.WORKED_OUT:
        return True
    if question.readonly or question.disabled:
        return False
    return question.kind in _ALWAYS or bool(question.required)
