"""The nouns of messages and signals between cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Letter:
    """A message or a signal on its way."""

    name: str
    case_id: UUID  # the case that sent it
    school_id: UUID | None
    sent_at: datetime
    about: str | None = None  # what the wait must be about; None: the same school
    brings: Mapping[str, Any] = field(default_factory=dict)  # answers that it carries


@dataclass(frozen=True)
class Wait:
    """Where a case waits for one."""

    case_id: UUID
    token: str


@dataclass(frozen=True)
class KeptMessage:
    """A message that nobody waited for when it came, kept for its time."""

    id: UUID
    name: str
    about: str | None
    school_id: UUID | None
    brings: Mapping[str, Any]
    case_id: UUID
    sent_at: datetime
    until: datetime

    @property
    def letter(self) -> Letter:
        """As it was sent."""
        return Letter(self.name, self.case_id, self.school_id, self.sent_at, self.about, self.brings)
