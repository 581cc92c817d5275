"""Stories as written: what happens to one case, line by line, in the order it happens. Read, not yet understood."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from engine.errors import BadFile
from engine.model.wording import quoted
from engine.readers.yaml import MAX_BYTES, Items, Node, Pairs, YamlText, plain, read_yaml
from engine.stories.quoting import hide, show, unquoted, written_for_yaml

WHAT = "This file of stories"
MOST_STORIES = 200
MOST_LINES = 200  # of one story
LONGEST_LINE = 500  # characters, without its value


class Verb(StrEnum):
    """What a line says. The first six prepare the story, the next six move the case on, the others look at it."""

    LIKE = "it begins like"
    DAY = "the day is"
    CLOSED = "the school is closed on"
    KNOWN = "it begins knowing"
    FINDS = "finds"
    ANSWERED = "is answered"
    PROCEDURE_ENDS = "the procedure ends"

    STARTS = "starts"
    CLOCK_STARTS = "the clock starts it"
    DOES = "does"
    AFTER = "after"
    CLOCK = "the clock reaches"
    MESSAGE = "arrives"
    SIGNAL = "comes"

    WAITS = "the case waits for"
    WAITS_NOT = "the case does not wait for"
    DUE = "is due"
    REMINDER = "a reminder goes to"
    ESCALATION = "an escalation goes to"
    TELLS = "the case tells"
    SENDS = "the case sends"
    ACTION = "an action for"
    RECORD = "is kept"
    PROCEDURE = "the procedure starts"
    SAID = "is said"
    ANSWER = "the answer is"
    COUNT = "the answer has"
    PASSES = "it passes"
    PASSES_NOT = "it does not pass"
    PROMISE = "the promise is kept"
    ENDS = "the case ends at"


PREPARES = frozenset({Verb.DAY, Verb.CLOSED, Verb.KNOWN, Verb.FINDS, Verb.ANSWERED, Verb.PROCEDURE_ENDS})


BEGINS = frozenset({Verb.STARTS, Verb.CLOCK_STARTS, Verb.MESSAGE, Verb.SIGNAL})


class Value(StrEnum):
    """What may stand after a line's colon."""

    NOTHING = "nothing"
    TEXT = "one text"
    TEXTS = "a list of texts"
    ANSWERS = "names with values, or nothing"
    TEXT_OR_NOTHING = "one text, or nothing"
    ANY = "an answer"


@dataclass(frozen=True)
class StoryLine:
    """One line of a story. `words`: the names it speaks of, such as role and step; `value`: what stands after it."""

    number: int  # in the file, counted from 1
    text: str  # as written, without its value
    verb: Verb
    words: Mapping[str, str] = field(default_factory=dict)
    value: Any = None


@dataclass(frozen=True)
class Story:
    """What happens to one case."""

    name: str
    number: int  # of its first line in the file
    lines: tuple[StoryLine, ...]
    like: str | None = None  # the story it begins like
    shared: int = 0  # how many of its lines, the first ones, are that story's


_ITEM = r"(?: for (?P<item>\d{1,3}))?"
_ABOUT = r"(?: about (?P<step>.+))?"
# How each line is written. The first that fits counts, so what is written out in full comes first.
_WRITTEN: tuple[tuple[Verb, str, Value], ...] = (
    (Verb.LIKE, r"it begins like", Value.TEXT),
    (Verb.DAY, r"the day is", Value.TEXT),
    (Verb.CLOSED, r"the school is closed on", Value.TEXTS),
    (Verb.KNOWN, r"it begins knowing", Value.ANSWERS),
    (Verb.CLOCK_STARTS, r"the clock starts it(?: on (?P<day>.+))?", Value.NOTHING),
    (Verb.AFTER, r"after (?P<time>.+)", Value.NOTHING),
    (Verb.CLOCK, r"the clock reaches", Value.TEXT),
    (Verb.MESSAGE, r"a message (?P<message>.+) arrives", Value.ANSWERS),
    (Verb.SIGNAL, r"(?:a|the) signal (?P<message>.+) comes", Value.NOTHING),
    (Verb.WAITS_NOT, r"the case does not wait for (?P<role>.+?) to (?P<step>.+?)" + _ITEM, Value.NOTHING),
    (Verb.WAITS, r"the case waits for (?P<role>.+?) to (?P<step>.+?)" + _ITEM, Value.NOTHING),
    (Verb.REMINDER, r"a reminder goes to (?P<role>.+?)" + _ABOUT, Value.NOTHING),
    (Verb.ESCALATION, r"an escalation goes to (?P<role>.+?)" + _ABOUT, Value.NOTHING),
    (Verb.SENDS, r"the case sends (?:the (?:message|signal) )?(?P<message>.+)", Value.ANSWERS),
    (Verb.TELLS, r"the case tells (?P<role>.+)", Value.TEXT_OR_NOTHING),
    (Verb.ACTION, r"an action for (?P<role>.+) is raised", Value.TEXT_OR_NOTHING),
    (Verb.RECORD, r"a record (?P<kind>.+) is kept", Value.ANSWERS),
    (Verb.PROCEDURE, r"the procedure (?P<procedure>\S+) starts", Value.NOTHING),
    (
        Verb.PROCEDURE_ENDS,
        r"the procedure (?P<procedure>\S+) ends(?: with the error (?P<error>.+)| at (?P<end>.+))?",
        Value.ANSWERS,
    ),
    (Verb.SAID, r"(?P<word>[a-z_\x00\d]+) is said", Value.NOTHING),
    (Verb.ANSWER, r"the answer (?P<name>[\w\x00]+) is", Value.ANY),
    (Verb.COUNT, r"the answer (?P<name>[\w\x00]+) has", Value.TEXT),
    (Verb.PASSES, r"it passes", Value.TEXT),
    (Verb.PASSES_NOT, r"it does not pass", Value.TEXT),
    (Verb.PROMISE, r"the promise is kept", Value.NOTHING),
    (Verb.ENDS, r"the case ends at", Value.TEXT),
    (Verb.STARTS, r"(?P<role>.+?) starts(?: the case)?(?: at (?P<start>.+?))?", Value.ANSWERS),
    (Verb.DOES, r"(?P<role>.+?) does (?P<step>.+?)" + _ITEM, Value.ANSWERS),
    (Verb.FINDS, r"(?P<step>.+?) finds", Value.TEXTS),
    (Verb.ANSWERED, r"(?P<step>.+?) is answered", Value.ANY),
    (Verb.DUE, r"(?P<step>.+?)" + _ITEM + r" is due", Value.TEXT),
)
_PATTERNS = tuple((verb, re.compile(pattern), value) for verb, pattern, value in _WRITTEN)
_NAMES_AFTER = frozenset({Verb.LIKE, Verb.PASSES, Verb.PASSES_NOT, Verb.ENDS})  # a name stands after the colon
HOW = "Write it like “headteacher does give_account: {agree_signal: yes}”. “How to write stories” lists every kind."


