"""Two ways of filling in the forms of the pages: by sending what stands on them, and by clicking and typing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from playwright.sync_api import FilePayload, Page

from engine.forms.drawn.model import Form
from engine.model.casework import Task
from engine.model.people import School
from engine.stories.lines import StoryLine
from tests.browser.served import Served
from tests.browser.surfer import PDF, Surfer
from tests.browser.teller import typed_over
from tests.browser.visitor import sign_in

TITLE = "Told by a story"
# The ways to start that a page asks to choose from: (value, label).
WAY = re.compile(r'name="way" type="radio" value="(\w+)".*?<label[^>]*>(.*?)</label>', re.DOTALL)
ROW = re.compile(r"(?P<list>.+)\[\d+\]")


@dataclass
class ByPost:
    """People whose browsers show nothing and send the forms of the pages as they stand, with answers typed over."""

    served: Served
    _known: dict[str, Surfer] = field(default_factory=dict)
    _since: datetime | None = None

    def start(self, name: str, key: str, school: School, form: Form | None, line: StoryLine) -> None:
        """Start a procedure."""
        surfer, address = self._surfer(name), f"/start/{key}"
        page = surfer.get(f"{address}?school={school.id}")
        if (way := WAY.findall(page.html)) and not page.has_form(address):
            called = line.words.get("start", way[0][1]).strip('“”"')
            chosen = next(id for id, label in way if called in (id, " ".join(label.split())))
            page = surfer.get(f"{address}?school={school.id}&way={chosen}")
        typed = typed_over(page.form(address), form, line, {})
        sent = surfer.post(address, {**typed.fields, "title": [TITLE]})
        assert surfer.follow(sent).status == 200

    def complete(self, name: str, task: Task, form: Form | None, line: StoryLine, people: Mapping[str, str]) -> None:
        """Do a task."""
        surfer, address = self._surfer(name), f"/tasks/{task.id}"
        typed = typed_over(surfer.get(address).form(address), form, line, people)
        files = [(question, file) for question, names in typed.files.items() for file in names]
        sent = surfer.post(address, {**typed.fields, "complete": ["yes"]}, files)
        assert "Done: " in surfer.follow(sent).words

    def _surfer(self, name: str) -> Surfer:
        """Signed in, since the clock last moved: sessions run out."""
        if self._since != self.served.clock.now:
            self._known, self._since = {}, self.served.clock.now
        if name not in self._known:
            self._known[name] = Surfer(self.served)
            self._known[name].be(name)
        return self._known[name]


@dataclass
class ByClick:
    """People who click and type in Chromium, one after the other at the same browser."""

    page: Page

    def start(self, name: str, key: str, school: School, form: Form | None, line: StoryLine) -> None:
        """Start a procedure."""
        sign_in(self.page, name)
        self.page.goto(f"/start/{key}?school={school.id}")
        self._fill(form, line, {})
        self.page.fill("input[name='title']", TITLE)
        self.page.get_by_role("button", name="Start", exact=True).click()
        self.page.wait_for_url(re.compile("/(cases|tasks)"))

    def complete(self, name: str, task: Task, form: Form | None, line: StoryLine, people: Mapping[str, str]) -> None:
        """Do a task that stands in the list of tasks."""
        sign_in(self.page, name)
        self.page.click(f"a[href='/tasks/{task.id}']")
        self._fill(form, line, people)
        self.page.click("button[name='complete']")
        self.page.wait_for_url("**/tasks?done=*")

    def _fill(self, form: Form | None, line: StoryLine, people: Mapping[str, str]) -> None:
        typed = typed_over({}, form, line, people)
        for name, values in typed.fields.items():
            row = ROW.fullmatch(name)
            if row:
                self._row(row["list"], name)
            else:
                self._answer(name, values)
        for question, names in typed.files.items():
            files: list[FilePayload] = [{"name": each, "mimeType": "application/pdf", "buffer": PDF} for each in names]
            self.page.set_input_files(f"input[name='{question}']", files)

    def _row(self, listing: str, name: str) -> None:
        """One more row, unless it stands there already."""
        if not self.page.locator(f"[name='{name}']").count():
            self.page.click(f"button[name='add:{listing}']")
            self.page.locator(f"[name='{name}']").wait_for(state="attached")

    def _answer(self, name: str, values: list[str]) -> None:
        box = self.page.locator(f"[name='{name}']:not([type='hidden'])")
        box.first.wait_for()
        looks = box.first.evaluate("each => each.type")
        if looks in {"radio", "checkbox"}:
            for value in values:
                self.page.check(f"[name='{name}'][value='{value}']:not([type='hidden'])")
        elif looks.startswith("select"):
            box.select_option(values)
        else:
            box.fill(values[0])
            box.blur()
