"""One case of a story, on a clock of its own: run by the runner, calendar, house table and forms of real cases.

Nothing is kept and nobody is told: what the procedure says, and whom the house would remind, is gathered to look at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from engine import forms
from engine.bpmn.definition import Definition
from engine.bpmn.diagram.elements import Element, Trigger
from engine.bpmn.runtime import runner
from engine.bpmn.runtime.rest import Rest, Said, Thrown, Timer, Waiting
from engine.bpmn.runtime.variables import number_of
from engine.casework.context import facts
from engine.casework.rounds import NOT_KNOWN
from engine.errors import BadAnswers, Refused
from engine.model.calendar import LONDON, Calendar, CalendarEnds, days_of, due_at, wakes_at
from engine.model.casework import Answers, Case, CaseStatus, Sensitivity
from engine.model.cycles import NeverAgain, next_after
from engine.model.people import School
from engine.model.reminders import HOLDER, LINE, Chase, HouseTable, moments, rows_for
from engine.model.wording import day_of_month, quoted
from engine.stories.cast import Cast, StoriesTooLong, StoryFailed
from engine.stories.posting import SOMEBODY, Posting, offers, person_id
from engine.stories.terms import usual_terms

MOST_HAPPENINGS = 2_000  # reminders and timers while time passes once
MOST_ASKS = 100  # answers in one run, as for a real case
SCHOOL = School(UUID(int=3), "900001", "Harbour Primary School", "primary", "Academy converter")


@dataclass(frozen=True)
class Chased:
    """Somebody the house would have told about a task."""

    at: datetime
    role: str
    step: str
    level: int


@dataclass
class Effort:
    """How much may still be told, of all the stories of one telling together."""

    moves: int = 500  # of a case: somebody acts, a timer rings. Headway's longest procedure takes 123
    reminders: int = 20_000

    def move(self) -> None:
        """A case is moved on. Raises StoriesTooLong when that was done too often."""
        self.moves -= 1
        self._enough(self.moves)

    def remind(self) -> None:
        """The house reminds somebody. Raises StoriesTooLong when that was done too often."""
        self.reminders -= 1
        self._enough(self.reminders)

    def _enough(self, left: int) -> None:
        if left < 0:
            raise StoriesTooLong(
                "all stories together are too much to tell at once. Let some begin like another one"
                " (“it begins like: …”), let less time pass, or leave some out"
            )


@dataclass
class Open:
    """A task somebody has to do. `chases`: those still to come, soonest first."""

    waiting: Waiting
    due: str | None
    due_at: datetime | None
    chases: list[tuple[datetime, Chase]]

    @property
    def number(self) -> int | None:
        """Which item it is about, when the step is done for several, counted from 1."""
        return number_of(self.waiting.scope) if self.waiting.scope else None


@dataclass
class StoryCase:
    """Where the case stands and what has happened so far."""

    cast: Cast
    table: HouseTable
    calendar: Calendar
    now: datetime
    found: Mapping[str, list[str]] = field(default_factory=dict)  # step -> whom it finds
    answered_later: frozenset[str] = frozenset()  # steps whose answer the story brings later
    known: Mapping[str, Any] = field(default_factory=dict)  # handed on by whatever started it
    effort: Effort = field(default_factory=Effort)

    rest: Rest | None = None
    started_at: datetime | None = None
    tasks: dict[str, Open] = field(default_factory=dict)
    timers: dict[str, datetime] = field(default_factory=dict)
    came: dict[str, datetime] = field(default_factory=dict)  # timers that come round: when each came last
    begun: dict[str, datetime] = field(default_factory=dict)  # and since when they run
    asked: dict[str, Said] = field(default_factory=dict)  # token -> what it asked and has no answer to yet
    said: list[Said] = field(default_factory=list)
    chased: list[Chased] = field(default_factory=list)
    passed: set[str] = field(default_factory=set)
    thrown: list[Thrown] = field(default_factory=list)

    def fork(self) -> StoryCase:
        """The same case to go another way with."""
        return replace(
            self,
            tasks={token: replace(task, chases=list(task.chases)) for token, task in self.tasks.items()},
            timers=dict(self.timers),
            came=dict(self.came),
            begun=dict(self.begun),
            asked=dict(self.asked),
            said=list(self.said),
            chased=list(self.chased),
            passed=set(self.passed),
            thrown=list(self.thrown),
        )

    @property
    def definition(self) -> Definition:
        """The procedure."""
        return self.cast.definition

    @property
    def answers(self) -> Answers:
        """What the case knows."""
        return self.rest.answers if self.rest else Answers()

    @property
    def facts(self) -> dict[str, Any]:
        """What every expression may read besides the answers, as for a real case."""
        diagram = self.definition.diagram
        case = Case(
            id=UUID(int=1),
            ref=f"{diagram.prefix}-{self.now.year}-0001",
            version_id=UUID(int=2),
            school_id=SCHOOL.id,
            title=diagram.title,
            status=CaseStatus.OPEN,
            sensitivity=Sensitivity.STAFF,
            state=b"",
            answers=self.answers,
            started_at=self.started_at or self.now,
            started_by=UUID(person_id("Whoever started it")),
        )
        return facts(case, SCHOOL, self.calendar, self.now)

    @property
    def people(self) -> dict[str, str]:
        """Everybody a story may name in an answer, with their ids."""
        return {name: person_id(name) for names in (SOMEBODY, *self.found.values()) for name in names}

    def start(self, posted: Mapping[str, Any], by: Element | None = None) -> None:
        """Somebody starts the procedure. by: the start they choose, where there are several."""
        key = by.form if by else self.definition.diagram.start_form
        given = self._checked(self.definition.forms[key] if key else None, posted, None)
        self.begin(by.id if by else None, given)

    def begin(self, at: str | None, given: Mapping[str, Any]) -> None:
        """It begins by one of its starts (None: the one people use)."""
        self.started_at = self.now
        self._run(lambda: runner.start(self.definition, Answers({**self.known, **given}), self.facts, at))

    def complete(self, task: Open, posted: Mapping[str, Any]) -> None:
        """Somebody does a task."""
        token, state = task.waiting.token, self._state()
        given = self._checked(self.definition.form_of(task.waiting.step), posted, task.waiting.scope)
        self._run(lambda: runner.complete(self.definition, state, self.answers, token, given, self.facts))

    def message(self, token: str, payload: Mapping[str, Any]) -> None:
        """A message arrives."""
        state = self._state()
        self._run(lambda: runner.message(self.definition, state, self.answers, token, payload, self.facts))

    def answer(self, said: Said, value: Any) -> None:
        """Headway answers what a step asked."""
        token, state = said.answer_to or "", self._state()
        self._run(lambda: runner.answer(self.definition, state, self.answers, token, value, self.facts))

    def fail(self, said: Said, error: str) -> None:
        """The procedure that a step waited for has ended with an error."""
        token, state = said.answer_to or "", self._state()
        self._run(lambda: runner.fail(self.definition, state, self.answers, token, Trigger.ERROR, error, self.facts))

    def pass_until(self, moment: datetime) -> None:
        """Let time pass: timers ring and the house reminds, each at its own moment."""
        if moment < self.now:
            raise StoryFailed(f"the clock shows {told(self.now)} already")
        for _ in range(MOST_HAPPENINGS):
            at, happen = min(self._coming(), key=lambda pair: pair[0], default=(None, None))
            if at is None or happen is None or at > moment:
                self.now = moment
                return
            self.now = max(at, self.now)
            happen()
        raise StoryFailed("so many timers ring that the time never passes")

    def _coming(self) -> Iterable[tuple[datetime, Callable[[], None]]]:
        for task in self.tasks.values():
            if task.chases:
                yield task.chases[0][0], partial(self._chase, task)
        for token, at in self.timers.items():
            yield at, partial(self._wake, token)

    def _chase(self, task: Open) -> None:
        self.effort.remind()
        at, row = task.chases.pop(0)
        role = self.cast.role_of(self.definition.diagram.elements[task.waiting.step])
        told_role = {HOLDER: role, LINE: self.cast.roles[role].line}.get(row.to, row.to)
        if told_role and (row.to == HOLDER or told_role != role):
            self.chased.append(Chased(at, told_role, task.waiting.step, row.level))

    def _wake(self, token: str) -> None:
        state = self._state()
        came = self.timers.pop(token)
        self.came[token] = max(came, self.now)
        self._run(lambda: runner.wake(self.definition, state, self.answers, token, self.facts))

    def _state(self) -> bytes:
        if self.rest is None:
            raise StoryFailed("nobody has started the case yet")
        if self.rest.ended_at:
            raise StoryFailed(f"the case has ended already, at {quoted(self.cast.title(self.rest.ended_at))}")
        return self.rest.state

    def _checked(self, form: forms.Form | None, answers: Mapping[str, Any], scope: str | None) -> dict[str, Any]:
        posting = Posting(self.people)
        names = runner.names_for(self.definition, self.answers, self.facts, scope)
        try:
            if form is not None:
                posting.open(form, names)
            posting.fill(form.parts if form else (), answers)
            return forms.check(form, posting.fields, names, posting.files) if form else {}
        except BadAnswers as error:
            wrong = "; ".join(f"{path}: {said[0]}" for path, said in error.messages.items())
            raise StoryFailed(f"the form does not take these answers ({wrong})") from error
        except Refused as error:
            raise StoryFailed(f"the form could not be worked out: {error}") from error

    def _run(self, act: Callable[[], Rest]) -> None:
        self.effort.move()
        try:
            self._settle(act())
        except (Refused, CalendarEnds) as error:
            raise StoryFailed(f"the case could not go on: {error}") from error

    def _settle(self, rest: Rest) -> None:
        """Take in where the case rests, and answer at once what Headway answers at once."""
        self.rest = rest
        self.said += rest.said
        self.passed.update(rest.passed)
        self.thrown += rest.thrown
        self.asked |= {said.answer_to: said for said in rest.said if said.answer_to}
        self.asked = {token: said for token, said in self.asked.items() if token not in rest.gone}
        if sum(bool(said.answer_to) for said in self.said) > MOST_ASKS:
            raise StoryFailed("the procedure asks Headway for things over and over without stopping")
        self._begin_tasks(rest)
        self._begin_timers(rest)
        ready = next((said for said in self.asked.values() if said.step not in self.answered_later), None)
        if ready:
            del self.asked[ready.answer_to or ""]
            self.answer(ready, self._answer_to(ready))

    def _answer_to(self, said: Said) -> Any:
        if said.word == "find_people":
            return offers(self.found.get(said.step, SOMEBODY))
        return {"started": False}  # as while the trust does not run the other procedure

    def _begin_tasks(self, rest: Rest) -> None:
        begun = [waiting for waiting in rest.waiting if waiting.token not in self.tasks]
        details = runner.details(self.definition, begun, rest.answers, self.facts) if begun else []
        now_open = {waiting.token for waiting in rest.waiting}
        self.tasks = {token: task for token, task in self.tasks.items() if token in now_open}
        for waiting, detail in zip(begun, details, strict=True):
            self.tasks[waiting.token] = self._task(waiting, detail.due)

    def _task(self, waiting: Waiting, due: str | None) -> Open:
        if due is None:
            return Open(waiting, None, None, [])
        at = due_at(due, self.now, self.calendar)
        role = self.cast.roles[self.cast.role_of(self.definition.diagram.elements[waiting.step])]
        chases = list(moments(rows_for(self.table, role), at, days_of(due), self.calendar, self.now))
        return Open(waiting, due, at, chases)

    def _begin_timers(self, rest: Rest) -> None:
        wanted = {timer.token: timer for timer in rest.timers}
        self.timers = {token: at for token, at in self.timers.items() if token in wanted}
        for token, timer in wanted.items():
            if token not in self.timers:
                self.timers[token] = self._moment_of(timer)

    def _moment_of(self, timer: Timer) -> datetime:
        if not timer.cycle:
            return wakes_at(timer.words, self.now, self.calendar)
        began = self.begun.setdefault(timer.token, self.now)
        try:
            return self.comes_round(timer.words, self.now, began, self.came.get(timer.token))
        except NeverAgain:
            return NOT_KNOWN

    def comes_round(self, words: str, after: datetime, began: datetime, came: datetime | None = None) -> datetime:
        """When a cycle comes next, by the usual terms where the calendar has none. Raises NeverAgain, ValueError."""
        try:
            return next_after(words, after, self.calendar, began, came)
        except NeverAgain:
            if self.calendar.terms:
                raise
        return next_after(words, after, replace(self.calendar, terms=usual_terms(after.year)), began, came)


def told(moment: datetime) -> str:
    """A moment as people read it."""
    at = moment.astimezone(LONDON)
    return f"{at:%A} {day_of_month(at)} {at:%Y at %H:%M}"
