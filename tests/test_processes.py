"""Every procedure of the library: without a fault, every story told, every end and step reached, every form used.

The subjects are found by glob, so a new procedure brings its own tests.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.bpmn.check import package_faults
from engine.bpmn.definition import Definition
from engine.bpmn.diagram.elements import Kind
from engine.bpmn.package import Package
from engine.model.people import Role
from engine.readers.roles import read_roles
from engine.stories import tell
from engine.stories.lines import Verb

LIBRARY = Path(__file__).parent.parent / "processes"
KEYS = sorted(path.stem for path in LIBRARY.glob("*.bpmn"))
FORMS = sorted(LIBRARY.glob("*/forms/*.form"))
# Words of BPMN, of programming and of other trades that nobody should meet on a screen.
FORBIDDEN = re.compile(
    r"\b(token|gateway|instance|workflow|process model|tenant|user task|node|null|boolean)s?\b", re.I
)
# What would make a form ask about one pupil.
ABOUT_A_PUPIL = re.compile(
    r"\b(pupil|child|student)(?:'|\u2019)s\b|\bname of the (pupil|child|student)\b"
    r"|\bwhich (pupil|child|student)\b|\bupn\b|\bdate of birth\b",
    re.I,
)


@cache
def roles() -> dict[str, Role]:
    return read_roles((LIBRARY / "roles.yaml").read_bytes())


@cache
def package(key: str) -> Package:
    """A procedure with the forms and decisions its diagram names."""
    bpmn = (LIBRARY / f"{key}.bpmn").read_bytes()
    text = bpmn.decode()
    forms = sorted(set(re.findall(r'camunda:formRef="([^"]+)"', text)))
    decisions = sorted(set(re.findall(r'camunda:decisionRef="([^"]+)"', text)))
    return Package(
        bpmn,
        {name: (LIBRARY / key / "forms" / f"{name}.form").read_bytes() for name in forms},
        {name: (LIBRARY / key / "decisions" / f"{name}.dmn").read_bytes() for name in decisions},
        (LIBRARY / key / "stories.yaml").read_bytes(),
    )


@cache
def drawn(key: str) -> Definition:
    return Definition(package(key))


@cache
def stories_of(key: str) -> dict[str, tell.Story]:
    return {story.name: story for story in tell.read((LIBRARY / key / "stories.yaml").read_bytes())}


@cache
def told(key: str) -> dict[str, tell.StoryOutcome | tell.StoryFailed]:
    """Every story as it came out."""
    return tell.tell_all(list(stories_of(key).values()), drawn(key), roles())


def passed_in_stories(key: str) -> frozenset[str]:
    """Every step, event and arrow that some story of a procedure goes through."""
    return frozenset[str]().union(*(came.passed for came in told(key).values() if isinstance(came, tell.StoryOutcome)))


def every_story() -> list[Any]:
    return [pytest.param(key, name, id=f"{key}: {name}") for key in KEYS for name in stories_of(key)]


def texts_of(part: Any) -> Iterator[str]:
    """What people read on a form: labels, hints, texts and options."""
    if isinstance(part, dict):
        for name, value in part.items():
            if isinstance(value, str) and name in ("label", "dateLabel", "timeLabel", "description", "text"):
                yield value
            yield from texts_of(value)
    elif isinstance(part, list):
        for item in part:
            yield from texts_of(item)


def test_there_are_procedures_to_test() -> None:
    assert {"diagnosis", "estates_defect"} <= set(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_a_procedure_is_without_faults(key: str) -> None:
    assert package_faults.faults(package(key), roles(), KEYS) == []


@pytest.mark.parametrize("key", KEYS)
def test_a_procedure_could_be_published_by_a_trust_that_runs_no_other(key: str) -> None:
    assert package_faults.faults(package(key), roles(), ()) == []


@pytest.mark.parametrize("key", KEYS)
def test_the_stories_speak_of_what_is_there_and_of_every_end(key: str) -> None:
    assert tell.faults(list(stories_of(key).values()), drawn(key), roles()) == []


@pytest.mark.parametrize(("key", "name"), every_story())
def test_a_story_comes_true(key: str, name: str) -> None:
    came = told(key)[name]

    assert isinstance(came, tell.StoryOutcome), came


@pytest.mark.parametrize("key", KEYS)
def test_stories_are_read_alike_by_stricter_readers_of_yaml(key: str) -> None:
    """Editors and other tools use them; a question mark before a bracket, for one, needs quotes there."""
    read = yaml.safe_load((LIBRARY / key / "stories.yaml").read_text("utf-8"))

    assert list(read) == list(stories_of(key))


@pytest.mark.parametrize("key", KEYS)
def test_every_step_and_every_end_is_reached_by_a_story(key: str) -> None:
    assert sorted(drawn(key).diagram.elements.keys() - passed_in_stories(key)) == []


@pytest.mark.parametrize("key", KEYS)
def test_every_arrow_out_of_a_choice_is_taken_by_a_story(key: str) -> None:
    passed, diagram = passed_in_stories(key), drawn(key).diagram
    choices = {element.id for element in diagram.elements.values() if element.kind is Kind.EXCLUSIVE}

    assert sorted(flow.id for flow in diagram.flows if flow.source in choices and flow.id not in passed) == []


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_is_asked_by_a_step(path: Path) -> None:
    asked = {element.form for key in KEYS for element in drawn(key).diagram.elements.values()}

    assert path.stem in asked


@pytest.mark.parametrize("path", sorted(LIBRARY.glob("*/decisions/*.dmn")), ids=lambda path: path.stem)
def test_a_decision_is_looked_up_by_a_step(path: Path) -> None:
    looked_up = {element.decision for key in KEYS for element in drawn(key).diagram.elements.values()}

    assert path.stem in looked_up


@pytest.mark.parametrize("key", KEYS)
def test_no_word_of_a_diagram_is_one_that_only_programmers_use(key: str) -> None:
    diagram = drawn(key).diagram
    said = [diagram.title, diagram.guidance, *(flow.name for flow in diagram.flows)]
    for element in diagram.elements.values():
        said += [element.name, element.guidance]
        said += [text for name, text in element.parameters.items() if name in ("title", "subject", "text")]

    assert [text for text in said if FORBIDDEN.search(text)] == []


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_is_plain_and_asks_about_no_single_pupil(path: Path) -> None:
    said = list(texts_of(json.loads(path.read_bytes())))

    assert [text for text in said if FORBIDDEN.search(re.sub(r"\{\{.*?\}\}", "", text))] == []
    assert [text for text in said if ABOUT_A_PUPIL.search(text)] == []


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_that_takes_long_texts_begins_with_where_a_worry_belongs(path: Path) -> None:
    parts = json.loads(path.read_bytes())["components"]
    asks_at_length = any(part["type"] == "textarea" for part in parts)
    opening = parts[0].get("text", "")

    assert not asks_at_length or ("Do not name pupils" in opening and "safeguarding lead" in opening)


def lines_of_the_readme() -> list[str]:
    """Every line of a story that README.md shows: first columns of its tables, and its example."""
    text = (LIBRARY / "README.md").read_text("utf-8").partition("## Tell a story")[2]
    return re.findall(r"^\| `([^`]+)` \|", text, re.M) + re.findall(r"^  - (.+)$", text, re.M)


def test_the_readme_shows_every_line_a_story_can_say_as_it_is_written() -> None:
    shown = lines_of_the_readme()
    written = "another story:\n  - headteacher starts\n"
    for number, line in enumerate(shown):
        written += f"story {number}:\n  - {line.replace('{…}', '{a: b}').replace('…', 'b')}\n"

    verbs = {line.verb for story in tell.read(written.encode()) for line in story.lines}

    assert verbs | {Verb.LIKE} == set(Verb)  # the line it begins like is replaced by what it stands for
    assert any(line.startswith("it begins like") for line in shown)
