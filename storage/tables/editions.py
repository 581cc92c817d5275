"""Which edition of the office this is: its people, posts, cover, roles, schools, calendars and the trust itself."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Named, Table, TypedColumns

from storage.tables.base import metadata


class EditionColumns(TypedColumns):
    """One row on SQLite, whose triggers draw another number whenever something of the office changes; else none."""

    id: Named[int] = Column(primary_key=True, autoincrement=False)
    drawn: Named[int] = Column(BigInteger)


editions = Table("editions", metadata, EditionColumns)
