"""What signing in keeps: accounts, links and sessions. Secrets are held as hashes only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class LinkKind(StrEnum):
    """What a link is for."""

    INVITATION = "invitation"
    RESET = "reset"


@dataclass(frozen=True)
class Account:
    """A person's password, hashed by the caller."""

    person_id: UUID
    password_hash: str
    changed_at: datetime


@dataclass(frozen=True)
class Link:
    """An invitation or a reset link. `token_hash`: of the secret in the address."""

    token_hash: str
    person_id: UUID
    kind: LinkKind
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True)
class Session:
    """Somebody signed in on one browser. `id_hash`: of the value in the cookie."""

    id_hash: str
    person_id: UUID
    created_at: datetime
    seen_at: datetime
    idle_ends_at: datetime
    ends_at: datetime
    revoked_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it still lets its person in."""
        return self.revoked_at is None and now < self.idle_ends_at and now < self.ends_at
