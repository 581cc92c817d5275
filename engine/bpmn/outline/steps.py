"""A procedure told as an ordered list in plain English, and what happens next after a step.

Diamonds are not steps: they are told where they are come to, as "if …, go to step 5; otherwise go to step 7".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from engine.bpmn.diagram.elements import Diagram, Element, Flow, Kind, Trigger
from engine.bpmn.diagram.graph import BLOCKS
from engine.bpmn.outline.next import Next, comes_next, comes_next_of
from engine.bpmn.outline.phrases import (
    DECIDED,
    ITSELF,
    TOGETHER,
    WHICHEVER,
    Telling,
    awaited,
    condition_of,
    happens,
    in_words,
    said,
    started_for,
    stopped,
    waits_for_procedure,
)
from engine.model.people import Role
from engine.model.role_names import label_of
from engine.model.wording import in_a_row

__all__ = ["Next", "OutlineStep", "comes_next", "comes_next_of", "outline"]

MOST_LETTERS = 1_000  # of what is told of one diamond and those behind it
_TOLD_ELSEWHERE = frozenset({Kind.END, Kind.EXCLUSIVE, Kind.PARALLEL, Kind.INCLUSIVE, Kind.EVENT_CHOICE, Kind.BOUNDARY})


@dataclass(frozen=True)
class OutlineStep:
    """One line of the list."""

    element: str
    number: int  # counted through, from 1
    depth: int  # 0, and one more inside each sub-process
    title: str
    who: str  # the role's label, "Headway" for what no person does, empty for waits and blocks
    by_when: str  # "3 school days"; empty when nothing is said
    sentence: str  # all of it, with where it goes from there


def outline(diagram: Diagram, roles: Mapping[str, Role]) -> list[OutlineStep]:
    """Every step in reading order, those of a sub-process after it."""
    return _Outline(diagram, roles).steps()


@dataclass(frozen=True)
class _Outline(Telling):
    def steps(self) -> list[OutlineStep]:
        return [self._step(element, depth) for element, depth in self._listed]

    @cached_property
    def _listed(self) -> list[tuple[Element, int]]:
        return list(self._inside(None, 0))

    @cached_property
    def _memo(self) -> dict[str, str]:
        """Diamonds told already: many ways come to the same one."""
        return {}

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {element.id: number for number, (element, _) in enumerate(self._listed, 1)}

    def _inside(self, scope: str | None, depth: int) -> Iterator[tuple[Element, int]]:
        for id in self.graph.forward(scope)[0]:
            element = self.diagram.elements.get(id)
            if element is None or self._elsewhere(element):
                continue
            yield element, depth
            if element.kind in BLOCKS:
                yield from self._inside(id, depth + 1)

    def _elsewhere(self, element: Element) -> bool:
        """Whether this is told where it is come to, and is no step of the list."""
        begins_block = element.kind is Kind.START and element.inside is not None
        return element.kind in _TOLD_ELSEWHERE or element.trigger is Trigger.LINK or begins_block

    def _step(self, element: Element, depth: int) -> OutlineStep:
        title = element.name or ("Start" if element.kind is Kind.START else element.id)
        by_when = in_words(element.due if element.kind is Kind.USER else element.moment)
        told = [self._does(element, title, by_when), *self._then(element), *self._timers(element)]
        who = self._begins(element) if element.kind is Kind.START else self.who(element)
        return OutlineStep(
            element.id, self._numbers[element.id], depth, title, who, by_when, " ".join(filter(None, told))
        )

    def _begins(self, start: Element) -> str:
        return ITSELF if start.trigger is Trigger.TIMER else self._starters()

    def _starters(self) -> str:
        return in_a_row([label_of(name, self.roles) for name in self.diagram.starters], "or") or "Any member of staff"

    def _does(self, element: Element, title: str, by_when: str) -> str:
        several = self.times(element)
        if element.kind is Kind.START:
            return self._started(element, title, by_when)
        if element.kind is Kind.USER:
            due = f" Due: {by_when}." if by_when else ""
            return f"{self.who(element) or 'Somebody'}: {title}.{several}{due}"
        if element.kind is Kind.SUB:
            return f"{stopped(title)}{several} {self._first_inside(element)}".strip()
        if element.kind is Kind.EVENT_SUB:
            return self._by_itself(element, title)
        return self._happens(element, title, several)

    def _started(self, start: Element, title: str, by_when: str) -> str:
        if start.trigger is Trigger.TIMER:
            return f"{ITSELF} starts this by itself, {started_for(start)}: {by_when}."
        begins = stopped(f"this begins by itself {happens(start)}")
        which = f": {title}" if len(self.diagram.people_starts) > 1 else ""
        return f"{self._starters()} may start this{which}." if start.trigger is Trigger.NONE else begins

    def _happens(self, element: Element, title: str, several: str) -> str:
        """What no person does."""
        if element.is_milestone:
            return f"The journal notes: {title}."
        if element.kind in (Kind.CATCH, Kind.RECEIVE):
            return f"{stopped(awaited(element))}{several}"
        if saying := said(element):
            return stopped(saying)
        waits = " The case waits for it to end." if waits_for_procedure(element) else ""
        return f"{ITSELF}: {title}.{several}{waits}"

    def _by_itself(self, block: Element, title: str) -> str:
        """A block that begins when something happens, and what becomes of what goes on meanwhile."""
        found = [self.diagram.elements.get(id) for id in self.graph.starts(block.id)]
        told = [happens(start) for start in found if start]
        ends = any(start and start.interrupting for start in found)
        where = "this part" if block.inside else "the case"
        how = f"Everything else in {where} ends with it." if ends else "Everything else goes on beside it."
        return f"{stopped(title)} Begins by itself {' or '.join(told)}. {how} {self._first_inside(block)}".strip()

    def _first_inside(self, element: Element) -> str:
        flows = [flow for start in self.graph.starts(element.id) for flow in self.graph.out[start]]
        return f"Inside: {self._go(flows[0], frozenset())}." if flows else ""

    def _then(self, element: Element) -> Iterator[str]:
        if self.graph.out[element.id]:
            where = self._on_from(element, frozenset())
            yield stopped(f"then {where}" if where.startswith(("go to", "once", WHICHEVER)) else where)

    def _timers(self, element: Element) -> Iterator[str]:
        for id in self.graph.timers.get(element.id, ()):
            timer = self.diagram.elements.get(id)
            for flow in self.graph.out[id] if timer else ():
                where = self._go(flow, frozenset())
                yield stopped(f"{happens(timer)}: {_meanwhile(timer)} {where}") if timer else ""

    def _go(self, flow: Flow, seen: frozenset[str]) -> str:
        """Where an arrow leads, in words, through any diamonds."""
        target = self.diagram.elements.get(flow.target)
        if target is None or target.id in seen:
            return "go on"
        if target.id in self._numbers:
            return f"go to step {self._numbers[target.id]}"
        if target.kind is Kind.END:
            return self._ending(target)
        if target.id not in self._memo:
            told = self._through(target, seen | {target.id})
            self._memo[target.id] = told if len(told) <= MOST_LETTERS else f"go on, {DECIDED}"
        return self._memo[target.id]

    def _ending(self, end: Element) -> str:
        name = f": “{end.name}”" if end.name else ""
        at_once = " at once, whatever else is open" if end.trigger is Trigger.TERMINATE else ""
        saying = f", and {said(end)}" if said(end) else ""
        return f"{'this part' if end.inside else 'the case'} ends{at_once}{name}{saying}"

    def _through(self, gateway: Element, seen: frozenset[str]) -> str:
        joined = f"{TOGETHER}: " if self.graph.is_join(gateway.id) else ""
        if gateway.kind is Kind.EVENT_CHOICE:
            joined = f"{WHICHEVER}: "
        return f"{joined}{self._on_from(gateway, seen)}"

    def _on_from(self, element: Element, seen: frozenset[str]) -> str:
        """Where a case goes on from a step or diamond."""
        if self.asks(element):
            always = self.always(element)
            first = f"{self._all_of(always, seen)}; also, " if always else ""
            return f"{first}{self._choice(element, seen)}"
        return self._all_of(self.graph.out[element.id], seen)

    def _all_of(self, flows: Sequence[Flow], seen: frozenset[str]) -> str:
        steps = [self._numbers[flow.target] for flow in flows if flow.target in self._numbers]
        if len(flows) > 1 and len(steps) == len(flows):
            one_of = bool(flows) and self.graph.kind(flows[0].source) is Kind.EVENT_CHOICE
            listed = in_a_row([str(number) for number in steps], "or" if one_of else "and")
            return f"go to step {listed}" if one_of else f"go to steps {listed}, side by side"
        return in_a_row([self._go(flow, seen) for flow in flows])

    def _choice(self, gateway: Element, seen: frozenset[str]) -> str:
        always = self.always(gateway)
        ways = [flow for flow in self.ways(gateway) if flow not in always]
        told = [f"if {condition_of(flow)}, {self._branch(flow, seen)}" for flow in ways if self._asked(gateway, flow)]
        if gateway.kind is not Kind.EXCLUSIVE and len(told) > 1:
            told[0] = f"for each that holds: {told[0]}"
        if not self._asked(gateway, last := ways[-1]):
            otherwise = f"otherwise (“{last.name}”)" if last.name else "otherwise"
            told.append(f"{otherwise}, {self._go(last, seen)}")
        choice = "; ".join(told)
        return f"{gateway.name} {choice[:1].upper()}{choice[1:]}" if gateway.name.endswith("?") else choice

    def _asked(self, gateway: Element, flow: Flow) -> bool:
        return flow.id != gateway.default_flow

    def _branch(self, flow: Flow, seen: frozenset[str]) -> str:
        """A way that is not the last: a further choice on it stands in brackets."""
        where = self._go(flow, seen)
        return f"({where})" if ";" in where else where


def _meanwhile(event: Element) -> str:
    if not event.interrupting:
        return "it stays open, and meanwhile"
    return "if it is not done by then," if event.trigger is Trigger.TIMER else "it ends, and"
