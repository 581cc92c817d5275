"""The lines of a story that move its case on: somebody starts it, does a step, time passes, a message arrives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from engine.bpmn.diagram.elements import Element, Trigger
from engine.bpmn.outline.phrases import waits_for_procedure
from engine.casework.rounds import start_on
from engine.model.calendar import LONDON, Calendar, wakes_at
from engine.model.reminders import HouseTable
from engine.model.wording import quoted
from engine.stories.case import Effort, Open, StoryCase, told
from engine.stories.cast import Cast, StoryFailed, listed
from engine.stories.lines import Story, StoryLine, Verb

BEGINS = datetime(2026, 11, 2, 9, 0, tzinfo=LONDON)  # a Monday in term


def begin(story: Story, cast: Cast, table: HouseTable, calendar: Calendar, effort: Effort) -> StoryCase:
    """The case before anything has happened, with what the story says about its world."""
    said = {verb: [line for line in story.lines if line.verb is verb] for verb in Verb}
    closed = frozenset(_day(text) for line in said[Verb.CLOSED] for text in line.value)
    days = [_moment(line.value) for line in said[Verb.DAY]]
    return StoryCase(
        cast=cast,
        table=table,
        calendar=replace(calendar, closed=calendar.closed | closed),
        now=(days[0] if days else BEGINS).astimezone(UTC),
        found={cast.block(line.words["step"]).id: line.value for line in said[Verb.FINDS]},
        answered_later=frozenset(
            [cast.block(line.words["step"]).id for line in said[Verb.ANSWERED]]
            + [
                step.id
                for line in said[Verb.PROCEDURE_ENDS]
                for step in waiting_for(cast, bare(line.words["procedure"]))
            ]
        ),
        effort=effort,
        known={name: value for line in said[Verb.KNOWN] for name, value in line.value.items()},
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise StoryFailed(f"{quoted(text)} is not a day. Write it like 2026-11-05") from None


def _moment(text: str) -> datetime:
    """A day, from 09:00, or a day and a time, both in London."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise StoryFailed(f"{quoted(text)} is not a moment. Write it like 2026-11-05 or 2026-11-05 14:30") from None
    return found.replace(hour=found.hour or (9 if len(text) == 10 else 0), tzinfo=LONDON)


def _starts(case: StoryCase, line: StoryLine) -> None:
    role, starters = case.cast.role(line.words["role"]), case.definition.diagram.starters
    if starters and role not in {case.cast.role(name) for name in starters}:
        raise StoryFailed(
            f"{case.cast.label(role)} may not start this procedure; {listed(case.cast.role_labels(starters))} may"
        )
    if case.rest is not None:
        raise StoryFailed("the case has been started already")
    if not case.definition.diagram.begun_by_people:
        raise StoryFailed("nobody starts this procedure by hand; write “the clock starts it”")
    case.start(line.value, case.cast.start(line.words["start"]) if "start" in line.words else None)


def _clock_starts(case: StoryCase, line: StoryLine) -> None:
    """Headway starts it by itself: at its next moment, or at the one of a day that the line names."""
    if case.rest is not None:
        raise StoryFailed("the case has been started already")
    starts = case.definition.diagram.clock_starts
    if not starts:
        raise StoryFailed("no start of this procedure has a clock; a role starts it")
    wanted = _moment(line.words["day"]).date() if "day" in line.words else None
    at, begins = min(((_next_start(case, each, wanted), each) for each in starts), key=lambda pair: pair[0])
    if wanted and at.astimezone(LONDON).date() != wanted:
        raise StoryFailed(f"it does not start then, but next on {told(at)}")
    case.now = at
    case.begin(begins.id, {})


def _next_start(case: StoryCase, begins: Element, day: date | None) -> datetime:
    """When a start comes next: after the story's own moment, or on this day or later."""
    midnight = datetime.combine(day, time(), LONDON) if day else case.now
    words, after = begins.moment or "", max(midnight, case.now) - timedelta(seconds=1)
    try:
        if begins.comes_round:
            return case.comes_round(words, after, min(case.now, after))
        return start_on(words)
    except ValueError as error:
        raise StoryFailed(str(error).removesuffix(".")) from None


def _does(case: StoryCase, line: StoryLine) -> None:
    case.complete(open_task(case, line), line.value)


def open_task(case: StoryCase, line: StoryLine) -> Open:
    """The one task that a line speaks of. Raises StoryFailed when it does not wait for that role, or several do."""
    element, number = case.cast.step(line.words["step"]), line.words.get("item")
    found = [task for task in case.tasks.values() if task.waiting.step == element.id]
    if number:
        found = [task for task in found if task.number == int(number)]
    if not found:
        raise StoryFailed(f"the case does not wait for that. {waits(case)}")
    role = case.cast.role_of(element)
    if "role" in line.words and case.cast.role(line.words["role"]) != role:
        raise StoryFailed(f"{quoted(element.name)} waits for {case.cast.label(role)}")
    if len(found) > 1 and any(task.number for task in found):  # else one step begun again and again: the oldest
        raise StoryFailed(f"{len(found)} people have that step to do. Say which, such as “{line.text} for 1”")
    return found[0]


