"""Procedures as published: the list, and one version with its diagram, steps and files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, and_, func, select

from engine.bpmn.outline.phrases import ITSELF
from engine.errors import NotFound
from engine.model.casework import LIVE, Version
from storage.store.keeper import columns, found
from storage.tables import blobs, cases, people, version_files, versions

VERSION = columns(versions, Version)


@dataclass(frozen=True)
class ProcedureRow:
    """A procedure by its latest version."""

    key: str
    title: str
    version_id: UUID  # the live one, else the latest
    number: int
    live: bool  # new cases can be started
    published_at: datetime
    running: int  # cases that have not ended, of any version


@dataclass(frozen=True)
class VersionRow:
    """One version in a procedure's history."""

    version: Version
    published_by: str | None
    running: int


@dataclass(frozen=True)
class VersionPage:
    """A version with what was drawn from it when it was published."""

    version: Version
    published_by: str | None
    drawing: bytes  # SVG, UTF-8
    steps: tuple[dict[str, Any], ...]
    files: tuple[str, ...]  # names inside the version


def procedures(connection: Connection) -> list[ProcedureRow]:
    """Every procedure ever published, by title, in two statements."""
    running = _running(connection)
    rows: dict[str, ProcedureRow] = {}
    for row in connection.execute(select(*VERSION).order_by(versions.c.number)):
        version = Version(*row)
        before = rows.get(version.key)
        total = (before.running if before else 0) + running.get(version.id, 0)
        live = version.withdrawn_at is None
        if before and before.live and not live:
            rows[version.key] = replace(before, running=total)
        else:
            made = (version.key, version.title, version.id, version.number, live, version.published_at, total)
            rows[version.key] = ProcedureRow(*made)
    return sorted(rows.values(), key=lambda row: row.title.casefold())


def history(connection: Connection, key: str) -> list[VersionRow]:
    """Every version of a procedure, latest first, in two statements. Raises NotFound."""
    wanted = (
        select(people.c.name, *VERSION)
        .outerjoin_from(versions, people, people.c.id == versions.c.published_by)
        .where(versions.c.key == key)
        .order_by(versions.c.number.desc())
    )
    rows = connection.execute(wanted).all()
    if not rows:
        raise NotFound
    running = _running(connection)
    return [VersionRow(Version(*row[1:]), row[0], running.get(row.id, 0)) for row in rows]


def version_page(connection: Connection, version_id: UUID) -> VersionPage:
    """One version, in two statements. Raises NotFound."""
    wanted = (
        select(people.c.name, versions.c.drawing, versions.c.steps, *VERSION)
        .outerjoin_from(versions, people, people.c.id == versions.c.published_by)
        .where(versions.c.id == version_id)
    )
    row = found(connection.execute(wanted).first())
    names = select(version_files.c.name).where(version_files.c.version_id == version_id).order_by(version_files.c.name)
    files = tuple(connection.execute(names).scalars())
    return VersionPage(Version(*row[3:]), row[0], row[1], tuple(row[2]), files)


def drawing(connection: Connection, version_id: UUID) -> bytes:
    """The diagram of a version as SVG, UTF-8. Raises NotFound."""
    return found(connection.execute(select(versions.c.drawing).where(versions.c.id == version_id)).scalar())


def version_file(connection: Connection, version_id: UUID, name: str) -> bytes:
    """The bytes of one file of a version, as published. Raises NotFound."""
    wanted = (
        select(blobs.c.data)
        .join_from(version_files, blobs, blobs.c.sha256 == version_files.c.sha256)
        .where(and_(version_files.c.version_id == version_id, version_files.c.name == name))
    )
    return found(connection.execute(wanted).scalar())


def _running(connection: Connection) -> dict[UUID, int]:
    counted = select(cases.c.version_id, func.count()).where(cases.c.status.in_(LIVE)).group_by(cases.c.version_id)
    return {version_id: count for version_id, count in connection.execute(counted)}


def step_titles(connection: Connection, key: str) -> dict[str, str]:
    """The steps that people do in a procedure's latest version, by id, in order: those with a deadline."""
    latest = select(versions.c.steps).where(versions.c.key == key).order_by(versions.c.number.desc()).limit(1)
    steps = connection.execute(latest).scalar() or ()
    return {step["element"]: step["title"] for step in steps if step["by_when"] and step["who"] not in ("", ITSELF)}
