"""Faults of who is named: lanes, those who may start, those who do a step, and those whom a word is about.

One name that is wrong is one fault, however many steps stand in its lane or name it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from lxml import etree

from engine.bpmn.check.subject import View
from engine.bpmn.diagram.elements import Element
from engine.bpmn.diagram.tags import name_of
from engine.model.fault import Fault, Note
from engine.model.role_names import MOST_NEAR, key_of, near, plain
from engine.model.wording import MOST_LISTED, in_a_row, quoted
from engine.rules import texts

IN_WORDS = ("role", "fallback_role")  # parameters of words that name a role
MOST_HINTED = 40  # names that are compared with every role; nobody mends more at once


def faults(view: View) -> Iterator[Fault]:
    """Every name of a role that is not one, lanes first."""
    unknown = _Unknown(view)
    yield from _lanes(view, unknown)
    for name in view.diagram.starters:
        if unknown.first(name):
            yield view.fault(None, f"{unknown.sentence(name)} It is named in trust:starters.")
    yield from _steps(view, unknown)


def roles_named(element: Element) -> list[str]:
    """The roles that a step names: by its lane, as who is to do it, and in what Headway is asked."""
    worked_out = [name for name in map(element.parameters.get, IN_WORDS) if name and not texts.is_rule(name)]
    return [element.role, *worked_out] if element.role else worked_out  # who does a step is never a rule


class _Unknown:
    """The names that are no role, each told once."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._told: set[str] = set()

    def first(self, name: str) -> bool:
        """Whether this is no role, and was not told yet."""
        if key_of(name, self._view.roles) is not None:
            return False
        same, before = plain(name) or name, len(self._told)
        self._told.add(same)
        return len(self._told) > before

    def sentence(self, name: str) -> str:
        """What to say of a name that is no role."""
        return f"{quoted(name)} is not a role of the trust. {self._instead(name)}"

    def _instead(self, name: str) -> str:
        roles = self._view.roles
        add = "administrator can add it, or give a role this other name, on the page of roles."
        close = near(name, roles) if len(self._told) <= MOST_HINTED else []
        if close:
            return f"Did you mean {in_a_row(map(quoted, close), 'or')}? If not, an {add}"
        few = sorted(role.label for role in roles.values()) if len(roles) <= MOST_NEAR else []
        return f"The roles are {in_a_row(few)}. An {add}" if few else f"An {add}"


def empty_lanes(view: View) -> Iterator[Note]:
    """Lanes in which nothing stands need not be roles: whoever they are for is only shown."""
    shown = [name_of(lane) for lane in _innermost(view) if name_of(lane) and _is_empty(lane)]
    others = [name for name in dict.fromkeys(shown) if key_of(name, view.roles) is None]
    if others:
        what, are = ("lane", "is") if len(others) == 1 else ("lanes", "are")
        named = in_a_row(map(quoted, others), most=MOST_LISTED)
        yield view.note(None, f"The {what} {named} {are} kept on the drawing: nothing is done there.")


def _is_empty(lane: etree._Element) -> bool:
    return lane.find("{*}flowNodeRef") is None


def _innermost(view: View) -> list[etree._Element]:
    return [lane for lane in view.elements("lane") if lane.find("{*}childLaneSet") is None]


def _lanes(view: View, unknown: _Unknown) -> Iterator[Fault]:
    for lane in _innermost(view):
        name, id = name_of(lane), lane.get("id")
        if _is_empty(lane):
            continue
        if not name:
            yield Fault(view.fault(id, "").file, id, None, "This lane has no name. Name it after a role.")
        elif unknown.first(name) or key_of(name, view.roles) is None:
            yield Fault(view.fault(id, "").file, id, name, unknown.sentence(name))


def _steps(view: View, unknown: _Unknown) -> Iterator[Fault]:
    named: dict[str, list[Element]] = {}
    for element in view.diagram.elements.values():
        for name in dict.fromkeys(roles_named(element)):
            named.setdefault(name, []).append(element)
    for name, elements in named.items():
        if unknown.first(name):
            rest = [element.id for element in elements[1:]]
            also = f" It is named at {view.titles(rest)} too." if rest else ""
            yield view.fault(elements[0].id, f"{unknown.sentence(name)}{also}")


def drawn(elements: Mapping[str, Element]) -> set[str]:
    """Every name of a role that a diagram's steps go by."""
    return set(chain.from_iterable(map(roles_named, elements.values())))
