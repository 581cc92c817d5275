"""Bringing an archive back, into either kind of database. Everything is checked before anything is touched, and again
when it is back; the database changes in one transaction, so that a restore that fails leaves what was there.
"""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path

from sqlalchemy import URL, Connection, insert, inspect, literal, select

from engine.errors import BadFile, Refused
from storage.backup.archive import (
    AT_ONCE,
    KINDS,
    MANIFEST,
    Manifest,
    Summing,
    TableSum,
    file_member,
    lines,
    plain,
    read_manifest,
    rows,
    storable_line,
)
from storage.constraints import translated
from storage.database import Database
from storage.files.files import SHA256, Files
from storage.migrations import downgrade_within, known_revisions, lock, revision, upgrade_within
from storage.tables import kept_tables

MOST_MANIFEST = 256 * 2**20
CHANGED = "This backup is incomplete or was changed since it was made, so nothing was restored."


def restore(source: Path, url: str | URL, files_dir: Path, force: bool = False) -> Manifest:
    """Bring a backup back. Returns what it held.

    Raises BadFile for what is no backup, or one that was changed; Refused when there is work in the database already,
    unless `force` says that it may be lost.
    """
    database = Database(url, pool_size=1)
    try:
        with _opened(source) as archive:
            manifest = _checked(archive)
            with translated(), database.writing() as connection:
                lock(connection)
                _empty(connection, force)
                _fill(connection, archive, manifest)
                _put_files(archive, manifest, Files(files_dir))
                upgrade_within(connection)
    finally:
        database.close()
    return manifest


@contextmanager
def _opened(source: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(source) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise BadFile(CHANGED) from error


def _checked(archive: zipfile.ZipFile) -> Manifest:
    """The manifest, once every part of the archive is known to be what it says. Raises BadFile."""
    names = archive.namelist()
    if MANIFEST not in names or archive.getinfo(MANIFEST).file_size > MOST_MANIFEST:
        raise BadFile("This is not a backup that Headway made.")
    manifest = read_manifest(archive.read(MANIFEST))
    if manifest.revision not in known_revisions():
        raise BadFile("This backup was made by a newer version of Headway. Install that one first.")
    _check_names(manifest, names)
    for table in manifest.tables:
        _check_member(archive, table.member, table.sha256)
    for sha256 in manifest.files:
        _check_member(archive, file_member(sha256), sha256)
    return manifest


def _check_names(manifest: Manifest, names: list[str]) -> None:
    """Nothing too many, nothing missing, no name that leads elsewhere."""
    proper = all(table.name.isidentifier() for table in manifest.tables)
    known = all(kind in KINDS and name.isidentifier() for table in manifest.tables for name, kind in table.columns)
    sums = all(SHA256.fullmatch(sha256) for sha256 in manifest.files)
    if not (proper and known and sums) or sorted(names) != sorted(manifest.members):
        raise BadFile(CHANGED)


def _check_member(archive: zipfile.ZipFile, name: str, sha256: str) -> None:
    found = hashlib.sha256()
    with archive.open(name) as member:
        while some := member.read(2**20):
            found.update(some)
    if found.hexdigest() != sha256:
        raise BadFile(CHANGED)


def _empty(connection: Connection, force: bool) -> None:
    """Take down tables that hold nothing, or that may be lost."""
    if revision(connection) is None:
        if inspect(connection).get_table_names() and not force:
            raise Refused("This database holds something else. Choose an empty one.")
        return
    if not force and _holds_anything(connection):
        raise Refused("There is work in this database already. Choose an empty one, or say that it may be replaced.")
    downgrade_within(connection)


def _holds_anything(connection: Connection) -> bool:
    there = set(inspect(connection).get_table_names())
    tables = (table for table in kept_tables() if table.name in there)
    return any(connection.execute(select(literal(1)).select_from(table).limit(1)).first() for table in tables)


def _fill(connection: Connection, archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Make the tables as they were when the backup was made, fill them, and compare what is there with the archive."""
    upgrade_within(connection, manifest.revision)
    for table in [_fill_table(connection, archive, table) for table in manifest.tables]:
        _compare(connection, table)


def _fill_table(connection: Connection, archive: zipfile.ZipFile, table: TableSum) -> TableSum:
    """One table. Returns the sums that it must have: those of the archive, but for texts that had to be cleaned."""
    summing, as_it_was = Summing(), Summing()
    with archive.open(table.member) as member:
        found = rows(summing.over(map(storable_line, as_it_was.over(member))), table.columns)
        while some := list(islice(found, AT_ONCE)):
            connection.execute(insert(plain(table.name, table.columns)), some)
    return table if summing.total == as_it_was.total else replace(table, total=summing.total)


def _compare(connection: Connection, table: TableSum) -> None:
    summing = Summing()
    for _ in summing.over(lines(connection, table.name, table.columns)):
        pass
    if (summing.rows, summing.total) != (table.rows, table.total):
        raise BadFile(f"The rows of “{table.name}” did not come back as they were, so nothing was restored.")


def _put_files(archive: zipfile.ZipFile, manifest: Manifest, files: Files) -> None:
    for sha256 in manifest.files:
        files.put(sha256, archive.read(file_member(sha256)))
