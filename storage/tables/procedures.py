"""Published versions. Their files are kept once each, by content."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ForeignKey, Named, Table, TypedColumns, UniqueConstraint

from storage.tables.base import metadata, partial
from storage.tables.types import Document, Moment


class VersionColumns(TypedColumns):
    """One published version. `drawing`: SVG, UTF-8. `steps`: the plain ordered list of steps shown beside it."""

    id: Named[UUID] = Column(primary_key=True)
    key: Named[str]
    number: Named[int]
    title: Named[str]
    digest: Named[str]
    published_at: Named[datetime] = Column(Moment)
    published_by: Named[UUID | None] = Column(ForeignKey("people.id"))
    withdrawn_at: Named[datetime | None] = Column(Moment)
    drawing: Named[bytes]
    steps: Named[list[dict[str, Any]]] = Column(Document)


class BlobColumns(TypedColumns):
    """The bytes of one file."""

    sha256: Named[str] = Column(primary_key=True)
    data: Named[bytes]


class VersionFileColumns(TypedColumns):
    """A file's name inside a version."""

    version_id: Named[UUID] = Column(ForeignKey("versions.id"), primary_key=True)
    name: Named[str] = Column(primary_key=True)
    sha256: Named[str] = Column(ForeignKey("blobs.sha256"))


versions = Table("versions", metadata, VersionColumns, UniqueConstraint("key", "number"))
blobs = Table("blobs", metadata, BlobColumns)
version_files = Table("version_files", metadata, VersionFileColumns)

# The same files may be published again once the version that holds them is withdrawn.
partial("uq_versions_in_use", versions.c.key, versions.c.digest, rows="withdrawn_at is null", unique=True)
