"""Stories: read and refused, and checked against their procedure before they are told."""

from __future__ import annotations

import pytest

from engine.bpmn.definition import Definition
from engine.errors import BadFile
from engine.stories import tell
from tests.engine.bpmn.sketch import end, gateway, script, user
from tests.engine.stories.trials import REASON, ROLES, fault, package


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("- headteacher starts", "must hold the stories' names"),
        ("a story:", "Line 1: the story “a story” has no lines"),
        ("a story:\n  - {one: 1, two: 2}", "Line 2: one line of a story says one thing"),
        ("a story:\n  - headteacher dances", "Line 2: “headteacher dances” is not something a story can say"),
        ("a story:\n  - " + "does " * 200, "Line 2: a line of a story has at most 500 characters"),
        ("a story:\n  - the case ends at:", "Line 2: after “the case ends at” stands one text"),
        ("a story:\n  - headteacher does a: [1]", "after “headteacher does a” stands names with values"),
        ("a story:\n  - after 2 school days: 3", "after “after 2 school days” stands nothing"),
        ("a story:\n  - it begins like: another", "Line 2: a story begins like one told above it"),
        ("a story:\n - headteacher starts\na story:\n - headteacher starts", "Line 3: a name stands here twice"),
        ("a story: &it\n  - headteacher starts\nb: *it", "line 1, uses &, * or !"),
        ("a story: !!python/name:os.system\n", "line 1, uses &, * or !"),
        ("a story:\n  - [oh", "cannot be read there"),
        ("[" * 500, "goes too deep"),
        ("a: 1\n---\nb: 2", "begins a second document"),
        ("a: \x07", "signs that no text editor writes"),
        ("a: " + "b" * 300_000, "larger than 200 KB"),
    ],
)
def test_a_file_that_is_no_stories_is_refused_with_where_and_what_to_write(text: str, sentence: str) -> None:
    with pytest.raises(BadFile) as refused:
        tell.read(text.encode())

    assert sentence in refused.value.sentence


def test_a_file_that_is_not_utf_8_is_refused() -> None:
    with pytest.raises(BadFile, match="UTF-8"):
        tell.read(b"a: \xff\xfe")


def test_a_file_of_very_many_parts_is_refused() -> None:
    with pytest.raises(BadFile, match="too many parts"):
        tell.read(b"a: [" + b"b, " * 30_000 + b"]")


def test_yes_and_numbers_stay_what_was_written() -> None:
    (story,) = tell.read(b"a story:\n  - headteacher starts: {sure: yes, count: 007}\n")

    assert story.lines[0].value == {"sure": "yes", "count": "007"}


def test_an_empty_file_holds_no_story() -> None:
    assert tell.read(b"\n# nothing yet\n") == []


def test_a_story_that_begins_like_another_has_its_lines_first() -> None:
    first, second = tell.read(b"one:\n  - headteacher starts\ntwo:\n  - it begins like: one\n  - after 1 day\n")

    assert [line.text for line in second.lines] == ["headteacher starts", "after 1 day"]
    assert first.lines == second.lines[:1]


def test_a_procedure_without_stories_is_told() -> None:
    assert fault("", user("a")) == [tell.NONE_YET]


def test_an_end_no_story_reaches_is_a_fault_on_that_end() -> None:
    steps = (user("a"), gateway("x", default="f_x_e"), end("other", "Given up"))
    flows = "s>a>x>e x>other?=false"
    told = "one:\n  - headteacher starts\n  - headteacher does a\n  - the case ends at: e"

    (found,) = tell.all_faults(package(*steps, flows=flows, told=told), ROLES)

    assert (found.element, found.name) == ("other", "Given up")
    assert found.sentence == "No story ends at “Given up”. Tell one that does."


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("caretaker does a", "“caretaker” is not a role of the trust"),
        ("headteacher does z", "“z” is not a step that somebody does. There are “A”."),
        ("headteacher does a: {colour: red}", "nothing asks for “colour” there. It asks for reason."),
        ("a message gossip arrives", "This procedure waits for no message “gossip”."),
        ("shout is said", "“shout” is not something Headway can be asked to do."),
        ("it passes: nowhere", "“nowhere” is not on the diagram."),
        ("a finds: [Zoe]", "“a” is not a step that asks Headway for something."),
        ("the case ends at: the moon", "“the moon” is not an end of this procedure."),
    ],
)
def test_names_that_a_procedure_does_not_have_are_faults_before_anything_is_told(line: str, sentence: str) -> None:
    told = f"one:\n  - headteacher starts\n  - {line}\n  - it passes: e"

    (found,) = fault(told, user("a", form="r"), r=REASON)

    assert found.startswith("Line 3, “")
    assert sentence in found


def test_a_story_that_nobody_starts_is_a_fault() -> None:
    assert "Somebody must start the case first" in fault("one:\n  - headteacher does a\n  - it passes: e", user("a"))[0]


def test_a_story_that_does_not_come_true_is_a_fault_with_its_name() -> None:
    told = "a drill is held:\n  - headteacher starts\n  - the case ends at: e"

    (found,) = tell.all_faults(package(user("a"), told=told), ROLES)

    assert found.name == "a drill is held"
    assert found.sentence.startswith("Line 3, “the case ends at”: it has not.")


def test_stories_that_cannot_be_read_are_one_fault() -> None:
    assert "cannot be read there" in fault("one: [", user("a"))[0]


def test_a_procedure_whose_stories_come_true_has_no_faults() -> None:
    told = "one:\n  - headteacher starts\n  - headteacher does a\n  - the case ends at: e"

    assert fault(told, user("a")) == []


def test_a_procedure_that_goes_wrong_fails_its_story_and_nothing_else() -> None:
    steps = (script("p", "=1 + nobody_here", "sum"), user("a"))
    told = "one:\n  - headteacher starts\n  - it passes: e"

    (found,) = fault(told, *steps, flows="s>p>a>e")

    assert "the case could not go on" in found


def test_stories_that_begin_alike_each_come_out_as_when_told_alone() -> None:
    told = """
begun:
  - headteacher starts
  - after 1 school day
  - a reminder goes to headteacher
left:
  - it begins like: begun
  - headteacher does a
  - headteacher does b
  - the case ends at: e
still at it:
  - it begins like: begun
  - the case waits for headteacher to a
  - after 2 school days
  - a reminder goes to headteacher
on another day:
  - it begins like: begun
  - the school is closed on: [2026-11-03]
  - a is due: 2026-11-06
on a wrong day:
  - it begins like: begun
  - a is due: soon
from there on:
  - it begins like: on a wrong day
  - headteacher does a
"""
    read = package(user("a"), user("b"), flows="s>a>b>e", told=told)
    file, drawn = tell.read(read.stories), Definition(read)

    together = tell.tell_all(file, drawn, ROLES)

    for story in file:
        try:
            alone: tell.StoryOutcome | str = tell.tell(story, drawn, ROLES)
        except tell.StoryFailed as failed:
            alone = failed.sentence
        came = together[story.name]
        assert (came.sentence if isinstance(came, tell.StoryFailed) else came) == alone
    assert {name for name, came in together.items() if isinstance(came, tell.StoryOutcome)} == {
        "begun",
        "left",
        "still at it",
        "on another day",
    }