def waits(case: StoryCase) -> str:
    """Where the case stands, in a sentence without its full stop."""
    if case.rest is None:
        return "Nobody has started it yet"
    if case.rest.ended_at:
        return f"It has ended at {quoted(case.cast.title(case.rest.ended_at))}"
    return "It waits for " + (", ".join(_waiting(case, task) for task in case.tasks.values()) or "a time or a message")


def _waiting(case: StoryCase, task: Open) -> str:
    element = case.definition.diagram.elements[task.waiting.step]
    which = f" for {task.number}" if task.number else ""
    return f"{case.cast.label(case.cast.role_of(element))} to {quoted(case.cast.title(element.id))}{which}"


def _after(case: StoryCase, line: StoryLine) -> None:
    try:
        moment = wakes_at(line.words["time"], case.now, case.calendar)
    except ValueError as error:
        raise StoryFailed(str(error).removesuffix(".")) from None
    case.pass_until(moment)


def _clock(case: StoryCase, line: StoryLine) -> None:
    case.pass_until(_moment(line.value).astimezone(UTC))


def _message(case: StoryCase, line: StoryLine) -> None:
    name = case.cast.told(line)
    if start := _begins(case, name, Trigger.MESSAGE):
        case.begin(start, line.value)
        return
    case.message(_waiting_for(case, name, Trigger.MESSAGE)[0], line.value)


def _signal(case: StoryCase, line: StoryLine) -> None:
    """Everything that waits for it hears it, as far as it still waits by then."""
    name = case.cast.told(line)
    if start := _begins(case, name, Trigger.SIGNAL):
        case.begin(start, {})
        return
    for token in _waiting_for(case, name, Trigger.SIGNAL):
        if case.rest and any(each.token == token for each in case.rest.awaited):
            case.message(token, {})


def _begins(case: StoryCase, name: str, trigger: Trigger) -> str | None:
    """The start that the case begins by with this, if it has not begun."""
    starts = case.definition.diagram.starts_heard(trigger, name) if case.rest is None else ()
    return starts[0].id if starts else None


def _waiting_for(case: StoryCase, name: str, trigger: Trigger) -> list[str]:
    awaited = case.rest.awaited if case.rest else ()
    tokens = [each.token for each in awaited if (each.name, each.trigger) == (name, trigger)]
    if not tokens:
        raise StoryFailed(f"the case does not wait for that {trigger}. {waits(case)}")
    return tokens


def _answered(case: StoryCase, line: StoryLine) -> None:
    step = case.cast.block(line.words["step"]).id
    asked = next((said for said in case.asked.values() if said.step == step), None)
    if asked is None:
        raise StoryFailed(f"{quoted(case.cast.title(step))} has not asked for anything. {waits(case)}")
    case.answer(case.asked.pop(asked.answer_to or ""), line.value)


def _procedure_ends(case: StoryCase, line: StoryLine) -> None:
    """Another procedure that the case waits for has ended, the one asked for first, with these answers."""
    key = bare(line.words["procedure"])
    waits_at = {step.id for step in waiting_for(case.cast, key)}
    asked = next((said for said in case.asked.values() if said.step in waits_at), None)
    if asked is None:
        raise StoryFailed(f"the case does not wait for the procedure {quoted(key)}. {waits(case)}")
    if "error" in line.words:
        case.fail(case.asked.pop(asked.answer_to or ""), bare(line.words["error"]))
        return
    value = {"started": True, "end": bare(line.words.get("end", "the end")), "ref": "", "answers": dict(line.value)}
    case.answer(case.asked.pop(asked.answer_to or ""), value)


def waiting_for(cast: Cast, key: str) -> list[Element]:
    """The steps that wait for a procedure. Raises StoryFailed when there is none."""
    steps = [step for step in cast.definition.diagram.elements.values() if waits_for_procedure(step)]
    found = [step for step in steps if step.parameters.get("procedure") == key]
    if not found:
        known = listed(dict.fromkeys(step.parameters.get("procedure", "") for step in steps))
        raise StoryFailed(f"this procedure waits for no procedure {quoted(key)}. It waits for {known or 'none'}")
    return found


def bare(name: str) -> str:
    """A name without marks around it."""
    return name.strip("\"'\u201c\u201d\u2018\u2019")


MOVES: Mapping[Verb, Callable[[StoryCase, StoryLine], None]] = {
    Verb.STARTS: _starts,
    Verb.CLOCK_STARTS: _clock_starts,
    Verb.DOES: _does,
    Verb.AFTER: _after,
    Verb.CLOCK: _clock,
    Verb.MESSAGE: _message,
    Verb.SIGNAL: _signal,
    Verb.ANSWERED: _answered,
    Verb.PROCEDURE_ENDS: _procedure_ends,
}
