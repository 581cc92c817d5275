"""Database and files in one archive, made while everybody works on: the rows come from one snapshot.

Files are never changed once they are kept, so copying them after the snapshot leaves nothing out.
"""

from __future__ import annotations

import os
import zipfile
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection, Table, select

from engine.errors import BadFile, NotFound
from storage.backup.archive import FORMAT, MANIFEST, Manifest, Summing, TableSum, file_member, kind_of, lines
from storage.database import Database, reading
from storage.files.files import Files
from storage.migrations import revision
from storage.tables import evidence, kept_tables


def backup(database: Database, files_dir: Path, target: Path, now: datetime) -> Manifest:
    """Write an archive of everything to `target`, whole or not at all. Returns what it holds.

    A file that is gone or damaged is told in `missing`; it does not keep the rest from being saved.
    """
    unfinished = target.with_name(f".{target.name}.{uuid4().hex}")
    try:
        with zipfile.ZipFile(unfinished, "x", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
            manifest = _write(archive, database, Files(files_dir), now)
        with unfinished.open("rb+") as written:
            os.fsync(written.fileno())
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return manifest


def _write(archive: zipfile.ZipFile, database: Database, files: Files, now: datetime) -> Manifest:
    with reading(database) as connection:
        made_by = revision(connection) or ""
        tables = tuple(_write_table(archive, connection, table) for table in kept_tables())
        wanted = list(connection.execute(select(evidence.c.sha256).distinct()).scalars())
    missing = {sha256 for sha256 in wanted if not _write_file(archive, files, sha256)}
    kept = tuple(sorted(set(wanted) - missing))
    manifest = Manifest(FORMAT, made_by, now.isoformat(), tables, kept, tuple(sorted(missing)))
    archive.writestr(MANIFEST, manifest.to_json())
    return manifest


def _write_table(archive: zipfile.ZipFile, connection: Connection, table: Table) -> TableSum:
    columns = tuple((column.name, kind_of(column)) for column in table.columns)
    summing = Summing()
    found = TableSum(table.name, columns, 0, "", "")
    with archive.open(found.member, "w", force_zip64=True) as member:
        for line in summing.over(lines(connection, table.name, columns)):
            member.write(line)
    return TableSum(table.name, columns, summing.rows, summing.total, summing.sha256)


def _write_file(archive: zipfile.ZipFile, files: Files, sha256: str) -> bool:
    try:
        data = files.read(sha256)
    except (NotFound, BadFile):
        return False
    archive.writestr(file_member(sha256), data, zipfile.ZIP_STORED)
    return True
