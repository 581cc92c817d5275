"""Links: a circle at which a case goes on elsewhere in the same block, as if by an arrow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.bpmn.diagram.elements import Element, Flow, Kind, Trigger

_JUMPS = ">"  # in the id of what no file can hold: an arrow nobody drew


def jumps(elements: Iterable[Element]) -> Iterator[Flow]:
    """An arrow from each link to the first of its name that stands in the same block and is gone on from."""
    links = [each for each in elements if each.trigger is Trigger.LINK and each.named]
    goes_on: dict[tuple[str | None, str | None], Element] = {}
    for link in links:
        if link.kind is Kind.CATCH:
            goes_on.setdefault((link.inside, link.named), link)
    for link in links:
        target = goes_on.get((link.inside, link.named)) if link.kind is Kind.THROW else None
        if target:
            yield Flow(f"{link.id}{_JUMPS}{target.id}", link.id, target.id, link.named or "", inside=link.inside)


def is_jump(flow: Flow) -> bool:
    """Whether this arrow stands for a link and was never drawn."""
    return _JUMPS in flow.id
