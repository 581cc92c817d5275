"""Roles as a diagram names them: by key or by label, whatever the case of the letters."""

from __future__ import annotations

from collections.abc import Mapping

from engine.model.people import Role


def key_of(name: str, roles: Mapping[str, Role]) -> str | None:
    """The key of a role as drawn, None when the trust has no such role. An exact key wins over a label."""
    if name in roles:
        return name
    wanted = " ".join(name.split()).casefold()
    found = (key for key, role in roles.items() if wanted in (key.casefold(), role.label.casefold()))
    return next(found, None)


def label_of(name: str, roles: Mapping[str, Role]) -> str:
    """What the trust calls a role as drawn; the name itself when there is no such role."""
    key = key_of(name, roles)
    return roles[key].label if key else name