def read(data: bytes) -> list[Story]:
    """The stories in a file, in its order. Raises BadFile with the line and what to write instead."""
    file = read_yaml(_tidied(data), WHAT)
    if isinstance(file, YamlText) and not file.text.strip():
        return []
    if not isinstance(file, Pairs):
        raise BadFile(f"{WHAT} must hold the stories' names, each with its lines beneath it.")
    if len(file.pairs) > MOST_STORIES:
        raise BadFile(f"{WHAT} holds more than {MOST_STORIES} stories. Leave some out.")
    found: dict[str, Story] = {}
    for name, node in file.pairs:
        story = _story(name, node)
        found[story.name] = _with_beginning(story, found)
    return list(found.values())


def _tidied(data: bytes) -> bytes:
    try:
        return written_for_yaml(data.decode("utf-8-sig")).encode() if len(data) <= MAX_BYTES else data
    except UnicodeDecodeError:
        return data  # refused with a sentence where it is read


def _with_beginning(story: Story, earlier: Mapping[str, Story]) -> Story:
    """The story with the lines of the one it begins like in front. Only one told earlier in the file will do."""
    like = [line for line in story.lines if line.verb is Verb.LIKE]
    if not like:
        return story
    begins = earlier.get(like[0].value)
    if begins is None or story.lines[0] is not like[0] or len(like) > 1:
        raise BadFile(
            f"Line {like[0].number}: a story begins like one told above it in this file, and says so in its first line."
        )
    return Story(story.name, story.number, (*begins.lines, *story.lines[1:]), begins.name, len(begins.lines))


def _story(name: YamlText, node: Node) -> Story:
    if not isinstance(node, Items) or not node.items:
        raise BadFile(
            f"Line {name.line}: the story {quoted(name.text)} has no lines. Begin each with a hyphen beneath it."
        )
    if len(node.items) > MOST_LINES:
        raise BadFile(
            f"Line {name.line}: the story {quoted(name.text)} has more than {MOST_LINES} lines. Tell it as two."
        )
    return Story(" ".join(name.text.split()), name.line, tuple(_line(item) for item in node.items))


def _line(node: Node) -> StoryLine:
    said, given = _said(node)
    if len(said.text) > LONGEST_LINE:
        raise BadFile(f"Line {said.line}: a line of a story has at most {LONGEST_LINE} characters before its colon.")
    text = " ".join(said.text.split())
    hidden, names = hide(text)
    for verb, pattern, wanted in _PATTERNS:
        if found := pattern.fullmatch(hidden):
            words = {name: show(word, names) for name, word in found.groupdict().items() if word is not None}
            value = _value(said.line, text, given, wanted)
            return StoryLine(said.line, text, verb, words, unquoted(value) if verb in _NAMES_AFTER else value)
    raise BadFile(f"Line {said.line}: {quoted(text)} is not something a story can say. {HOW}")


def _said(node: Node) -> tuple[YamlText, Node | None]:
    """A line's own text, and what stands after its colon."""
    if isinstance(node, YamlText):
        return node, None
    if isinstance(node, Pairs) and len(node.pairs) == 1:
        return node.pairs[0]
    raise BadFile(f"Line {node.line}: one line of a story says one thing. {HOW}")


def _value(line: int, text: str, given: Node | None, wanted: Value) -> Any:
    value = None if given is None or given == YamlText(given.line, "") else plain(given)
    if not _fits(value, wanted):
        raise BadFile(f"Line {line}: after {quoted(text)} stands {wanted}.")
    return {} if value is None and wanted is Value.ANSWERS else value


def _fits(value: Any, wanted: Value) -> bool:
    if wanted is Value.ANY:
        return True
    if value is None:
        return wanted in (Value.NOTHING, Value.ANSWERS, Value.TEXT_OR_NOTHING)
    if wanted in (Value.TEXT, Value.TEXT_OR_NOTHING):
        return isinstance(value, str)
    if wanted is Value.TEXTS:
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    return wanted is Value.ANSWERS and isinstance(value, dict)
