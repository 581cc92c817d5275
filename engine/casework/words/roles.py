"""Roles as words name them."""

from __future__ import annotations

from engine.casework.context import CaseInHand


def role_key(run: CaseInHand, name: str) -> str:
    """The key of a role as drawn or as a word's parameter gave it."""
    return run.definition.package.role(name)


def label_of(run: CaseInHand, role: str) -> str:
    """What people call a role."""
    known = run.near.roles.get(role)
    return known.label if known else role
