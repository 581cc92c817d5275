"""Answers that hold people's ids, told with their names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

_ID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")


def ids_in(*values: Any) -> set[UUID]:
    """Every id that stands somewhere in answers."""
    return {UUID(found) for value in values for found in _ID.findall(str(value))}


def with_names(text: str, names: Mapping[UUID, str]) -> str:
    """The text with the names of those whose ids stand in it; an id that is nobody's stays."""
    return _ID.sub(lambda found: names.get(UUID(found[0]), found[0]), text)
