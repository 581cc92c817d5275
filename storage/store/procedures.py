"""Versions of procedures. Each file is kept once, by content; a version is a list of names."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select, update

from engine.bpmn.definition import Definition
from engine.bpmn.package import ATTACHED, Package
from engine.model.casework import Version
from storage.ready import read_row
from storage.store.keeper import Keeper, columns, found, values
from storage.tables import blobs, version_files, versions

VERSION = columns(versions, Version)
IN_USE = select(*VERSION).where(versions.c.key == bindparam("wanted"), versions.c.withdrawn_at.is_(None))
LIVE = IN_USE.order_by(versions.c.number.desc()).limit(1)


class ProcedureStore(Keeper):
    """See engine.ports.Procedures."""

    def version(self, version_id: UUID) -> Version:
        """The version. Raises NotFound."""
        return Version(*found(self.connection.execute(select(*VERSION).where(versions.c.id == version_id)).first()))

    def definition(self, version_id: UUID) -> Definition:
        """The version read and prepared to run: no statement when it is in memory. Raises NotFound."""
        known = self.memory.definition(version_id)
        return known or self._read(version_id)

    def live_version(self, key: str) -> Version | None:
        """The latest version that has not been withdrawn: what a new case runs."""
        row = read_row(self.connection, LIVE, {"wanted": key})
        return Version(*row) if row else None

    def live_versions(self) -> list[Version]:
        """The live version of every procedure, by title."""
        latest = (
            select(versions.c.key, func.max(versions.c.number).label("number"))
            .where(versions.c.withdrawn_at.is_(None))
            .group_by(versions.c.key)
            .subquery()
        )
        same = (versions.c.key == latest.c.key) & (versions.c.number == latest.c.number)
        wanted = select(*VERSION).join_from(versions, latest, same).order_by(versions.c.title, versions.c.key)
        return [Version(*row) for row in self.connection.execute(wanted)]

    def versions(self, key: str) -> list[Version]:
        """Every version of a procedure, latest first."""
        wanted = select(*VERSION).where(versions.c.key == key).order_by(versions.c.number.desc())
        return [Version(*row) for row in self.connection.execute(wanted)]

    def add_version(
        self, version: Version, package: Package, drawing: bytes, steps: Sequence[Mapping[str, Any]]
    ) -> None:
        """Keep a version with its files. Raises AlreadyPublished for a number or for files that are live already."""
        files = package.files()
        sums = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
        self.add(versions, [{**values(version), "drawing": drawing, "steps": list(steps)}])
        kept = {sums[name]: {"sha256": sums[name], "data": data} for name, data in files.items()}
        self.add_new(blobs, list(kept.values()), blobs.c.sha256)
        self.add(version_files, [{"version_id": version.id, "name": name, "sha256": sums[name]} for name in files])

    def withdraw_version(self, version_id: UUID, now: datetime) -> None:
        """Start no more cases of it. Running cases keep it."""
        live = (versions.c.id == version_id) & versions.c.withdrawn_at.is_(None)
        self.connection.execute(update(versions).where(live).values(withdrawn_at=now))

    def package(self, version_id: UUID) -> Package:
        """The files of a version as they were published. Raises NotFound."""
        return self._digest_and_package(version_id, attached=True)[1]

    def _read(self, version_id: UUID) -> Definition:
        digest, package = self._digest_and_package(version_id, attached=False)
        return self.memory.keep(version_id, digest, self.memory.same_files(digest) or Definition(package))

    def _digest_and_package(self, version_id: UUID, attached: bool) -> tuple[str, Package]:
        """attached: whether with what is kept beside, which nobody needs to run it."""
        wanted = (
            select(versions.c.digest, version_files.c.name, blobs.c.data)
            .join_from(versions, version_files, version_files.c.version_id == versions.c.id)
            .join(blobs, blobs.c.sha256 == version_files.c.sha256)
            .where(versions.c.id == version_id)
        )
        if not attached:
            wanted = wanted.where(version_files.c.name.notlike(f"{ATTACHED}%"))
        files = self.connection.execute(wanted).all()
        return found(files[0] if files else None).digest, Package.from_files({name: data for _, name, data in files})
