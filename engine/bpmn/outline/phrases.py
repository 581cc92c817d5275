"""What the telling of a procedure in words is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from engine.bpmn.diagram.critical_path import outcomes
from engine.bpmn.diagram.elements import Diagram, Element, Flow, Kind, Trigger
from engine.bpmn.diagram.graph import Graph
from engine.bpmn.diagram.leaving import asked
from engine.bpmn.words import registry
from engine.model.people import Role
from engine.model.role_names import label_of

ITSELF = "Headway"  # who does what no person does
DECIDED = "as the answers decide"
WHICHEVER = "whichever comes first"
TOGETHER = "once the steps beside it are done too"
_BY_ITSELF = frozenset({Kind.SERVICE, Kind.SEND, Kind.SCRIPT, Kind.RULE, Kind.THROW, Kind.CALL})


def in_words(text: str | None) -> str:
    """A deadline or timer as people read it: a rule by the texts it can give."""
    if not text or "{{" in text:
        return DECIDED if text else ""
    if not text.startswith("="):
        return text
    found = list(dict.fromkeys(outcomes(text)))
    return f"{' or '.join(found)}, {DECIDED}" if found else DECIDED


@dataclass(frozen=True)
class Telling:
    """What both lists are told from."""

    diagram: Diagram
    roles: Mapping[str, Role]

    @cached_property
    def graph(self) -> Graph:
        """The arrows."""
        return Graph(self.diagram)

    def who(self, element: Element) -> str:
        """Who does a step."""
        if element.kind is Kind.USER:
            return label_of(element.role, self.roles) if element.role else ""
        return ITSELF if element.kind in _BY_ITSELF else ""

    def asks(self, element: Element) -> bool:
        """Whether conditions decide by which arrows a case goes on."""
        return bool(asked(element, self.graph.out[element.id]))

    def always(self, element: Element) -> list[Flow]:
        """Arrows that are followed whatever the conditions of the others say."""
        flows = self.graph.out[element.id]
        conditions = asked(element, flows)
        return [flow for flow in flows if flow not in conditions and flow.id != element.default_flow]

    def ways(self, gateway: Element) -> list[Flow]:
        """The ways out of a choice, the default last."""
        return sorted(self.graph.out[gateway.id], key=lambda flow: flow.id == gateway.default_flow)

    def times(self, element: Element) -> str:
        """How often a step is done, in sentences, each with a space before it; empty for once."""
        several, repeat = element.several, element.repeat
        if several:
            how = "one after the other" if several.in_turn else "side by side"
            early = f" Over early once {several.until}." if several.until else ""
            return f" {self._for_whom(element)}, {how}.{early}"
        if not repeat:
            return ""
        first = "Only" if repeat.looks_first else "Done again"
        most = f", at most {repeat.most} times" if repeat.most else ""
        return f" {first} as long as {repeat.while_true}{most}." if repeat.while_true else f" {repeat.most} times."

    def _for_whom(self, element: Element) -> str:
        """For each item, or how many times."""
        each_of = element.several.each_of if element.several else ""
        return f"{each_of} times" if each_of.isdecimal() else f"Once for each {self.each(element)}"

    def each(self, element: Element) -> str:
        """What a step for several is done once for, in words."""
        item = element.several.item if element.several else None
        return (item or "one of several").replace("_", " ")


def happens(event: Element) -> str:
    """When an event happens, as a part of a sentence: “when the message “X” comes”."""
    name = f" “{event.named}”" if event.named else ""
    if event.trigger is Trigger.TIMER:
        return (
            f"when it comes round ({in_words(event.moment)})"
            if event.comes_round
            else f"after {in_words(event.moment)}"
        )
    if event.trigger in (Trigger.MESSAGE, Trigger.SIGNAL):
        return f"when the {event.trigger}{name} comes"
    if event.trigger is Trigger.CONDITION:
        return f"once it is so: {event.name or event.condition}"
    if event.trigger is Trigger.CANCEL:
        return "when it is cancelled"
    return f"on the {event.trigger}{name}" if name else f"on any {event.trigger}"


def said(event: Element) -> str:
    """What an event says: “the case sends “X””; empty when it says nothing."""
    if event.kind not in (Kind.THROW, Kind.END, Kind.SEND):
        return ""
    name = f"“{event.named or event.name}”"
    return {
        Trigger.MESSAGE: f"the case sends {name}",
        Trigger.SIGNAL: f"the case sends the signal {name}",
        Trigger.ERROR: f"the error {name} is raised",
        Trigger.ESCALATION: f"the escalation {name} is raised",
        Trigger.CANCEL: "everything in this part is cancelled",
    }.get(event.trigger, "")


def awaited(event: Element) -> str:
    """What the case waits for at an event in the middle of the way."""
    title = event.name or event.id
    if event.trigger is Trigger.TIMER:
        return f"the case waits: {title} ({in_words(event.moment)})"
    if event.trigger is Trigger.CONDITION:
        rule = f" ({event.condition})" if event.name else ""
        return f"the case waits until it is so: {event.name or event.condition}{rule}"
    what = "the signal " if event.trigger is Trigger.SIGNAL else ""
    return f"the case waits for {what}“{event.named or title}”"


def condition_of(flow: Flow) -> str:
    """Under which condition an arrow is followed: its name, else its rule."""
    return f"“{flow.name}”" if flow.name else flow.condition or "it fits"


def started_for(start: Element) -> str:
    """For whom a start by the clock happens."""
    return "once in each school" if start.for_each_school else "once for the whole trust"


def waits_for_procedure(element: Element) -> bool:
    """Whether a case waits here for another procedure to end."""
    return element.word == "start_procedure" and registry.asks(element.word, element.parameters)


def stopped(text: str) -> str:
    """A sentence: a capital first, a full stop last."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""
