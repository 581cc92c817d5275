"""The story of one case in words: what is done, where it stands and what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.bpmn.diagram.elements import Element, Kind
from engine.bpmn.drawing.draw import State
from engine.bpmn.outline.steps import Next, comes_next_of
from engine.bpmn.runtime.rest import Timer
from engine.forms.filled.sentences import inside
from engine.model.casework import CaseStatus, Task
from engine.model.people import Role
from engine.policy import may_complete
from storage.queries.cases.page import CaseTask
from web.pages.cases.known import CaseKnown
from web.parts.dates import day_in_words, moment_in_words
from web.parts.due import Band, band, due_line
from web.parts.person_names import names_in_words

MOST_NEXT = 4  # open steps of which what comes after is told


@dataclass(frozen=True)
class StepDone:
    """A step that somebody did."""

    title: str
    about: str  # of a step done for several: which of them
    who: str
    when: str


@dataclass(frozen=True)
class Now:
    """A step that waits."""

    title: str
    about: str
    who: str
    due: str
    late: bool
    mine: bool  # this person may do it
    task: Task | None  # None: it waits for a moment or a message
    meanwhile: tuple[str, ...] = ()  # what happens by itself while it waits
    message: str = ""  # the name of what has to arrive


@dataclass(frozen=True)
class Following:
    """What may come after one open step."""

    after: str  # the open step's title
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class CaseStory:
    """Done, now and next."""

    known: CaseKnown

    @property
    def heading(self) -> str:
        """What it tells."""
        return "Done, now and next" if self.now else "What was done"

    @property
    def done(self) -> list[StepDone]:
        """What people have done, in order."""
        return [
            StepDone(
                one.task.title,
                self.known.named(one.task.item),
                _doer(one),
                self._moment(one.task.done_at or one.task.ready_at),
            )
            for one in self.known.done_tasks
        ]

    @property
    def now(self) -> list[Now]:
        """What waits: people first, then moments and messages."""
        return [*(self._task(one) for one in self.known.open_tasks), *self._waits()]

    @property
    def next(self) -> list[Following]:
        """What may come after each open step, once each."""
        open_steps = dict.fromkeys(one.task.step for one in self.known.open_tasks)
        waits = [step for step, _ in self._events() if not self._element(step).attached_to]
        steps = [*open_steps, *(step for step in waits if step not in open_steps)]
        found = [Following(self._element(step).name, self._after(step, steps)) for step in steps[:MOST_NEXT]]
        return [one for one in found if one.sentences]

    @property
    def states(self) -> Mapping[str, State]:
        """The same for the diagram: element id -> where the case stands with it."""
        known, diagram = self.known, self.known.definition.diagram
        starts = [element.id for element in diagram.elements.values() if _begins(element)]
        found = dict.fromkeys(starts, State.DONE) if len(starts) == 1 else {}  # of several, which one is in the journal
        found |= dict.fromkeys(known.done_steps, State.DONE)
        if known.case.end:
            found[known.case.end] = State.DONE
        found |= {step: State.NOW for step, _ in self._events() if not self._element(step).attached_to}
        late = known.case.status is CaseStatus.OPEN
        for one in reversed(known.open_tasks):
            is_late = late and one.task.due_at is not None and one.task.due_at < known.now
            if found.get(one.task.step) is not State.LATE:
                found[one.task.step] = State.LATE if is_late else State.NOW
        return {id: state for id, state in found.items() if id in diagram.elements}

    @property
    def stands(self) -> str:
        """Where it stands, in one sentence."""
        return _STANDS[self.known.case.status](self)

    def _open(self) -> str:
        waits = self.now
        if not waits:
            others = [one for one in self.known.around.asked if one.status in (CaseStatus.OPEN, CaseStatus.PAUSED)]
            told = " and ".join(f"{one.ref}, {one.title}" for one in others)
            return f"It waits for {told} to end." if told else "It goes on by itself in a moment."
        if len(waits) == 1:
            return self._waits_for(waits[0])
        late = sum(one.late for one in waits)
        said = f" {late} of them {'is' if late == 1 else 'are'} late." if late else ""
        return f"It waits for {len(waits)} things side by side.{said}"

    def _waits_for(self, one: Now) -> str:
        if not one.task:
            return f"It waits: {one.title}. {one.due}."
        verb = "" if one.due.startswith("Was") else "is "
        due = "has no deadline" if one.task.due_at is None else f"{verb}{one.due[:1].lower()}{one.due[1:]}"
        return f"It waits for “{one.title}”, which is with {one.who} and {due}."

    def _paused(self) -> str:
        since = self.known.case.paused_at
        when = f" since {self._day(since)}" if since else ""
        why = stopped(self.known.case.reason)
        return f"It has been paused{when}: {why} Every deadline waits until somebody lets it go on."

    def _ended(self) -> str:
        case = self.known.case
        end = self.known.definition.diagram.elements.get(case.end or "")
        when = f" {_on(self._day(case.ended_at))}" if case.ended_at else ""
        return f"It ended{when}: {stopped(end.name if end else '')}" if end and end.name else f"It ended{when}."

    def _stopped(self) -> str:
        case = self.known.case
        when = f" {_on(self._day(case.ended_at))}" if case.ended_at else ""
        return f"It was stopped{when}: {stopped(case.reason)}"

    def _attention(self) -> str:
        return "It could not go on by itself. Nothing is lost: it rests where it was until somebody lets it go on."

    def _done(self, one: CaseTask) -> StepDone:
        about, when = self.known.named(one.task.item), self._moment(one.task.done_at or one.task.ready_at)
        return StepDone(one.task.title, "" if about == one.done_by else about, _doer(one), when)

    def _task(self, one: CaseTask) -> Now:
        task, known = one.task, self.known
        rests = known.case.status is not CaseStatus.OPEN
        held = known.case.status is CaseStatus.PAUSED
        return Now(
            title=task.title,
            about=known.named(task.item),
            who=self._holder(one),
            due="Its clock stands still" if held else due_line(task.due_at, known.now),
            late=not rests and band(task.due_at, known.now) is Band.LATE,
            mine=not rests and may_complete(known.me, task),
            task=task,
            meanwhile=tuple(self._meanwhile(task.step)),
        )

    def _holder(self, one: CaseTask) -> str:
        """“Ruth Adeyemi”, “the headteacher (Ruth Adeyemi)”, or that nobody holds the role."""
        task = one.task
        if one.person:
            return one.person
        label = _the(self._label(task.role))
        names = names_in_words(self.known.lists.holders.get(task.pool, ()))
        if not task.fallen:
            return f"{label} ({names})" if names else label
        falls, role = _the(self._label(task.pool.partition("@")[0])), inside(self._label(task.role))
        if not names or falls == label:
            return f"nobody, because nobody holds the role {role}"
        return f"{falls} ({names}), because nobody holds the role {role}"

    def _label(self, key: str) -> str:
        role: Role | None = self.known.roles.get(key)
        return role.label if role else key

    def _events(self) -> list[tuple[str, Timer | str]]:
        """Moments and messages it waits for: step -> the timer or the message's name."""
        rest = self.known.rest
        if rest is None:
            return []
        return [*((one.step, one) for one in rest.timers), *((one.step, one.name) for one in rest.awaited)]

    def _waits(self) -> Iterator[Now]:
        for step, what in self._events():
            element = self._element(step)
            if isinstance(what, str):
                yield Now(
                    element.name or what, "", "", f"It waits for “{what}” to arrive", False, False, None, message=what
                )
            elif not element.attached_to:
                yield Now(element.name, "", "", f"It goes on by itself {self._at(what)}", False, False, None)

    def _meanwhile(self, step: str) -> Iterator[str]:
        for id, what in self._events():
            element = self._element(id)
            moment = self.known.around.moments.get(what.token) if isinstance(what, Timer) else None
            if moment is None or not self._stands_on(element, step):
                continue
            when = moment_in_words(moment, self.known.now)
            if element.interrupting:
                yield f"If it is not done by {when}, the case goes another way: “{element.name}”."
            else:
                yield f"If it is still open {_on(when)}, something more happens: “{element.name}”."

    def _stands_on(self, element: Element, step: str) -> bool:
        """Whether a timer stands on the step, or on the block around it."""
        inside_of = self._element(step).inside
        return element.attached_to is not None and element.attached_to in {step, inside_of}

    def _at(self, timer: Timer) -> str:
        moment = self.known.around.moments.get(timer.token)
        if moment is None:
            if self.known.case.status is CaseStatus.PAUSED:
                return "once the case goes on"
            return f"as soon as the calendar says when ({timer.words})" if timer.cycle else f"after {timer.words}"
        return _on(moment_in_words(moment, self.known.now))

    def _after(self, step: str, open_steps: list[str]) -> tuple[str, ...]:
        found = comes_next_of(self.known.definition, step, self.known.roles)
        return tuple(_sentence(one) for one in found if one.element not in open_steps)

    def _element(self, id: str) -> Element:
        return self.known.definition.diagram.elements[id]

    def _day(self, moment: datetime) -> str:
        return day_in_words(moment, self.known.now)

    def _moment(self, moment: datetime) -> str:
        return moment_in_words(moment, self.known.now)


_STANDS = {
    CaseStatus.OPEN: CaseStory._open,
    CaseStatus.PAUSED: CaseStory._paused,
    CaseStatus.ATTENTION: CaseStory._attention,
    CaseStatus.ENDED: CaseStory._ended,
    CaseStatus.STOPPED: CaseStory._stopped,
}


def _begins(element: Element) -> bool:
    return element.kind is Kind.START and element.inside is None


def _doer(one: CaseTask) -> str:
    name = one.done_by or "Headway"
    return f"{name}, for {one.done_for}" if one.done_for else name


def _the(label: str) -> str:
    """A role inside a sentence: “the headteacher”, “any member of staff”."""
    return inside(label) if label.lower().startswith("any ") else f"the {inside(label)}"


def _sentence(following: Next) -> str:
    return following.sentence[:1].upper() + following.sentence[1:]


def _on(words: str) -> str:
    """A day or moment as it follows a verb: “today at 9am”, “on Thursday 3 December”."""
    return words if words.startswith(("today", "yesterday", "tomorrow")) else f"on {words}"


def stopped(text: str | None) -> str:
    """A text as a sentence."""
    return f"{(text or '').strip().rstrip('.')}."
