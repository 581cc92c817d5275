"""What is read where: the rules drawn at a step, and which answers they go by."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.definition import Definition
from engine.bpmn.diagram.elements import Element
from engine.rules import feel, texts


def expressions(element: Element) -> Iterator[str]:
    """What is worked out at an element, without leading "="."""
    yield from filter(None, (element.assignee, element.script, element.condition))
    for text in (element.due, element.moment, *(element.parameters.values() if element.word else ())):
        if text and text.startswith("="):
            yield text[1:].strip()
        elif text:
            yield from texts.holes(text)


def reads_of(definition: Definition, step: str) -> frozenset[str]:
    """Every name read at a step: by its own rules, its table, and the conditions of the arrows that leave it."""
    element = definition.diagram.elements.get(step)
    if element is None:
        return frozenset()
    rules = [*expressions(element), *(flow.condition for flow in definition.diagram.flows if flow.source == step)]
    rules += [element.several.each_of, element.several.until] if element.several else []
    rules += [element.repeat.while_true] if element.repeat else []
    table = definition.decisions.get(element.decision or "")
    found = [feel.names_in(rule) for rule in rules if rule]
    return frozenset().union(*found, table.names if table else ())


def worked_out_by(definition: Definition, name: str) -> frozenset[str]:
    """The steps that give a name its value without asking anybody: scripts, tables, words that answer."""
    found = set()
    for element in definition.diagram.elements.values():
        table = definition.decisions.get(element.decision or "")
        gives = {element.result} if element.result else {column.name for column in table.outputs} if table else set()
        if name in gives:
            found.add(element.id)
    return frozenset(found)
