"""SQLite itself draws another number whenever something of the office changes, whoever changes it and from wherever.

Drawn and not counted: what was taken back, or restored from elsewhere, never comes by a number that stood for something
else. A migration that makes one of these tables anew (`recreate`) takes its triggers down, so it has to watch again.
"""

from __future__ import annotations

from itertools import product

from sqlalchemy import Connection

OFFICE = ("trust", "roles", "clusters", "schools", "calendars", "people", "posts", "covers")
CHANGES = ("insert", "update", "delete")
DRAW = """
create trigger edition_{table}_{change} after {change} on {table}
begin update editions set drawn = random(); end
"""


def watch(connection: Connection) -> None:
    """Draw from now on. Elsewhere than on SQLite nothing happens."""
    if connection.dialect.name != "sqlite":
        return
    connection.exec_driver_sql("insert into editions (id, drawn) values (1, random())")
    for table, change in product(OFFICE, CHANGES):
        connection.exec_driver_sql(DRAW.format(table=table, change=change))


def unwatch(connection: Connection) -> None:
    """Draw no more, so that the tables can be taken down."""
    if connection.dialect.name != "sqlite":
        return
    for table, change in product(OFFICE, CHANGES):
        connection.exec_driver_sql(f"drop trigger edition_{table}_{change}")
