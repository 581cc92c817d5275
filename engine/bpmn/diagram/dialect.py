"""Read a diagram into plain values. Reading finds no fault with meaning: check.faults does, from the same file."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from engine.bpmn.diagram.calls import called, parameters_of, word_of
from engine.bpmn.diagram.elements import Diagram, Element, Flow, Kind, Trigger, Unread, names_in_list
from engine.bpmn.diagram.events import Events, condition_of, cycle_of, timer_of, trigger_of
from engine.bpmn.diagram.links import jumps
from engine.bpmn.diagram.loops import handed, hands_all, repeat_of, several_of
from engine.bpmn.diagram.processes import mark_run, processes_of
from engine.bpmn.diagram.tags import (
    BPMN,
    camunda,
    child,
    children,
    documentation,
    local,
    name_of,
    properties,
    text_of,
    without_equals,
)
from engine.bpmn.words.registry import spelt_out
from engine.errors import BadFile
from engine.model.people import Role
from engine.readers.xml import read_xml
from engine.rules.texts import tidy

WHAT = "This diagram"
NO_PROCESS = "This file holds no BPMN process. Save the diagram from the modeller as a BPMN file and upload it again."

STEPS = {
    "task": Kind.USER,
    "manualTask": Kind.USER,
    "userTask": Kind.USER,
    "serviceTask": Kind.SERVICE,
    "scriptTask": Kind.SCRIPT,
    "businessRuleTask": Kind.RULE,
    "sendTask": Kind.SEND,
    "receiveTask": Kind.RECEIVE,
    "callActivity": Kind.CALL,
    "exclusiveGateway": Kind.EXCLUSIVE,
    "parallelGateway": Kind.PARALLEL,
    "inclusiveGateway": Kind.INCLUSIVE,
    "eventBasedGateway": Kind.EVENT_CHOICE,
}
_PLAIN = frozenset({"task", "manualTask"})  # nothing says who does it, or how: a person's, of the lane
_EVENTS = {
    "startEvent": Kind.START,
    "intermediateCatchEvent": Kind.CATCH,
    "intermediateThrowEvent": Kind.THROW,
    "boundaryEvent": Kind.BOUNDARY,
    "endEvent": Kind.END,
}
_HEARD = (Trigger.MESSAGE, Trigger.SIGNAL)
_CAUGHT = (Trigger.ERROR, Trigger.ESCALATION)
# What Headway runs of them.
ABOUT: Mapping[Kind, frozenset[Trigger]] = {
    Kind.START: frozenset({Trigger.NONE, Trigger.TIMER, *_HEARD}),
    Kind.CATCH: frozenset({Trigger.TIMER, *_HEARD, Trigger.CONDITION, Trigger.LINK}),
    Kind.THROW: frozenset({Trigger.NONE, Trigger.LINK, *_HEARD, Trigger.ESCALATION}),
    Kind.BOUNDARY: frozenset({Trigger.TIMER, *_HEARD, Trigger.CONDITION, *_CAUGHT, Trigger.CANCEL}),
    Kind.END: frozenset({Trigger.NONE, Trigger.TERMINATE, *_HEARD, *_CAUGHT, Trigger.CANCEL}),
}
# Of the start of a block that begins by itself, and of the start of any other block.
BEGINS_BY_ITSELF = frozenset({Trigger.NONE, Trigger.TIMER, *_HEARD, Trigger.CONDITION, *_CAUGHT})
_BLOCKS = {"subProcess": Kind.SUB, "transaction": Kind.SUB}
# What stands in a process beside its steps and arrows. Refusals says which of it may not.
_ASIDE = {"documentation", "extensionElements", "laneSet", "textAnnotation", "association", "group", "ioSpecification"}
_ASIDE |= {"dataObject", "dataObjectReference", "dataStoreReference", "property", "auditing", "monitoring"}
_ASIDE |= {"incoming", "outgoing", "multiInstanceLoopCharacteristics", "standardLoopCharacteristics"}
_ASIDE |= {"dataInputAssociation", "dataOutputAssociation", "correlationSubscription", "supports", "performer"}
_ASIDE |= {"humanPerformer", "potentialOwner", "resourceRole", "supportedInterfaceRef", "ioBinding"}


def read(data: bytes, roles: Mapping[str, Role] | None = None) -> Diagram:
    """The diagram in a file. Raises BadFile when it cannot be read at all, never for a fault of meaning.

    roles: of the trust, by which one of several processes is chosen.
    """
    root = read_xml(data, WHAT)
    mark_run(root, "", roles or {})
    return diagram_of(root)


def diagram_of(root: etree._Element) -> Diagram:
    """The diagram in a document already parsed. Raises BadFile when no process is in it."""
    process = main_process(root)
    read_in = _Reading(_lanes(process), Events.of(root))
    elements: dict[str, Element] = {}
    flows: list[Flow] = []
    unread: list[Unread] = []
    for found, inside in _walk(process):
        if local(found) == "sequenceFlow":
            flows.append(_flow(found, inside))
        elif (kind := kind_of(found)) and found.get("id") and found.get("id") not in elements:
            element = read_in.element(found, kind, inside, elements)
            elements[element.id] = element
        elif not kind:
            unread.append(_unread(found, inside))
    flows += jumps(elements.values())
    return _diagram(root, process, elements, flows, unread, tuple(read_in.lanes.names))


def main_process(root: etree._Element) -> etree._Element:
    """The process a file is about: the first that may be run, else the first. Raises BadFile when there is none."""
    found = processes_of(root)
    if local(root) != "definitions" or not found:
        raise BadFile(NO_PROCESS)
    return next((item for item in found if item.get("isExecutable") == "true"), found[0])


def kind_of(element: etree._Element) -> Kind | None:
    """What Headway runs this element as, or None."""
    tag = local(element)
    if tag in _BLOCKS:
        return Kind.EVENT_SUB if element.get("triggeredByEvent") == "true" else _BLOCKS[tag]
    kind = _EVENTS.get(tag)
    if kind is None:
        return STEPS.get(tag)
    return kind if trigger_of(element) in _triggers(element, kind) else None


def _triggers(element: etree._Element, kind: Kind) -> Collection[Trigger]:
    """What an event may be about where it stands."""
    outer = element.getparent()
    if kind is not Kind.START or outer is None or local(outer) not in _BLOCKS:
        return ABOUT.get(kind, ())
    return BEGINS_BY_ITSELF if kind_of(outer) is Kind.EVENT_SUB else (Trigger.NONE, Trigger.TIMER)


def _walk(scope: etree._Element, inside: str | None = None) -> Iterator[tuple[etree._Element, str | None]]:
    """Steps, events and arrows in reading order, each with the sub-process it stands in."""
    for found in children(scope):
        if local(found) in _ASIDE:
            continue
        yield found, inside
        if kind_of(found) in (Kind.SUB, Kind.EVENT_SUB):
            yield from _walk(found, found.get("id") or inside)


@dataclass(frozen=True)
class _Lanes:
    names: tuple[str, ...]  # of lanes that hold no further lanes
    of: Mapping[str, str]  # element id -> lane's name


def _lanes(process: etree._Element) -> _Lanes:
    names: list[str] = []
    of: dict[str, str] = {}
    # Document order puts an outer lane before the lanes inside it, so the inner one is written last and wins.
    for lane in process.iterfind(f"{{{BPMN}}}laneSet//{{{BPMN}}}lane"):
        if child(lane, "childLaneSet") is None:
            names.append(name_of(lane))
        of.update({text_of(item): name_of(lane) for item in lane.iterfind(f"{{{BPMN}}}flowNodeRef")})
    return _Lanes(tuple(names), of)


@dataclass(frozen=True)
class _Reading:
    lanes: _Lanes
    events: Events

    def element(self, found: etree._Element, kind: Kind, inside: str | None, so_far: Mapping[str, Element]) -> Element:
        """One box, circle or diamond with everything it says."""
        known = properties(found)
        word = word_of(found, kind, known)
        lane = self.lanes.of.get(found.get("id", "")) or (so_far[inside].lane if inside and inside in so_far else None)
        return Element(
            id=found.get("id", ""),
            kind=kind,
            name=name_of(found),
            plain=local(found) in _PLAIN,
            inside=inside,
            lane=lane,
            role=camunda(found, "candidateGroups") or lane,
            assignee=without_equals(camunda(found, "assignee")),
            form=camunda(found, "formRef"),
            due=camunda(found, "dueDate"),
            guidance=documentation(found),
            several=several_of(found, known),
            repeat=repeat_of(found),
            word=word,
            parameters=spelt_out(word, parameters_of(found, kind, _plain(known))),
            decision=camunda(found, "decisionRef"),
            script=without_equals(text_of(child(found, "script"))),
            result=camunda(found, "resultVariable") or known.get("trust:result") or None,
            trigger=_trigger(found, word),
            timer=timer_of(found),
            cycle=cycle_of(found),
            named=self.events.name(found),
            condition=condition_of(found),
            called=called(found),
            hands_in=handed(found, "in"),
            hands_back=handed(found, "out"),
            hands_all=hands_all(found),
            attached_to=found.get("attachedToRef"),
            interrupting="false" not in (found.get("cancelActivity"), found.get("isInterrupting")),
            transaction=local(found) == "transaction",
            default_flow=found.get("default"),
            properties=known,
        )


def _trigger(found: etree._Element, word: str | None) -> Trigger:
    """What an event is about; a task that sends or receives, and has no block, is about its message."""
    if local(found) == "receiveTask" or (local(found) == "sendTask" and not word and found.get("messageRef")):
        return Trigger.MESSAGE
    return trigger_of(found) or Trigger.NONE


def _plain(known: Mapping[str, str]) -> dict[str, str]:
    return {name: tidy(value) for name, value in known.items() if name and ":" not in name}


def _flow(found: etree._Element, inside: str | None) -> Flow:
    return Flow(
        id=found.get("id", ""),
        source=found.get("sourceRef", ""),
        target=found.get("targetRef", ""),
        name=name_of(found),
        condition=without_equals(text_of(child(found, "conditionExpression"))),
        inside=inside,
    )


def _unread(found: etree._Element, inside: str | None) -> Unread:
    return Unread(found.get("id", ""), local(found), name_of(found), inside, found.get("attachedToRef"))


def _diagram(
    root: etree._Element,
    process: etree._Element,
    elements: Mapping[str, Element],
    flows: list[Flow],
    unread: list[Unread],
    lanes: tuple[str, ...],
) -> Diagram:
    key = process.get("id", "")
    known = properties(process)
    starts = (item for item in elements.values() if item.kind is Kind.START and item.inside is None)
    start = min(starts, key=lambda item: item.trigger is not Trigger.NONE, default=None)
    title = name_of(process) or _pool_name(root, key) or key
    return Diagram(
        key=key,
        title=title,
        elements=elements,
        flows=tuple(flows),
        promise=known.get("trust:promise") or None,
        prefix=known.get("trust:prefix") or _prefix(key, title),
        guidance=documentation(process),
        start_form=start.form if start else None,
        starters=names_in_list(known.get("trust:starters")),
        properties=known,
        lanes=lanes,
        unread=tuple(unread),
    )


def _prefix(key: str, title: str) -> str:
    """The first letters of the key, or of the title where a program made up a key that begins with a number."""
    of_key, of_title = ("".join(filter(str.isalnum, text))[:3].upper() for text in (key, title))
    return of_key if of_key[:1].isalpha() or not of_title else of_title


def _pool_name(root: etree._Element, key: str) -> str:
    pools = root.iterfind(f"{{{BPMN}}}collaboration/{{{BPMN}}}participant")
    return next((name_of(pool) for pool in pools if pool.get("processRef") == key), "")
