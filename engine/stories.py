"""Tell the stories of a procedure: each is one case from start to end, and publishing needs every one to come true.

Pure: the clock is the story's own. processes/README.md says how stories are written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.bpmn.drawn import Drawn, Package
from engine.bpmn.faults import Fault
from engine.errors import BadFile
from engine.model.calendar import Calendar
from engine.model.house import DEFAULT, HouseTable
from engine.model.people import Role
from engine.story_case import Chased
from engine.story_cast import Cast, StoryFailed
from engine.story_lines import Line, Story, Verb, read
from engine.story_looks import LOOKS, Telling
from engine.story_moves import MOVES, begin

__all__ = ["Story", "StoryFailed", "Told", "all_faults", "faults", "read", "tell"]

FILE = "stories.yaml"
NONE_YET = "There is no story yet. Write one for each way this procedure can end; processes/README.md says how."


@dataclass(frozen=True)
class Told:
    """How a story came out."""

    at: datetime  # where its clock stands, aware
    ended_at: str | None  # the id of the end the case reached
    passed: frozenset[str]  # ids of every step, event and arrow it went through
    chased: tuple[Chased, ...]  # whom the house reminded, in order


def tell(
    story: Story,
    drawn: Drawn,
    roles: Mapping[str, Role],
    table: HouseTable = DEFAULT,
    calendar: Calendar | None = None,
) -> Told:
    """Run a story. Raises StoryFailed with a sentence saying which line, what was expected and what was so.

    calendar: the school's; without one every weekday is a school day.
    """
    case = begin(story, Cast(drawn, roles), table, calendar or Calendar())
    telling = Telling(case)
    for line in story.lines:
        try:
            _carry_out(telling, line)
        except StoryFailed as failed:
            raise StoryFailed(_at(line, failed)) from failed
    ended_at = case.rest.ended_at if case.rest else None
    return Told(case.now, ended_at, frozenset(case.passed), tuple(case.chased))


def _at(line: Line, failed: StoryFailed) -> str:
    return f"Line {line.number}, “{line.text}”: {failed.sentence.removesuffix('.')}."


def _carry_out(telling: Telling, line: Line) -> None:
    move, look = MOVES.get(line.verb), LOOKS.get(line.verb)
    if move:
        move(telling.case, line)
    elif look:
        look(telling, line)


def faults(stories: Sequence[Story], drawn: Drawn, roles: Mapping[str, Role]) -> list[Fault]:
    """Every fault seen without telling: names nobody knows, answers nothing asks for, ends without a story."""
    if not stories:
        return [Fault(FILE, None, None, NONE_YET)]
    cast = Cast(drawn, roles)
    found = [fault for story in stories for fault in _of_story(story, cast)]
    return [*found, *_untold(stories, cast)]


def _of_story(story: Story, cast: Cast) -> Iterator[Fault]:
    for line in story.lines:
        try:
            _known(line, cast)
        except StoryFailed as failed:
            yield Fault(FILE, None, story.name, _at(line, failed))
    first = next((line for line in story.lines if line.verb in MOVES and line.verb is not Verb.AFTER), None)
    if first is None or first.verb is not Verb.STARTS:
        yield Fault(FILE, None, story.name, "Somebody must start the case first: “headteacher starts: {…}”.")


def _known(line: Line, cast: Cast) -> None:
    """Raise StoryFailed for the first name of a line that this procedure does not have."""
    words = line.words
    if "role" in words:
        cast.role(words["role"])
    if "step" in words:
        (cast.block if line.verb in (Verb.FINDS, Verb.ANSWERED) else cast.step)(words["step"])
    if "message" in words:
        cast.message(words["message"])
    if "word" in words:
        cast.word(words["word"])
    if line.verb is Verb.ENDS:
        cast.end(line.value)
    if line.verb in (Verb.PASSES, Verb.PASSES_NOT):
        cast.anything(line.value)
    if line.verb in (Verb.STARTS, Verb.DOES):
        _asked(line, cast)


def _asked(line: Line, cast: Cast) -> None:
    form = cast.form(line)
    unknown = sorted(set(line.value) - set(form.keys if form else ()))
    if unknown:
        raise StoryFailed(f"nothing asks for “{unknown[0]}” there. It asks for {', '.join(form.keys if form else ())}.")


def _untold(stories: Sequence[Story], cast: Cast) -> Iterator[Fault]:
    """Ends of the whole procedure that no story speaks of."""
    named = {line.value for story in stories for line in story.lines if line.verb in (Verb.ENDS, Verb.PASSES)}
    spoken = {name.casefold() for name in named}
    for end in cast.ends:
        if end.id not in named and end.name.casefold() not in spoken:
            yield Fault(FILE, end.id, end.name or None, f"No story ends at “{end.name or end.id}”. Tell one that does.")


def all_faults(package: Package, roles: Mapping[str, Role]) -> list[Fault]:
    """Every fault of a package's stories, told and untold. The rest of the package must be without faults."""
    try:
        drawn, stories = Drawn(package), read(package.stories)
    except BadFile as error:
        return [Fault(FILE, None, None, error.sentence)]
    return faults(stories, drawn, roles) or [fault for story in stories for fault in _failing(story, drawn, roles)]


def _failing(story: Story, drawn: Drawn, roles: Mapping[str, Role]) -> Iterator[Fault]:
    try:
        tell(story, drawn, roles)
    except StoryFailed as failed:
        yield Fault(FILE, None, story.name, failed.sentence)
