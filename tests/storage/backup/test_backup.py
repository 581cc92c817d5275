"""Backup and restore: everything comes back as it was, into either kind of database; nothing tampered with does."""

import json
import shutil
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert, select, text

from engine.bpmn.runtime.rest import Awaited
from engine.errors import BadFile, Refused
from engine.model.access import Link, LinkKind, Session
from engine.model.calendar import Calendar
from engine.model.casework import Action, Draft, JobKind, Notice, Record
from engine.model.people import Cluster, Cover, Role, Trust
from engine.model.reminders import DEFAULT
from storage.access import accounts, sessions, throttle
from storage.backup import backup as module
from storage.backup.archive import MANIFEST
from storage.backup.backup import backup
from storage.backup.restore import restore
from storage.database import Database, reading, transaction
from storage.files.files import Files
from storage.migrations import is_current
from storage.store.sql_store import SqlStore
from storage.tables import kept_messages, kept_tables
from tests.storage import made, office
from tests.storage.made import DAY, HOUR, NOW, TODAY

pytestmark = pytest.mark.slow


def fill(store: SqlStore, files: Files) -> None:
    """At least one row in every table, with awkward values."""
    store.save_trust(Trust("Meadow “Learning” Trust\n", None))
    store.save_house_table(DEFAULT)
    store.save_roles([Role("head", "Headteacher"), Role("Änderung", "Z", also=("SLT", "Leitung"))])
    store.add_cluster(cluster := Cluster(uuid4(), "Nord & Süd"))
    school = made.school(cluster_id=cluster.id, opened_on=date(1832, 2, 29))
    store.add_schools([school])
    store.save_calendar(school.id, Calendar(((TODAY, TODAY + 30 * DAY),), frozenset({TODAY})))
    amina, ben = made.known(store, "Amina Zoë"), made.known(store, "Ben\tTab")
    store.add_post(made.post(amina, "head", made.at_school(school.id)))
    store.add_cover(Cover(uuid4(), ben.id, amina.id, TODAY, TODAY, ""))
    version = made.published(store)
    parent = made.started(store, version, school, state=bytes(range(256)) * 20)
    children = [made.started(store, version, parent_id=parent.id, id=uuid4()) for _ in range(3)]
    made.started(store, version, parent_id=children[0].id)
    task = made.offered(store, parent, due_at=None)
    store.add_submission(made.submission(task, amina, {"text": "line\nline “quoted” \u2028", "n": 2**53, "x": 0.1}))
    store.add_entries([made.entry(parent), made.entry(parent)])
    store.add_record(Record(uuid4(), parent.id, "diagnosis", 1, "t", {"b": 1, "a": 2}, NOW + made.MICRO))
    store.add_action(Action(uuid4(), parent.id, None, "t", "head", "p", TODAY, NOW))
    store.add_notices([Notice(uuid4(), amina.id, NOW, "s", "t")])
    store.save_awaited(parent, [Awaited("t", "s", "n")], [], [], NOW)
    unheard = {"id": uuid4(), "name": "n", "brings": {"a": 1}, "case_id": parent.id, "sent_at": NOW, "until": NOW + DAY}
    store.connection.execute(insert(kept_messages).values(unheard))
    store.save_draft(Draft(task.id, amina.id, {"a": ["b"]}, NOW))
    kept = files.keep(office.PDF, "report.pdf")
    store.add_evidence(made.evidence(task, amina, sha256=kept.sha256))
    store.next_ref("DIA", 2026)
    store.add_jobs([made.job(case_id=parent.id), made.job(JobKind.MAIL)])
    accounts.set_password(store.connection, amina.id, "$argon2id$…", NOW)
    accounts.add_link(store.connection, Link("hash", amina.id, LinkKind.RESET, NOW, NOW + DAY))
    sessions.add_session(store.connection, Session("hash", amina.id, NOW, NOW, NOW + HOUR, NOW + DAY))
    throttle.count_try(store.connection, "key", NOW, HOUR)


def everything(database: Database) -> dict[str, list[Any]]:
    """Every row of every table as the code reads it."""
    with reading(database) as connection:
        return {table.name: sorted(map(repr, connection.execute(select(table)).all())) for table in kept_tables()}


@pytest.fixture
def filled(database: Database, tmp_path: Path) -> tuple[Database, Files]:
    files = Files(tmp_path / "files")
    with transaction(database) as store:
        fill(store, files)
    assert [name for name, rows in everything(database).items() if not rows] == []
    return database, files


def test_everything_comes_back_as_it_was(filled: tuple[Database, Files], tmp_path: Path) -> None:
    database, files = filled
    was = everything(database)
    archive, back = tmp_path / "backup.zip", tmp_path / "back"

    made_of = backup(database, files.folder, archive, NOW)
    told = restore(archive, f"sqlite:///{tmp_path / 'restored.db'}", back)

    assert told == made_of
    assert made_of.missing == ()
    restored = Database(f"sqlite:///{tmp_path / 'restored.db'}")
    assert everything(restored) == was
    assert is_current(restored)
    assert [Files(back).read(sha256) for sha256 in Files(back).all()] == [office.PDF]
    restored.close()


