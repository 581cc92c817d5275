"""Files of a procedure between being uploaded and being published.

They are kept like the files of a version, once each by content, and so is the list of their names: its sum is the
upload's address. So nothing has to be held in memory, any process can go on with it, and nothing published ever
changes. An upload that nobody publishes stays as bytes that no version names.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from engine.errors import NotFound
from storage.store.sql_store import SqlStore
from storage.tables import blobs

KIND = "headway upload 1"


@dataclass(frozen=True)
class Upload:
    """What somebody chose. `files`: by name as uploaded; `taken`: those that were taken along from the live version."""

    files: Mapping[str, bytes]
    taken: frozenset[str]
    by: UUID
    at: datetime


def keep_upload(store: SqlStore, upload: Upload) -> str:
    """Keep it. Returns its address."""
    sums = {name: _sum(data) for name, data in upload.files.items()}
    listed = {
        "kind": KIND,
        "files": sums,
        "taken": sorted(upload.taken),
        "by": str(upload.by),
        "at": upload.at.isoformat(),
    }
    manifest = json.dumps(listed, sort_keys=True).encode()
    kept = {_sum(data): data for data in (*upload.files.values(), manifest)}
    store.add_new(blobs, [{"sha256": sha256, "data": data} for sha256, data in kept.items()], blobs.c.sha256)
    return _sum(manifest)


def read_upload(connection: Connection, address: str) -> Upload:
    """What was kept at this address, in two statements. Raises NotFound."""
    manifest = connection.execute(select(blobs.c.data).where(blobs.c.sha256 == address)).scalar()
    listed = _manifest(manifest)
    found = select(blobs.c.sha256, blobs.c.data).where(blobs.c.sha256.in_(sorted(set(listed["files"].values()))))
    data = {sha256: each for sha256, each in connection.execute(found)}
    files = {name: data[sha256] for name, sha256 in listed["files"].items()}
    return Upload(files, frozenset(listed["taken"]), UUID(listed["by"]), datetime.fromisoformat(listed["at"]))


def _manifest(data: bytes | None) -> dict[str, Any]:
    """A list of names, and nothing else that happens to be kept. Raises NotFound."""
    try:
        found = json.loads(data or b"")
    except ValueError as error:
        raise NotFound from error
    if not isinstance(found, dict) or found.get("kind") != KIND:
        raise NotFound
    return found


def _sum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
