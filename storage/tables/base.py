"""What all tables share: one metadata, and a name for every constraint, because refusals are found by name."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Column, Index, MetaData, text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def where(condition: str) -> dict[str, Any]:
    """Which rows an index holds. Say `listed` for a boolean; SQLite, which has none, reads `listed = 1`."""
    there = re.sub(r"\b(listed|fallen)\b", r"\1 = 1", condition)
    return {"sqlite_where": text(there), "postgresql_where": text(condition)}


def partial(name: str, *columns: Column[Any], rows: str, unique: bool = False) -> Index:
    """An index over some rows."""
    return Index(name, *columns, unique=unique, **where(rows))
