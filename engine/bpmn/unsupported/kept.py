"""What a diagram may hold that is kept in the file and on the drawing for readers, and that changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from engine.bpmn.diagram.processes import looked_at, processes_of, titles_of, why_run
from engine.bpmn.diagram.tags import BPMN, local, name_of, namespace
from engine.bpmn.unsupported.vocabulary import BESIDE, DATA, MOVES, WATCHED
from engine.model.people import Role
from engine.model.wording import MOST_LISTED, in_a_row, quoted


def kept(root: etree._Element, run: etree._Element, roles: Mapping[str, Role]) -> Iterator[str]:
    """A sentence for each kind of thing."""
    yield from _processes(root, run, roles)
    yield from _pools(root, run)
    found = {local(item) for item in looked_at(root) if namespace(item) == BPMN}
    if "messageFlow" in found:
        yield (
            "Dashed arrows between pools are kept on the drawing: nothing is sent along them. To tell somebody, draw a"
            " send task with the block “Tell somebody”."
        )
    if found & DATA:
        names = list(dict.fromkeys(name_of(item) for item in looked_at(root) if local(item) in DATA and name_of(item)))
        told = f" ({in_a_row(map(quoted, names), most=MOST_LISTED)})" if names else ""
        yield f"Drawn documents and data stores{told} are kept on the drawing: a case keeps its answers by itself."
    elif found & MOVES:
        yield "What goes into steps and out of them is kept in the file: every step can read every answer."
    if aside := sorted(found & (WATCHED | BESIDE)):
        yield (
            f"The file says more than Headway goes by ({in_a_row(map(quoted, aside), most=MOST_LISTED)}): it stays in"
            " the file. Who does a step is said by its lane."
        )


def _processes(root: etree._Element, run: etree._Element, roles: Mapping[str, Role]) -> Iterator[str]:
    others = titles_of(root, (item for item in processes_of(root) if item is not run))
    if others:
        name, why = quoted(titles_of(root, [run])[0]), why_run(root, run, roles)
        yield (
            f"This file holds {len(others) + 1} processes. Headway runs {name}: {why}. {_are(others)} kept on the"
            " drawing. To run another one, save it as a file of its own."
        )


def _pools(root: etree._Element, run: etree._Element) -> Iterator[str]:
    """Pools of outside parties: nothing is drawn in them."""
    known = {item.get("id") for item in processes_of(root)}
    pools = root.iterfind(f"{{{BPMN}}}collaboration/{{{BPMN}}}participant")
    outside = [name_of(pool) or pool.get("id", "") for pool in pools if pool.get("processRef") not in known]
    if outside:
        what = "pool" if len(outside) == 1 else "pools"
        yield f"The {what} {_are(outside)} kept on the drawing: nothing runs there."


def _are(names: list[str]) -> str:
    return f"{in_a_row(map(quoted, names), most=MOST_LISTED)} {'is' if len(names) == 1 else 'are'}"
