"""`headway check` and `headway publish`: a procedure from its files."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path

from engine.commands import procedures
from engine.commands.procedure_keys import note_of
from engine.errors import AlreadyPublished, BadProcedure
from engine.model.fault import Finding
from engine.model.wording import MOST_LISTED, in_a_row
from storage.database import transaction
from web.cli.common import begin, opened, say
from web.context.library import files_of, shipped_procedures, shipped_roles
from web.context.utc import utc_now


def check(asked: Namespace) -> int:
    """Print every fault. 1 when there is any. Needs no database: roles and procedures are the shipped ones."""
    files = files_of(asked.FILE)
    package = procedures.package_of(files)
    known = frozenset(path.stem for path in shipped_procedures())
    looked = procedures.look(package, {role.key: role for role in shipped_roles()}, known)
    found = looked.faults
    _tell(found, files)
    _tell(looked.notes, files, "To know: ")
    if not found:
        say("No faults: this can be published.")
    return 1 if found else 0


def publish(asked: Namespace) -> int:
    """Publish one procedure, or say what stops it."""
    files = files_of(asked.FILE)
    package = procedures.package_of(files)
    try:
        with opened() as trust:
            with transaction(trust.database) as store:
                begin(store)
                known = procedures.known(store, package.bpmn)
            ready = procedures.ready(package, known)
            with transaction(trust.database) as store:
                version = procedures.put_in_use(store, None, ready, utc_now())
    except BadProcedure as refusal:
        _tell(refusal.faults, files)
        return 1
    except AlreadyPublished as refusal:
        say(refusal.sentence)
        return 0
    called = note_of(ready.definition.diagram, version.key)
    _tell([called] if called else [], files, "To know: ")
    say(f"Published {version.title}, version {version.number}.")
    return 0


def _tell(findings: Iterable[Finding], files: Iterable[str], first: str = "") -> None:
    """One line a finding, under the names that the person's own files have."""
    own = {f"procedure{Path(name).suffix}": name for name in files if name.endswith(".bpmn")}
    own |= {f"stories{Path(name).suffix}": name for name in files if name.endswith(".yaml")}
    for each in findings:
        where = " ".join(part for part in (each.element, f"“{each.name}”" if each.name else "") if part)
        if each.others:
            listed = [place.element or place.name or "" for place in each.places]
            where = f"{len(listed)} places ({in_a_row(listed, most=MOST_LISTED)})"
        name = own.get(each.file, Path(each.file).name)
        say(f"{first}{name}{', ' + where if where else ''}: {each.sentence}")
