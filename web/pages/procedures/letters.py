"""All messages and signals of the procedures in use, in words: who sends each, who waits for it, what does not meet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from engine.bpmn.diagram.elements import Trigger
from engine.bpmn.outline.letters import Does, Mention, alike, mentions
from engine.commands.post import KEPT_FOR
from engine.model.wording import in_a_row
from engine.policy import Sight
from storage.queries.monitoring.letters import LetterCounts, letter_counts
from storage.store.sql_store import SqlStore

MOST_NAMED = 5  # names that one is nearly
REACHES = {
    Trigger.MESSAGE: "Goes to one case, or begins a procedure.",
    Trigger.SIGNAL: "Reaches every case of the trust that waits for it.",
}
UNHEARD = {
    Trigger.MESSAGE: f"No procedure in use waits for it. What is sent is kept for {KEPT_FOR}, then it is gone.",
    Trigger.SIGNAL: "No procedure in use waits for it. It is not kept: sending it does nothing.",
}
OTHER = {
    Trigger.MESSAGE: "There is also a signal of this name. Whoever waits for the message is not reached by the signal.",
    Trigger.SIGNAL: "There is also a message of this name. Whoever waits for the signal is not reached by the message.",
}
UNSENT = "No procedure in use sends it."
ONLY_EARLIER = "No procedure in use has it any more."


@dataclass(frozen=True)
class LetterPlace:
    """The steps of one procedure that have to do with a name."""

    key: str
    title: str
    steps: str  # "“Ask for a report” and “Ask again”"


@dataclass(frozen=True)
class LetterLine:
    """One message or signal."""

    trigger: Trigger
    name: str
    counts: LetterCounts
    places: Mapping[Does, Sequence[LetterPlace]]
    near: tuple[str, ...]  # names that this one nearly is
    in_both: bool  # whether there is one of the other kind by the same name

    @property
    def kind(self) -> str:
        """What it is, in a word."""
        return "Message" if self.trigger is Trigger.MESSAGE else "Signal"

    @property
    def reaches(self) -> str:
        """Whom it reaches."""
        return REACHES[self.trigger]

    @property
    def told(self) -> list[tuple[str, Sequence[LetterPlace]]]:
        """What is done with it, and where; what nobody does is left out."""
        words = {Does.SENDS: "Sent by", Does.WAITS: "Waited for by", Does.BEGINS: "Begins"}
        return [(word, self.places[part]) for part, word in words.items() if part in self.places]

    @property
    def waiting(self) -> str:
        """How many cases wait for it now."""
        number = self.counts.waiting
        return f"{number} {'case waits' if number == 1 else 'cases wait'} now" if number else "No case waits now"

    @property
    def kept(self) -> str:
        """How many messages are kept, if any."""
        number = self.counts.kept
        return f"{number} {'message is' if number == 1 else 'messages are'} kept" if number else ""

    @cached_property
    def doubts(self) -> list[str]:
        """What somebody should look at."""
        return list(self._doubts())

    def _doubts(self) -> Iterator[str]:
        if not self.places:
            yield ONLY_EARLIER
        elif Does.SENDS not in self.places:
            yield UNSENT
        elif len(self.places) == 1:
            yield UNHEARD[self.trigger]
        if self.near:
            named = in_a_row([f"“{name}”" for name in self.near], most=MOST_NAMED)
            yield f"Nearly the same name: {named}. Only names that are written alike meet."
        if self.in_both:
            yield OTHER[self.trigger]


def letters(store: SqlStore, sight: Sight | None) -> list[LetterLine]:
    """Those of all procedures in use, and those that cases of earlier versions wait for, by name.

    sight: count only the cases that this person may read; None: count all.
    """
    places, counts = _places(store), letter_counts(store.connection, sight)
    every = {*places, *counts}
    met = {each for each, parts in places.items() if Does.SENDS in parts and len(parts) > 1}
    near = alike({name for _, name in every}, {name for _, name in every - met})
    return [
        LetterLine(
            *each, counts.get(each, LetterCounts()), places.get(each, {}), near.get(each[1], ()), _other(each) in every
        )
        for each in sorted(every, key=lambda each: (each[1].casefold(), each))
    ]


def _other(each: tuple[Trigger, str]) -> tuple[Trigger, str]:
    return Trigger.SIGNAL if each[0] is Trigger.MESSAGE else Trigger.MESSAGE, each[1]


def _places(store: SqlStore) -> dict[tuple[Trigger, str], dict[Does, list[LetterPlace]]]:
    found: dict[tuple[Trigger, str], dict[Does, list[LetterPlace]]] = defaultdict(lambda: defaultdict(list))
    for version in store.live_versions():
        together: dict[tuple[Trigger, str, Does], list[Mention]] = defaultdict(list)
        for each in mentions(store.definition(version.id).diagram):
            together[each.trigger, each.name, each.part].append(each)
        for (trigger, name, part), told in together.items():
            steps = in_a_row(dict.fromkeys(each.step for each in told))
            found[trigger, name][part].append(LetterPlace(version.key, version.title, steps))
    return {each: dict(parts) for each, parts in found.items()}
