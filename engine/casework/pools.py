"""Finding a role its people: at the nearest scope, else the role it falls to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from engine.model.people import TRUST_WIDE, Post, Role, ScopeKind, pool
from engine.ports import People

NEAREST = (ScopeKind.SCHOOL, ScopeKind.CLUSTER, ScopeKind.TRUST)


@dataclass(frozen=True)
class RolePool:
    """The list a role's tasks wait on, and who is on it. `fallen`: nobody holds the role itself."""

    pool: str
    people: tuple[UUID, ...]
    fallen: bool = False


class Near:
    """The posts around one school on one day, read once."""

    def __init__(self, people: People, roles: Iterable[str], school_id: UUID | None, day: date) -> None:
        """One statement for all roles, one for the posts of those named here; others cost one when asked for."""
        self._people, self._school_id, self._day = people, school_id, day
        self.roles: Mapping[str, Role] = people.roles()
        self.posts = self._read({key for role in roles for key in _chain(role, self.roles)})

    def _read(self, keys: Collection[str]) -> Sequence[Post]:
        return self._people.posts_near(keys, self._school_id, self._day) if keys else ()

    def find(self, role: str) -> RolePool:
        """Where the role's tasks wait here."""
        chain = _chain(role, self.roles)
        posts = self._read(chain)
        for key in chain:
            found = _nearest(key, posts)
            if found:
                return RolePool(pool(key, found[0].scope), _people(found), fallen=key != role)
        return RolePool(pool(role, TRUST_WIDE), (), fallen=True)


class PostsAround:
    """The posts around many schools on one day, each read once."""

    def __init__(self, people: People, roles: Iterable[str], day: date) -> None:
        self._people, self._roles, self._day = people, frozenset(roles), day
        self._found: dict[UUID | None, Near] = {}

    def near(self, school_id: UUID | None) -> Near:
        """The posts around one school; None: those of the whole trust."""
        if school_id not in self._found:
            self._found[school_id] = Near(self._people, self._roles, school_id, self._day)
        return self._found[school_id]


def _chain(role: str, roles: Mapping[str, Role]) -> list[str]:
    """The role, the one it falls to, and so on; a circle ends it."""
    chain: list[str] = []
    key: str | None = role
    while key and key not in chain:
        chain.append(key)
        known = roles.get(key)
        key = known.falls_to if known else None
    return chain


def _nearest(role: str, posts: Sequence[Post]) -> list[Post]:
    for kind in NEAREST:
        found = [post for post in posts if post.role == role and post.scope.kind is kind]
        if found:
            return found
    return []


def _people(posts: Sequence[Post]) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(post.person_id for post in posts))
