"""How the refusal table recognises its subjects: small questions about one element of a file."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from lxml import etree

from engine.bpmn.diagram.dialect import kind_of
from engine.bpmn.diagram.elements import Diagram, Kind, Trigger
from engine.bpmn.diagram.events import trigger_of
from engine.bpmn.diagram.graph import Graph
from engine.bpmn.diagram.tags import BPMN, CAMUNDA, camunda, child, definitions, local, namespace, text_of
from engine.bpmn.unsupported.vocabulary import (
    BESIDE,
    HARMLESS,
    KEPT,
    KNOWN,
    NAMED_EXTENSIONS,
    NAMED_SETTINGS,
    NAMED_TAGS,
    PARTS,
    TRUST,
    USED,
    WATCHED,
)
from engine.model.wording import short

ANY = "*"  # every element of BPMN's own
FOREIGN = "**"  # every other
EVENTS = "startEvent intermediateCatchEvent intermediateThrowEvent boundaryEvent endEvent"
WORKED_OUT = frozenset({"conditionExpression", "script", "timeDuration", "timeDate", "timeCycle"})
WORKED_OUT |= {"condition", "completionCondition", "loopCardinality", "loopCondition"}
LOOP = "multiInstanceLoopCharacteristics"
_NEVER_ASK = {None, Kind.PARALLEL, Kind.EVENT_CHOICE}
RESERVED = {"start", "end", "root"}
OF_ANOTHER_ENGINE = re.compile(r"[$#]\{")


@dataclass(frozen=True)
class WholeFile:
    """A file as a whole: what a question about one element may look around at."""

    root: etree._Element
    diagram: Diagram

    @cached_property
    def graph(self) -> Graph:
        """The arrows."""
        return Graph(self.diagram)

    @cached_property
    def repeated(self) -> frozenset[etree._Element]:
        """Every camunda:property whose name another one before it has already."""
        found = set()
        for outer in self.root.iter(f"{{{CAMUNDA}}}properties"):
            seen: set[str] = set()
            for item in outer:
                name = (item.get("name") or "").strip()
                if name in seen:
                    found.add(item)
                seen.add(name)
        return frozenset(found)


# A question: not there (None or ""), or there and called so (a part of the sentence).
Question = Callable[[etree._Element, WholeFile], str | None]


@dataclass(frozen=True)
class Refusal:
    """One row of the refusal table. `{found}` in its sentence stands for what was found."""

    key: str
    on: str  # tags it looks at, or ANY, or FOREIGN, with spaces between them
    found: Question
    what: str  # what it is, in plain words
    instead: str  # what to draw instead

    def sentence(self, found: str) -> str:
        """What a designer reads."""
        return f"{self.what} {self.instead}".replace("{found}", short(found))


def there(element: etree._Element, scene: WholeFile) -> str | None:
    """The element being in the file is enough."""
    return local(element) if namespace(element) == BPMN else None


def event(*kinds: str) -> Question:
    """An event of one of these kinds; no kind given: of none."""

    def asked(element: etree._Element, scene: WholeFile) -> str | None:
        found = definitions(element)
        return local(element) if (set(found) & set(kinds) if kinds else not found) else None

    return asked


def begins_by_a_rule(element: etree._Element, scene: WholeFile) -> str | None:
    """The start of the procedure itself, about a rule."""
    outer = element.getparent()
    of_the_case = outer is not None and local(outer) == "process"
    return local(element) if of_the_case and trigger_of(element) is Trigger.CONDITION else None


def block_begins_by_an_event(element: etree._Element, scene: WholeFile) -> str | None:
    """The start of a block that arrows lead to, about something."""
    outer = element.getparent()
    in_block = outer is not None and kind_of(outer) is Kind.SUB
    waits = trigger_of(element) not in (None, Trigger.NONE, Trigger.LINK, Trigger.TIMER)  # of clocks their check tells
    return local(element) if in_block and waits else None


def event_in_wrong_place(element: etree._Element, scene: WholeFile) -> str | None:
    """An event about something that cannot be waited for, or said, in its place."""
    trigger = trigger_of(element)
    if begins_by_a_rule(element, scene) or (
        local(element) == "startEvent" and block_begins_by_an_event(element, scene)
    ):
        return None
    return None if kind_of(element) or trigger in (None, Trigger.NONE, Trigger.LINK) else local(element)


def several_kinds(element: etree._Element, scene: WholeFile) -> str | None:
    """An event defined twice, or defined elsewhere in the file."""
    found = definitions(element)
    return local(element) if len(found) > 1 or "shared" in found else None


def attribute(name: str, *values: str) -> Question:
    """A plain attribute with one of these values; no value given: with any."""

    def asked(element: etree._Element, scene: WholeFile) -> str | None:
        value = element.get(name)
        return value if value is not None and (not values or value in values) else None

    return asked


def setting(*names: str) -> Question:
    """One of these `camunda:` attributes."""

    def asked(element: etree._Element, scene: WholeFile) -> str | None:
        return next((name for name in names if camunda(element, name)), None)

    return asked


def inside(*tags: str) -> Question:
    """One of these BPMN elements right inside."""

    def asked(element: etree._Element, scene: WholeFile) -> str | None:
        return next((tag for tag in tags if child(element, tag) is not None), None)

    return asked


def extension(*tags: str) -> Question:
    """One of these `camunda:` elements."""

    def asked(element: etree._Element, scene: WholeFile) -> str | None:
        return local(element) if namespace(element) == CAMUNDA and local(element) in tags else None

    return asked


def other_extension(element: etree._Element, scene: WholeFile) -> str | None:
    """An extension of Camunda's that is not a list of properties. Those of other programs are told once for a file."""
    outer = element.getparent()
    if outer is None or local(outer) != "extensionElements" or namespace(element) != CAMUNDA:
        return None
    return None if local(element) in NAMED_EXTENSIONS else local(element)


