"""A diagram as read: plain values that checking, running, drawing and telling share. Written by dialect.read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property


class Kind(StrEnum):
    """What an element of a diagram is. Values are BPMN's own names."""

    USER = "userTask"
    SERVICE = "serviceTask"
    SCRIPT = "scriptTask"
    RULE = "businessRuleTask"
    SEND = "sendTask"
    SUB = "subProcess"
    EXCLUSIVE = "exclusiveGateway"
    PARALLEL = "parallelGateway"
    START = "startEvent"
    END = "endEvent"
    TERMINATE = "terminateEndEvent"
    TIMER_CATCH = "timerCatchEvent"
    MESSAGE_CATCH = "messageCatchEvent"
    BOUNDARY_TIMER = "boundaryTimer"


@dataclass(frozen=True)
class Several:
    """A step or block done once for each item of a list, side by side."""

    each_of: str  # FEEL giving a list
    item: str | None  # the name each item has inside
    collect: str | None  # the answer that gathers what each one answered, in the list's order


@dataclass(frozen=True)
class Element:
    """One box, circle or diamond. Texts are as drawn; FEEL keeps no leading "="."""

    id: str
    kind: Kind
    name: str
    inside: str | None = None  # id of the sub-process it stands in
    lane: str | None = None  # the lane's name as drawn
    role: str | None = None  # candidateGroups if given, else the lane's name: a role's key or label
    assignee: str | None = None  # FEEL giving a person's id, or None
    form: str | None = None  # the form's key
    due: str | None = None  # "3 school days", or FEEL with its leading "=" kept
    guidance: str = ""
    several: Several | None = None
    word: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)  # name -> text; a leading "=" marks FEEL
    decision: str | None = None
    script: str | None = None
    result: str | None = None  # the answer a script, decision or asking word writes
    timer: str | None = None  # words, or FEEL with its leading "="
    message: str | None = None  # the message's name
    attached_to: str | None = None
    interrupting: bool = True
    default_flow: str | None = None
    properties: Mapping[str, str] = field(default_factory=dict)  # camunda:property, all of them


@dataclass(frozen=True)
class Flow:
    """An arrow."""

    id: str
    source: str
    target: str
    name: str = ""
    condition: str | None = None
    inside: str | None = None


@dataclass(frozen=True)
class Unread:
    """Something drawn that no Kind stands for: kept so that checking can name it and still follow the arrows."""

    id: str
    tag: str  # BPMN's own name for it
    name: str
    inside: str | None = None
    attached_to: str | None = None


@dataclass(frozen=True)
class Diagram:
    """A procedure as drawn."""

    key: str  # the process id
    title: str
    elements: Mapping[str, Element]
    flows: tuple[Flow, ...]
    promise: str | None = None  # "15 school days": property trust:promise of the process
    prefix: str = ""  # of its cases' references: property trust:prefix, else from the key
    guidance: str = ""
    start_form: str | None = None  # formRef of the start event: what to ask when somebody starts it
    starters: tuple[str, ...] = ()  # roles that may start it: property trust:starters; empty: any member of staff
    properties: Mapping[str, str] = field(default_factory=dict)
    lanes: tuple[str, ...] = ()  # as drawn, innermost only
    unread: tuple[Unread, ...] = ()  # empty once published

    @cached_property
    def outgoing(self) -> Mapping[str, tuple[Flow, ...]]:
        """Element id -> the arrows leaving it, as drawn."""
        found: dict[str, tuple[Flow, ...]] = {}
        for flow in self.flows:
            found[flow.source] = (*found.get(flow.source, ()), flow)
        return found

    @cached_property
    def incoming(self) -> Mapping[str, tuple[Flow, ...]]:
        """Element id -> the arrows reaching it."""
        found: dict[str, tuple[Flow, ...]] = {}
        for flow in self.flows:
            found[flow.target] = (*found.get(flow.target, ()), flow)
        return found

    @cached_property
    def files(self) -> frozenset[str]:
        """The names of the forms and tables it refers to, as they are uploaded: “look.form”, “route.dmn”."""
        steps = self.elements.values()
        forms = {self.start_form, *(element.form for element in steps)}
        decisions = {element.decision for element in steps}
        return frozenset([f"{key}.form" for key in forms if key] + [f"{key}.dmn" for key in decisions if key])

    @cached_property
    def awaits_messages(self) -> bool:
        """Whether any step waits for a message."""
        return any(element.kind is Kind.MESSAGE_CATCH for element in self.elements.values())
