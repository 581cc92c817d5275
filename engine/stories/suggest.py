"""Stories to begin with: one that comes true for each way a procedure can end, found by playing sample answers."""

from __future__ import annotations

import json
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from engine.bpmn.definition import Definition
from engine.bpmn.diagram.elements import Element, Kind, Trigger
from engine.errors import BadAnswers
from engine.forms.drawn.model import Form
from engine.model.calendar import LONDON, Calendar
from engine.model.people import Role
from engine.model.reminders import DEFAULT
from engine.rules import feel
from engine.stories import tell
from engine.stories.case import Effort, Open, StoryCase
from engine.stories.cast import Cast, StoriesTooLong, StoryFailed
from engine.stories.happenings import MOVES, begin
from engine.stories.lines import Story, read
from engine.stories.sample_answers import mended, ways

MOST_LINES = 60  # of one story
MOST_MOVES, LEAST_MOVES = 400, 40  # while looking for all of them
MOST_MOVED = 24_000  # moves by steps of the diagram: a move takes longer the more there are
MENDS = 6  # times that an answer is put right as the form asks
_HEARD = (Trigger.MESSAGE, Trigger.SIGNAL)
_SIMPLE = re.compile(r"[\w][\w ,/()'-]*")


def suggested(definition: Definition, roles: Mapping[str, Role]) -> bytes:
    """A file of stories, one for each end that was found, with a remark on those that were not. YAML, UTF-8."""
    moves = max(LEAST_MOVES, min(MOST_MOVES, MOST_MOVED // (len(definition.diagram.elements) + 1)))
    search = _Search(Cast(definition, roles), _decides(definition), Effort(moves))
    stories = search.stories()
    told = "\n".join(_text(name, lines) for name, lines in stories.items())
    kept = _true(told, definition, roles) if told else {}
    missing = [end for end in search.cast.ends if end.id not in {search.ends[name] for name in kept}]
    head = (
        "# Stories to begin with, made by playing the procedure with sample answers. Put in what happens at a school.\n"
    )
    head += "".join(f"# None was found that ends at {_plain(end.name or end.id)}: write one.\n" for end in missing)
    return (head + "\n" + "\n".join(_text(name, stories[name]) for name in kept)).encode()


def _true(told: str, definition: Definition, roles: Mapping[str, Role]) -> dict[str, object]:
    """Those that come true as they are written."""
    found = tell.tell_all(tell.read(told.encode()), definition, roles)
    return {name: came for name, came in found.items() if not isinstance(came, StoryFailed)}


def _text(name: str, lines: list[str]) -> str:
    return f"{name}:\n" + "".join(f"  - {line}\n" for line in lines)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _decides(definition: Definition) -> frozenset[str]:
    """Names that conditions, tables, loops and events that watch the answers go by."""
    rules = [flow.condition for flow in definition.diagram.flows]
    for element in definition.diagram.elements.values():
        rules += [element.script, element.condition]
        rules += [element.repeat.while_true if element.repeat else None]
        rules += [element.several.until if element.several else None]
    found = [feel.names_in(rule) for rule in rules if rule]
    return frozenset().union(*found, *(table.names for table in definition.decisions.values()))


@dataclass
class _Search:
    """Cases played on, the shortest first, until each end is reached or it has taken long enough."""

    cast: Cast
    decides: frozenset[str]
    effort: Effort
    ends: dict[str, str] = field(default_factory=dict)  # story -> the end it comes to
    passed: set[str] = field(default_factory=set)  # by any case: what comes somewhere new is played on first

    def stories(self) -> dict[str, list[str]]:
        """The lines of each story, by its name."""
        found: dict[str, list[str]] = {}
        try:
            for end, lines in self._ended({end.id for end in self.cast.ends}):
                found[self._named(end, found)] = lines
        except StoriesTooLong:
            pass  # what was found so far will do
        return found

    def _ended(self, wanted: set[str]) -> Iterator[tuple[str, list[str]]]:
        """Each end the first time that it is reached, with how. What comes somewhere new is played on first."""
        first = begin(Story("", 1, ()), self.cast, DEFAULT, Calendar(), self.effort)
        waiting: deque[tuple[StoryCase, list[str]]] = deque([(first, [])])
        seen: set[str] = set()
        while waiting and wanted:
            case, lines = waiting.popleft()
            for then, said in self._next(case):
                so_far, ended = [*lines, said], then.rest.ended_at if then.rest else None
                for end in sorted(wanted & then.passed):
                    wanted.remove(end)
                    yield end, [*so_far, f"{'the case ends at' if end == ended else 'it passes'}: {self._called(end)}"]
                if not ended and len(so_far) < MOST_LINES and (stands := self._stands(then)) not in seen:
                    seen.add(stands)
                    fresh = not then.passed <= self.passed
                    self.passed |= then.passed
                    (waiting.appendleft if fresh else waiting.append)((then, so_far))

    def _named(self, end: str, found: Mapping[str, object]) -> str:
        title = _plain(self.cast.title(end))
        name = f"it ends at {title if _SIMPLE.fullmatch(title) else end}"
        name = name if name not in found else f"{name} ({end})"
        self.ends[name] = end
        return name

    def _stands(self, case: StoryCase) -> str:
        """What tells two cases apart: what they wait for, and what rules go by."""
        waits = sorted((task.waiting.step, task.number or 0, self._round(task)) for task in case.tasks.values())
        known = {name: value for name, value in case.answers.values.items() if name in self.decides}
        awaited = sorted((each.step, each.name) for each in case.rest.awaited) if case.rest else []
        return json.dumps([waits, awaited, len(case.timers), known], sort_keys=True, default=str)

    def _round(self, task: Open) -> str:
        """Which time it is that something done again and again is done."""
        repeat = self.cast.definition.diagram.elements[task.waiting.step].repeat
        return task.waiting.token if repeat and repeat.most else ""

    def _next(self, case: StoryCase) -> Iterator[tuple[StoryCase, str]]:
        """What can happen next, each with its line."""
        if case.rest is None:
            yield from self._started(case)
            return
        for task in list(case.tasks.values())[:1]:
            yield from self._done(case, task)
        heard = dict.fromkeys((each.trigger, each.name) for each in case.rest.awaited)
        yield from self._happens(case, [_heard(trigger, name) for trigger, name in heard])
        if case.timers:
            then, at = case.fork(), min(case.timers.values())
            if self._goes(partial(then.pass_until, at)):
                yield then, f"the clock reaches: {at.astimezone(LONDON):%Y-%m-%d %H:%M:%S}"

    def _happens(self, case: StoryCase, told: Iterable[str]) -> Iterator[tuple[StoryCase, str]]:
        """What comes from outside, each as the line that says so."""
        for said in told:
            then, (line,) = case.fork(), read(f"now:\n  - {said}".encode())[0].lines
            if self._goes(partial(MOVES[line.verb], then, line)):
                yield then, said

    def _started(self, case: StoryCase) -> Iterator[tuple[StoryCase, str]]:
        diagram = self.cast.definition.diagram
        if diagram.begun_by_people:
            several = len(diagram.people_starts) > 1
            for start in diagram.people_starts if several else [None]:
                yield from self._by_people(case, start)
        begins = [each for each in diagram.elements.values() if each.kind is Kind.START and each.inside is None]
        heard = dict.fromkeys((each.trigger, each.named or "") for each in begins if each.trigger in _HEARD)
        yield from self._happens(case, [_heard(trigger, name) for trigger, name in heard])
        if diagram.clock_starts:
            yield from self._happens(case, ["the clock starts it"])

    def _by_people(self, case: StoryCase, start: Element | None) -> Iterator[tuple[StoryCase, str]]:
        """start: the one they choose, where there are several."""
        diagram = self.cast.definition.diagram
        names = [*diagram.starters, *(each.role for each in diagram.elements.values() if each.role)]
        role = self._role(next(iter(names), next(iter(self.cast.roles), "")))
        form = self.cast.definition.forms.get((start.form if start else diagram.start_form) or "")
        at = f" at {self._called(start.id)}" if start else ""
        for answers in ways(form, self.decides, {}):
            then = case.fork()
            given = self._answered(partial(then.start, by=start), answers, form, {})
            if given is not None:
                yield then, f"{role} starts{at}{_braces(given)}"

    def _done(self, case: StoryCase, task: Open) -> Iterator[tuple[StoryCase, str]]:
        element = self.cast.definition.diagram.elements[task.waiting.step]
        form, known = self.cast.definition.form_of(element.id), case.answers.values
        which = f" for {task.number}" if task.number else ""
        for answers in ways(form, self.decides, known):
            then = case.fork()
            given = self._answered(partial(then.complete, then.tasks[task.waiting.token]), answers, form, known)
            if given is not None:
                yield then, f"{self._role(element.role or '')} does {self._called(element.id)}{which}{_braces(given)}"

    def _answered(self, act: Any, answers: dict[str, Any], form: Form | None, known: Mapping[str, Any]) -> Any:
        """The answers with which it went on; None when it did not."""
        given: dict[str, Any] | None = answers
        for _ in range(MENDS):
            if given is None:
                return None
            try:
                act(given)
            except StoryFailed as failed:
                if isinstance(failed, StoriesTooLong):
                    raise
                wrong = failed.__cause__.messages if isinstance(failed.__cause__, BadAnswers) else {}
                given = mended(given, wrong, form, known) if form and wrong else None
            else:
                return given
        return None

    def _goes(self, act: Any) -> bool:
        try:
            act()
        except StoriesTooLong:
            raise
        except StoryFailed:
            return False
        return True

    def _role(self, name: str) -> str:
        label = self.cast.label_of(name)
        return label if _SIMPLE.fullmatch(label) else name

    def _called(self, id: str) -> str:
        """A name by which a story finds it again, between marks; else its id."""
        elements = self.cast.definition.diagram.elements
        often = Counter(element.name.casefold() for element in elements.values())
        name = _plain(elements[id].name)
        return _quoted(name) if _SIMPLE.fullmatch(name) and often[elements[id].name.casefold()] == 1 else id


def _heard(trigger: Trigger, name: str) -> str:
    """The line that says a message or a signal comes."""
    return f"a message {_quoted(name)} arrives" if trigger is Trigger.MESSAGE else f"the signal {_quoted(name)} comes"


def _quoted(name: str) -> str:
    return f'"{name}"'


def _braces(answers: Mapping[str, Any]) -> str:
    return f": {json.dumps(answers, ensure_ascii=False)}" if answers else ""
