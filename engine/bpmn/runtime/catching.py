"""Finding who catches an error, an escalation or a cancelled block: outwards from where it is thrown.

In each place first a block that begins by itself with it, then the edges of the block, or of the step that waited; the
innermost that names it, or names nothing, takes it.
"""

from __future__ import annotations

from collections.abc import Iterable

from SpiffWorkflow.task import Task

from engine.bpmn.diagram.elements import Element, Kind, Trigger
from engine.bpmn.runtime.specs.blocks import MultiInstance
from engine.bpmn.runtime.workflow import Workflow


def caught(run: Workflow, thrower: Task) -> bool:
    """Let whoever catches what a step throws take it. False: nobody does."""
    element = thrower.task_spec.element
    return look_outwards(run, thrower.parent, element.trigger, element.named)


def caught_at(run: Workflow, step: Task, trigger: Trigger, name: str) -> bool:
    """The same for what a step brings that waited for it: its own edge comes first."""
    host = _whole(step)
    return on_its_edge(run, host, trigger, name) or look_outwards(run, host.parent, trigger, name)


def look_outwards(run: Workflow, place: Task, trigger: Trigger, name: str | None, out_of: str | None = None) -> bool:
    """The same for something that comes from a place. out_of: the block in it that it comes from."""
    while True:
        if start := _block_for(run, place, trigger, name, out_of):
            if run.prepared.plan.task_specs[start].interrupting:
                run.empty(place)
            run.put(start, place, event_fired=True)
            return True
        if place is run.task_tree:
            return False
        host, out_of = _whole(place), place.task_spec.element.id
        if on_its_edge(run, host, trigger, name):
            return True
        place = host.parent


def on_its_edge(run: Workflow, host: Task, trigger: Trigger, name: str | None) -> bool:
    """Let an event on the edge of a step or block take it. False: none does."""
    edge = _fitting(run, host.task_spec.edges, trigger, name)
    if edge is None:
        return False
    place = host.parent
    if run.prepared.plan.task_specs[edge].cancel_activity:
        interrupt(run, host)
    run.put(edge, place, event_fired=True)
    return True


def interrupt(run: Workflow, host: Task) -> None:
    """End a step or block where it is; one for several keeps what is in."""
    if isinstance(host.task_spec, MultiInstance):
        host.task_spec.gather(host)
    run.drop(host)


def _whole(place: Task) -> Task:
    """A block, or the step done more than once that it is one time of."""
    return place.parent if place.task_spec.name != place.task_spec.element.id else place


def _block_for(run: Workflow, place: Task, trigger: Trigger, name: str | None, out_of: str | None) -> str | None:
    """The start of the block that begins in this place with it. One that has interrupted keeps others from it."""
    specs = run.prepared.plan.task_specs
    for child in place.children:
        element: Element = child.task_spec.element
        if element.kind is Kind.EVENT_SUB and specs[child.task_spec.begins].interrupting:
            return None
    inside = None if place is run.task_tree else place.task_spec.element.id
    starts = [start for start in run.prepared.armed.get(inside, ()) if specs[start].block != out_of]
    return _fitting(run, starts, trigger, name)


def _fitting(run: Workflow, ids: Iterable[str], trigger: Trigger, name: str | None) -> str | None:
    """Of these events the first that names it, else the first that catches any."""
    found = [id for id in ids if run.prepared.plan.task_specs[id].element.trigger is trigger]
    named = {id: run.prepared.plan.task_specs[id].element.named for id in found}
    exact = (id for id in found if named[id] == name)
    return next(exact, None) or next((id for id in found if not named[id]), None)
