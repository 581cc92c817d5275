"""Every sample of “How to draw”, uploaded as it is downloaded, published, and run to each of its ends by the pages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote_plus

import pytest
from sqlalchemy import select

from engine.bpmn.definition import Definition
from engine.commands.procedures import package_of
from engine.model.calendar import LONDON
from engine.model.casework import Case, CaseStatus
from engine.stories import tell as stories
from engine.stories.cast import Cast
from engine.stories.lines import Story, StoryLine, Verb
from storage.database import reading_store
from storage.tables import cases
from tests.browser.hands import ByPost
from tests.browser.served import Served, make_demo, serving
from tests.browser.surfer import Answer, Surfer
from tests.browser.teller import Teller
from web.context.library import shipped_roles
from web.pages.procedures.drawing_guide.samples import groups, sample_file

pytestmark = pytest.mark.slow

ROLES = {role.key: role for role in shipped_roles()}
SAMPLES = {sample.element.key: sample for group in groups(ROLES) for sample in group.samples}
BEGINS = datetime(2026, 11, 2, 9, 0, tzinfo=LONDON)  # when every story begins: a Monday in term
DESIGNER = "Priya Nair"
DIRECTOR = "Nadia Karim"  # reads every case, and takes them in hand
SENDERS = {"Site closed": "signal_end", "Site open": "signal_throw", "Report": "message_end", "Survey": "message_throw"}
CALLED = {"call_activity": ("task",)}  # its case is begun by the other one, and done after that
# Of ends that are reached by doing things in another order than stories to begin with try.
WRITTEN = {
    "edge_condition": """
it is watched:
  - Headteacher starts
  - Headteacher does "Watch for a week"
  - it passes: Watched
  - Headteacher does "Say what you found": {urgent: "no", people: 1, rooms: [Hall]}
  - the case ends at: Looked at
""",
    "terminate": """
it is in the hall:
  - Headteacher starts
  - Headteacher does "Look in the hall"
  - the case ends at: Found in the hall
""",
    "loop": """
it is urgent once:
  - Headteacher starts
  - Headteacher does "Say what you found": {urgent: "yes", people: 1, rooms: [Hall]}
  - Headteacher does "Say what you found": {urgent: "no", people: 1, rooms: [Hall]}
  - the case ends at: Done
""",
}


@dataclass
class SampleTeller(Teller):
    """Tells a story of a sample. What comes from elsewhere is sent by a case of another one, or said to have come."""

    @property
    def case(self) -> Case:
        """The sample's only case, as it is."""
        with reading_store(self.served.trust.database) as store:
            version = store.live_version(self.key)
            assert version
            of_it = cases.c.version_id == version.id
            here = cases.c.school_id.is_(None) | (cases.c.school_id == self._school(store).id)
            return store.case(store.connection.execute(select(cases.c.id).where(of_it, here)).scalar_one())

    def tell(self, lines: Sequence[StoryLine]) -> Case:
        """Every line that moves the case. Returns it as it is afterwards."""
        for line in lines:
            self._move(line)
        return self.case

    def _move(self, line: StoryLine) -> None:
        if line.verb in (Verb.MESSAGE, Verb.SIGNAL):
            self._comes(line.words["message"])
        elif line.verb is Verb.CLOCK_STARTS:
            due = self._next_due()
            assert due
            self._pass_to(due)
        else:
            super()._move(line)
        self.served.work()

    def _comes(self, name: str) -> None:
        if name in SENDERS:
            self._send(SENDERS[name])
            return
        surfer, ref = Surfer(self.served), self.case.ref
        surfer.be(DIRECTOR)
        address = next(
            each for each in addresses(surfer.get(f"/cases/{ref}")) if unquote_plus(each).endswith(f"message={name}")
        )
        page = surfer.get(address)
        sent = surfer.post(page.url, {**page.form(page.url), "reason": ["It came by post"]})
        assert surfer.follow(sent).status == 200

    def _send(self, sender: str) -> None:
        """A case of another sample sends it."""
        other = sample_story(self.served, sender)
        key = f"sample_{sender}"
        assert SampleTeller(self.served, self.hands, key, other).tell(other.lines).status is CaseStatus.ENDED


