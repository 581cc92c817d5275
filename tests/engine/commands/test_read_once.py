"""An upload is read once for a look and passed on as one value; publishing what was looked at reads nothing again."""

from __future__ import annotations

from collections import Counter

import pytest

from engine.bpmn import reading
from engine.bpmn.diagram import dialect
from engine.bpmn.drawing import draw
from engine.commands import procedures
from engine.commands.procedures import TrustKnown
from engine.forms.drawn import read as form_read
from engine.readers import xml
from engine.rules import tables
from web.context.library import files_of, shipped_procedures, shipped_roles

ROLES = {role.key: role for role in shipped_roles()}


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Counter[bytes]:
    """How often each file is parsed, wherever that happens."""
    counted: Counter[bytes] = Counter()

    def counting_xml(data: bytes, what: str) -> object:
        counted[data] += 1
        return xml.read_xml(data, what)

    for module in (reading, dialect, draw, tables):
        monkeypatch.setattr(module, "read_xml", counting_xml)
    json = form_read._json

    def counting_json(data: bytes) -> object:
        counted[data] += 1
        return json(data)

    monkeypatch.setattr(form_read, "_json", counting_json)
    return counted


@pytest.mark.parametrize("diagram", shipped_procedures(), ids=lambda path: path.stem)
def test_a_look_reads_every_file_once_and_publishing_none(diagram: object, read: Counter[bytes]) -> None:
    files = files_of([diagram])  # type: ignore[list-item]
    read.clear()
    procedures._look.cache_clear()
    package = procedures.package_of(files)

    looked = procedures.look(package, ROLES, frozenset())
    assert (looked.faults, looked.definition is not None, looked.drawing is not None) == ((), True, True)
    every = [package.bpmn, *package.forms.values(), *package.decisions.values()]
    assert read == Counter(every)

    procedures.ready(package, TrustKnown(ROLES, {}))
    assert read == Counter(every)
