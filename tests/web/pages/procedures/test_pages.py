"""The library, one version, and a designer's way from files to a published version."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from engine.model.casework import Version
from storage.database import counting, reading, transaction
from storage.files.uploads import read_upload
from tests.web.house import House, Page, Visitor
from tests.web.published import publish, watched
from web.context.library import SHIPPED, files_of

KEY = "estates_defect"
DIAGRAM = f"{KEY}.bpmn"


def shipped() -> dict[str, bytes]:
    """The files of the shipped procedure, named as its designer has them."""
    return files_of([SHIPPED / DIAGRAM])


def changed(name: str, before: str, after: str) -> dict[str, bytes]:
    """One shipped file with a text in it replaced, everywhere."""
    text = shipped()[name].decode()
    assert before in text
    return {name: text.replace(before, after).encode()}


def upload(visitor: Visitor, files: Mapping[str, bytes], key: str = "") -> Page:
    given = [(io.BytesIO(data), name) for name, data in files.items()]
    return visitor.send("/procedures/upload", {"files": given, "key": key})


def press_publish(visitor: Visitor, page: Page) -> Page:
    action = re.search(r'action="(/procedures/uploads/[0-9a-f]+/publish)"', page.html)
    assert action, page.main
    return visitor.send(action[1], {"against": page.values("against")[0]})


def live(house: House, key: str = KEY) -> Version | None:
    with transaction(house.database) as store:
        return store.live_version(key)


def test_the_library_tells_what_each_procedure_is_for_and_how_many_cases_run(house: House) -> None:
    publish(house, watched())
    house.start("watched")
    house.start("watched", "beacon")

    priya = house.visitor("priya").open("/procedures")
    ruth = house.visitor("ruth").open("/procedures")

    assert "A trial Version 1, published today. Promised within 20 school days. 2 cases running" in priya.main
    assert "Upload a procedure" in priya.main
    assert "1 case running" in ruth.main
    assert "Upload" not in ruth.main


def test_a_version_shows_its_diagram_its_steps_in_words_and_its_files(trust: House) -> None:
    dana = trust.visitor("dana")
    press_publish(dana, upload(dana, shipped()))

    found = trust.visitor("ruth").open(f"/procedures/{KEY}")

    assert "Live New cases follow this version." in found.main
    assert "Promised within 30 school days" in found.main
    assert "4. Make safe and look Site team: Make safe and look. Due: 4 hours" in found.main
    assert 'data-element="' in found.html
    assert "How it decides" in found.main
    assert "Each was played from start to end before this version was published" in found.main
    assert f"/procedures/{KEY}/1/files/procedure.bpmn" in found.links("files/")
    assert not found.links("withdraw")
    assert not found.links("upload")


def test_files_come_back_as_they_were_uploaded(trust: House, tmp_path: Path) -> None:
    dana, files = trust.visitor("dana"), shipped()
    press_publish(dana, upload(dana, files))

    diagram = dana.open(f"/procedures/{KEY}/1/files/procedure.bpmn").response
    packed = dana.open(f"/procedures/{KEY}/1/files.zip").response
    missing = dana.open(f"/procedures/{KEY}/1/files/../../etc/passwd")
    addresses = dana.open(f"/procedures/{KEY}/1").links("files/")
    kinds = {Path(each).suffix: dana.open(each).response.mimetype for each in addresses}

    assert diagram.data == files[DIAGRAM]
    assert kinds == {
        ".bpmn": "application/xml",
        ".dmn": "application/xml",
        ".form": "application/json",
        ".yaml": "application/yaml",
    }
    assert diagram.headers["Content-Disposition"] == f"attachment; filename={DIAGRAM}"
    with zipfile.ZipFile(io.BytesIO(packed.data)) as found:
        found.extractall(tmp_path)
    assert files_of([tmp_path / DIAGRAM]) == files
    assert missing.status == 404


def test_every_fault_is_listed_with_its_element_and_numbered_on_the_drawing(trust: House) -> None:
    files = shipped() | changed(DIAGRAM, 'name="Site team"', 'name="Wizards"')
    files[f"{KEY}-look.form"] = b"{nonsense"

    page = upload(trust.visitor("dana"), files)

    assert re.search(r"Estates defect|This upload has \d+ faults", page.main)
    assert "Wizards (the diagram) “Wizards” is not a role of the trust." in page.main
    assert f"The form {KEY}-look" in page.main
    assert "hw-drawing__item--fault" in page.html
    assert re.search(r"! \d", page.html)
    assert not re.search(r"/publish", page.html)
    assert live(trust) is None


def test_what_is_good_to_know_is_told_beside_faults_and_without_any(trust: House) -> None:
    meta = (
        '<bpmn:extensionElements><x:meta xmlns:x="http://www.signavio.com" /></bpmn:extensionElements></bpmn:endEvent>'
    )
    noted = changed(DIAGRAM, "</bpmn:endEvent>", meta)
    faulty = {**noted, f"{KEY}.yaml": b""}

    ready, stopped = (upload(trust.visitor("dana"), {**shipped(), **files}) for files in (noted, faulty))

    assert "ready to publish" in ready.main
    assert "This stops nothing" in ready.main
    assert "settings of other programs (Signavio)" in ready.main
    assert "cannot be published yet" in stopped.main
    assert "settings of other programs (Signavio)" in stopped.main


def test_a_diagram_that_cannot_be_read_is_a_fault_and_not_an_error(trust: House) -> None:
    page = upload(trust.visitor("dana"), {DIAGRAM: b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>"})

    assert (page.status, "has 1 fault" in page.main) == (200, True)


def test_stories_that_do_not_come_true_are_told(trust: House) -> None:
    story = shipped()[f"{KEY}.yaml"].decode()
    broken = re.sub(r"the case ends at: .*", "the case ends at: Never", story, count=1)

    page = upload(trust.visitor("dana"), shipped() | {f"{KEY}.yaml": broken.encode()})

    assert "(the stories)" in page.main
    assert "Never" in page.main


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "Choose the files of the procedure"),
        ({"run.zip": b"x"}, "“run.zip” is not a file of a procedure."),
        ({"notes.txt": b"x"}, "Choose the diagram too"),
        ({"plan.png": b"MZ"}, "“plan.png” is not what its name says it is."),
        ({"plan.svg": b"<svg><SCRIPT>x</SCRIPT></svg>"}, "“plan.svg” is not what its name says it is."),
        ({"notes.txt": b"a\0b"}, "“notes.txt” is not what its name says it is."),
        ({f"{number}.txt": b"x" for number in range(21)}, "There are 21 texts and pictures"),
        ({f"{number}.txt": b" " * 1_900_000 for number in range(3)}, "larger than 5 MB together. Choose fewer."),
        ({"run.exe": b"MZ"}, "“run.exe” is not a file of a procedure."),
        ({"../../etc/x.form": b"{}"}, "cannot be used: the name of a file must not name a folder."),
        ({"..\\x.bpmn": b"<x/>"}, "cannot be used: the name of a file must not name a folder."),
        ({"/abs.bpmn": b"<x/>"}, "cannot be used: the name of a file must not name a folder."),
        ({".form": b"{}"}, "is not a file of a procedure."),
        ({"a\u202eb.form": b"{}"}, "must not name a folder"),
        ({"straße.form": b"{}"}, "call it by letters, digits, hyphens and underscores"),
        ({"a.bpmn": b"<x/>", "b.bpmn": b"<x/>"}, "Choose one diagram, not 2: a.bpmn, b.bpmn."),
        ({"a.bpmn": b"<x/>", "a.yaml": b"", "b.yml": b""}, "Choose one file of stories, not 2: a.yaml, b.yml."),
        ({"big.form": b" " * (2 * 1024 * 1024 + 1)}, "“big.form” is larger than 2 MB."),
        ({"a.form": b"{}"}, "Choose the diagram too"),
    ],
)
def test_files_that_cannot_be_taken_are_refused_by_name(trust: House, files: dict[str, bytes], said: str) -> None:
    page = upload(trust.visitor("dana"), files)

    assert (page.status, page.path) == (422, "/procedures/upload")
    assert said in page.main
    assert "Nothing was uploaded" in page.main


def test_an_upload_too_large_altogether_is_refused_with_a_sentence(trust: House) -> None:
    page = upload(trust.visitor("dana"), {f"{number}.form": b" " * 2_000_000 for number in range(12)})

    assert page.status == 422
    assert "These files are larger than 10 MB together." in page.main


def test_without_faults_the_page_tells_what_publishing_changes_and_publishes(trust: House) -> None:
    dana = trust.visitor("dana")

    first = upload(dana, shipped())
    published = press_publish(dana, first)
    second = upload(dana, changed(DIAGRAM, "Make safe and look", "Make it safe"))
    again = press_publish(dana, second)

    assert re.search(r"all its \d+ stories came true", first.main)
    assert "Came true" in first.main
    assert "Version 1 is published." in published.main
    assert "What changes against version 1 Steps Make it safe: changed Name changed from" in second.main
    assert "from “Make safe and look” to “Make it safe”. Files The diagram: changed" in second.main
    assert "≠ changed" in second.html.partition("<svg")[2]
    assert second.html.count("hw-drawing__item--changed") == 1
    assert f"Taken along from version 1 You did not choose these files, so they stay as they are: {KEY}-" in second.main
    assert "Version 2 is published." in again.main
    version = live(trust)
    assert version
    assert version.number == 2
    assert version.published_by == trust.people["dana"].id


@pytest.mark.slow
def test_one_changed_form_alone_makes_a_new_version_of_its_procedure(trust: House) -> None:
    dana, name = trust.visitor("dana"), f"{KEY}-look.form"
    press_publish(dana, upload(dana, shipped()))
    form = json.loads(shipped()[name])
    form["components"][0]["description"] = "Another hint"

    page = upload(dana, {name: json.dumps(form).encode()}, key=KEY)

    assert f"Files The form {KEY}-look: changed" in page.main
    assert "The same steps, by the same people, by the same time." in page.main
    assert f"{KEY}.bpmn" in page.main.partition("Taken along")[2]


@pytest.mark.slow
def test_what_is_live_already_is_not_published_again(trust: House) -> None:
    dana = trust.visitor("dana")
    first = upload(dana, shipped())
    press_publish(dana, first)

    second = upload(dana, shipped())
    again = press_publish(dana, first)

    assert "Version 1 is exactly this already, so there is nothing to publish." in second.main
    assert "/publish" not in second.html
    assert (again.status, "so there is nothing to publish." in again.main) == (409, True)


@pytest.mark.slow
def test_nobody_publishes_over_a_version_they_have_not_seen(trust: House) -> None:
    dana = trust.visitor("dana")
    press_publish(dana, upload(dana, shipped()))
    mine = upload(dana, changed(DIAGRAM, "Make safe and look", "Make it safe"))
    theirs = upload(dana, changed(DIAGRAM, "Make safe and look", "See for yourself"))
    press_publish(dana, theirs)

    refused = press_publish(dana, mine)
    published = press_publish(dana, refused)

    assert refused.status == 409
    assert "Somebody published or withdrew a version in the meantime." in refused.main
    assert "What changes against version 2" in refused.main
    assert "Version 3 is published." in published.main


def test_an_upload_is_kept_in_the_database_for_a_colleague_to_publish(trust: House) -> None:
    trust.person("Eve Second", ("director_of_qa", None))
    uploaded = upload(trust.visitor("dana"), shipped())
    address = uploaded.path.rpartition("/")[2]

    seen = trust.visitor("eve").open(uploaded.path)
    with reading(trust.database) as connection:
        kept = read_upload(connection, address)

    assert "by Dana Drawer, not published" in seen.main
    assert dict(kept.files) == shipped()
    assert "Version 1 is published." in press_publish(trust.visitor("eve"), seen).main


@pytest.mark.parametrize("address", ["0" * 64, "nonsense", "%2e%2e%2f"])
def test_a_made_up_upload_is_not_found(trust: House, address: str) -> None:
    assert trust.visitor("dana").open(f"/procedures/uploads/{address}").status == 404


def test_a_file_of_a_version_is_no_upload(trust: House) -> None:
    dana = trust.visitor("dana")
    listed = json.dumps({"kind": "something else", "files": {}})
    upload(dana, shipped() | {f"{KEY}-look.form": listed.encode()})

    assert dana.open(f"/procedures/uploads/{hashlib.sha256(listed.encode()).hexdigest()}").status == 404


def test_a_version_is_withdrawn_after_saying_what_that_means(trust: House) -> None:
    dana = trust.visitor("dana")
    press_publish(dana, upload(dana, shipped()))

    asked = dana.open(f"/procedures/{KEY}/1/withdraw")
    done = dana.send(f"/procedures/{KEY}/1/withdraw")
    library = dana.open("/procedures")

    assert "so the procedure cannot be started at all until a new one is published" in asked.main
    assert "Version 1 is withdrawn." in done.main
    assert live(trust) is None
    assert "Withdrawn Nobody can start these any more." in library.main


def test_withdrawing_the_newest_version_says_which_one_is_followed_again(house: House) -> None:
    publish(house, watched())
    publish(house, replace(watched(), stories=b"another"), number=2)

    asked = house.visitor("priya").open("/procedures/watched/2/withdraw")
    house.visitor("priya").send("/procedures/watched/2/withdraw")

    assert "New cases will follow version 1 again." in asked.main
    found = live(house, "watched")
    assert found
    assert found.number == 1


def test_only_designers_upload_publish_and_withdraw(trust: House) -> None:
    address = upload(trust.visitor("dana"), shipped()).path
    ruth = trust.visitor("ruth")

    answers = [
        ruth.open("/procedures/upload"),
        upload(ruth, shipped()),
        ruth.open(address),
        ruth.send(f"{address}/publish"),
        ruth.open("/procedures/account/1/withdraw"),
        ruth.send("/procedures/account/1/withdraw"),
    ]

    assert {answer.status for answer in answers} == {403}
    assert live(trust) is None
    assert live(trust, "account")


def test_a_procedure_or_version_that_is_not_there_is_not_found(house: House) -> None:
    ruth = house.visitor("ruth")

    assert ruth.open("/procedures/nothing").status == 404
    assert ruth.open("/procedures/account/7").status == 404
    assert ruth.open("/procedures/account/7/files/procedure.bpmn").status == 404
    assert ruth.open("/procedures/account/1/files/nothing.form").status == 404


def test_the_library_takes_as_many_statements_however_many_procedures_there_are(house: House) -> None:
    ruth = house.visitor("ruth")
    ruth.open("/procedures")
    with counting(house.database) as few:
        ruth.open("/procedures")
    publish(house, watched())
    ruth.open("/procedures")

    with counting(house.database) as more:
        ruth.open("/procedures")

    assert len(more.statements) == len(few.statements) <= 6
