"""A procedure as drawn: its files, read."""

from __future__ import annotations

from collections.abc import Mapping

from engine import forms
from engine.bpmn.diagram import dialect
from engine.bpmn.diagram.elements import Diagram
from engine.bpmn.package import Package
from engine.forms import Form
from engine.rules import tables
from engine.rules.tables import Decision


class Definition:
    """A package read once and shared by every case of the version: treat as frozen."""

    def __init__(self, package: Package) -> None:
        """Raises BadFile for a file that cannot be read at all; faults of meaning are check.faults's to tell."""
        self.package = package
        self.diagram: Diagram = dialect.read(package.bpmn)
        self.forms: Mapping[str, Form] = {key: forms.read(key, data) for key, data in package.forms.items()}
        self.decisions: Mapping[str, Decision] = {key: tables.read(data) for key, data in package.decisions.items()}

    def form_of(self, step: str) -> Form | None:
        """The form of a step, or None when it asks nothing."""
        key = self.diagram.elements[step].form
        return self.forms[key] if key else None
