"""Tables whose rows may be added and never changed: the database itself refuses, whoever asks."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

REFUSE = """
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'append_only: rows of % are never changed', tg_table_name using errcode = 'restrict_violation';
end
$$
"""


def protect(connection: Connection, tables: Iterable[str]) -> None:
    """Refuse UPDATE and DELETE on these tables from now on."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(REFUSE.replace("%", "%%"))
        for table in tables:
            connection.exec_driver_sql(
                f"create trigger append_only before update or delete on {table} "
                "for each row execute function refuse_change()"
            )
        return
    for table in tables:
        for change in ("update", "delete"):
            connection.exec_driver_sql(
                f"create trigger append_only_{table}_{change} before {change} on {table} "
                f"begin select raise(abort, 'append_only: rows of {table} are never changed'); end"
            )


def release(connection: Connection, tables: Iterable[str]) -> None:
    """Allow changes again, so that the tables can be taken down."""
    if connection.dialect.name == "postgresql":
        for table in tables:
            connection.exec_driver_sql(f"drop trigger append_only on {table}")
        connection.exec_driver_sql("drop function refuse_change()")
        return
    for table in tables:
        for change in ("update", "delete"):
            connection.exec_driver_sql(f"drop trigger append_only_{table}_{change}")
