"""What the parts of the check look at: a package read once, and how each tells a fault."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from engine.bpmn.diagram.elements import Diagram, Element, Flow, Unread
from engine.bpmn.diagram.graph import Graph
from engine.bpmn.diagram.processes import looked_at
from engine.bpmn.diagram.tags import BPMN, local, name_of, namespace, text_of
from engine.bpmn.package import Package
from engine.bpmn.reading import DIAGRAM
from engine.bpmn.unsupported.matchers import WholeFile
from engine.forms import Form
from engine.model.fault import Fault, Note
from engine.model.people import Role
from engine.model.wording import MOST_LISTED, in_a_row, quoted
from engine.rules.tables import Decision

_LOOKS = {"startEvent": "start", "endEvent": "end"}
_ENDINGS = {"Event": "event", "Gateway": "diamond", "Process": "block"}


def _what(node: Element | Unread) -> str:
    """What something without a name looks like."""
    tag = node.kind.value if isinstance(node, Element) else node.tag
    return _LOOKS.get(tag) or next((looks for end, looks in _ENDINGS.items() if tag.endswith(end)), "step")


@dataclass(frozen=True)
class InUse:
    """What a check goes by of another procedure in use: the names it gives answers to, and which it calls."""

    gives: frozenset[str] = frozenset()
    calls: frozenset[str] = frozenset()


@dataclass(frozen=True)
class View:
    """A package as far as it could be read. `forms` and `decisions` hold those that could."""

    package: Package
    scene: WholeFile
    roles: Mapping[str, Role]
    procedures: Collection[str] = ()
    forms: Mapping[str, Form] = field(default_factory=dict)
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    in_use: Mapping[str, InUse] = field(default_factory=dict)  # procedures by key, where the diagram calls any

    @property
    def root(self) -> etree._Element:
        """The file as parsed."""
        return self.scene.root

    def elements(self, tag: str = "*") -> Iterator[etree._Element]:
        """BPMN's own elements of this name, but for those of processes that are not run."""
        wanted = local if tag != "*" else (lambda _: "*")
        return (item for item in looked_at(self.root) if namespace(item) == BPMN and wanted(item) == tag)

    @property
    def diagram(self) -> Diagram:
        """The diagram as read."""
        return self.scene.diagram

    @property
    def graph(self) -> Graph:
        """Its arrows."""
        return self.scene.graph

    @cached_property
    def in_nameless_lanes(self) -> frozenset[str]:
        """What stands in lanes without a name, blocks included and not what is in them."""
        lanes = (lane for lane in self.elements("lane") if not name_of(lane))
        return frozenset(text_of(item) for lane in lanes for item in lane.iterfind(f"{{{BPMN}}}flowNodeRef"))

    @cached_property
    def _flows(self) -> Mapping[str, Flow]:
        return {flow.id: flow for flow in self.diagram.flows}

    def fault(self, element: str | None, sentence: str) -> Fault:
        """A fault of the diagram, on the element with this id or on all of it."""
        return Fault(DIAGRAM, element, self.called(element) if element else None, sentence)

    def note(self, element: str | None, sentence: str) -> Note:
        """The same for what stops nothing."""
        return Note(DIAGRAM, element, self.called(element) if element else None, sentence)

    def called(self, id: str) -> str | None:
        """What the designer called an element; without a name, what stands beside it or where an arrow leads."""
        if id in self.graph.nodes:
            title = self.title(id)
            return title if title != id else self.graph.nodes[id].name or None
        flow = self._flows.get(id)
        if flow is None:
            return None
        if flow.name:
            return flow.name
        ends = (("from", flow.source), ("to", flow.target))
        return " ".join(
            ["arrow", *(f"{way} {quoted(self.title(end))}" for way, end in ends if end in self.graph.nodes)]
        )

    def title(self, id: str) -> str:
        """An element's name for use inside a sentence; of one without, what it is and what stands beside it."""
        node = self.graph.nodes.get(id)
        if node is None or node.name:
            return node.name if node else id
        for word, others in (("behind", self.graph.before(id)), ("before", self.graph.next(id))):
            beside = next((name for other in others if (name := self.graph.nodes[other].name)), None)
            if beside:
                return f"{_what(node)} {word} {beside}"
        return id

    def titles(self, ids: Collection[str]) -> str:
        """Several names in a sentence."""
        return in_a_row([quoted(self.title(id)) for id in ids], most=MOST_LISTED)

    def around(self, element: Element) -> list[Element]:
        """The blocks an element stands in, innermost first."""
        found: list[Element] = []
        inside = element.inside
        while inside and inside in self.diagram.elements:
            found.append(self.diagram.elements[inside])
            inside = found[-1].inside
        return found