@pytest.mark.slow
def test_a_trust_can_move_from_sqlite_to_postgresql_and_back(
    sqlite_database: Database, postgres_database_url: str, tmp_path: Path
) -> None:
    files = Files(tmp_path / "files")
    with transaction(sqlite_database) as store:
        fill(store, files)
    was = everything(sqlite_database)

    there, home = tmp_path / "there.zip", tmp_path / "home.zip"
    backup(sqlite_database, files.folder, there, NOW)
    restore(there, postgres_database_url, tmp_path / "files2")
    moved = Database(postgres_database_url)
    assert everything(moved) == was
    backup(moved, tmp_path / "files2", home, NOW)
    moved.close()
    restore(home, f"sqlite:///{tmp_path / 'home.db'}", tmp_path / "files3")

    back = Database(f"sqlite:///{tmp_path / 'home.db'}")
    assert everything(back) == was
    back.close()


def test_an_archive_with_what_postgresql_cannot_hold_is_restored_without_it(
    sqlite_database: Database, postgres_url: str, tmp_path: Path
) -> None:
    """SQLite took NUL in a text once: one character that somebody pasted must not keep a trust where it is."""
    with transaction(sqlite_database) as store:
        store.save_trust(Trust("Meadow\x00 Trust", None))
    backup(sqlite_database, tmp_path / "files", tmp_path / "old.zip", NOW)

    restore(tmp_path / "old.zip", postgres_url, tmp_path / "others", force=True)

    there = Database(postgres_url)
    with transaction(there) as store:
        assert store.trust().name == "Meadow Trust"
    there.close()


def test_work_goes_on_while_a_backup_is_made_and_the_backup_is_of_one_moment(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction(database) as store:
        version = made.published(store)
    files = Files(tmp_path / "files")
    copied = module._write_table

    def meanwhile(archive: Any, connection: Any, table: Any) -> Any:
        with transaction(database) as store:  # a case appears before each table is copied
            store.add_entries([made.entry(made.started(store, version))])
        return copied(archive, connection, table)

    monkeypatch.setattr(module, "_write_table", meanwhile)
    archive = tmp_path / "backup.zip"
    manifest = module.backup(database, files.folder, archive, NOW)

    counted = {table.name: table.rows for table in manifest.tables}
    assert counted["entries"] == counted["cases"] <= 1
    restore(archive, f"sqlite:///{tmp_path / 'restored.db'}", tmp_path / "back")


def test_a_database_that_holds_work_is_only_replaced_when_told_so(
    filled: tuple[Database, Files], tmp_path: Path
) -> None:
    database, files = filled
    was = everything(database)
    archive = tmp_path / "backup.zip"
    backup(database, files.folder, archive, NOW)
    with transaction(database) as store:
        made.known(store, "New Comer")

    with pytest.raises(Refused, match="There is work in this database"):
        restore(archive, database.url, files.folder)
    assert everything(database) != was
    restore(archive, database.url, files.folder, force=True)

    assert everything(database) == was
    with transaction(database) as store:  # history is protected again
        made.known(store, "Another Comer")
    with pytest.raises(Exception, match="append_only"), transaction(database) as store:
        store.connection.execute(text("delete from entries"))


def test_a_database_of_something_else_is_left_alone(filled: tuple[Database, Files], tmp_path: Path) -> None:
    database, files = filled
    archive = tmp_path / "backup.zip"
    backup(database, files.folder, archive, NOW)
    other = Database(f"sqlite:///{tmp_path / 'other.db'}")
    with other.writing() as connection:
        connection.execute(text("create table ledger (id int)"))

    with pytest.raises(Refused, match="something else"):
        restore(archive, other.url, tmp_path / "back")
    other.close()


def test_a_file_that_is_gone_is_told_and_does_not_keep_the_rest_from_being_saved(
    filled: tuple[Database, Files], tmp_path: Path
) -> None:
    database, files = filled
    kept = next(files.all())
    shutil.rmtree(files.folder)

    manifest = backup(database, files.folder, tmp_path / "backup.zip", NOW)

    assert manifest.missing == (kept,)
    restore(tmp_path / "backup.zip", f"sqlite:///{tmp_path / 'restored.db'}", tmp_path / "back")


def rewritten(archive: Path, change: Callable[[dict[str, bytes]], object]) -> Path:
    """The same archive with other members."""
    with zipfile.ZipFile(archive) as old:
        members = {name: old.read(name) for name in old.namelist()}
    change(members)
    made_up = archive.with_name("made up.zip")
    with zipfile.ZipFile(made_up, "w") as new:
        for name, data in members.items():
            new.writestr(name, data)
    return made_up


def swap(members: dict[str, bytes], name: str, old: bytes, new: bytes) -> None:
    assert old in members[name]
    members[name] = members[name].replace(old, new)


def retell(members: dict[str, bytes], change: Callable[[dict[str, Any]], None]) -> None:
    told = json.loads(members[MANIFEST])
    change(told)
    members[MANIFEST] = json.dumps(told).encode()


TAMPERING: dict[str, Callable[[dict[str, bytes]], object]] = {
    "a row was changed": lambda found: swap(found, "tables/people.jsonl", b"Amina", b"Mallory"),
    "a row was taken out": lambda found: found.update({"tables/entries.jsonl": b""}),
    "a table is missing": lambda found: found.pop("tables/jobs.jsonl"),
    "a file was changed": lambda found: found.update(dict.fromkeys([name for name in found if "files/" in name], b"x")),
    "a file leads out of its folder": lambda found: found.update({"files/../../../evil": b"x"}),
    "a file has an absolute name": lambda found: found.update({"/etc/cron.d/evil": b"x"}),
    "there is something more": lambda found: found.update({"tables/evil.jsonl": b""}),
    "there is no manifest": lambda found: found.pop(MANIFEST),
    "the manifest is no manifest": lambda found: found.update({MANIFEST: b"[]"}),
    "the manifest is cut": lambda found: found.update({MANIFEST: found[MANIFEST][:100]}),
    "a newer Headway made it": lambda found: retell(found, lambda told: told.update(revision="9999")),
    "another form of archive": lambda found: retell(found, lambda told: told.update(format=2)),
    "a column is no name": lambda found: retell(
        found, lambda told: told["tables"][0]["columns"].append(["x); drop table people; --", "text"])
    ),
    "a table is no name": lambda found: retell(found, lambda told: told["tables"][0].update(name="../evil")),
    "a kind is unknown": lambda found: retell(found, lambda told: told["tables"][0]["columns"][0].__setitem__(1, "x")),
    "a sum leads out of its folder": lambda found: retell(found, lambda told: told["files"].append("../../evil")),
}


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    shutil.copy(migrated_file, folder / "headway.db")
    database, files = Database(f"sqlite:///{folder / 'headway.db'}"), Files(folder / "files")
    with transaction(database) as store:
        fill(store, files)
    backup(database, files.folder, folder / "backup.zip", NOW)
    database.close()
    return folder / "backup.zip"


@pytest.mark.parametrize("how", TAMPERING)
def test_an_archive_that_was_tampered_with_is_refused_and_changes_nothing(
    archive: Path, tmp_path: Path, how: str
) -> None:
    shutil.copy(archive, tmp_path / "backup.zip")
    made_up = rewritten(tmp_path / "backup.zip", TAMPERING[how])

    with pytest.raises(BadFile):
        restore(made_up, f"sqlite:///{tmp_path / 'restored.db'}", tmp_path / "back" / "files")

    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} <= {
        "backup.zip",
        "made up.zip",
        "restored.db",
        "restored.db-wal",
        "restored.db-shm",
    }
    database = Database(f"sqlite:///{tmp_path / 'restored.db'}")
    assert not is_current(database)
    database.close()


