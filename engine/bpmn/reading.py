"""A package read once, as far as it can be: the value that checking, telling and drawing share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from lxml import etree

from engine import forms
from engine.bpmn.diagram.dialect import WHAT, diagram_of
from engine.bpmn.diagram.elements import Diagram
from engine.bpmn.diagram.processes import mark_run
from engine.bpmn.drawing.layout import draw_missing
from engine.bpmn.package import Package
from engine.errors import BadFile
from engine.forms import Form
from engine.model.fault import Fault
from engine.model.people import Role
from engine.readers.xml import read_xml
from engine.rules import tables
from engine.rules.tables import Decision

DIAGRAM = "procedure.bpmn"
# Of all files of one kind together: reading them takes a moment for each part. Headway's own have a twentieth.
MOST_OBJECTS = 30_000  # "{" in forms
MOST_FORM_BYTES = 2_000_000
MOST_TAGS = 40_000  # "<" in tables
MOST_TABLE_BYTES = 4_000_000

Read = TypeVar("Read")


@dataclass(frozen=True)
class ReadPackage:
    """What could be read of a package, and a fault for each file that could not.

    package: the same, its diagram with everything drawn that was missing, its process chosen.
    """

    package: Package
    root: etree._Element | None = None
    diagram: Diagram | None = None
    forms: Mapping[str, Form] = field(default_factory=dict)
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


def read_package(package: Package, roles: Mapping[str, Role] | None = None) -> ReadPackage:
    """Read every file of a package. Faults of meaning are package_faults's to tell.

    roles: of the trust, by which one of several processes is chosen.
    """
    if large := _too_large(package):
        return ReadPackage(package, faults=(Fault(DIAGRAM, None, None, large),))
    found: list[Fault] = []
    root, run, diagram = _drawn(package, roles or {}, found)
    package = replace(package, process=run)
    if root is not None and draw_missing(root):
        package = replace(package, bpmn=etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
    read_forms = _each("forms/{}.form", package.forms, forms.read, found)
    read_tables = _each("decisions/{}.dmn", package.decisions, lambda _, data: tables.read(data), found)
    return ReadPackage(package, root, diagram, read_forms, read_tables, tuple(found))


def _drawn(
    package: Package, roles: Mapping[str, Role], found: list[Fault]
) -> tuple[etree._Element | None, str, Diagram | None]:
    """The document, the process that is run where there are several, and what it says."""
    try:
        root = read_xml(package.bpmn, WHAT)
        run = mark_run(root, package.process, roles)
        return root, run, diagram_of(root)
    except BadFile as error:
        found.append(Fault(DIAGRAM, None, None, error.sentence))
        return None, package.process, None


def _each(
    file: str, files: Mapping[str, bytes], read: Callable[[str, bytes], Read], found: list[Fault]
) -> dict[str, Read]:
    """The files that can be read; a fault for each that cannot."""
    kept: dict[str, Read] = {}
    for key, data in files.items():
        try:
            kept[key] = read(key, data)
        except BadFile as error:
            found.append(Fault(file.format(key), None, None, error.sentence))
    return kept


def _too_large(package: Package) -> str | None:
    """A sentence when reading the forms or the tables would take long. Counted before anything is read."""
    sheets, made = package.forms.values(), package.decisions.values()
    if sum(map(len, sheets)) > MOST_FORM_BYTES or sum(data.count(b"{") for data in sheets) > MOST_OBJECTS:
        return "All forms of this procedure together are larger than Headway reads. Ask for less, or split it up."
    if sum(map(len, made)) > MOST_TABLE_BYTES or sum(data.count(b"<") for data in made) > MOST_TAGS:
        return "All tables of this procedure together are larger than Headway reads. Leave rules out, or split it up."
    return None
