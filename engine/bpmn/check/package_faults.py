"""Everything that stops a procedure from being published, at once and in the designer's words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.bpmn.check import names, notes, shape, steps, unseen, ways
from engine.bpmn.check import roles as who
from engine.bpmn.check.clock import starts
from engine.bpmn.check.elements import calls, caught
from engine.bpmn.check.subject import InUse, View
from engine.bpmn.diagram.critical_path import TooManyBack, longest_way, school_days
from engine.bpmn.package import Package
from engine.bpmn.reading import DIAGRAM, ReadPackage, read_package
from engine.bpmn.trying import whole
from engine.bpmn.unsupported import table
from engine.bpmn.unsupported.matchers import WholeFile
from engine.model.fault import Fault, Note, grouped
from engine.model.people import Role
from engine.model.wording import quoted

MOST_TOLD = 40  # faults


@dataclass(frozen=True)
class Findings:
    """What a check tells: faults stop publishing, notes do not."""

    faults: tuple[Fault, ...]
    notes: tuple[Note, ...] = ()


def faults(package: Package, roles: Mapping[str, Role], procedures: Collection[str] = ()) -> list[Fault]:
    """Every fault of a package by itself; none: it may be published. Stories are engine.stories's to check.

    roles: by key, those of the trust. procedures: keys of the procedures that can be started from this one.
    Files are named as Package.files names them.
    """
    read = read_package(package, roles)
    return first_of(_worst_first(read, _view(read, roles, procedures)))


def look(
    read: ReadPackage,
    roles: Mapping[str, Role],
    procedures: Collection[str] = (),
    in_use: Mapping[str, InUse] | None = None,
) -> Findings:
    """The faults of a package that is read already, equal ones together, and its notes."""
    view = _view(read, roles, procedures, in_use)
    found = first_of(grouped(_worst_first(read, view)))
    if view is None or shape.too_many(view):
        return Findings(tuple(found))
    return Findings(tuple(found), tuple(dict.fromkeys(notes.notes(view))))


def first_of(found: Sequence[Fault]) -> list[Fault]:
    """As many faults as anybody mends at once, and how many more there are."""
    if len(found) <= MOST_TOLD:
        return list(found)
    more = f"There are {len(found) - MOST_TOLD:,} more faults. Mend these first, then check it again."
    return [*found[:MOST_TOLD], Fault(DIAGRAM, None, None, more)]


def _view(
    read: ReadPackage, roles: Mapping[str, Role], procedures: Collection[str], in_use: Mapping[str, InUse] | None = None
) -> View | None:
    if read.root is None or read.diagram is None:
        return None
    scene = WholeFile(read.root, read.diagram)
    return View(read.package, scene, roles, procedures, read.forms, read.decisions, in_use or {})


def _worst_first(read: ReadPackage, view: View | None) -> list[Fault]:
    """What cannot be read, then what cannot be run or leads nowhere, then what steps say; whole files first."""
    unread = list(read.faults)
    if view is None:
        return unread
    if large := shape.too_many(view):
        return [large, *unread]  # the rest would take long and be of no use
    structure = [fault for part in _STRUCTURE for fault in part(view)]
    details = [fault for part in _DETAILS for fault in part(view)]
    told = {(fault.file, fault.element) for fault in (*unread, *structure, *details)}
    details += (fault for fault in whole.faults(view) if (fault.file, fault.element) not in told)  # one fault a mistake
    return [fault for some in (unread, structure, details) for fault in _whole_file_first(dict.fromkeys(some))]


def _whole_file_first(found: Iterable[Fault]) -> list[Fault]:
    return sorted(found, key=lambda fault: fault.element is not None)


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


_STRUCTURE: tuple[Callable[[View], Any], ...] = (_refusals, shape.faults, ways.faults)
_DETAILS: tuple[Callable[[View], Any], ...] = (
    who.faults,
    steps.faults,
    starts.faults,
    caught.faults,
    calls.faults,
    names.faults,
    unseen.faults,
    _promise,
    _unused,
)