@pytest.mark.parametrize("data", [b"", b"not a zip", b"PK\x03\x04" + b"\0" * 100])
def test_what_is_no_archive_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "backup.zip").write_bytes(data)

    with pytest.raises(BadFile):
        restore(tmp_path / "backup.zip", f"sqlite:///{tmp_path / 'restored.db'}", tmp_path / "back")


def test_an_archive_cut_short_is_refused(archive: Path, tmp_path: Path) -> None:
    whole = archive.read_bytes()
    for part in (0.1, 0.5, 0.99):
        (tmp_path / "cut.zip").write_bytes(whole[: int(len(whole) * part)])
        with pytest.raises(BadFile):
            restore(tmp_path / "cut.zip", f"sqlite:///{tmp_path / 'restored.db'}", tmp_path / "back")


def test_rows_that_no_longer_fit_undo_the_whole_restore(archive: Path, tmp_path: Path) -> None:
    """An archive whose sums were made to fit again, with a task of a case that is not there."""

    def orphan(members: dict[str, bytes]) -> None:
        members["tables/cases.jsonl"] = b""

        def resum(told: dict[str, Any]) -> None:
            empty = next(table for table in told["tables"] if table["name"] == "cases")
            empty.update(rows=0, total="0" * 64, sha256=office.EMPTY_SHA256)

        retell(members, resum)

    shutil.copy(archive, tmp_path / "backup.zip")
    made_up = rewritten(tmp_path / "backup.zip", orphan)
    database = Database(f"sqlite:///{tmp_path / 'restored.db'}")

    with pytest.raises(Exception, match="FOREIGN KEY"):
        restore(made_up, database.url, tmp_path / "back")

    assert not is_current(database)
    database.close()


def test_a_backup_that_cannot_be_finished_leaves_no_half_of_one(filled: tuple[Database, Files], tmp_path: Path) -> None:
    database, files = filled
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "backup.zip").write_bytes(b"the one from yesterday")
    broken = Database(replace_port(database))

    with suppress(Refused):
        backup(broken, files.folder, folder / "backup.zip", NOW)

    assert [path.name for path in folder.iterdir()] == ["backup.zip"]
    assert (folder / "backup.zip").read_bytes() == b"the one from yesterday"
    broken.close()


def replace_port(database: Database) -> Any:
    """The address of a database that is not there."""
    url = database.url
    return url.set(database="/nowhere/at/all.db") if database.is_sqlite else url.set(port=1)
