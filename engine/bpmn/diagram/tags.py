"""The names of the XML a diagram is written in, and small questions about one element of it."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.model.text import one_line, several_lines

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
MODELER = "http://camunda.org/schema/modeler/1.0"
DRAWING = frozenset({BPMNDI, DC, DI})  # where things stand on the page


def namespace(element: etree._Element) -> str:
    """The namespace of an element's tag, empty when it has none or is a comment."""
    tag = element.tag
    return tag[1:].partition("}")[0] if isinstance(tag, str) and tag.startswith("{") else ""


def local(element: etree._Element) -> str:
    """An element's tag without its namespace, empty for a comment."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: etree._Element) -> Iterator[etree._Element]:
    """The elements right inside that are BPMN's own."""
    return (child for child in element if namespace(child) == BPMN)


def child(element: etree._Element, tag: str) -> etree._Element | None:
    """The first BPMN element of this name right inside, if any."""
    return element.find(f"{{{BPMN}}}{tag}")


def text_of(element: etree._Element | None) -> str:
    """All the text inside, stripped; empty for no element."""
    return "" if element is None else "".join(str(part) for part in element.itertext()).strip()


def name_of(element: etree._Element) -> str:
    """What the designer called it, on one line, without what nobody can see."""
    return one_line(element.get("name", ""))


def camunda(element: etree._Element, name: str) -> str | None:
    """A `camunda:` attribute, stripped; None when absent or empty."""
    return (element.get(f"{{{CAMUNDA}}}{name}") or "").strip() or None


def properties(element: etree._Element) -> dict[str, str]:
    """Every `camunda:property` of an element, by name."""
    path = f"{{{BPMN}}}extensionElements/{{{CAMUNDA}}}properties/{{{CAMUNDA}}}property"
    return {(found.get("name") or "").strip(): (found.get("value") or "").strip() for found in element.iterfind(path)}


def definitions(element: etree._Element) -> list[str]:
    """What kind of event it is: "timer", "message", ...; "shared" for one defined elsewhere in the file."""
    found = [local(item) for item in children(element)]
    return [
        "shared" if tag == "eventDefinitionRef" else tag.removesuffix("EventDefinition")
        for tag in found
        if tag.endswith("EventDefinition") or tag == "eventDefinitionRef"
    ]


def documentation(element: etree._Element) -> str:
    """The designer's guidance: every documentation paragraph."""
    found = [several_lines(text_of(item)) for item in element.iterfind(f"{{{BPMN}}}documentation")]
    return "\n\n".join(text for text in found if text)


def without_equals(text: str | None) -> str | None:
    """An expression as FEEL reads it: no leading "=", None when nothing is left."""
    return (text or "").strip().removeprefix("=").strip() or None
