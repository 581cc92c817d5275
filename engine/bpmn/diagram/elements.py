"""A diagram as read: plain values that checking, running, drawing and telling share. Written by dialect.read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

FOR = "trust:for"  # property of a start by the clock: whom it happens for, else the trust
SCHOOLS = "each school"


class Kind(StrEnum):
    """What an element of a diagram is. Values are BPMN's own names."""

    USER = "userTask"
    SERVICE = "serviceTask"
    SCRIPT = "scriptTask"
    RULE = "businessRuleTask"
    SEND = "sendTask"
    SUB = "subProcess"
    RECEIVE = "receiveTask"
    CALL = "callActivity"
    EVENT_SUB = "eventSubProcess"
    EXCLUSIVE = "exclusiveGateway"
    INCLUSIVE = "inclusiveGateway"
    PARALLEL = "parallelGateway"
    EVENT_CHOICE = "eventBasedGateway"
    START = "startEvent"
    CATCH = "intermediateCatchEvent"
    THROW = "intermediateThrowEvent"
    BOUNDARY = "boundaryEvent"
    END = "endEvent"


class Trigger(StrEnum):
    """What an event is about. Values are BPMN's own names, without "EventDefinition"."""

    NONE = ""
    TIMER = "timer"
    MESSAGE = "message"
    SIGNAL = "signal"
    ERROR = "error"
    ESCALATION = "escalation"
    CONDITION = "conditional"
    LINK = "link"
    CANCEL = "cancel"
    TERMINATE = "terminate"


ABOUT = "trust:about"  # of a message: the answer that says which of several waits it is meant for
BRINGS = "trust:brings"  # of a message that is sent: the answers that go with it


def names_in_list(text: str | None) -> tuple[str, ...]:
    """Names written with commas between them, each once."""
    return tuple(dict.fromkeys(name.strip() for name in (text or "").split(",") if name.strip()))


@dataclass(frozen=True)
class Several:
    """A step or block done once for each item of a list, or a number of times; side by side, or one after the other."""

    each_of: str  # FEEL giving a list, or a number when there is no list
    item: str | None  # the name each item has inside
    collect: str | None  # the answer that gathers what each one answered, in the list's order
    in_turn: bool = False  # one after the other
    until: str | None = None  # FEEL: once it is true the rest are not done


@dataclass(frozen=True)
class Repeat:
    """A step or block done again as long as a rule says so."""

    while_true: str | None  # FEEL; None: until it was done `most` times
    looks_first: bool = False  # the rule is asked before the first time too
    most: int | None = None


@dataclass(frozen=True)
class Handed:
    """What goes into a procedure that is called, or comes back: an answer's new name, and the rule that gives it."""

    name: str
    rule: str  # FEEL


