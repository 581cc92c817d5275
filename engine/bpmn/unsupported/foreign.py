"""Vocabularies of other programs in a diagram: kept in the file, told once, gone by nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml import etree

from engine.bpmn.diagram.tags import BPMN, CAMUNDA, DRAWING, MODELER, namespace
from engine.model.wording import short

SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
XML = "http://www.w3.org/XML/1998/namespace"
# Colours of shapes, which the Camunda Modeler writes itself.
COLOURS = frozenset({"http://bpmn.io/schema/bpmn/biocolor/1.0", "http://www.omg.org/spec/BPMN/non-normative/color/1.0"})
OWN = DRAWING | COLOURS | {BPMN, CAMUNDA, MODELER, SCHEMA_INSTANCE, XML, ""}
MOST_PROGRAMS = 20
_PLATFORMS = {"Camunda Cloud": "Camunda 8"}
# A part of an address, and the program people know it by.
_PROGRAMS = {
    "schema/zeebe": "Camunda 8",
    "activiti": "Activiti",
    "flowable": "Flowable",
    "signavio": "Signavio",
    "visual-paradigm": "Visual Paradigm",
    "trisotech": "Trisotech",
    "bizagi": "Bizagi",
    "sparxsystems": "Enterprise Architect",
    "drools": "jBPM",
    "jboss": "jBPM",
    "adonis": "ADONIS",
    "boc-": "ADONIS",
    "bonitasoft": "Bonita",
    "oracle": "Oracle",
    "ibm.com": "IBM",
    "eclipse.org/bpmn2": "Eclipse",
    "imixs": "Imixs",
    "yaoqiang": "Yaoqiang",
    "aris": "ARIS",
    "w4": "W4",
    "modelio": "Modelio",
    "magicdraw": "MagicDraw",
    "sap.com": "SAP",
    "itp-commerce": "ITP Process Modeler",
    "spiffworkflow": "SpiffArena",
}


def other_programs(root: etree._Element) -> list[str]:
    """The programs whose settings stand in a file, as people know them, in the file's order."""
    platform = root.get(f"{{{MODELER}}}executionPlatform")
    found = {} if platform in (None, "Camunda Platform") else {_PLATFORMS.get(platform, short(platform, 40)): None}
    for address in _addresses(root):
        if len(found) < MOST_PROGRAMS:
            found.setdefault(_known_as(address))
    return list(found)


def _addresses(root: etree._Element) -> Iterator[str]:
    """Vocabularies that are used by an element or a setting, each once; one only declared says nothing."""
    seen = set(OWN)
    for element in root.iter():
        names = (str(name) for name in element.attrib if str(name).startswith("{"))
        for address in (namespace(element), *(name[1:].partition("}")[0] for name in names)):
            if address not in seen:
                seen.add(address)
                yield address


def _known_as(address: str) -> str:
    low = address.lower()
    known = next((name for part, name in _PROGRAMS.items() if part in low), None)
    return known or short(_host(address) or address, 40)


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
