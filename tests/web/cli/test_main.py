"""The command line, verb by verb, as somebody at a terminal meets it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine.model.people import School, SchoolStatus
from storage.database import Database, transaction
from storage.migrations import is_current
from tests.engine.readers.test_gias import extract
from web.cli import main
from web.context.library import SHIPPED, files_of, shipped_procedures, shipped_roles

pytestmark = pytest.mark.slow


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that the command line takes for its own."""
    for name in ("DATABASE_URL", "SMTP_URL", "SECRET_KEY", "FILES_DIR", "PUBLIC_URL", "HOST", "PORT", "DEMO"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    return tmp_path


def database(var: Path) -> Database:
    return Database(f"sqlite:///{var / 'headway.db'}")


def test_migrating_makes_the_database_and_may_be_repeated(var: Path) -> None:
    assert [main.main(["migrate"]) for _ in range(2)] == [0, 0]

    opened = database(var)
    assert is_current(opened)
    opened.close()
    assert not (var / "secret.key").exists()


def test_the_first_administrator_gets_a_link_that_lets_them_in(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = main.main(["people", "add", "Amina Head", "Amina@northlea.example", "--administrator"])

    address = capsys.readouterr().out.splitlines()[1]
    opened = database(var)
    with transaction(opened) as store:
        person = store.person_by_email("amina@northlea.example")
        assert store.roles().keys() == {role.key for role in shipped_roles()}
    opened.close()
    assert done == 0
    assert person
    assert person.administrator
    assert address.startswith("http://127.0.0.1:8000/invitation/")


def test_somebody_known_is_not_added_twice_but_can_be_invited_again(
    var: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main.main(["people", "add", "Amina Head", "amina@northlea.example"])

    twice = main.main(["people", "add", "Amina Head", "AMINA@northlea.example"])
    again = main.main(["people", "invite", "amina@northlea.example"])
    nobody = main.main(["people", "invite", "nobody@northlea.example"])

    said = capsys.readouterr()
    assert (twice, again, nobody) == (1, 0, 1)
    assert "Someone with this email address is known already." in said.err
    assert "Nobody with this email address is known." in said.err


def test_details_that_cannot_be_right_are_named(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["people", "add", " ", "nonsense"]) == 1

    said = capsys.readouterr().err
    assert "Enter their name" in said
    assert "Enter an email address in the correct format" in said


def test_a_shipped_procedure_has_no_faults(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["check", str(SHIPPED / "estates_defect.bpmn")]) == 0

    assert "No faults: this can be published." in capsys.readouterr().out
    assert list(var.iterdir()) == []


def test_every_fault_is_printed_with_its_element(var: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "estates_defect.bpmn"
    broken.write_bytes((SHIPPED / "estates_defect.bpmn").read_bytes())  # without its forms and decisions beside it

    assert main.main(["check", str(broken)]) == 1

    told = capsys.readouterr().out.splitlines()
    said = [line for line in told if not line.startswith("To know: ")]
    assert len(said) > 5
    assert [line for line in said if not line.startswith(("estates_defect.bpmn", "estates_defect-"))] == []


@pytest.mark.parametrize(
    "place", ["{name}", "estates_defect/{kind}/{name}", "{kind}/{name}"], ids=["beside", "in its folder", "by kind"]
)
def test_a_diagrams_files_are_found_beside_it_in_its_folder_and_in_folders_of_their_kind(
    tmp_path: Path, place: str
) -> None:
    kinds = {".form": "forms", ".dmn": "decisions", ".yaml": "stories"}
    files = files_of([SHIPPED / "estates_defect.bpmn"])
    for name, data in files.items():
        suffix = Path(name).suffix
        path = tmp_path / (name if suffix == ".bpmn" else place.format(name=name, kind=kinds.get(suffix)))
        if path.parent.parts[-2:] == ("estates_defect", "stories"):
            path = path.parents[1] / "stories.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    assert files_of([tmp_path / "estates_defect.bpmn"]) == files


def test_publishing_twice_publishes_once(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    diagram = str(SHIPPED / "estates_defect.bpmn")

    assert [main.main(["publish", diagram]) for _ in range(2)] == [0, 0]

    said = capsys.readouterr().out
    assert "version 1." in said
    assert "nothing to publish" in said


def gias_file(folder: Path, *rows: dict[str, str]) -> str:
    """An extract named as the service names its files."""
    path = folder / "edubasealldata20261102.csv"
    path.write_bytes(extract(*rows))
    return str(path)


def schools_in(var: Path) -> dict[str, School]:
    opened = database(var)
    with transaction(opened) as store:
        found = {school.urn: school for school in store.schools(closed=True)}
    opened.close()
    return found


def test_an_extract_is_shown_before_it_is_imported(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    verb = ["import", "gias", gias_file(var, {}), "--trust", "99001"]
    shown = main.main(verb)
    nothing_yet = schools_in(var)

    done = main.main([*verb, "--yes"])

    said = capsys.readouterr().out
    assert (shown, done, nothing_yet) == (0, 0, {})
    assert "Add Saltmarsh Primary School (900001), primary, open." in said
    assert "Nothing was changed. Repeat with --yes to do it." in said
    assert schools_in(var)["900001"].as_at == date(2026, 11, 2)


def test_importing_again_changes_nothing_and_an_import_gives_the_trust_its_name_and_roles(
    var: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    verb = ["import", "gias", gias_file(var, {}), "--trust", "99001", "--yes"]
    main.main(verb)
    before = schools_in(var)

    main.main(verb)

    opened = database(var)
    with transaction(opened) as store:
        name, roles = store.trust().name, store.roles()
    opened.close()
    assert schools_in(var) == before
    assert "0 to add, 0 to change, 0 to close, 1 the same" in capsys.readouterr().out
    assert name == "HARBOUR VALE LEARNING TRUST"
    assert "headteacher" in roles


def test_a_trust_is_called_what_somebody_at_the_machine_says(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    named = main.main(["trust", "name", "  Harbour   Vale Trust "])
    nameless = main.main(["trust", "name", " "])

    opened = database(var)
    with transaction(opened) as store:
        name = store.trust().name
    opened.close()
    said = capsys.readouterr()
    assert (named, nameless, name) == (0, 1, "Harbour Vale Trust")
    assert said.out == "“Your trust” is now called “Harbour Vale Trust”.\n"
    assert "Enter the name of the trust" in said.err


def test_closing_many_schools_needs_to_be_said(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bay = {"URN": "900002", "EstablishmentNumber": "4002", "EstablishmentName": "Oyster Bay Primary School"}
    main.main(["import", "gias", gias_file(var, {}, bay), "--trust", "99001", "--yes"])
    verb = ["import", "gias", gias_file(var, {}), "--trust", "99001", "--yes"]

    refused = main.main(verb)
    still = schools_in(var)["900002"].status
    done = main.main([*verb, "--close"])

    assert (refused, still, done) == (1, SchoolStatus.OPEN, 0)
    assert "more than a fifth of the open schools" in capsys.readouterr().err
    assert schools_in(var)["900002"].status is SchoolStatus.CLOSED


def test_a_date_that_is_none_is_refused(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["import", "gias", gias_file(var, {}), "--trust", "99001", "--as-at", "yesterday"]) == 1

    assert "--as-at must be a date such as 2026-11-02" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_said_in_a_sentence(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for verb in (["check"], ["publish"], ["import", "gias", "--trust", "2044"]):
        assert main.main([*verb, "nowhere.bpmn"]) == 1

    said = capsys.readouterr().err.splitlines()
    assert said == ["nowhere.bpmn cannot be read: No such file or directory."] * 3


def test_the_files_of_a_procedure_are_found_beside_it() -> None:
    for diagram in shipped_procedures():
        files = files_of([diagram])

        assert f"{diagram.stem}.bpmn" in files
        assert any(name.endswith(".form") for name in files)


def test_nothing_outside_its_folder_is_read_for_a_diagram(tmp_path: Path) -> None:
    secret = tmp_path / "secret.form"
    secret.write_text("{}")
    folder = tmp_path / "mine"
    folder.mkdir()
    drawn = (SHIPPED / "estates_defect.bpmn").read_text("utf-8")
    (folder / "estates_defect.bpmn").write_text(drawn.replace("estates_defect-report", "../secret"), "utf-8")

    assert list(files_of([folder / "estates_defect.bpmn"])) == ["estates_defect.bpmn"]


def test_a_backup_brings_everything_back_and_replaces_nothing_unasked(
    var: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main.main(["import", "gias", gias_file(var, {}), "--trust", "99001", "--yes"])
    before = schools_in(var)
    archive = str(var / "kept.zip")
    saved = main.main(["backup", archive])
    main.main(["people", "add", "Somebody Later", "later@northlea.example"])

    unasked = main.main(["restore", archive])
    replaced = main.main(["restore", archive, "--replace"])

    said = capsys.readouterr()
    assert (saved, unasked, replaced) == (0, 1, 0)
    assert "There is work in this database already." in said.err
    assert "Every row and file was compared with the archive." in said.out
    assert schools_in(var) == before
    assert main.main(["people", "invite", "later@northlea.example"]) == 1


def test_an_archive_that_cannot_be_read_or_written_is_said(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nonsense = var / "nonsense.zip"
    nonsense.write_bytes(b"nonsense")

    assert main.main(["restore", str(nonsense)]) == 1
    assert main.main(["restore", str(var / "nowhere.zip")]) == 1
    assert main.main(["backup", str(var / "no" / "folder.zip")]) == 1

    said = capsys.readouterr().err
    assert "nowhere.zip cannot be read: No such file or directory." in said
    assert "folder.zip cannot be written: No such file or directory." in said


def test_a_verb_that_does_not_exist_is_not_understood(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main.main(["fly"])

    assert ended.value.code == 2
    assert "usage: headway" in capsys.readouterr().err
