"""A procedure as drawn: its files, read."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from engine.bpmn.diagram.elements import Diagram
from engine.bpmn.package import Package
from engine.bpmn.reading import ReadPackage, read_package
from engine.errors import BadFile
from engine.forms import Form
from engine.rules.tables import Decision


class Definition:
    """A package read once and shared by every case of the version: treat as frozen."""

    def __init__(self, package: Package, read: ReadPackage | None = None) -> None:
        """read: the same files when they are read already.

        Raises BadFile for a file that cannot be read at all; faults of meaning are check.faults's to tell.
        """
        read = read or read_package(package)
        if read.faults or read.diagram is None:
            raise BadFile(read.faults[0].sentence)
        self.package = package
        self.diagram: Diagram = read.diagram
        self.forms: Mapping[str, Form] = read.forms
        self.decisions: Mapping[str, Decision] = read.decisions

    def began_with(self, known: Collection[str]) -> Form | None:
        """The form a case began with, by what it knows: of several starts, the one whose questions it knows most of."""
        asked = [self.forms[start.form] for start in self.diagram.people_starts if start.form]
        return max(asked, key=lambda form: _share(form, known), default=None)

    def form_of(self, step: str) -> Form | None:
        """The form of a step, or None when it asks nothing."""
        key = self.diagram.elements[step].form
        return self.forms[key] if key else None


def _share(form: Form, known: Collection[str]) -> float:
    """How many of a form's questions are answered, of one."""
    return sum(key in known for key in form.keys) / max(len(form.keys), 1)
