"""What a diagram means, told a second time: a token interpreter of the dialect that shares no code with the runner.

Rules.

- Tokens move one step each in turn, oldest first. A step that waits for nobody is done at once.
- A gateway that chooses takes the first arrow that is true, else its default. Whatever else has conditions on its
  arrows follows all that are true, else the default, and those without a condition always.
- A gateway that joins needs one token on every arrow into it and takes the oldest of each. One with a circle takes all
  there are, once nothing moves and nothing in its place can still come.
- A gateway that waits puts a token at each event behind it; the first that happens withdraws the others.
- A block is done when nothing moves or waits in it. A terminating end empties the block, or the case, it stands in.
- A step for several runs once an item, each with answers of its own, and gathers those of the items that finished:
  side by side, or one after the other; after each it may be over early, and those still open then are left out.
- A step that repeats itself runs again as long as its rule is true, and as often as it says.
- An event on the edge that interrupts ends its step or block; one that does not starts a token beside it and waits on,
  but for a timer that does not come round.
- A block that begins by itself waits, by its start, in the place it is drawn in for as long as anything else is there;
  one that interrupts empties that place first.
- A rule that is waited for is looked at whenever nothing moves any more; it happens when it is true and was not so at
  the last look.
- An error, an escalation or a cancelled block is taken by the innermost that waits for it: in each place the blocks
  that begin by themselves, then the edge of the block. An error nobody takes ends the case; an escalation goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.bpmn.diagram.elements import Kind
from tests.engine.bpmn.random_models.oracle.marks import Mark, Stuck, Told
from tests.engine.bpmn.random_models.oracle.moving import Moving

NAMES = ("a", "b", "c")  # what other procedures answer
__all__ = ["Oracle", "Stuck"]


class Oracle(Moving):
    """One case of a diagram: what can happen to it."""

    def start(self, answers: Mapping[str, Any], at: str | None = None) -> None:
        """Begin. at: the start, where there are several."""
        self.values.update(answers)
        self._begin(self.top, at)
        self._run()

    def complete(self, mark: Mark, new: Mapping[str, Any]) -> None:
        """Somebody did a task, or a word was answered."""
        self._fresh()
        self._first(mark)
        self._answers_of(mark.place).update(new)
        self._done(mark)
        self._run()

    def hear(self, mark: Mark, new: Mapping[str, Any]) -> None:
        """A message or a signal came."""
        self._fresh()
        self._answers_of(mark.place).update(new)
        self._happens(mark)
        self._run()

    def answer(self, mark: Mark, value: Any) -> None:
        """An asking word got its answer; a call, what the other procedure knew when it ended."""
        if mark.element.kind is Kind.CALL:
            given = value.get("answers", {}) if isinstance(value, dict) else {}
            new = {mark.element.result: value} if mark.element.result else {}
            new |= {
                one.name: self.value_of(one.rule, {**dict.fromkeys(NAMES), **given}) for one in mark.element.hands_back
            }
            self.complete(mark, new)
            return
        self.complete(mark, {mark.element.result: value} if mark.element.result else {})

    def wake(self, mark: Mark) -> None:
        """A timer's moment came."""
        self._fresh()
        self._happens(mark)
        self._run()

    def _fresh(self) -> None:
        self.told = Told()
