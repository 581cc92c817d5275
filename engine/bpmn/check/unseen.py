"""Faults of telling too early: what people answer side by side stays unseen by the others until all are in.

A message, an action, a record or another case is seen at once. Inside a step whose answers are gathered it may say whom
it is about, never what somebody answered there.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.check.names import Names
from engine.bpmn.check.subject import View
from engine.bpmn.diagram.elements import Element
from engine.model.fault import Fault
from engine.model.wording import quoted
from engine.rules import feel
from engine.rules.texts import Text


def faults(view: View) -> Iterator[Fault]:
    """Every word inside a gathered step that would show an answer given there."""
    names = Names(view)
    for element in view.diagram.elements.values():
        block = _gathered_around(view, element) if element.word else None
        if block is None:
            continue
        where = view.titles([block.id])
        for name in sorted(_named(element) & _answered_inside(view, names, block)):
            yield view.fault(
                element.id,
                f"{quoted(name)} is answered inside {where}, where nobody sees what others answer until all are in,"
                f" and this would show it. Move this step behind {where}, or leave it out.",
            )


def _gathered_around(view: View, element: Element) -> Element | None:
    """The outermost step around an element whose answers are gathered."""
    around = [block for block in view.around(element) if block.several and block.several.collect]
    return around[-1] if around else None


def _named(element: Element) -> frozenset[str]:
    rules = [rule for text in element.parameters.values() for rule in Text(text).rules]
    return frozenset().union(*(feel.names_in(rule) for rule in rules if not feel.parse_fault(rule)))


def _answered_inside(view: View, names: Names, block: Element) -> set[str]:
    """What people answer in a block and what is worked out from it; whom Headway found there is no answer."""
    inside = [each for each in view.diagram.elements.values() if block in view.around(each) and not each.word]
    gathered = {each.several.collect for each in inside if each.several and each.several.collect}
    return {name for each in inside for name in names.answers(each)} | gathered
