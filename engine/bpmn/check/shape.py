"""Faults of the drawing as such: ids, arrows, starts, ends and diamonds, and whether it is drawn at all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from engine.bpmn.check.elements import links, races
from engine.bpmn.check.subject import View
from engine.bpmn.diagram.elements import Element, Flow, Kind, Unread
from engine.bpmn.diagram.links import is_jump
from engine.bpmn.diagram.tags import BPMN, BPMNDI, local, name_of
from engine.model.fault import Fault
from engine.model.wording import quoted

MOST = 300  # steps, events and diamonds
MOST_ARROWS = 600
MOST_LANES = 200
_ID = re.compile(r"^[A-Za-z_][\w.-]{0,99}$", re.ASCII)
_NEVER_ASKS = frozenset({Kind.PARALLEL, Kind.EVENT_CHOICE, Kind.END, Kind.EXCLUSIVE})
_NO_ID = "This has no id, so nothing can be kept about it. Draw it again in the modeller."


def faults(view: View) -> Iterator[Fault]:
    """Every fault of shape but those of the ways a case can go."""
    yield from _ids(view)
    yield from _arrows(view)
    for scope in view.graph.scopes:
        yield from _begins_and_ends(view, scope)
    for element in view.diagram.elements.values():
        yield from _leaving(view, element)
    yield from races.faults(view)
    yield from links.faults(view)
    yield from _drawing(view)


def too_many(view: View) -> Fault | None:
    """A fault when the diagram is too large to look at closely."""
    steps, arrows = len(view.graph.nodes), len(view.diagram.flows)
    lanes = sum(1 for _ in view.elements("lane"))
    if lanes > MOST_LANES:
        return view.fault(None, f"The diagram has {lanes:,} lanes; Headway reads at most {MOST_LANES}. Split it up.")
    if steps <= MOST and arrows <= MOST_ARROWS:
        return None
    return view.fault(
        None,
        f"The diagram has {steps} steps, events and diamonds and {arrows} arrows; Headway runs at most {MOST} and"
        f" {MOST_ARROWS}. Split it into several procedures that start each other.",
    )


def _ids(view: View) -> Iterator[Fault]:
    drawn = [item for item in view.root.iter() if str(item.tag).startswith(f"{{{BPMN}}}")]
    for item in view.elements():
        if not item.get("id") and (local(item).endswith(("Task", "Event", "Gateway", "Process")) or _must(local(item))):
            yield Fault(view.fault(None, "").file, None, name_of(item) or None, _NO_ID)
    counts = Counter(id for item in drawn if (id := item.get("id")))
    for id, count in counts.items():
        if count > 1:
            yield view.fault(
                id, f"The id {quoted(id)} is used {count} times. Give each a different id in the modeller."
            )
    for id in (view.diagram.key, *view.graph.nodes, *(flow.id for flow in view.diagram.flows if not is_jump(flow))):
        if id and not _ID.match(id):
            yield view.fault(
                id, f"The id {quoted(id)} holds signs that an id cannot have. Use letters, digits, _ and -."
            )


def _must(tag: str) -> bool:
    return tag in ("sequenceFlow", "task", "transaction", "callActivity", "process")


def _arrows(view: View) -> Iterator[Fault]:
    for flow in view.diagram.flows:
        if sentence := _of_arrow(view, flow):
            yield view.fault(flow.id, sentence)
    for node in view.graph.nodes.values():
        if _on_an_edge(node) and node.attached_to not in view.graph.nodes:
            yield view.fault(node.id, "This event stands on the edge of no step. Drag it onto the step it belongs to.")


def _on_an_edge(node: Element | Unread) -> bool:
    return node.kind is Kind.BOUNDARY if isinstance(node, Element) else node.tag == "boundaryEvent"


def _of_arrow(view: View, flow: Flow) -> str | None:
    nodes = view.graph.nodes
    if flow.source not in nodes or flow.target not in nodes:
        return "One end of this arrow is not joined to anything. Join it to a step, or delete it."
    if nodes[flow.source].inside != nodes[flow.target].inside:
        return "This arrow crosses the border of a sub-process. Lead it to the sub-process itself."
    if Kind.EVENT_SUB in (view.graph.kind(flow.source), view.graph.kind(flow.target)):
        return "A block that begins by itself (a dotted border) has no arrows. Delete this one, or draw a plain block."
    if view.graph.kind(flow.source) is Kind.END:
        return "This arrow leaves an end. Nothing follows an end: delete the arrow, or replace the end by a diamond."
    if view.graph.kind(flow.target) is Kind.START:
        return "This arrow leads back to the start. Lead it to the first step instead."
    if _on_an_edge(nodes[flow.target]):
        return "This arrow leads to an event on a step's edge. Lead it to the step itself."
    return None


def _begins_and_ends(view: View, scope: str | None) -> Iterator[Fault]:
    inside = [view.graph.nodes[id] for id in view.graph.inside(scope)]
    starts = [node for node in inside if _is(node, "startEvent", Kind.START)]
    ends = [node for node in inside if _is(node, "endEvent", Kind.END)]
    where = "The procedure" if scope is None else "This sub-process"
    if scope and not inside:
        yield view.fault(scope, "There is nothing in this sub-process. Draw what is done in it, or make it a task.")
        return
    if not starts:
        yield view.fault(scope, f"{where} has no start. {_how_to_start(view, scope)}")
    for extra in _too_many_starts(starts, scope):
        yield view.fault(extra.id, f"{where} has more than one start. Keep one, and choose the way with a diamond.")
    if scope is None and len(view.diagram.people_starts) > 1:
        yield from _named_apart(view, view.diagram.people_starts)
    if not ends:
        yield view.fault(scope, f"{where} has no end. Draw one (a thick circle) for every way it can finish.")
    for end in ends:
        if not end.name and _of_the_case(view, scope):
            yield view.fault(end.id, "This end has no name. Name it by how the case has ended, such as “Goal agreed”.")


def _how_to_start(view: View, scope: str | None) -> str:
    if scope is not None and view.graph.kind(scope) is Kind.EVENT_SUB:
        return "Draw a circle that says when it begins: a timer, message, signal, condition, error or escalation."
    return "Draw a plain circle with an arrow to the first step."


def _named_apart(view: View, starts: tuple[Element, ...]) -> Iterator[Fault]:
    """Whoever starts a procedure that begins in several ways chooses by name."""
    seen: set[str] = set()
    for start in starts:
        name = start.name.casefold()
        if not name:
            yield view.fault(
                start.id, "This start has no name. Where there are several, whoever starts chooses one by its name."
            )
        elif name in seen:
            yield view.fault(start.id, f"Two starts are called {quoted(start.name)}. Give them different names.")
        seen.add(name)


def _too_many_starts(starts: list[Element | Unread], scope: str | None) -> list[Element | Unread]:
    """A block begins in one way; the procedure itself in as many as there are, told apart by their names."""
    return starts[1:] if scope else []


def _of_the_case(view: View, scope: str | None) -> bool:
    """Whether an end in this block is one of the case: of the procedure, or of a block that begins by itself in it."""
    while scope is not None and view.graph.kind(scope) is Kind.EVENT_SUB:
        scope = view.graph.nodes[scope].inside
    return scope is None


def _is(node: Element | Unread, tag: str, *kinds: Kind) -> bool:
    return node.kind in kinds if isinstance(node, Element) else node.tag == tag


def _leaving(view: View, element: Element) -> Iterator[Fault]:
    """What is wrong with the arrows that leave something, where not all of them are always followed."""
    flows = view.graph.out[element.id]
    if element.kind is Kind.EXCLUSIVE and len(flows) > 1:
        yield from _choice(view, element, flows)
    elif element.kind is Kind.INCLUSIVE and len(flows) > 1 and not any(flow.condition for flow in flows):
        yield view.fault(
            element.id,
            "None of the arrows that leave this diamond with a circle has a condition. Write on each when it is to be"
            " followed, or use a diamond with a plus to follow all of them.",
        )
    elif element.kind not in _NEVER_ASKS:
        yield from _some(view, element, flows)


def _choice(view: View, element: Element, flows: tuple[Flow, ...]) -> Iterator[Fault]:
    if element.default_flow not in {flow.id for flow in flows}:
        yield view.fault(
            element.id,
            "This choice has no default way out. Mark the arrow to take when no condition holds as the default.",
        )
    yield from _default(view, element, flows)
    for flow in flows:
        if flow.id != element.default_flow and not flow.condition:
            yield view.fault(flow.id, "This way out has no condition. Write a rule that is true or false, such as =ok.")


def _default(view: View, element: Element, flows: tuple[Flow, ...]) -> Iterator[Fault]:
    for flow in flows:
        if flow.id == element.default_flow and flow.condition:
            yield view.fault(flow.id, "The default way out is taken when no other fits. Remove its condition.")


def _some(view: View, element: Element, flows: tuple[Flow, ...]) -> Iterator[Fault]:
    """A step, event or diamond with a circle: arrows without a condition are always followed."""
    yield from _default(view, element, flows)
    asked = [flow for flow in flows if flow.condition and flow.id != element.default_flow]
    default = element.default_flow in {flow.id for flow in flows}
    if default and not asked:
        yield view.fault(
            element.id,
            "This has a default way out, but no other arrow that leaves it has a condition. Write on the others when"
            " they are to be followed, or make none of them the default.",
        )
    if not default and len(flows) > 1 and len(asked) == len(flows):
        yield view.fault(
            element.id,
            "Every arrow that leaves this has a condition, so a case for which none holds would stop here. Mark the"
            " arrow to take then as the default.",
        )


def _drawing(view: View) -> Iterator[Fault]:
    drawn = {item.get("bpmnElement") for item in view.root.iter(f"{{{BPMNDI}}}BPMNShape", f"{{{BPMNDI}}}BPMNEdge")}
    if not drawn:
        yield view.fault(
            None,
            "This file has no drawing and is too large for Headway to lay out. Draw it in the modeller and save it.",
        )
        return
    nodes = view.graph.nodes
    joined = (flow for flow in view.diagram.flows if flow.source in nodes and flow.target in nodes)
    for id in (*nodes, *(flow.id for flow in joined if not is_jump(flow))):
        if id and id not in drawn:
            yield view.fault(id, "This is in the file but not on the drawing. Draw it again, or delete it.")