def handed_elsewhere(element: etree._Element, scene: WholeFile) -> str | None:
    """What goes into another procedure, or comes back, on a step that calls none."""
    handed = namespace(element) == CAMUNDA and local(element) in ("in", "out")
    return local(element) if handed and local(owner(element)) != "callActivity" else None


def unknown_tag(element: etree._Element, scene: WholeFile) -> str | None:
    """A BPMN element that is not read and has no row of its own."""
    name, outer = local(element), element.getparent()
    if namespace(element) != BPMN or name in KNOWN | NAMED_TAGS | KEPT | WATCHED:
        return None
    as_step = outer is not None and local(outer) in ("process", "subProcess")
    return name if as_step or name not in BESIDE else None


def unused_setting(element: etree._Element, scene: WholeFile) -> str | None:
    """A `camunda:` attribute that nothing here acts on."""
    if namespace(element) != BPMN:
        return None
    names = [name.rpartition("}")[2] for name in map(str, element.attrib) if name.startswith(f"{{{CAMUNDA}}}")]
    fine = HARMLESS | NAMED_SETTINGS
    unused = (name for name in names if name not in fine and local(element) not in USED.get(name, ()))
    return next(unused, None)


def unused_property(element: etree._Element, scene: WholeFile) -> str | None:
    """A camunda:property that nothing here acts on."""
    if namespace(element) != CAMUNDA or local(element) != "property":
        return None
    name = (element.get("name") or "").strip()
    tag = local(owner(element))
    if name.startswith("trust:") and name not in TRUST.get(tag, ()):
        return name
    if name and ":" not in name and tag not in ("serviceTask", "sendTask", "callActivity"):
        return name
    return None


def repeated_property(element: etree._Element, scene: WholeFile) -> str | None:
    """A camunda:property whose name another one before it has already."""
    name = (element.get("name") or "").strip()
    return name if name and element in scene.repeated else None


def several_without_list(element: etree._Element, scene: WholeFile) -> str | None:
    """Multi-instance that names no list and no number."""
    return None if camunda(element, "collection") or text_of(child(element, "loopCardinality")) else "there"


def list_and_number(element: etree._Element, scene: WholeFile) -> str | None:
    """Multi-instance that names both."""
    return "there" if camunda(element, "collection") and text_of(child(element, "loopCardinality")) else None


def endless_loop(element: etree._Element, scene: WholeFile) -> str | None:
    """A loop that says neither as long as what it is done again, nor how often."""
    return None if text_of(child(element, "loopCondition")) or element.get("loopMaximum") else "there"


def no_number(name: str) -> Question:
    """A plain attribute that is there and no whole number of 1 or more."""

    def asked(element: etree._Element, scene: WholeFile) -> str | None:
        value = (element.get(name) or "").strip()
        return value if value and not (value.isdecimal() and int(value) > 0) else None

    return asked


HOSTS = frozenset({Kind.USER, Kind.RECEIVE, Kind.SUB, Kind.CALL})


def boundary_on_wrong_step(element: etree._Element, scene: WholeFile) -> str | None:
    """An event on the edge of a step that is neither a person's nor a block."""
    host = scene.diagram.elements.get(element.get("attachedToRef", ""))
    return host.kind.value if host and host.kind not in HOSTS else None


def condition_off_gateway(element: etree._Element, scene: WholeFile) -> str | None:
    """A condition on an arrow that does not leave a choice between several ways."""
    outer = element.getparent()
    source = "" if outer is None else outer.get("sourceRef", "")
    if scene.graph.kind(source) not in _NEVER_ASK and len(scene.graph.out.get(source, ())) > 1:
        return None
    return "there" if text_of(element) or element.attrib else None


def other_language(element: etree._Element, scene: WholeFile) -> str | None:
    """A script or condition in a language other than FEEL."""
    told = element.get("scriptFormat") or element.get("language") or ""
    return None if told.strip().lower() in ("", "feel") or told.endswith("FEEL/") else told


def juel(element: etree._Element, scene: WholeFile) -> str | None:
    """`${...}` where something is worked out: a setting, a property, a condition, a script, a timer."""
    if namespace(element) == CAMUNDA:
        texts = [*map(str, element.attrib.values()), element.text or ""]
    else:
        worked_out = local(element) in WORKED_OUT
        texts = [str(value) for name, value in element.attrib.items() if str(name).startswith(f"{{{CAMUNDA}}}")]
        texts += [text_of(element)] if worked_out else []
    found = next((text for text in texts if OF_ANOTHER_ENGINE.search(text)), None)
    return found


def other_quantity(element: etree._Element, scene: WholeFile) -> str | None:
    """A step that begins or goes on more than once at a time."""
    counts = (element.get("startQuantity", "1"), element.get("completionQuantity", "1"))
    return next((count for count in counts if count != "1"), None)


def reserved_id(element: etree._Element, scene: WholeFile) -> str | None:
    """An id that stands for something else while a case runs."""
    id = element.get("id", "")
    return id if id.lower() in RESERVED and scene.graph.nodes.get(id) else None


def owner(element: etree._Element) -> etree._Element:
    """The box, circle, diamond, arrow, lane, pool or process that an element belongs to: what a designer can click."""
    while (outer := element.getparent()) is not None:
        part = local(element) in PARTS or local(element).endswith("EventDefinition") or namespace(element) != BPMN
        if element.get("id") and not part:
            return element
        element = outer
    return element
