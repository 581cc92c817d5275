"""A diagram made ready to run, once a version: the library's steps built straight from what dialect.read found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from engine.bpmn.definition import Definition
from engine.bpmn.diagram.elements import ABOUT, BRINGS, Diagram, Element, Kind, Repeat, Trigger, names_in_list
from engine.bpmn.diagram.graph import Graph
from engine.bpmn.runtime.plan import Prepared, ProcedureSpec, Shown
from engine.bpmn.runtime.specs.blocks import MultiInstance, OneByOne, Repeating, SubProcess
from engine.bpmn.runtime.specs.events import EndEvent, StartEvent, ThrowEvent, Throws
from engine.bpmn.runtime.specs.gateways import EventGateway, ExclusiveGateway, InclusiveGateway, ParallelGateway
from engine.bpmn.runtime.specs.moves import NOTHING, Moves
from engine.bpmn.runtime.specs.passes import Passes
from engine.bpmn.runtime.specs.tasks import BusinessRuleTask, CallTask, ScriptTask, UserTask, WordTask
from engine.bpmn.runtime.specs.waits import (
    CatchEvent,
    Caught,
    Condition,
    EdgeEvent,
    EventStart,
    EventSubProcess,
    Heard,
    ReceiveTask,
    TimerDefinition,
    Waits,
)
from engine.bpmn.runtime.specs.waits import Definition as Awaits
from engine.bpmn.runtime.variables import ITEM_NUMBER
from engine.bpmn.words import registry
from engine.rules.texts import Text, question

CAUGHT = frozenset({Trigger.ERROR, Trigger.ESCALATION, Trigger.CANCEL})  # events that need no token to be caught
FOR_ONE = "*"  # after the id of a step for several: what is done for one item. No id of BPMN can hold it.


def prepare(definition: Definition) -> Prepared:
    """Build the steps of a diagram."""
    plan = ProcedureSpec(definition.diagram.key)
    for element in definition.diagram.elements.values():
        _add(plan, definition, element)
    steps = definition.diagram.elements.values()
    shown = {step.id: _shown(step) for step in steps if step.kind is Kind.USER}
    known = MappingProxyType(dict.fromkeys(sorted(declared(definition))))
    looks = any(step.trigger is Trigger.CONDITION for step in steps)
    return Prepared(plan, _begin_of(definition.diagram, None), known, shown, _armed(definition.diagram), looks)


def _armed(diagram: Diagram) -> Mapping[str | None, tuple[str, ...]]:
    found: dict[str | None, tuple[str, ...]] = {}
    for block in diagram.elements.values():
        if block.kind is Kind.EVENT_SUB and (start := _begin_of(diagram, block.id)):
            found[block.inside] = (*found.get(block.inside, ()), start)
    return found


def declared(definition: Definition) -> frozenset[str]:
    """Every name the procedure can give an answer to: forms, results, gathered answers, items, names handed on."""
    found = {*names_in_list(definition.diagram.properties.get("trust:names"))}
    for form in definition.forms.values():
        found.update(form.keys)
    for element in definition.diagram.elements.values():
        found.update(_answers_of(element, definition))
    return frozenset(found)


def _answers_of(element: Element, definition: Definition) -> Iterable[str]:
    yield from (one.name for one in element.hands_back)
    if element.result:
        yield element.result
    elif element.decision and element.decision in definition.decisions:
        yield from (column.name for column in definition.decisions[element.decision].outputs)
    if element.several:
        yield from (name for name in (element.several.item, element.several.collect, ITEM_NUMBER) if name)


def _add(plan: ProcedureSpec, definition: Definition, element: Element) -> None:
    """One element of the diagram; two specs when it is done more than once."""
    leaving = definition.diagram.outgoing.get(element.id, ())
    edges = tuple(
        edge.id
        for edge in definition.diagram.elements.values()
        if edge.kind is Kind.BOUNDARY and edge.attached_to == element.id
    )
    if not element.several and not element.repeat:
        _make(plan, element.id, element, definition).drawn_as(element, leaving, edges)
        return
    _make(plan, element.id + FOR_ONE, element, definition).drawn_as(element, (), ())
    whole = _more_than_once(plan, element)
    whole.each = element.id + FOR_ONE
    whole.drawn_as(element, leaving, edges)


def _more_than_once(plan: ProcedureSpec, element: Element) -> OneByOne:
    if element.several:
        several = MultiInstance(plan, element.id)
        several.several, until = element.several, element.several.until
        several.question = question([element.several.each_of])
        several.asking = question([until]) if until else NOTHING
        return several
    repeating = Repeating(plan, element.id)
    repeating.repeat = element.repeat or Repeat(None)
    rule = repeating.repeat.while_true
    repeating.asking = question([rule]) if rule else NOTHING
    return repeating


def _make(plan: ProcedureSpec, name: str, element: Element, definition: Definition) -> Moves:
    if element.passes:
        return Passes(plan, name)
    return _MAKES[element.kind](plan, name, element, definition)


def _begin(plan: ProcedureSpec, name: str, element: Element, definition: Definition) -> Moves:
    block = definition.diagram.elements.get(element.inside or "")
    if block is None or block.kind is not Kind.EVENT_SUB:
        return StartEvent(plan, name)
    made = EventStart(plan, name, _awaits(element), element.interrupting)
    made.block = block.id
    return _asking(made, element)


def _person(plan: ProcedureSpec, name: str, element: Element, definition: Definition) -> Moves:
    return UserTask(plan, name)


def _finish(plan: ProcedureSpec, name: str, element: Element, definition: Definition) -> Moves:
    return _saying(EndEvent(plan, name, everything=element.trigger is Trigger.TERMINATE), element)


def _throw(plan: ProcedureSpec, name: str, element: Element, definition: Definition) -> Moves:
    return _saying(ThrowEvent(plan, name), element)


def _saying(made: Throws, element: Element) -> Moves:
    made.about = element.properties.get(ABOUT, "")
    made.brings = names_in_list(element.properties.get(BRINGS))
    return made


def _choice(plan: ProcedureSpec, name: str, element: Element, definition: Definition) -> Moves:
    return ExclusiveGateway(plan, name)


def _together(plan: ProcedureSpec, name: str, element: Element, definition: Definition) -> Moves:
    made = ParallelGateway(plan, name)
    made.entering = len(definition.diagram.incoming.get(element.id, ()))
    made.counts_arrivals = made.entering > 1
    return made


def _any_number(plan: ProcedureSpec, name: str, element: Element, definition: Definition) -> Moves:
    made = InclusiveGateway(plan, name)
    if len(definition.diagram.incoming.get(element.id, ())) > 1:
        made.joins = True
        made.comes_from = _comes_from(Graph(definition.diagram), element.id)
    return made


def _whichever(plan: ProcedureSpec, name: str, element: Element, definition: Definition) -> Moves:
    return EventGateway(plan, name)


def _receive(plan: ProcedureSpec, name: str, element: Element, definition: Definition) -> Moves:
    return ReceiveTask(plan, name, _awaits(element))


def _comes_from(graph: Graph, join: str) -> frozenset[str]:
    """Where a token may stand that can still come to a join: by its arrows, or by what is caught on its edge.

    An event that waits on an edge is a token of its own.
    """
    leads = graph.leads_to(join)
    elements = graph.diagram.elements
    edges = {id: [edge for edge in graph.timers.get(id, ()) if elements[edge].trigger in CAUGHT] for id in elements}
    return frozenset(
        id for id in elements if leads.intersection([*(flow.target for flow in graph.out[id]), *edges[id]])
    )


def _script(plan: ProcedureSpec, name: str, element: Element, definition: Definition) -> Moves:
    made = ScriptTask(plan, name)
    made.question = question([element.script or "null"])
    return made


def _rule(plan: ProcedureSpec, name: str, element: Element, definition: Definition) -> Moves:
    made = BusinessRuleTask(plan, name)
    made.decision = definition.decisions[element.decision or ""]
    return made


def _speaker(plan: ProcedureSpec, name: str, element: Element, definition: Definition) -> Moves:
    made = WordTask(plan, name)
    _speaks(made, element)
    return made


def _speaks(made: WordTask, element: Element) -> None:
    drawn_texts = registry.spelt_out(element.word, element.parameters)
    made.asks = registry.asks(element.word or "", drawn_texts)
    made.texts = {parameter: Text(text) for parameter, text in drawn_texts.items()}
    made.question = question([rule for text in made.texts.values() for rule in text.rules])


def _call(plan: ProcedureSpec, name: str, element: Element, definition: Definition) -> Moves:
    made = CallTask(plan, name)
    _speaks(made, element)
    made.comes_back = question([one.rule for one in element.hands_back])
    return made


def _send(plan: ProcedureSpec, name: str, element: Element, definition: Definition) -> Moves:
    """A send task without a block sends its message."""
    return (_throw if element.trigger is Trigger.MESSAGE else _speaker)(plan, name, element, definition)


def _block(plan: ProcedureSpec, name: str, element: Element, definition: Definition) -> Moves:
    made = SubProcess(plan, name)
    made.begins = _begin_of(definition.diagram, element.id)
    return made


def _event_block(plan: ProcedureSpec, name: str, element: Element, definition: Definition) -> Moves:
    made = EventSubProcess(plan, name)
    made.begins = _begin_of(definition.diagram, element.id)
    return made


def _catch(plan: ProcedureSpec, name: str, element: Element, definition: Definition) -> Moves:
    return _asking(CatchEvent(plan, name, _awaits(element)), element)


def _edge(plan: ProcedureSpec, name: str, element: Element, definition: Definition) -> Moves:
    return _asking(EdgeEvent(plan, name, _awaits(element), element.interrupting), element)


def _awaits(element: Element) -> Awaits:
    """What an event waits for."""
    if element.trigger is Trigger.TIMER:
        return TimerDefinition(element.id, element.moment or "")
    if element.trigger in (Trigger.MESSAGE, Trigger.SIGNAL):
        return Heard(element.trigger, element.named or "", element.properties.get(ABOUT, ""))
    return Condition(element.id) if element.trigger is Trigger.CONDITION else Caught(element.id)


def _asking(made: Waits, element: Element) -> Moves:
    """With what it asks of FEEL: when it is to be woken, or whether its rule is true."""
    if isinstance(made.event_definition, TimerDefinition):
        made.question = question(made.event_definition.text.rules)
    elif isinstance(made.event_definition, Condition):
        made.question = question([element.condition or "null"])
    return made


_MAKES: Mapping[Kind, Callable[[ProcedureSpec, str, Element, Definition], Moves]] = {
    Kind.START: _begin,
    Kind.USER: _person,
    Kind.END: _finish,
    Kind.EXCLUSIVE: _choice,
    Kind.PARALLEL: _together,
    Kind.INCLUSIVE: _any_number,
    Kind.EVENT_CHOICE: _whichever,
    Kind.RECEIVE: _receive,
    Kind.SCRIPT: _script,
    Kind.RULE: _rule,
    Kind.SERVICE: _speaker,
    Kind.SEND: _send,
    Kind.CALL: _call,
    Kind.SUB: _block,
    Kind.EVENT_SUB: _event_block,
    Kind.THROW: _throw,
    Kind.CATCH: _catch,
    Kind.BOUNDARY: _edge,
}


def _begin_of(diagram: Diagram, inside: str | None) -> str:
    starts = [step for step in diagram.elements.values() if step.kind is Kind.START and step.inside == inside]
    return min(starts, key=lambda step: step.trigger is not Trigger.NONE).id if starts else ""


def _shown(step: Element) -> Shown:
    due = Text(step.due or "")
    assignee = Text(f"={step.assignee}" if step.assignee else "")
    return Shown(due, assignee, question([*due.rules, *assignee.rules]))
