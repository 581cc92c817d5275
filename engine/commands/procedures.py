"""Publishing and withdrawing procedures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from engine import policy, stories
from engine.bpmn import check, drawing, outline
from engine.bpmn.drawn import Drawn, Package
from engine.bpmn.faults import Fault
from engine.errors import AlreadyPublished, BadFile, BadProcedure, NotAllowed
from engine.model.casework import Version
from engine.model.people import Me, Role
from engine.ports import Store


def faults(store: Store, package: Package) -> list[Fault]:
    """Every fault of a package at once; the stories are told only when nothing else is wrong."""
    known = {version.key for version in store.live_versions()}
    return all_faults(package, store.roles(), frozenset(known))


def all_faults(package: Package, roles: dict[str, Role], procedures: frozenset[str]) -> list[Fault]:
    """The same without a store, for the command line and for tests."""
    found = check.faults(package, roles, procedures)
    if found:
        return found
    return stories.all_faults(resolved(package, roles), roles)


def resolved(package: Package, roles: dict[str, Role]) -> Package:
    """The package with every role as drawn fixed to a key, so that a label may be renamed later."""
    by_label = {role.label.casefold(): key for key, role in roles.items()}
    found = {name: name if name in roles else by_label.get(name.casefold(), name) for name in _roles_drawn(package)}
    return replace(package, roles={name: key for name, key in found.items() if name != key})


def _roles_drawn(package: Package) -> set[str]:
    diagram = Drawn(package).diagram
    named = {text for element in diagram.elements.values() for text in _roles_of(element.role, element.parameters)}
    return named | set(diagram.starters)


def _roles_of(role: str | None, parameters: Mapping[str, str]) -> set[str]:
    given = (role, parameters.get("role"), parameters.get("fallback_role"))
    return {text for text in given if text and not text.startswith("=")}


def publish(store: Store, me: Me | None, package: Package, now: datetime) -> Version:
    """Check everything and publish the next version. me None: the command line.

    Raises BadProcedure with every fault, AlreadyPublished when nothing changed since the live version.
    """
    if me is not None and not policy.may_publish(me):
        raise NotAllowed
    found = faults(store, package)
    if found:
        raise BadProcedure(found)
    package = resolved(package, store.roles())
    drawn = Drawn(package)
    earlier = store.versions(drawn.diagram.key)
    live = store.live_version(drawn.diagram.key)
    if live and live.digest == package.digest:
        raise AlreadyPublished(f"Version {live.number} is exactly this already, so there is nothing to publish.")
    version = Version(
        id=uuid4(),
        key=drawn.diagram.key,
        number=max((each.number for each in earlier), default=0) + 1,
        title=drawn.diagram.title,
        digest=package.digest,
        published_at=now,
        published_by=me.person.id if me else None,
    )
    steps = [vars_of(step) for step in outline.outline(drawn.diagram, store.roles())]
    store.add_version(version, package, drawing.svg(package.bpmn), steps)
    return version


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
    """Let nobody start this version any more. Cases that run on it go on."""
    if not policy.may_publish(me):
        raise NotAllowed
    store.withdraw_version(version_id, now)


def package_of(files: dict[str, bytes]) -> Package:
    """A package from uploaded or listed files by name: one .bpmn, any .form, .dmn, and a .yaml of stories."""
    diagrams = [name for name in files if name.endswith(".bpmn")]
    if len(diagrams) != 1:
        raise BadFile("Choose one diagram (a file that ends in .bpmn) with its forms, decisions and stories.")
    return Package(
        files[diagrams[0]],
        {name.removesuffix(".form"): data for name, data in files.items() if name.endswith(".form")},
        {name.removesuffix(".dmn"): data for name, data in files.items() if name.endswith(".dmn")},
        next((data for name, data in files.items() if name.endswith((".yaml", ".yml"))), b""),
    )
