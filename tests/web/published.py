"""Procedures published as the page does it: with their drawing and their steps in words."""

from __future__ import annotations

from uuid import uuid4

from engine.bpmn.definition import Definition
from engine.bpmn.drawing import draw
from engine.bpmn.outline import steps as outline
from engine.bpmn.package import Package
from engine.commands.cases import manage
from engine.commands.procedures import vars_of
from engine.model.casework import Case, Version
from storage.database import transaction
from tests.engine.bpmn.sketch import boundary, catch, properties, sketch, user, wait, word
from tests.web.house import House


def publish(house: House, package: Package, number: int = 1) -> Version:
    """A version with everything that its pages show."""
    drawn = Definition(package)
    title = drawn.diagram.title
    made = Version(uuid4(), drawn.diagram.key, number, title, package.digest, house.now, house.people["priya"].id)
    with transaction(house.database) as store:
        steps = [vars_of(step) for step in outline.outline(drawn.diagram, store.roles())]
        store.add_version(made, package, draw.svg(package.bpmn), steps)
    return made


def watched() -> Package:
    """The head looks, with a clock on the step; then the case waits, keeps a record and asks for an action."""
    drawn = sketch(
        properties(trust__promise="20 school days", trust__prefix="WAT"),
        user("look", "Look closely"),
        boundary("slow", "look", "5 school days", interrupting=False),
        wait("pause", "2 school days"),
        word("keep", "record", kind="finding", title="What was found", fields="case"),
        word("act", "raise_action", role="director_of_education", title="Read it", due="3 school days"),
        flows="s>look>pause>keep>act>e slow>e",
        key="watched",
    )
    return Package(drawn)


def awaiting_report() -> Package:
    """The case waits for a report to arrive; then the head reads it."""
    drawn = sketch(catch("x", "report"), user("after", "Read the report"), flows="s>x>after>e", key="reported")
    return Package(drawn)


def stuck(house: House, case: Case, reason: str = "The rule “more?” gave no answer.") -> None:
    """A case whose run failed."""
    with transaction(house.database) as store:
        manage.needs_attention(store, case.id, reason, house.now)