def addresses(page: Answer) -> list[str]:
    """Where a page leads."""
    return [found.replace("&amp;", "&") for found in re.findall(r'href="([^"]+)"', page.html)]


def files_of(key: str) -> dict[str, bytes]:
    """A sample as it is downloaded."""
    return {name: sample_file(name, ROLES) for name in (SAMPLES[key].file, *SAMPLES[key].beside)}


def publish(served: Served, key: str) -> dict[str, Story]:
    """Upload it, take the stories the page offers, add what they lack, and publish. Returns the stories."""
    surfer = Surfer(served)
    surfer.be(DESIGNER)
    files = files_of(key)
    checked = upload(surfer, files)
    offered = next(each for each in addresses(checked) if each.endswith("/stories.yaml"))
    told = surfer.get(offered).html + WRITTEN.get(key, "")
    checked = upload(surfer, {**files, "stories.yaml": told.encode()})
    action = f"{checked.url}/publish"
    done = surfer.follow(surfer.post(action, checked.form(action)))
    assert "Version 1 is published." in done.words, checked.words
    return {story.name: story for story in stories.read(told.encode())}


def upload(surfer: Surfer, files: Mapping[str, bytes]) -> Answer:
    """Choose files on the page, and look at what it says of them."""
    address = "/procedures/upload"
    return surfer.follow(surfer.upload(address, surfer.get(address).form(address), "files", files))


def sample_story(served: Served, key: str) -> Story:
    """The first story of a sample, which is published when it is not yet."""
    return next(iter(publish(served, key).values()))


def ends_of(key: str) -> set[str]:
    drawn = Definition(package_of(files_of(key)))
    return {end.id for end in Cast(drawn, ROLES).ends}


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's people and procedures on the morning of every story, before anybody started a case."""
    folder = tmp_path_factory.mktemp("morning")
    make_demo(folder, BEGINS, ())
    return folder


@pytest.mark.parametrize("key", SAMPLES)
def test_a_sample_runs_to_every_end_through_the_pages(key: str, morning: Path, tmp_path: Path) -> None:
    with serving(morning, tmp_path / "published", BEGINS) as served:
        called = [(other, next(iter(publish(served, other).values()))) for other in CALLED.get(key, ())]
        told = publish(served, key)
        surfer = Surfer(served)
        surfer.be(DIRECTOR)
        shown = surfer.get(f"/procedures/sample_{key}").words
    drawn = Definition(package_of(files_of(key)))
    cast, reached = Cast(drawn, ROLES), set()

    assert all(step.sentence in shown for step in SAMPLES[key].steps)
    for number, story in enumerate(told.values()):
        with serving(tmp_path / "published", tmp_path / f"told-{number}", BEGINS) as served:
            teller = SampleTeller(served, ByPost(served), f"sample_{key}", story)
            teller.tell(story.lines)
            for other, its in called:
                SampleTeller(served, ByPost(served), f"sample_{other}", its).tell(its.lines[1:])
            case = teller.case
            surfer = Surfer(served)
            surfer.be(DIRECTOR)
            page, figures = surfer.get(f"/cases/{case.ref}"), surfer.get(f"/monitoring/sample_{key}")
        passed = {cast.end(line.value).id for line in story.lines if line.verb in (Verb.PASSES, Verb.ENDS)}
        reached |= passed

        assert case.end in passed or not any(line.verb is Verb.ENDS for line in story.lines)
        if case.status is CaseStatus.ENDED:
            assert "It ended " in page.words
            assert cast.end(case.end or "").name in page.words
        assert 'data-diagram="' in page.html
        assert figures.status == 200
        assert SAMPLES[key].name in figures.words
    assert reached == ends_of(key)
