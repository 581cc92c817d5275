"""Both procedures, from their first step to every one of their ends, through the pages that people use."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from engine.bpmn.definition import Definition
from engine.commands.procedures import package_of
from engine.model.calendar import LONDON
from engine.model.casework import Case, CaseStatus
from engine.stories import tell as stories
from engine.stories.cast import Cast
from engine.stories.lines import Story, Verb
from tests.browser.hands import TITLE, ByClick, ByPost
from tests.browser.served import make_demo, serving
from tests.browser.surfer import Surfer
from tests.browser.teller import Teller
from tests.browser.visitor import sign_in, watched
from web.context.library import SHIPPED, files_of, shipped_procedures, shipped_roles

pytestmark = pytest.mark.slow

BEGINS = datetime(2026, 11, 2, 9, 0, tzinfo=LONDON)  # when every story begins: a Monday in term
DIRECTOR = "Nadia Karim"  # she may read every case of both procedures


def written(key: str) -> dict[str, Story]:
    """The stories of a procedure, by name."""
    return {story.name: story for story in stories.read((SHIPPED / key / "stories.yaml").read_bytes())}


def end_of(story: Story) -> str | None:
    """The id of the end a story reaches; None for one that goes part of the way."""
    return next((line.value for line in story.lines if line.verb is Verb.ENDS), None)


STORIES = {path.stem: written(path.stem) for path in shipped_procedures()}
ON_THE_WAY = {
    "diagnosis": "a head who has not answered is offered help, and reminded, and their line is told",
    "estates_defect": "danger warns health and safety, and the helpdesk when nobody is there in half an hour",
}  # ends that a case passes at, and goes on
MAIN = {
    "diagnosis": "improvement is needed, so goals come next",
    "estates_defect": "whoever reported it says that it is fixed",
}
ENDING = [(key, story) for key, told in STORIES.items() for story in told.values() if end_of(story)]


@cache
def cast(key: str) -> Cast:
    drawn = Definition(package_of(files_of([SHIPPED / f"{key}.bpmn"])))
    return Cast(drawn, {role.key: role for role in shipped_roles()})


@dataclass
class Library:
    """Trusts in which a story has been told, kept so that others that begin like it go on from there."""

    folder: Path
    kept: dict[str, tuple[Path, datetime]] = field(default_factory=dict)

    def tell(self, key: str, story: Story) -> tuple[Case, str]:
        """The case at the end of the story, and what its page says."""
        like = self._beginning(key, story)
        before, at = self.kept[like]
        folder = self.folder / f"told-{len(self.kept)}"
        with serving(before, folder, at) as served:
            teller = Teller(served, ByPost(served), key, story)
            case = teller.tell(story.lines[story.shared if like else 0 :])
            surfer = Surfer(served)
            surfer.be(DIRECTOR)
            words = surfer.get(f"/cases/{case.ref}").words
            self.kept[f"{key} {story.name}"] = folder, served.clock.now
        return case, words

    def _beginning(self, key: str, story: Story) -> str:
        """Under which name the trust is kept that this story goes on in."""
        if story.like is None:
            return ""
        if f"{key} {story.like}" not in self.kept:
            self.tell(key, STORIES[key][story.like])
        return f"{key} {story.like}"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Begun with the demo's people and procedures, on the morning of every story, before anybody started a case."""
    folder = tmp_path_factory.mktemp("told")
    (folder / "morning").mkdir()
    make_demo(folder / "morning", BEGINS, ())
    return Library(folder, {"": (folder / "morning", BEGINS)})


@pytest.mark.parametrize(("key", "story"), ENDING, ids=[f"{key}: {story.name}" for key, story in ENDING])
def test_a_story_told_through_the_pages_comes_to_its_end(key: str, story: Story, library: Library) -> None:
    case, words = library.tell(key, story)

    assert (case.status, case.end) == (CaseStatus.ENDED, end_of(story))
    assert "It ended " in words
    assert cast(key).end(case.end or "").name in words


@pytest.mark.parametrize("key", STORIES)
def test_a_case_that_passes_an_end_goes_on(key: str, library: Library) -> None:
    case, words = library.tell(key, STORIES[key][ON_THE_WAY[key]])

    assert case.status is CaseStatus.OPEN
    assert "It ended " not in words


@pytest.mark.parametrize(("key", "name"), MAIN.items())
def test_the_main_way_is_clicked_and_typed_through(key: str, name: str, library: Library, browser: Browser) -> None:
    story = STORIES[key][name]
    before, at = library.kept[""]

    with serving(before, library.folder / f"clicked-{key}", at) as served, watched(browser, served, 1280) as page:
        case = Teller(served, ByClick(page), key, story).tell(story.lines)
        sign_in(page, DIRECTOR)
        page.goto("/cases")
        page.get_by_role("link", name=TITLE).click()

        assert case.end == end_of(story)
        assert cast(key).end(case.end or "").name in page.inner_text("main")


@pytest.mark.parametrize("key", STORIES)
def test_every_end_of_a_procedure_has_a_story_that_is_told_here(key: str) -> None:
    passed = {line.value for line in STORIES[key][ON_THE_WAY[key]].lines if line.verb is Verb.PASSES}
    reached = {end_of(story) for told, story in ENDING if told == key} | passed

    assert {end.id for end in cast(key).ends} == reached
