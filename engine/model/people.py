"""Who does the trust's work, and where: trust, clusters, schools, roles, people, posts and cover."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID


class ScopeKind(StrEnum):
    """How far a post reaches."""

    TRUST = "trust"
    CLUSTER = "cluster"
    SCHOOL = "school"


@dataclass(frozen=True)
class Scope:
    """The trust (id is None), one cluster or one school."""

    kind: ScopeKind
    id: UUID | None = None


TRUST_WIDE = Scope(ScopeKind.TRUST)


def pool(role: str, scope: Scope) -> str:
    """The key of the list that a role's tasks wait on at one scope, e.g. `headteacher@school:1f0c…`."""
    return f"{role}@{scope.kind}" + (f":{scope.id}" if scope.id else "")


@dataclass(frozen=True)
class Trust:
    """The organisation one database belongs to."""

    name: str
    uid: str | None = None  # GIAS group UID, as text


@dataclass(frozen=True)
class Cluster:
    """A group of schools with a line of its own."""

    id: UUID
    name: str


class SchoolStatus(StrEnum):
    """Whether a school takes part."""

    OPEN = "open"
    OPENING = "opening"
    CLOSED = "closed"


@dataclass(frozen=True)
class School:
    """Where work happens. `urn` is its six-digit GIAS number as text."""

    id: UUID
    urn: str
    name: str
    phase: str  # nursery, primary, secondary, all-through, 16 plus, special, alternative provision
    type: str  # GIAS TypeOfEstablishment (name)
    status: SchoolStatus = SchoolStatus.OPEN
    cluster_id: UUID | None = None
    laestab: str | None = None  # LA code and establishment number, seven digits
    ukprn: str | None = None
    local_authority: str | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    low_age: int | None = None
    high_age: int | None = None
    pupils: int | None = None
    capacity: int | None = None
    postcode: str | None = None
    as_at: date | None = None  # the date of the extract these facts come from


RIGHTS = ("leader", "manager", "designer")  # what a role may give: columns of it


@dataclass(frozen=True)
class Role:
    """A job title with duties. Labels are each trust's own; keys are what a lane's name resolves to."""

    key: str
    label: str
    falls_to: str | None = None  # the role that does its tasks while nobody holds it
    line: str | None = None  # the role told first when its tasks are late
    days: str = "school"  # which days its deadlines usually count: school or working
    leader: bool = False  # may read what is open to leaders, and see where cases wait
    manager: bool = False  # may pause, stop and correct cases, and hand tasks over, where the post is
    designer: bool = False  # may publish procedures
    also: tuple[str, ...] = ()  # other names that a diagram may call it by

    @property
    def rights(self) -> frozenset[str]:
        """What holding it gives."""
        return frozenset(right for right in RIGHTS if getattr(self, right))


@dataclass(frozen=True)
class Person:
    """Someone who works for or with the trust. Never a pupil."""

    id: UUID
    name: str
    email: str
    active: bool = True
    administrator: bool = False


@dataclass(frozen=True)
class Post:
    """A person holding a role at a scope, from a date to a date (both included; None: open)."""

    id: UUID
    person_id: UUID
    role: str
    scope: Scope
    from_on: date
    to_on: date | None = None

    def held_on(self, day: date) -> bool:
        """Whether the post is held on this day."""
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


@dataclass(frozen=True)
class Cover:
    """One person doing another's tasks while they are away. The record says who really did them."""

    id: UUID
    absent_id: UUID
    by_id: UUID
    from_on: date
    to_on: date
    reason: str


@dataclass(frozen=True)
class Me:
    """The person asking, with the posts they hold today and those of the people they cover today."""

    person: Person
    posts: tuple[Post, ...] = ()
    covered: tuple[Post, ...] = ()  # posts of the people they cover; person_id says whose
    covered_people: frozenset[UUID] = field(default_factory=frozenset)
    leading: frozenset[str] = field(default_factory=frozenset)  # roles among these that lead, as the trust has it
    managing: frozenset[str] = field(default_factory=frozenset)  # those that manage cases
    designing: frozenset[str] = field(default_factory=frozenset)  # those that publish procedures

    @property
    def pools(self) -> frozenset[str]:
        """The lists this person's own posts open."""
        return frozenset(pool(post.role, post.scope) for post in self.posts)

    @property
    def covered_pools(self) -> frozenset[str]:
        """The lists they also see as cover."""
        return frozenset(pool(post.role, post.scope) for post in self.covered)

    def holds(self, *roles: str) -> bool:
        """Whether they hold any of the roles, anywhere."""
        return any(post.role in roles for post in self.posts)