@dataclass(frozen=True)
class Element:
    """One box, circle or diamond. Texts are as drawn; FEEL keeps no leading "="."""

    id: str
    kind: Kind
    name: str
    plain: bool = False  # a task of a person that is not drawn as one
    inside: str | None = None  # id of the sub-process it stands in
    lane: str | None = None  # the lane's name as drawn
    role: str | None = None  # candidateGroups if given, else the lane's name: a role's key or label
    assignee: str | None = None  # FEEL giving a person's id, or None
    form: str | None = None  # the form's key
    due: str | None = None  # "3 school days", or FEEL with its leading "=" kept
    guidance: str = ""
    several: Several | None = None
    repeat: Repeat | None = None
    word: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)  # name -> text; a leading "=" marks FEEL
    decision: str | None = None
    script: str | None = None
    result: str | None = None  # the answer a script, decision or asking word writes
    trigger: Trigger = Trigger.NONE  # of an event
    timer: str | None = None  # words, or FEEL with its leading "="
    cycle: str | None = None  # of a timer that comes again and again, in words or as drawn
    named: str | None = None  # the name of the message, signal, link; the code, else the name, of the error, escalation
    condition: str | None = None  # FEEL of an event that waits for a rule to become true
    called: str | None = None  # the key of the procedure that is called
    hands_in: tuple[Handed, ...] = ()  # what the called procedure begins to know
    hands_back: tuple[Handed, ...] = ()  # what comes back from it
    hands_all: bool = False  # every answer goes in
    attached_to: str | None = None
    interrupting: bool = True
    transaction: bool = False  # a block with a double border: it can be cancelled as a whole
    default_flow: str | None = None
    properties: Mapping[str, str] = field(default_factory=dict)  # camunda:property, all of them

    @property
    def waits_for_message(self) -> bool:
        """Whether a case can rest here until a message comes."""
        return self.waits and self.trigger is Trigger.MESSAGE

    @property
    def waits(self) -> bool:
        """Whether a case can rest here until something happens. Starts count where a block begins by itself."""
        return self.kind in _WAITING or (self.kind is Kind.START and self.inside is not None)

    @property
    def hears(self) -> bool:
        """Whether a case can rest here until a message or a signal comes."""
        return self.waits and self.trigger in (Trigger.MESSAGE, Trigger.SIGNAL)

    @property
    def sends(self) -> bool:
        """Whether a message or a signal leaves the case here."""
        return self.kind in (Kind.THROW, Kind.END, Kind.SEND) and self.trigger in (Trigger.MESSAGE, Trigger.SIGNAL)

    @property
    def for_each_school(self) -> bool:
        """Whether a start by the clock happens once in every school, not once for the trust."""
        return self.properties.get(FOR, "").casefold() == SCHOOLS

    @property
    def moment(self) -> str | None:
        """When a timer comes, as drawn: once, or when it comes round."""
        return self.timer or self.cycle

    @property
    def comes_round(self) -> bool:
        """Whether its moment is told by a cycle."""
        return self.timer is None and self.cycle is not None

    @property
    def passes(self) -> bool:
        """Whether this is an event that a case goes through without anything being waited for or sent."""
        return self.trigger is Trigger.LINK or self.is_milestone

    @property
    def is_milestone(self) -> bool:
        """Whether this is an empty circle on the way."""
        return self.is_event(Kind.THROW, Trigger.NONE)

    def is_event(self, kind: Kind, trigger: Trigger) -> bool:
        """Whether this is an event in that place, about that."""
        return self.kind is kind and self.trigger is trigger


_WAITING = frozenset({Kind.CATCH, Kind.BOUNDARY, Kind.RECEIVE})


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

    def ends_the_case(self, end: Element) -> bool:
        """Whether the case is over with this end: it stands in no block, but for one that begins by itself."""
        inside = end.inside
        while inside and self.elements[inside].kind is Kind.EVENT_SUB:
            inside = self.elements[inside].inside
        return end.kind is Kind.END and inside is None

    @cached_property
    def waits_for_procedures(self) -> bool:
        """Whether any step may wait for another procedure."""
        return any(element.word == "start_procedure" for element in self.elements.values())

    @cached_property
    def clock_starts(self) -> tuple[Element, ...]:
        """Starts by which Headway begins it by itself, at their moments."""
        return tuple(item for item in self._starts if item.trigger is Trigger.TIMER)

    def starts_heard(self, trigger: Trigger, name: str) -> tuple[Element, ...]:
        """Starts by which it begins when a message or a signal of this name comes."""
        return tuple(item for item in self._starts if item.trigger is trigger and item.named == name)

    @cached_property
    def begun_by_people(self) -> bool:
        """Whether somebody can start it, rather than only something that happens."""
        return not self._starts or any(item.trigger is Trigger.NONE for item in self._starts)

    @cached_property
    def people_starts(self) -> tuple[Element, ...]:
        """Starts by which people begin it; of several, whoever starts chooses one by its name."""
        return tuple(item for item in self._starts if item.trigger is Trigger.NONE)

    @cached_property
    def _starts(self) -> tuple[Element, ...]:
        return tuple(item for item in self.elements.values() if item.kind is Kind.START and item.inside is None)

    @cached_property
    def looks(self) -> bool:
        """Whether any event waits for a rule to become true."""
        return any(element.trigger is Trigger.CONDITION for element in self.elements.values())

    @cached_property
    def hears(self) -> bool:
        """Whether any step waits for a message or a signal."""
        return any(element.hears for element in self.elements.values())
