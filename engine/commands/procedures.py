"""Publishing and withdrawing procedures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from uuid import UUID, uuid4

from engine import policy
from engine.bpmn.attached import attached
from engine.bpmn.check import package_faults
from engine.bpmn.check import roles as role_faults
from engine.bpmn.check.subject import InUse
from engine.bpmn.definition import Definition
from engine.bpmn.diagram.elements import Diagram
from engine.bpmn.drawing import draw
from engine.bpmn.outline import steps as outline
from engine.bpmn.outline.phrases import waits_for_procedure
from engine.bpmn.package import Package
from engine.bpmn.reading import ReadPackage, read_package
from engine.bpmn.runtime.build import declared
from engine.commands import clock
from engine.commands.procedure_keys import key_for
from engine.errors import AlreadyPublished, BadFile, BadProcedure, CaseMovedOn, NotAllowed
from engine.model.casework import Version
from engine.model.fault import Fault, Note, grouped
from engine.model.people import Me, Role
from engine.model.role_names import key_of
from engine.ports import Store
from engine.stories import tell

CALLS = b"callActivity"
NOTHING: Mapping[str, InUse] = {}
MOST_LOOKED_OVER = 16  # packages whose faults are remembered; a large one takes up half a megabyte


@dataclass(frozen=True)
class TrustKnown:
    """What of the trust a check goes by: read in a moment, so that checking holds nothing."""

    roles: Mapping[str, Role]
    live: Mapping[str, UUID]  # procedures in use: key -> live version
    in_use: Mapping[str, InUse] = field(default_factory=dict)  # what is known of them, where one is called

    @property
    def procedures(self) -> frozenset[str]:
        """The keys of those that can be started."""
        return frozenset(self.live)


@dataclass(frozen=True)
class LookedOver:
    """A package after one look: read, checked, told and drawn."""

    package: Package
    faults: tuple[Fault, ...]
    notes: tuple[Note, ...]  # what to know that stops nothing
    definition: Definition | None  # roles as drawn fixed to keys; None when a file cannot be read at all
    drawing: bytes | None


@dataclass(frozen=True)
class Ready:
    """A procedure without a fault, with all that publishing writes down."""

    known: TrustKnown
    definition: Definition  # roles as drawn fixed to keys
    package: Package  # the same with what is kept beside
    drawing: bytes
    steps: list[dict[str, object]]


def known(store: Store, diagram: bytes = b"") -> TrustKnown:
    """What a check of a procedure needs to know. diagram: what is to be checked; only where it calls a procedure are
    those in use looked into.
    """
    versions = store.live_versions()
    live = {version.key: version.id for version in versions}
    calls = CALLS in diagram.replace(b"\0", b"")  # two bytes a letter, in some encodings
    return TrustKnown(
        store.roles(), live, {key: _in_use(store.definition(id)) for key, id in live.items()} if calls else {}
    )


def _in_use(definition: Definition) -> InUse:
    steps = definition.diagram.elements.values()
    waited = (step.parameters.get("procedure", "") for step in steps if waits_for_procedure(step))
    return InUse(declared(definition), frozenset(waited))


def faults(store: Store, package: Package) -> list[Fault]:
    """Every fault of a package at once; the stories are told only when nothing else is wrong."""
    now = known(store, package.bpmn)
    return list(look(package, now.roles, now.procedures, now.in_use).faults)


def all_faults(package: Package, roles: Mapping[str, Role], procedures: frozenset[str]) -> list[Fault]:
    """The same without a store, for the command line and for tests."""
    return list(look(package, roles, procedures).faults)


def look(
    package: Package, roles: Mapping[str, Role], procedures: frozenset[str], in_use: Mapping[str, InUse] = NOTHING
) -> LookedOver:
    """Read a package once, check it, tell its stories and draw it. Kept: whoever looks an upload over and then
    publishes it waits for all that one time.
    """
    looked = _look(replace(package, attached={}), tuple(roles.items()), procedures, tuple(in_use.items()))
    return replace(looked, package=replace(looked.package, attached=package.attached))


@lru_cache(maxsize=MOST_LOOKED_OVER)
def _look(
    package: Package,
    known_roles: tuple[tuple[str, Role], ...],
    procedures: frozenset[str],
    in_use: tuple[tuple[str, InUse], ...],
) -> LookedOver:
    roles = dict(known_roles)
    read = read_package(package, roles)
    findings = package_faults.look(read, roles, procedures, dict(in_use))
    found = list(findings.faults)
    definition = None
    if read.diagram is not None and not read.faults:
        definition = Definition(_fixed(read.package, read.diagram, roles), read)
        found = found or package_faults.first_of(grouped(tell.definition_faults(definition, roles)))
    return LookedOver(read.package, tuple(found), findings.notes, definition, _drawing(read))


def _drawing(read: ReadPackage) -> bytes | None:
    """The drawing, of a diagram that is none too large to look at."""
    if read.root is None or read.diagram is None:
        return None
    return draw.svg_of(read.root)


def resolved(package: Package, roles: Mapping[str, Role]) -> Package:
    """The package with every role as drawn fixed to a key, so that a label may be renamed later. Raises BadFile."""
    return _fixed(package, Definition(package).diagram, roles)


def _fixed(package: Package, diagram: Diagram, roles: Mapping[str, Role]) -> Package:
    found = {name: key_of(name, roles) for name in role_faults.drawn(diagram.elements) | set(diagram.starters)}
    return replace(package, roles={name: key for name, key in found.items() if key and name != key})


def ready(package: Package, now: TrustKnown) -> Ready:
    """Check everything. Takes as long as telling the stories does, so do it outside any transaction.

    Raises BadProcedure with every fault.
    """
    looked = look(package, now.roles, now.procedures, now.in_use)
    if looked.faults or looked.definition is None or looked.drawing is None:
        raise BadProcedure(list(looked.faults))
    steps = [vars_of(step) for step in outline.outline(looked.definition.diagram, now.roles)]
    whole = replace(looked.definition.package, attached=package.attached)
    return Ready(now, looked.definition, whole, looked.drawing, steps)


def put_in_use(store: Store, me: Me | None, checked: Ready, now: datetime) -> Version:
    """Publish what has been checked as the next version. me None: the command line.

    Raises AlreadyPublished when nothing changed since the live version, CaseMovedOn when the trust did since the check.
    Raises NotAllowed for whoever may not publish.
    """
    if me is not None and not policy.may_publish(me):
        raise NotAllowed
    package, diagram = checked.package, checked.definition.diagram
    key = key_for(store, diagram)
    live = store.live_version(key)
    if live and live.digest == package.digest:
        raise AlreadyPublished(f"Version {live.number} is exactly this already, so there is nothing to publish.")
    _refuse_changed(checked.known, known(store), key)
    version = Version(
        id=uuid4(),
        key=key,
        number=max((each.number for each in store.versions(key)), default=0) + 1,
        title=diagram.title,
        digest=package.digest,
        published_at=now,
        published_by=me.person.id if me else None,
    )
    store.add_version(version, package, checked.drawing, checked.steps)
    clock.published(store, version, diagram, now)
    return version


def _refuse_changed(then: TrustKnown, now: TrustKnown, key: str) -> None:
    """What was right for the trust as it was need not be right for it as it is."""
    if then.live.get(key) != now.live.get(key):
        raise CaseMovedOn("Somebody published or withdrew this procedure in the meantime. Look at it again.")
    if then.roles != now.roles or then.procedures - now.procedures:
        raise CaseMovedOn("Roles or procedures of the trust have changed in the meantime. Check it again.")


def publish(store: Store, me: Me | None, package: Package, now: datetime) -> Version:
    """Check and publish in one go, where nobody else waits to write: see ready and put_in_use.

    Raises NotAllowed for whoever may not.
    """
    if me is not None and not policy.may_publish(me):
        raise NotAllowed
    return put_in_use(store, me, ready(package, known(store, package.bpmn)), now)


def vars_of(step: outline.OutlineStep) -> dict[str, object]:
    """One step of the ordered list as plain data."""
    return {
        "element": step.element,
        "number": step.number,
        "depth": step.depth,
        "title": step.title,
        "who": step.who,
        "by_when": step.by_when,
        "sentence": step.sentence,
    }


def withdraw(store: Store, me: Me, version_id: UUID, now: datetime) -> None:
    """Let nobody start this version any more. Cases that run on it go on.

    Raises NotAllowed for whoever may not publish.
    """
    if not policy.may_publish(me):
        raise NotAllowed
    store.withdraw_version(version_id, now)
    clock.arrange(store, now, {store.version(version_id).key})


def package_of(files: dict[str, bytes]) -> Package:
    """A package from uploaded or listed files by name: one .bpmn, any .form, .dmn, and a .yaml of stories; texts and
    pictures are kept beside them.

    Raises BadFile for no diagram or several, and for what may not be kept beside them.
    """
    diagrams = [name for name in files if name.endswith(".bpmn")]
    if len(diagrams) != 1:
        raise BadFile("Choose one diagram (a file that ends in .bpmn) with its forms, decisions and stories.")
    return Package(
        files[diagrams[0]],
        {name.removesuffix(".form"): data for name, data in files.items() if name.endswith(".form")},
        {name.removesuffix(".dmn"): data for name, data in files.items() if name.endswith(".dmn")},
        next((data for name, data in files.items() if name.endswith((".yaml", ".yml"))), b""),
        attached=attached(files),
    )
