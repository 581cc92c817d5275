"""Tell the stories of a procedure: each is one case from start to end, and publishing needs every one to come true.

Pure: the clock is the story's own. processes/README.md says how stories are written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.bpmn.definition import Definition
from engine.bpmn.package import Package
from engine.errors import BadFile
from engine.model.calendar import Calendar
from engine.model.fault import Fault
from engine.model.people import Role
from engine.model.reminders import DEFAULT, HouseTable
from engine.model.wording import MOST_LISTED, in_a_row, quoted
from engine.stories.case import Chased, Effort
from engine.stories.cast import Cast, StoriesTooLong, StoryFailed
from engine.stories.expectations import LOOKS, StoryProgress
from engine.stories.happenings import MOVES, bare, begin, waiting_for
from engine.stories.lines import BEGINS, PREPARES, Story, StoryLine, Verb, read

__all__ = ["Story", "StoryFailed", "StoryOutcome", "all_faults", "faults", "read", "tell", "tell_all"]

FILE = "stories.yaml"
NONE_YET = (
    "There is no story yet. Write one for each way this procedure can end, or begin with those that Headway makes."
)
UNTOLD = "No story ends at "


@dataclass(frozen=True)
class StoryOutcome:
    """How a story came out."""

    at: datetime  # where its clock stands, aware
    ended_at: str | None  # the id of the end the case reached
    passed: frozenset[str]  # ids of every step, event and arrow it went through
    chased: tuple[Chased, ...]  # whom the house reminded, in order


def tell(
    story: Story,
    definition: Definition,
    roles: Mapping[str, Role],
    table: HouseTable = DEFAULT,
    calendar: Calendar | None = None,
) -> StoryOutcome:
    """Run a story. Raises StoryFailed with a sentence saying which line, what was expected and what was so.

    calendar: the school's; without one every weekday is a school day.
    """
    telling = StoryProgress(begin(story, Cast(definition, roles), table, calendar or Calendar(), Effort()))
    return _tell_on(telling, story.lines)


def tell_all(
    stories: Sequence[Story], definition: Definition, roles: Mapping[str, Role]
) -> dict[str, StoryOutcome | StoryFailed]:
    """Run every story, by name. What several begin with is run once, and each goes on from there.

    Once they take too long together the rest is not told: the last one says so.
    """
    effort = Effort()
    begun: dict[str, StoryProgress] = {}
    found: dict[str, StoryOutcome | StoryFailed] = {}
    for story in stories:
        try:
            telling, lines = _from_where(story, begun, Cast(definition, roles), effort)
            found[story.name] = _tell_on(telling, lines)
            begun[story.name] = telling
        except StoryFailed as failed:
            found[story.name] = failed
            if isinstance(failed.__cause__, StoriesTooLong):
                break
    return found


def _from_where(
    story: Story, begun: Mapping[str, StoryProgress], cast: Cast, effort: Effort
) -> tuple[StoryProgress, Sequence[StoryLine]]:
    """The case a story takes up, and its lines from there on. One that prepares its own world begins at the start."""
    own = story.lines[story.shared :]
    earlier = begun.get(story.like or "")
    if earlier and not any(line.verb in PREPARES for line in own):
        return earlier.fork(), own
    return StoryProgress(begin(story, cast, DEFAULT, Calendar(), effort)), story.lines


def _tell_on(telling: StoryProgress, lines: Sequence[StoryLine]) -> StoryOutcome:
    for line in lines:
        try:
            _carry_out(telling, line)
        except StoryFailed as failed:
            raise StoryFailed(_at(line, failed)) from failed
    case = telling.case
    ended_at = case.rest.ended_at if case.rest else None
    return StoryOutcome(case.now, ended_at, frozenset(case.passed), tuple(case.chased))


def _at(line: StoryLine, failed: StoryFailed) -> str:
    return f"Line {line.number}, {quoted(line.text, 120)}: {failed.sentence.removesuffix('.')}."


def _carry_out(telling: StoryProgress, line: StoryLine) -> None:
    move, look = MOVES.get(line.verb), LOOKS.get(line.verb)
    if move:
        move(telling.case, line)
    elif look:
        look(telling, line)


def faults(stories: Sequence[Story], definition: Definition, roles: Mapping[str, Role]) -> list[Fault]:
    """Every fault seen without telling: names nobody knows, answers nothing asks for, ends without a story."""
    if not stories:
        return [Fault(FILE, None, None, NONE_YET)]
    cast = Cast(definition, roles)
    found = [fault for story in stories for fault in _of_story(story, cast)]
    return [*found, *_untold(stories, cast)]


def _of_story(story: Story, cast: Cast) -> Iterator[Fault]:
    for line in story.lines:
        try:
            _known(line, cast)
        except StoryFailed as failed:
            yield Fault(FILE, None, story.name, _at(line, failed))
    first = next((line for line in story.lines if line.verb in MOVES and line.verb is not Verb.AFTER), None)
    if first is None or first.verb not in BEGINS:
        yield Fault(FILE, None, story.name, "Somebody must start the case first: “headteacher starts: {…}”.")


def _known(line: StoryLine, cast: Cast) -> None:
    """Raise StoryFailed for the first name of a line that this procedure does not have."""
    words = line.words
    if "role" in words:
        cast.role(words["role"])
    if "step" in words:
        (cast.block if line.verb in (Verb.FINDS, Verb.ANSWERED) else cast.step)(words["step"])
    if "message" in words:
        cast.told(line)
    if "word" in words:
        cast.word(words["word"])
    if line.verb is Verb.ENDS:
        cast.end(line.value)
    if line.verb in (Verb.PASSES, Verb.PASSES_NOT):
        cast.anything(line.value)
    if more := _MORE.get(line.verb):
        more(line, cast)


def _asked(line: StoryLine, cast: Cast) -> None:
    form = cast.form(line)
    unknown = sorted(set(line.value) - set(form.keys if form else ()))
    if unknown:
        asked = form.keys if form else ("nothing",)
        raise StoryFailed(
            f"nothing asks for {quoted(unknown[0])} there. It asks for {in_a_row(asked, most=MOST_LISTED)}."
        )


_MORE: Mapping[Verb, Callable[[StoryLine, Cast], object]] = {
    Verb.STARTS: _asked,
    Verb.DOES: _asked,
    Verb.PROCEDURE_ENDS: lambda line, cast: waiting_for(cast, bare(line.words["procedure"])),
}


def _untold(stories: Sequence[Story], cast: Cast) -> Iterator[Fault]:
    """Ends of the whole procedure that no story speaks of."""
    named = {_end_of(line, cast) for story in stories for line in story.lines}
    for end in cast.ends:
        if end.id not in named:
            yield Fault(FILE, end.id, end.name or None, f"{UNTOLD}{quoted(end.name or end.id)}. Tell one that does.")


def _end_of(line: StoryLine, cast: Cast) -> str | None:
    """The id of the end that a line says the case comes to; None when it speaks of something else."""
    if line.verb not in (Verb.ENDS, Verb.PASSES):
        return None
    try:
        return cast.end(line.value).id
    except StoryFailed:
        return None


def ends_at(story: Story, cast: Cast) -> str:
    """What the end is called that a story comes to; empty when it names none."""
    ends = [found for line in story.lines if line.verb is Verb.ENDS and (found := _end_of(line, cast))]
    return cast.title(ends[-1]) if ends else ""


def in_names(line: StoryLine, cast: Cast) -> str:
    """A line as people read it: steps, ends and roles by what they are called, whatever the story wrote."""
    text, value = f" {line.text} ", line.value
    for key, called in (("step", cast.called), ("role", cast.label_of)):
        if word := line.words.get(key):
            text = text.replace(f" {word} ", f" {called(word)} ", 1)
    text = text.strip()
    if line.verb in (Verb.ENDS, Verb.PASSES, Verb.PASSES_NOT):
        value = cast.called(line.value)
    return f"{text}: {value}" if isinstance(value, str) else text


def untold(fault: Fault) -> bool:
    """Whether a fault is that there is no story, or none for an end."""
    return fault.sentence == NONE_YET or fault.sentence.startswith(UNTOLD)


def all_faults(package: Package, roles: Mapping[str, Role]) -> list[Fault]:
    """Every fault of a package's stories, told and untold. The rest of the package must be without faults."""
    try:
        return definition_faults(Definition(package), roles)
    except BadFile as error:
        return [Fault(FILE, None, None, error.sentence)]


def definition_faults(definition: Definition, roles: Mapping[str, Role]) -> list[Fault]:
    """The same of a package that is read already."""
    try:
        stories = read(definition.package.stories)
    except BadFile as error:
        return [Fault(FILE, None, None, error.sentence)]
    found = faults(stories, definition, roles)
    if found:
        return found
    told = tell_all(stories, definition, roles)
    return [Fault(FILE, None, name, came.sentence) for name, came in told.items() if isinstance(came, StoryFailed)]
