"""Who and what a story may speak of: the roles, steps, ends, messages and questions of one procedure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine import forms
from engine.bpmn.definition import Definition
from engine.bpmn.diagram.elements import Element, Kind
from engine.bpmn.words.registry import WORDS
from engine.model.people import Role
from engine.model.role_names import key_of, near
from engine.model.wording import in_a_row, quoted
from engine.stories.lines import StoryLine, Verb

TOGETHER = 5  # names listed in one sentence


class StoryFailed(Exception):
    """The procedure does not do what its story says. `sentence` says which line, what was expected and what was so."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class StoriesTooLong(StoryFailed):
    """All the stories of a procedure together take too long to tell."""


def listed(names: Iterable[str]) -> str:
    """A few names in a sentence: “a”, “b” and 3 more."""
    shown = [quoted(name) for name in names]
    more = f" and {len(shown) - TOGETHER} more" if len(shown) > TOGETHER else ""
    return ", ".join(shown[:TOGETHER]) + more


@dataclass(frozen=True)
class Cast:
    """The names of one procedure. Each method raises StoryFailed with a sentence for a name that is not known."""

    definition: Definition
    roles: Mapping[str, Role]

    def role(self, name: str) -> str:
        """A role's key, from its key, its label or what the diagram calls it."""
        key = key_of(self.definition.package.role(name), self.roles)
        if key is None:
            close = near(name, self.roles)
            hint = f"Did you mean {in_a_row(map(quoted, close), 'or')}?" if close else "Write it as its lane is named."
            raise StoryFailed(f"{quoted(name)} is not a role of the trust. {hint}")
        return key

    def label(self, key: str) -> str:
        """A role as people call it."""
        return self.roles[key].label if key in self.roles else key

    def step(self, name: str) -> Element:
        """A step that a person does."""
        return self._one(name, [Kind.USER], "a step that somebody does")

    def block(self, name: str) -> Element:
        """A step by which the procedure asks Headway for something."""
        return self._one(name, [Kind.SERVICE, Kind.SEND], "a step that asks Headway for something")

    def end(self, name: str) -> Element:
        """An end of the whole procedure."""
        return self._one(name, frozenset({Kind.END}), "an end of this procedure", top=True)

    def anything(self, name: str) -> Element:
        """Any step, event or diamond."""
        return self._one(name, list(Kind), "on the diagram")

    def _one(self, name: str, kinds: Iterable[Kind], what: str, top: bool = False) -> Element:
        fitting = [
            element
            for element in self.definition.diagram.elements.values()
            if element.kind in kinds and not (top and element.inside)
        ]
        found = [element for element in fitting if element.id == name] or [
            element for element in fitting if element.name.casefold() == name.casefold()
        ]
        if not found:
            raise StoryFailed(f"{quoted(name)} is not {what}. There are {listed(element.id for element in fitting)}.")
        if len(found) > 1:
            raise StoryFailed(f"{quoted(name)} is the name of {len(found)} steps. Use one of their ids.")
        return found[0]

    def message(self, name: str) -> str:
        """A message that the procedure can wait for."""
        steps = self.definition.diagram.elements.values()
        known = sorted({step.named for step in steps if step.waits_for_message and step.named})
        if name not in known:
            raise StoryFailed(
                f"This procedure waits for no message {quoted(name)}. It knows {listed(known) or 'none'}."
            )
        return name

    def word(self, name: str) -> str:
        """A word that a diagram may say."""
        if name not in WORDS:
            raise StoryFailed(f"{quoted(name)} is not something Headway can be asked to do. There are {listed(WORDS)}.")
        return name

    def form(self, line: StoryLine) -> forms.Form | None:
        """The form that a line answers."""
        if line.verb is Verb.STARTS:
            key = self.definition.diagram.start_form
            return self.definition.forms.get(key) if key else None
        return self.definition.form_of(self.step(line.words["step"]).id)

    def role_of(self, element: Element) -> str:
        """The key of the role that does a step."""
        return self.role(element.role or "")

    @property
    def ends(self) -> list[Element]:
        """The ends of the whole procedure."""
        found = self.definition.diagram.elements.values()
        return [element for element in found if element.kind is Kind.END and element.inside is None]
