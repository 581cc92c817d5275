"""What happens next and who with: the tasks, waits and ends that a case can come to after a step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from weakref import WeakKeyDictionary

from engine.bpmn.definition import Definition
from engine.bpmn.diagram.catchers import THROWN, catchers
from engine.bpmn.diagram.elements import Diagram, Element, Flow, Kind, Trigger
from engine.bpmn.outline.phrases import (
    DECIDED,
    TOGETHER,
    Telling,
    awaited,
    condition_of,
    in_words,
    said,
    stopped,
    waits_for_procedure,
)
from engine.model.people import Role

MOST_PATHS = 400  # looked at for one step
MOST_WAYS = 3  # told for one thing that comes next
_WAITS = frozenset({Kind.USER, Kind.CATCH, Kind.RECEIVE})


@dataclass(frozen=True)
class Next:
    """Something a case comes to after a step, for whoever does that step."""

    element: str
    title: str
    who: str  # the role's label; empty for waits and ends
    by_when: str
    when: str  # under which condition, e.g. “Accurate? “No””; empty when always
    ends: bool  # the case ends here
    sentence: str


def comes_next(diagram: Diagram, step_id: str, roles: Mapping[str, Role] | None = None) -> list[Next]:
    """The tasks, waits and ends that a case can come to next from a step, each once, nearest first."""
    return list(_Ahead(diagram, roles or {}).after(step_id))


def comes_next_of(definition: Definition, step_id: str, roles: Mapping[str, Role]) -> Sequence[Next]:
    """The same for a version in use: a version never changes, so its steps are walked on from once only, until a role
    is called something else.
    """
    labels = tuple((key, role.label) for key, role in roles.items())
    known = _TOLD.get(definition)
    if known is None or known[0] != labels:
        known = _TOLD[definition] = labels, {}
    found = known[1].get(step_id)
    if found is None:
        called = definition.package.roles_as_drawn(roles)
        found = known[1][step_id] = tuple(comes_next(definition.diagram, step_id, called))
    return found


_Labels = tuple[tuple[str, str], ...]
_TOLD: WeakKeyDictionary[Definition, tuple[_Labels, dict[str, Sequence[Next]]]] = WeakKeyDictionary()


@dataclass(frozen=True)
class _Path:
    """A way on from a step that has not come to anything yet."""

    flow: Flow
    when: tuple[str, ...] = ()
    seen: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Ahead(Telling):
    def after(self, step_id: str) -> Iterator[Next]:
        """What comes after a step, with every condition under which it comes."""
        found: dict[str, list[tuple[str, ...]]] = {}
        here = self.diagram.elements.get(step_id)
        work = self._leaving(here) if here else []
        for _ in range(MOST_PATHS):
            if not work:
                break
            path = work.pop(0)
            target = self.diagram.elements.get(path.flow.target)
            if target and self._stops(target):
                found.setdefault(target.id, []).append(path.when)
            elif target and target.id not in path.seen:
                work += self._onwards(target, path)
        return (self._next(self.diagram.elements[id], whens) for id, whens in found.items())

    def _stops(self, target: Element) -> bool:
        if target.kind is Kind.END:
            return self._ends_the_case(target)
        return (target.kind in _WAITS and not target.passes) or waits_for_procedure(target)

    def _ends_the_case(self, end: Element) -> bool:
        """Whether the case is over with this end. One that throws goes on where it is caught."""
        if end.trigger in THROWN and next(catchers(self.graph, end), None):
            return False
        return end.trigger is Trigger.ERROR or self._after_block(end) is None

    def _after_block(self, end: Element) -> Element | None:
        """The block that is over with an end in it; None: the case is. One that begins by itself ends its own place."""
        inside = end.inside
        while inside and self.diagram.elements[inside].kind is Kind.EVENT_SUB:
            inside = self.diagram.elements[inside].inside
        return self.diagram.elements[inside] if inside else None

    def _next(self, target: Element, whens: list[tuple[str, ...]]) -> Next:
        when, told = _under(whens), self._told(target)
        return Next(
            element=target.id,
            title=target.name or target.id,
            who=self.who(target) if target.kind is Kind.USER else "",
            by_when=in_words(target.due or target.moment),
            when=when,
            ends=target.kind is Kind.END,
            sentence=stopped(f"{when}: {told}" if when else told),
        )

    def _told(self, target: Element) -> str:
        by_when = in_words(target.due or target.moment)
        if target.kind is Kind.END:
            saying = said(target)
            return f"the case ends: “{target.name}”" + (f", and {saying}" if saying else "")
        if target.kind is Kind.USER:
            return f"{self.who(target) or 'somebody'}: {target.name}" + (f" (due: {by_when})" if by_when else "")
        if target.kind is Kind.CATCH:
            return awaited(target)
        return f"the case waits for another procedure: {target.name}"

    def _onwards(self, passed: Element, path: _Path) -> list[_Path]:
        """The arrows to follow from something that nobody waits at."""
        flows, added = self.graph.out[passed.id], ""
        if passed.kind is Kind.SUB:
            flows = tuple(flow for start in self.graph.starts(passed.id) for flow in self.graph.out[start])
            added = f"for each {self.each(passed)}" if passed.several else ""
        elif passed.kind is Kind.END:
            flows, added = self._after(passed)
        elif passed.kind is Kind.EVENT_CHOICE:
            added = "if it comes first"
        else:
            joined = self.graph.is_join(passed.id) and TOGETHER not in path.when
            return self._leaving(passed, (*path.when, TOGETHER) if joined else path.when, path.seen | {passed.id})
        return [self._on(path, passed, flow, "" if added in path.when else added) for flow in flows]

    def _leaving(self, passed: Element, when: tuple[str, ...] = (), seen: frozenset[str] = frozenset()) -> list[_Path]:
        """The arrows of a step or diamond, each with when it is followed."""
        if not self.asks(passed):
            return [_Path(flow, when, seen) for flow in self.graph.out[passed.id]]
        always = self.always(passed)
        ways = [flow for flow in self.ways(passed) if flow not in always]
        asked = [_Path(flow, (*when, self._answer(passed, flow)), seen) for flow in ways]
        return [_Path(flow, when, seen) for flow in always] + asked

    def _after(self, end: Element) -> tuple[tuple[Flow, ...], str]:
        """Where it goes on after an end that the case does not end with."""
        catcher = next(catchers(self.graph, end), None) if end.trigger in THROWN else None
        if catcher:
            return self.graph.out[catcher.id], ""
        block = self._after_block(end)
        return (self.graph.out[block.id], "once all are in" if block.several else "") if block else ((), "")

    def _on(self, path: _Path, passed: Element, flow: Flow, added: str) -> _Path:
        when = (*path.when, added) if added else path.when
        return _Path(flow, when, path.seen | {passed.id})

    def _answer(self, gateway: Element, flow: Flow) -> str:
        """A way out of a choice as question and answer."""
        if flow.id == gateway.default_flow and not flow.name:
            return f"{gateway.name} otherwise" if gateway.name.endswith("?") else "otherwise"
        return f"{gateway.name} {condition_of(flow)}" if gateway.name.endswith("?") else f"if {condition_of(flow)}"


def _under(whens: list[tuple[str, ...]]) -> str:
    """Several ways to one thing as one condition: what all share, then what tells them apart."""
    ways = list(dict.fromkeys(whens))
    if () in ways:
        return ""
    shared = [texts[0] for texts in takewhile(lambda texts: len(set(texts)) == 1, zip(*ways, strict=False))]
    apart = list(dict.fromkeys("; ".join(way[len(shared) :]) for way in ways))
    if len(apart) > MOST_WAYS:
        apart = [DECIDED]
    return "; ".join(filter(None, (*shared, "" if "" in apart else " or ".join(apart))))
