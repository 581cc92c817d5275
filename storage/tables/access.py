"""How people sign in: accounts, links they are sent, sessions, and counters against guessing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, ForeignKey, Named, Table, TypedColumns

from engine.model.access import LinkKind
from storage.tables.base import metadata
from storage.tables.types import Choice, Moment


class AccountColumns(TypedColumns):
    """The password of a person, hashed."""

    person_id: Named[UUID] = Column(ForeignKey("people.id"), primary_key=True)
    password_hash: Named[str]
    changed_at: Named[datetime] = Column(Moment)


class LinkColumns(TypedColumns):
    """An invitation or a reset link, known by the hash of its secret; good once."""

    token_hash: Named[str] = Column(primary_key=True)
    person_id: Named[UUID] = Column(ForeignKey("people.id"), index=True)
    kind: Named[LinkKind] = Column(Choice(LinkKind))
    created_at: Named[datetime] = Column(Moment)
    expires_at: Named[datetime] = Column(Moment)
    used_at: Named[datetime | None] = Column(Moment)


class SessionColumns(TypedColumns):
    """Somebody signed in on one browser, known by the hash of the cookie."""

    id_hash: Named[str] = Column(primary_key=True)
    person_id: Named[UUID] = Column(ForeignKey("people.id"), index=True)
    created_at: Named[datetime] = Column(Moment)
    seen_at: Named[datetime] = Column(Moment)
    idle_ends_at: Named[datetime] = Column(Moment)
    ends_at: Named[datetime] = Column(Moment)
    revoked_at: Named[datetime | None] = Column(Moment)


class ThrottleColumns(TypedColumns):
    """How often something was tried under a key (an account or an address) in the window that began then."""

    key: Named[str] = Column(primary_key=True)
    began_at: Named[datetime] = Column(Moment, index=True)
    count: Named[int]


accounts = Table("accounts", metadata, AccountColumns)
links = Table("links", metadata, LinkColumns)
sessions = Table("sessions", metadata, SessionColumns)
throttle = Table("throttle", metadata, ThrottleColumns)
