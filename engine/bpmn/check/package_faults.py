"""Everything that stops a procedure from being published, at once and in the designer's words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.bpmn.check import names, notes, shape, steps, unseen, ways
from engine.bpmn.check import roles as who
from engine.bpmn.check.clock import starts
from engine.bpmn.check.subject import View
from engine.bpmn.diagram.critical_path import TooManyBack, longest_way, school_days
from engine.bpmn.package import Package
from engine.bpmn.reading import DIAGRAM, ReadPackage, read_package
from engine.bpmn.trying import whole
from engine.bpmn.unsupported import table
from engine.bpmn.unsupported.matchers import WholeFile
from engine.model.fault import Fault, Note
from engine.model.people import Role
from engine.model.wording import quoted

MOST_TOLD = 40  # faults


@dataclass(frozen=True)
class Findings:
    """What a check tells: faults stop publishing, notes do not."""

    faults: tuple[Fault, ...]
    notes: tuple[Note, ...] = ()


def faults(package: Package, roles: Mapping[str, Role], procedures: Collection[str] = ()) -> list[Fault]:
    """Every fault of a package; none: it may be published. Stories are engine.stories's to check.

    roles: by key, those of the trust. procedures: keys of the procedures that can be started from this one.
    Files are named as Package.files names them.
    """
    return list(look(read_package(package), roles, procedures).faults)


def look(read: ReadPackage, roles: Mapping[str, Role], procedures: Collection[str] = ()) -> Findings:
    """The faults of a package that is read already, and its notes."""
    found = list(read.faults)
    if read.root is None or read.diagram is None:
        return Findings(tuple(found))
    scene = WholeFile(read.root, read.diagram)
    view = View(read.package, scene, roles, procedures, read.forms, read.decisions)
    if large := shape.too_many(view):
        return Findings((large, *found))  # the rest would take long and be of no use
    for part in _PARTS:
        found += part(view)
    told = {(fault.file, fault.element) for fault in found}
    found += (fault for fault in whole.faults(view) if (fault.file, fault.element) not in told)  # one fault a mistake
    return Findings(tuple(first_of(list(dict.fromkeys(found)))), tuple(dict.fromkeys(notes.notes(view))))


def first_of(found: list[Fault]) -> list[Fault]:
    """As many faults as anybody mends at once, those of a whole file first, and how many more there are."""
    if len(found) <= MOST_TOLD:
        return found
    more = f"There are {len(found) - MOST_TOLD:,} more faults. Mend these first, then check it again."
    first = sorted(found, key=lambda fault: fault.element is not None)[:MOST_TOLD]
    return [*first, Fault(DIAGRAM, None, None, more)]


def _refusals(view: View) -> Iterator[Fault]:
    for each in table.refused(view.scene):
        called = view.called(each.element) if each.element else None
        yield Fault(DIAGRAM, each.element, called or each.name, each.sentence)


def _promise(view: View) -> Iterator[Fault]:
    promise = view.diagram.promise
    if not promise:
        return
    try:
        way = longest_way(view.diagram)
    except TooManyBack as error:
        yield view.fault(
            error.scope,
            "There are too many ways back to reckon how long this can take. Put some rounds into sub-processes.",
        )
        return
    if way.days > school_days(promise):
        stops = ", ".join(f"{quoted(view.title(id))} {days}" for id, days in way.stops)
        yield view.fault(
            None,
            f"The longest way through takes {way.days} school days, and the procedure promises {promise}: {stops}."
            " Every way back counts once. Shorten deadlines, do steps side by side, or promise more.",
        )


def _unused(view: View) -> Iterator[Fault]:
    elements = view.diagram.elements.values()
    for kind, files, used in (
        ("forms/{}.form", view.package.forms, {item.form for item in elements}),
        ("decisions/{}.dmn", view.package.decisions, {item.decision for item in elements}),
    ):
        for key in files:
            if key not in used:
                sentence = "No step of the diagram uses this file. Leave it out, or name it on the step that needs it."
                yield Fault(kind.format(key), None, None, sentence)


_PARTS: tuple[Callable[[View], Any], ...] = (
    _refusals,
    shape.faults,
    ways.faults,
    who.faults,
    steps.faults,
    starts.faults,
    names.faults,
    unseen.faults,
    _promise,
    _unused,
)
