"""Which messages and signals a procedure sends, waits for and begins by, and which of their names look alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum

from engine.bpmn.diagram.elements import Diagram, Element, Kind, Trigger

SHORTEST = 6  # letters and digits of a name in which one letter may be a slip
LONGEST = 100  # of a name that is compared


class Does(StrEnum):
    """What a step does with a message or a signal."""

    SENDS = "sends"
    WAITS = "waits"
    BEGINS = "begins"


@dataclass(frozen=True)
class Mention:
    """One step that has to do with one name."""

    trigger: Trigger
    name: str
    part: Does
    step: str  # what it is called, as a reader knows it


def mentions(diagram: Diagram) -> Iterator[Mention]:
    """Every step of a procedure that sends, waits for or begins by a message or a signal, as drawn."""
    for element in diagram.elements.values():
        part = _part(element)
        if part and element.named:
            yield Mention(element.trigger, element.named, part, _called(diagram, element))


def alike(names: Collection[str], doubtful: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The names that others nearly are: written with other capitals, spaces or signs; or, where one of the two is
    doubtful, but for one letter.
    """
    together: dict[tuple[bool, str], set[str]] = defaultdict(set)
    for name in set(names):
        for spelling in _spellings(name):
            together[spelling].add(name)
    found: dict[str, set[str]] = defaultdict(set)
    for (slip, _), group in together.items():
        for name in group:
            near = group if not slip or name in doubtful else group.intersection(doubtful)
            found[name] |= near - {name}
    return {name: tuple(sorted(others)) for name, others in found.items() if others}


def _part(element: Element) -> Does | None:
    if element.trigger not in (Trigger.MESSAGE, Trigger.SIGNAL):
        return None
    if element.kind is Kind.START and element.inside is None:
        return Does.BEGINS
    if element.sends:
        return Does.SENDS
    return Does.WAITS if element.waits else None


def _called(diagram: Diagram, element: Element) -> str:
    """Its name in quotation marks, else where it stands."""
    if element.name:
        return f"“{element.name}”"
    if element.kind is Kind.START:
        return "its start"
    if element.kind is Kind.END:
        return "an end"
    host = diagram.elements.get(element.attached_to or "")
    return f"the edge of “{host.name}”" if host and host.name else "a step without a name"


def _spellings(name: str) -> set[tuple[bool, str]]:
    """The name without what is easily written otherwise; and with one letter left out. A digit is never a slip."""
    plain = "".join(letter for letter in name.casefold() if letter.isalnum())
    if not SHORTEST <= len(plain) <= LONGEST:
        return {(False, plain)} if plain else set()
    shorter = {plain[:at] + plain[at + 1 :] for at, letter in enumerate(plain) if not letter.isdigit()}
    return {(False, plain), (True, plain), *((True, each) for each in shorter)}
