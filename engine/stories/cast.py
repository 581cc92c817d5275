"""Who and what a story may speak of: the roles, steps, ends, messages and questions of one procedure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine import forms
from engine.bpmn.definition import Definition
from engine.bpmn.diagram.elements import Element, Flow, Kind, Trigger
from engine.bpmn.words.registry import WORDS
from engine.model.people import Role
from engine.model.role_names import key_of, near
from engine.model.wording import in_a_row, quoted
from engine.stories.lines import StoryLine, Verb
from engine.stories.quoting import same

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


def ids(drawn: Iterable[Element | Flow]) -> str:
    """Their ids in a sentence."""
    return listed(each.id for each in drawn)


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

    def role_labels(self, names: Iterable[str]) -> list[str]:
        """Roles as drawn, as people call them."""
        return [self.label(self.role(name)) for name in names]

    def step(self, name: str) -> Element:
        """A step that a person does."""
        return self._one(name, [Kind.USER], "a step that somebody does")

    def start(self, name: str) -> Element:
        """A start by which people begin the procedure."""
        found = self._one(name, [Kind.START], "a start of this procedure", top=True)
        if found not in self.definition.diagram.people_starts:
            raise StoryFailed(f"nobody starts at {quoted(name)}: it begins there by itself")
        return found

    def block(self, name: str) -> Element:
        """A step by which the procedure asks Headway for something."""
        return self._one(name, [Kind.SERVICE, Kind.SEND, Kind.CALL], "a step that asks Headway for something")

    def end(self, name: str) -> Element:
        """An end of the whole procedure."""
        return self._one(name, frozenset({Kind.END}), "an end of this procedure", top=True)

    def anything(self, name: str) -> str:
        """The id of any step, event, diamond or arrow."""
        arrows = [flow for flow in self.definition.diagram.flows if name == flow.id or same(flow.name) == same(name)]
        try:
            return self._one(name, list(Kind), "on the diagram").id
        except StoryFailed:
            if not arrows or self._alike(name, self.definition.diagram.elements.values()):
                raise
        if len(arrows) > 1:
            raise StoryFailed(
                f"{quoted(name)} is the name of {len(arrows)} arrows. Use one of their ids: {ids(arrows)}."
            )
        return arrows[0].id

    def title(self, id: str) -> str:
        """What the designer called a step, event or diamond; its id where it has no name."""
        element = self.definition.diagram.elements.get(id)
        return (element.name if element else "") or id

    def called(self, name: str) -> str:
        """The name of what has this id; a name stays as it is."""
        return self.title(name) if name in self.definition.diagram.elements else name

    def label_of(self, name: str) -> str:
        """What people call a role that a story names; the name itself where there is no such role."""
        key = key_of(self.definition.package.role(name), self.roles)
        return self.label(key) if key else name

    def _one(self, name: str, kinds: Iterable[Kind], what: str, top: bool = False) -> Element:
        fitting = [
            element
            for element in self.definition.diagram.elements.values()
            if element.kind in kinds and not (top and self._is_inside(element))
        ]
        found = self._alike(name, fitting)
        if not found:
            raise StoryFailed(f"{quoted(name)} is not {what}. There are {listed(self._titles(fitting)) or 'none'}.")
        if len(found) > 1:
            raise StoryFailed(f"{quoted(name)} is the name of {len(found)} steps. Use one of their ids: {ids(found)}.")
        return found[0]

    def _alike(self, name: str, elements: Iterable[Element]) -> list[Element]:
        """Those with this id, else those with this very name, else those whose name is the same but for its writing."""
        fitting = list(elements)
        return (
            [element for element in fitting if element.id == name]
            or [element for element in fitting if element.name and element.name.casefold() == name.casefold()]
            or [element for element in fitting if element.name and same(element.name) == same(name)]
        )

    def _titles(self, elements: Iterable[Element]) -> list[str]:
        """Their names, each once; beside a name that several have, the id."""
        named = [(self.title(element.id), element.id) for element in elements]
        often = Counter(title for title, _ in named)
        return [title if often[title] == 1 else f"{title} ({id})" for title, id in named]

    def told(self, line: StoryLine) -> str:
        """The message or signal that a line speaks of."""
        if line.verb is Verb.SENDS:
            return self.sent(line.words["message"])
        return self.heard(line.words["message"], Trigger.SIGNAL if line.verb is Verb.SIGNAL else Trigger.MESSAGE)

    def heard(self, name: str, trigger: Trigger) -> str:
        """A message or a signal that the procedure can wait for, or begins with."""
        steps = self.definition.diagram.elements.values()
        heard = [step for step in steps if step.trigger is trigger and (step.waits or step.kind is Kind.START)]
        return self._known(name, heard, f"waits for no {trigger}")

    def sent(self, name: str) -> str:
        """A message or a signal that the procedure can send."""
        steps = self.definition.diagram.elements.values()
        return self._known(name, [step for step in steps if step.sends], "sends nothing called")

    def _known(self, name: str, steps: Iterable[Element], what: str) -> str:
        """By its own name, or by the id or name of a step that is about it."""
        named = [step for step in steps if step.named]
        known = sorted({step.named for step in named if step.named})
        found = [each for each in known if each == name] or [each for each in known if same(each) == same(name)]
        found = found or sorted({step.named for step in self._alike(name, named) if step.named})
        if len(found) != 1:
            raise StoryFailed(f"This procedure {what} {quoted(name)}. It knows {listed(known) or 'none'}.")
        return found[0]

    def word(self, name: str) -> str:
        """A word that a diagram may say."""
        if name not in WORDS:
            raise StoryFailed(f"{quoted(name)} is not something Headway can be asked to do. There are {listed(WORDS)}.")
        return name

    def form(self, line: StoryLine) -> forms.Form | None:
        """The form that a line answers."""
        if line.verb is Verb.STARTS:
            by = self.start(line.words["start"]) if "start" in line.words else None
            key = by.form if by else self.definition.diagram.start_form
            return self.definition.forms.get(key) if key else None
        return self.definition.form_of(self.step(line.words["step"]).id)

    def role_of(self, element: Element) -> str:
        """The key of the role that does a step."""
        return self.role(element.role or "")

    @property
    def ends(self) -> list[Element]:
        """The ends of the whole procedure."""
        found = self.definition.diagram.elements.values()
        return [element for element in found if self.definition.diagram.ends_the_case(element)]

    def _is_inside(self, end: Element) -> bool:
        """Whether only a block is over with this end, or begins with this start. An error that nobody catches ends the
        case from anywhere.
        """
        if end.kind is Kind.START:
            return end.inside is not None
        return not self.definition.diagram.ends_the_case(end) and end.trigger is not Trigger.ERROR
