"""References with a prefix before the id, as other programs write them, name the same as without."""

from __future__ import annotations

import re

from engine.bpmn.check import package_faults
from engine.bpmn.diagram import dialect
from engine.bpmn.package import Package
from tests.engine.bpmn.check.sketches import ROLES, a, form
from tests.engine.bpmn.sketch import catch, sketch


def test_prefixed_references_name_what_they_would_without() -> None:
    drawn = sketch(a(), catch("c"), flows="s>a>c>e")
    prefixed = re.sub(rb'(bpmnElement|messageRef)="', rb'\1="tns:', drawn)
    assert prefixed.count(b"tns:") > 5

    assert dialect.read(prefixed) == dialect.read(drawn)
    assert package_faults.faults(Package(prefixed, form()), ROLES) == []


def test_an_id_that_holds_a_colon_is_left_as_it_is() -> None:
    drawn = sketch(a("x:a"), flows="s>x:a>e")

    assert "x:a" in {flow.target for flow in dialect.read(drawn).flows}
