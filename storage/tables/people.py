"""The trust, its schools and its people."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Column, ForeignKey, Index, Named, Table, TypedColumns

from engine.model.calendar import Calendar
from engine.model.people import SchoolStatus, ScopeKind
from engine.model.reminders import HouseTable
from storage.tables.base import metadata, partial
from storage.tables.types import CalendarDocument, Choice, HouseDocument, NamesDocument, ScopeId


class TrustColumns(TypedColumns):
    """One row: the organisation this database belongs to, and its house table."""

    id: Named[int] = Column(primary_key=True, autoincrement=False)
    name: Named[str]
    uid: Named[str | None]
    house: Named[HouseTable | None] = Column(HouseDocument)


class ClusterColumns(TypedColumns):
    """A group of schools."""

    id: Named[UUID] = Column(primary_key=True)
    name: Named[str] = Column(unique=True)


class SchoolColumns(TypedColumns):
    """A school, with the facts that GIAS publishes about it."""

    id: Named[UUID] = Column(primary_key=True)
    urn: Named[str] = Column(unique=True)
    name: Named[str]
    phase: Named[str]
    type: Named[str]
    status: Named[SchoolStatus] = Column(Choice(SchoolStatus))
    cluster_id: Named[UUID | None] = Column(ForeignKey("clusters.id"), index=True)
    laestab: Named[str | None]
    ukprn: Named[str | None]
    local_authority: Named[str | None]
    opened_on: Named[date | None]
    closed_on: Named[date | None]
    low_age: Named[int | None]
    high_age: Named[int | None]
    pupils: Named[int | None]
    capacity: Named[int | None]
    postcode: Named[str | None]
    as_at: Named[date | None]


class CalendarColumns(TypedColumns):
    """The days of one school, or of the trust, which schools inherit."""

    school_id: Named[UUID | None] = Column(ScopeId, primary_key=True)
    calendar: Named[Calendar] = Column(CalendarDocument)


class RoleColumns(TypedColumns):
    """A role as this trust calls it; `place` keeps the order of roles.yaml."""

    key: Named[str] = Column(primary_key=True)
    label: Named[str]
    falls_to: Named[str | None]
    line: Named[str | None]
    days: Named[str]
    leader: Named[bool]
    manager: Named[bool]
    designer: Named[bool]
    place: Named[int]
    also: Named[tuple[str, ...] | None] = Column(NamesDocument)


class PersonColumns(TypedColumns):
    """Someone who works for or with the trust. `email_key`: the address in lower case, by which it is unique."""

    id: Named[UUID] = Column(primary_key=True)
    name: Named[str]
    email: Named[str]
    active: Named[bool]
    administrator: Named[bool]
    email_key: Named[str] = Column(unique=True)


class PostColumns(TypedColumns):
    """A person holding a role at a scope."""

    id: Named[UUID] = Column(primary_key=True)
    person_id: Named[UUID] = Column(ForeignKey("people.id"), index=True)
    role: Named[str]
    scope_kind: Named[ScopeKind] = Column(Choice(ScopeKind))
    scope_id: Named[UUID | None] = Column(ScopeId, nullable=False)
    from_on: Named[date]
    to_on: Named[date | None]


class CoverColumns(TypedColumns):
    """One person doing another's tasks for some days."""

    id: Named[UUID] = Column(primary_key=True)
    absent_id: Named[UUID] = Column(ForeignKey("people.id"), index=True)
    by_id: Named[UUID] = Column(ForeignKey("people.id"), index=True)
    from_on: Named[date]
    to_on: Named[date]
    reason: Named[str]


trust = Table("trust", metadata, TrustColumns)
clusters = Table("clusters", metadata, ClusterColumns)
schools = Table("schools", metadata, SchoolColumns)
calendars = Table("calendars", metadata, CalendarColumns)
roles = Table("roles", metadata, RoleColumns)
people = Table("people", metadata, PersonColumns)
posts = Table("posts", metadata, PostColumns)
covers = Table("covers", metadata, CoverColumns)

Index(None, posts.c.role, posts.c.scope_id)
partial("uq_posts_held", posts.c.person_id, posts.c.role, posts.c.scope_id, rows="to_on is null", unique=True)
