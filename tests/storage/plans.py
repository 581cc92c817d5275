"""How a database would find what a piece of code asks it for."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, text

from storage.database import Database


def plans(database: Database, ask: Callable[[], object]) -> list[str]:
    """The plan of each statement that `ask` sends, in the database's own words."""
    with _listening(database) as sent:
        ask()
    explain = "explain query plan " if database.is_sqlite else "explain "
    with database.writing() as connection:
        found = [connection.exec_driver_sql(explain + statement, given).all() for statement, given in sent]
    return ["\n".join(str(row[-1]) for row in rows) for rows in found]


def settle_statistics(database: Database) -> None:
    """Let PostgreSQL know how large the tables are, as it would by itself after a while."""
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("vacuum analyze"))


@contextmanager
def _listening(database: Database) -> Iterator[list[tuple[str, Any]]]:
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            sent.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
