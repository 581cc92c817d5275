"""What a designer begins with, and what tells one version from another."""

from __future__ import annotations

import io
import json
import zipfile

from tests.web.house import House
from tests.web.pages.procedures.test_pages import DIAGRAM, KEY, changed, press_publish, shipped, upload


def test_what_changed_between_any_two_versions_is_told_and_marked_on_the_newer(trust: House) -> None:
    dana = trust.visitor("dana")
    press_publish(dana, upload(dana, shipped()))
    press_publish(dana, upload(dana, changed(DIAGRAM, "Make safe and look", "Make it safe")))
    press_publish(dana, upload(dana, changed(DIAGRAM, "Make safe and look", "See for yourself")))

    shown = dana.open(f"/procedures/{KEY}/3")
    last, first, self_, none = (
        dana.open(f"/procedures/{KEY}/3/changes{since}") for since in ("", "?since=1", "?since=3", "?since=9")
    )
    wrong = dana.open(f"/procedures/{KEY}/1/changes?since=x")

    assert f"/procedures/{KEY}/3/changes" in shown.html
    assert "from “Make it safe” to “See for yourself”." in last.main
    assert "from “Make safe and look” to “See for yourself”." in first.main
    assert first.html.count("hw-drawing__item--changed") == 1
    assert "Nothing differs" in self_.main
    assert (none.status, wrong.status) == (404, 200)
    assert dana.open(f"/procedures/{KEY}/9/changes").status == 404


def test_an_upload_without_stories_is_offered_some_that_let_it_be_published(trust: House) -> None:
    dana = trust.visitor("dana")
    start = dana.open("/procedures/upload")
    kit = zipfile.ZipFile(io.BytesIO(dana.open(start.links("headway-starter.zip")[0]).response.get_data()))
    files = {name.rpartition("/")[2]: kit.read(name) for name in kit.namelist() if ".camunda" not in name}
    told = files.pop("starter.yaml")

    lacking = upload(dana, files)
    address = lacking.links("/stories.yaml")[0]
    stories = dana.open(address).response.get_data()
    whole = press_publish(dana, upload(dana, {**files, "stories.yaml": stories}))
    shipped_stories = upload(dana, {**files, "stories.yaml": told})

    assert "There is no story yet." in lacking.main
    assert b'the case ends at: "Help asked for"' in stories
    assert "My first procedure" in whole.main
    assert "Version 1 is published." in whole.main
    assert "all its 2 stories came true" in shipped_stories.main
    assert ".camunda/element-templates/headway.json" in {name.partition("/")[2] for name in kit.namelist()}
    assert dana.open(start.links("starter.bpmn")[0]).response.get_data() == files["starter.bpmn"]
    assert len(json.loads(dana.open(start.links("headway-blocks.json")[0]).response.get_data())) == 5


def test_stories_are_made_only_where_they_are_all_that_lacks(trust: House) -> None:
    dana = trust.visitor("dana")
    wrong = upload(dana, shipped() | changed(DIAGRAM, 'name="Site team"', 'name="Wizards"') | {f"{KEY}.yaml": b""})
    page = dana.open("/procedures/upload/stories")

    assert wrong.links("/stories.yaml") == []
    assert "Each way it can end needs a story" in page.main
    assert trust.visitor("tom").open("/procedures/upload/stories").status == 403
