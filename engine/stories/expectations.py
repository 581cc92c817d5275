"""The lines of a story that look at its case: who has what to do, by when, who was told, what was kept, its end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.bpmn.runtime.rest import Said, Thrown
from engine.model.calendar import LONDON, due_at
from engine.model.wording import quoted
from engine.stories.case import Chased, StoryCase, told
from engine.stories.cast import StoryFailed, listed
from engine.stories.happenings import open_task, waits
from engine.stories.lines import StoryLine, Verb


@dataclass
class StoryProgress:
    """A case and how far its story has looked: what a line found is not found again by the next."""

    case: StoryCase
    seen: list[Said] = field(default_factory=list)
    noticed: list[Chased] = field(default_factory=list)
    sent: list[Thrown] = field(default_factory=list)

    def fork(self) -> StoryProgress:
        """The same, to tell on in another way."""
        return StoryProgress(self.case.fork(), list(self.seen), list(self.noticed), list(self.sent))

    def unseen(self, word: str) -> list[Said]:
        """What the procedure said with this word and no line has spoken of yet."""
        return [said for said in self.case.said if said.word == word and not any(said is each for each in self.seen)]

    def see(self, found: Iterable[Said], otherwise: str) -> Said:
        """The first of what was found, seen now. Raises StoryFailed when nothing was."""
        said = next(iter(found), None)
        if said is None:
            raise StoryFailed(otherwise)
        self.seen.append(said)
        return said


def _waits(telling: StoryProgress, line: StoryLine) -> None:
    open_task(telling.case, line)


def _waits_not(telling: StoryProgress, line: StoryLine) -> None:
    case, step = telling.case, telling.case.cast.step(line.words["step"])
    role, number = case.cast.role(line.words["role"]), line.words.get("item")
    for task in case.tasks.values():
        if task.waiting.step == step.id and case.cast.role_of(step) == role and number in (None, str(task.number)):
            raise StoryFailed(f"it does. {waits(case)}")


def _due(telling: StoryProgress, line: StoryLine) -> None:
    task = open_task(telling.case, line)
    day = f"{task.due_at.astimezone(LONDON):%Y-%m-%d}" if task.due_at else ""
    if line.value not in (task.due, day):
        raise StoryFailed(f"it is due {quoted(task.due)}, on {day}, not {quoted(line.value)}")


def _reminder(telling: StoryProgress, line: StoryLine) -> None:
    _chased(telling, line, lambda chased: chased.level == 0)


def _escalation(telling: StoryProgress, line: StoryLine) -> None:
    _chased(telling, line, lambda chased: chased.level > 0)


def _chased(telling: StoryProgress, line: StoryLine, fits: Callable[[Chased], bool]) -> None:
    case = telling.case
    role = case.cast.role(line.words["role"])
    step = case.cast.step(line.words["step"]).id if "step" in line.words else None
    left = [chased for chased in case.chased if not any(chased is each for each in telling.noticed)]
    found = [chased for chased in left if fits(chased) and chased.role == role and step in (None, chased.step)]
    if not found:
        went = listed(
            f"{case.cast.label(chased.role)} about {case.cast.title(chased.step)}, level {chased.level}"
            for chased in left
        )
        raise StoryFailed(f"none did. What went out and no line has spoken of: {went or 'nothing'}")
    telling.noticed.append(found[0])


def _tells(telling: StoryProgress, line: StoryLine) -> None:
    role, text = telling.case.cast.role(line.words["role"]), str(line.value or "")
    unseen = telling.unseen("tell")
    found = (said for said in unseen if _for(telling, said, "role", role) and _says(said, text, "subject", "text"))
    telling.see(found, _not_said("it told nobody so", unseen, "role", "subject"))


def _sends(telling: StoryProgress, line: StoryLine) -> None:
    name = telling.case.cast.sent(line.words["message"])
    left = [thrown for thrown in telling.case.thrown if not any(thrown is each for each in telling.sent)]
    found = next((thrown for thrown in left if thrown.name == name), None)
    if found is None:
        raise StoryFailed(
            f"it has not. What it sent and no line has spoken of: {listed(t.name for t in left) or 'nothing'}"
        )
    telling.sent.append(found)
    for answer, expected in line.value.items():
        _same(telling, found.brings.get(answer), expected, f"its {quoted(answer)}")


def _action(telling: StoryProgress, line: StoryLine) -> None:
    role, text = telling.case.cast.role(line.words["role"]), str(line.value or "")
    unseen = telling.unseen("raise_action")
    found = (said for said in unseen if _for(telling, said, "role", role) and _says(said, text, "title", "text", "due"))
    telling.see(found, _not_said("no such action was raised", unseen, "role", "title", "due"))


def _for(telling: StoryProgress, said: Said, key: str, role: str) -> bool:
    given = said.parameters.get(key)
    return bool(given) and telling.case.cast.role(str(given)) == role


def _says(said: Said, text: str, *keys: str) -> bool:
    return any(text.casefold() in str(said.parameters.get(key) or "").casefold() for key in keys)


def _not_said(sentence: str, unseen: Iterable[Said], *keys: str) -> str:
    was = listed(" | ".join(str(said.parameters.get(key) or "") for key in keys) for said in unseen)
    return f"{sentence}. What no line has spoken of yet: {was or 'nothing'}"


def _record(telling: StoryProgress, line: StoryLine) -> None:
    unseen = telling.unseen("record")
    found = [said for said in unseen if said.parameters.get("kind") == line.words["kind"]]
    said = telling.see(found, _not_said("no such record was kept", unseen, "kind", "title"))
    kept = said.parameters.get("fields") or {}
    for name, expected in line.value.items():
        _same(telling, kept.get(name), expected, f"its {quoted(name)}")


def _procedure(telling: StoryProgress, line: StoryLine) -> None:
    unseen = telling.unseen("start_procedure")
    found = (said for said in unseen if said.parameters.get("procedure") == line.words["procedure"])
    telling.see(found, _not_said("it does not", unseen, "procedure"))


def _said(telling: StoryProgress, line: StoryLine) -> None:
    telling.see(telling.unseen(line.words["word"]), "it was not, or another line has spoken of it already")


def _answer(telling: StoryProgress, line: StoryLine) -> None:
    _same(telling, _known(telling, line), line.value, "it")


def _count(telling: StoryProgress, line: StoryLine) -> None:
    found = _known(telling, line)
    count = len(found) if isinstance(found, list) else 0
    if str(count) != line.value:
        raise StoryFailed(f"it has {count}")


def _known(telling: StoryProgress, line: StoryLine) -> Any:
    return telling.case.answers.values.get(line.words["name"])


def _same(telling: StoryProgress, value: Any, expected: Any, what: str) -> None:
    """Compare as texts: a story writes 3 and yes where an answer holds a number and a text."""
    people = telling.case.people
    if _as_written(value, people) != _as_written(expected, people):
        raise StoryFailed(f"{what} is {_as_written(value, {})!r}, not {expected!r}")


def _as_written(value: Any, people: Mapping[str, str]) -> Any:
    if isinstance(value, list | tuple):
        return [_as_written(item, people) for item in value]
    if isinstance(value, dict):
        return {name: _as_written(item, people) for name, item in value.items()}
    text = "" if value is None else str(value)
    return people.get(text, text)


def _passes(telling: StoryProgress, line: StoryLine) -> None:
    if telling.case.cast.anything(line.value) not in telling.case.passed:
        raise StoryFailed(f"it has not come to {quoted(line.value)}. {waits(telling.case)}")


def _passes_not(telling: StoryProgress, line: StoryLine) -> None:
    if telling.case.cast.anything(line.value) in telling.case.passed:
        raise StoryFailed(f"it has come through {quoted(line.value)}")


def _promise(telling: StoryProgress, line: StoryLine) -> None:
    case, promise = telling.case, telling.case.definition.diagram.promise
    if promise is None or case.started_at is None:
        raise StoryFailed("the procedure promises nothing, or nobody has started it")
    latest = due_at(promise, case.started_at, case.calendar)
    if case.now > latest:
        raise StoryFailed(f"it is {told(case.now)}, and {quoted(promise)} were over on {told(latest)}")


def _ends(telling: StoryProgress, line: StoryLine) -> None:
    case, end = telling.case, telling.case.cast.end(line.value)
    if case.rest is None or case.rest.ended_at != end.id:
        raise StoryFailed(f"it has not. {waits(case)}")


LOOKS: Mapping[Verb, Callable[[StoryProgress, StoryLine], None]] = {
    Verb.WAITS: _waits,
    Verb.WAITS_NOT: _waits_not,
    Verb.DUE: _due,
    Verb.REMINDER: _reminder,
    Verb.ESCALATION: _escalation,
    Verb.TELLS: _tells,
    Verb.SENDS: _sends,
    Verb.ACTION: _action,
    Verb.RECORD: _record,
    Verb.PROCEDURE: _procedure,
    Verb.SAID: _said,
    Verb.ANSWER: _answer,
    Verb.COUNT: _count,
    Verb.PASSES: _passes,
    Verb.PASSES_NOT: _passes_not,
    Verb.PROMISE: _promise,
    Verb.ENDS: _ends,
}
