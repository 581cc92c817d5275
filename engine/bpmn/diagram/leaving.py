"""Which arrows a case may leave something by: one of them, all, or those that fit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from engine.bpmn.diagram.elements import Element, Flow, Kind

ONE_WAY = frozenset({Kind.EXCLUSIVE, Kind.EVENT_CHOICE})  # one arrow is taken, whatever they say
_NEVER_ASKS = frozenset({Kind.PARALLEL, Kind.EVENT_CHOICE})
_MOST_TOGETHER = 4  # arrows of which every mixture is looked at; of more, one, two and all
_COMPARES = re.compile(r'^\s*([A-Za-z_]\w*)\s*=\s*("[^"\\]*"|-?\d+(?:\.\d+)?|true|false)\s*$')

Ways = tuple[Flow, ...]


def asked(element: Element, flows: Ways) -> Ways:
    """The arrows whose condition decides whether they are followed."""
    if len(flows) < 2 or element.kind in _NEVER_ASKS:
        return ()
    choice = element.kind is Kind.EXCLUSIVE
    return tuple(flow for flow in flows if flow.id != element.default_flow and (choice or flow.condition))


def followed(element: Element, flows: Ways, true: frozenset[str]) -> Ways:
    """The arrows that are followed when those of the ids `true` fit."""
    conditions = {flow.id for flow in asked(element, flows)}
    return tuple(
        flow
        for flow in flows
        if flow.id in true or (flow.id not in conditions and (flow.id != element.default_flow or not true))
    )


def outcomes(element: Element, flows: Ways) -> list[Ways]:
    """Every mixture of arrows that may be followed."""
    if len(flows) > 1 and element.kind in ONE_WAY:
        return [(flow,) for flow in flows]
    conditions = asked(element, flows)
    if not conditions:
        return [flows]
    found = [followed(element, flows, frozenset(flow.id for flow in fit)) for fit in _mixtures(conditions)]
    return [ways for ways in found if ways]


def side_by_side(element: Element, flows: Ways) -> Iterator[list[Ways]]:
    """Arrows that may be followed at the same time, each alone or with those that are taken in its place."""
    if element.kind in ONE_WAY or len(flows) < 2:
        return
    conditions = asked(element, flows)
    default = tuple(flow for flow in flows if conditions and flow.id == element.default_flow)
    always: list[Ways] = [(flow,) for flow in flows if flow not in conditions and flow not in default]
    if alternatives(conditions):
        together: list[list[Ways]] = [[*always, (*conditions, *default)]] if conditions else [always]
    else:
        together = [[*always, *((flow,) for flow in conditions)], [*always, default] if default else []]
    yield from (ways for ways in together if len(ways) > 1)


def alternatives(flows: Sequence[Flow]) -> bool:
    """Whether at most one of these arrows ever fits: each compares the same name with something else."""
    found = [_COMPARES.match(flow.condition or "") for flow in flows]
    compared = [match for match in found if match]
    return (
        len(compared) == len(flows)
        and len({match[1] for match in compared}) <= 1
        and len({match[2] for match in compared}) == len(flows)
    )


def _mixtures(conditions: Ways) -> Iterator[Ways]:
    yield ()
    if alternatives(conditions):
        yield from ((flow,) for flow in conditions)
    elif len(conditions) <= _MOST_TOGETHER:
        for count in range(1, len(conditions) + 1):
            yield from combinations(conditions, count)
    else:
        yield from combinations(conditions, 1)
        yield from combinations(conditions, 2)
        yield conditions
