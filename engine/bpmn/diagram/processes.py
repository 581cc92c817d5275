"""Which process of a file is run, where it holds several: chosen by its lanes, and marked, so that all ask the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from lxml import etree

from engine.bpmn.diagram.references import without_prefixes
from engine.bpmn.diagram.tags import BPMN, child, children, local, name_of
from engine.model.people import Role
from engine.model.role_names import key_of

MOST_LANES = 400  # of a file in which one of several processes is chosen by them


def processes_of(root: etree._Element) -> list[etree._Element]:
    """The processes of a file, as drawn."""
    return [item for item in children(root) if local(item) == "process"]


def mark_run(root: etree._Element, wanted: str, roles: Mapping[str, Role]) -> str:
    """Mark the one that is run as such and no other, where there are several. Returns its id; empty for one alone.

    To be asked first of all of a file: references in it are made plain too.
    wanted: the id of the one chosen when it was published; empty to choose.
    """
    without_prefixes(root)
    found = processes_of(root)
    if len(found) < 2:
        return ""
    if sum(1 for _ in root.iter(f"{{{BPMN}}}lane")) > MOST_LANES:
        roles = {}  # to look each of them up would take long
    run = next((item for item in found if wanted and item.get("id") == wanted), None)
    if run is None:
        run = max(found, key=lambda item: _merits(item, roles))  # the first of equals
    for item in found:
        item.set("isExecutable", "true" if item is run else "false")
    return run.get("id", "")


def why_run(root: etree._Element, run: etree._Element, roles: Mapping[str, Role]) -> str:
    """Why that one and no other, as the end of a sentence."""
    others = [item for item in processes_of(root) if item is not run]
    if _lanes_of_roles(run, roles) > max((_lanes_of_roles(item, roles) for item in others), default=0):
        return "most lanes named after roles of the trust are its own"
    if _steps(run) > max(map(_steps, others), default=0):
        return "it is the largest"
    return "the file marks it as the one to run, or has it first"


def looked_at(root: etree._Element) -> Iterator[etree._Element]:
    """Every element of a file but the insides of processes that are not run."""
    yield root
    found = processes_of(root)
    aside = set(found) if len(found) > 1 else set()
    for part in root:
        if part not in aside or part.get("isExecutable") == "true":
            yield from part.iter()


def titles_of(root: etree._Element, processes: Iterable[etree._Element]) -> list[str]:
    """What people call each process: its name, else its pool's, else its id."""
    pools = root.iterfind(f"{{{BPMN}}}collaboration/{{{BPMN}}}participant")
    named = {pool.get("processRef"): name_of(pool) for pool in pools}
    return [name_of(item) or named.get(item.get("id"), "") or item.get("id", "") for item in processes]


def _merits(process: etree._Element, roles: Mapping[str, Role]) -> tuple[bool, int, bool, bool, int]:
    steps, executable = _steps(process), process.get("isExecutable") == "true"
    return steps > 0, _lanes_of_roles(process, roles), executable, child(process, "startEvent") is not None, steps


def _lanes_of_roles(process: etree._Element, roles: Mapping[str, Role]) -> int:
    lanes = process.iterfind(f"{{{BPMN}}}laneSet//{{{BPMN}}}lane")
    return sum(key_of(name_of(lane), roles) is not None for lane in lanes if child(lane, "childLaneSet") is None)


def _steps(process: etree._Element) -> int:
    return sum(local(item).endswith(("Task", "task", "Event", "Gateway")) for item in process.iter(f"{{{BPMN}}}*"))
