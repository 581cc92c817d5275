"""What was read of the office, kept while it holds: people, posts, cover, roles, schools, calendars and the trust.

Every page and every completion asks for some of it, and it changes a few times a day. SQLite draws a number anew with
each change (storage/migrations/office_editions.py), and whoever asks reads that number first, in the very snapshot or
transaction in which they ask: so nothing that is kept is ever out of date, whichever process changed something, and
nothing of a transaction that was taken back is ever taken for true. On PostgreSQL all is read as ever.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from storage.ready import DIALECT

T = TypeVar("T")
EDITION = "SELECT drawn FROM editions"
MOST_KEPT = 2_000
_MISSING = object()


class Office:
    """One for each database, so that nothing of one trust is seen by another."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._kept: tuple[int, dict[Hashable, Any]] = (0, {})  # the edition, and what was read of it

    def ask(self, connection: Connection, about: Hashable, read: Callable[[], T]) -> T:
        """What `read` gives, or gave while the office was the same. It is shared, so nobody may change it.

        about: says all that the answer depends on besides the office.
        """
        return self.ask_of(edition_of(connection), about, read)

    def ask_of(self, edition: int | None, about: Hashable, read: Callable[[], T]) -> T:
        """The same for whoever knows the edition already."""
        answer = self._of(edition).get(about, _MISSING)
        if answer is _MISSING:
            answer = read()
            self._keep(edition, about, answer)
        return cast("T", answer)

    def known(self, connection: Connection, about: Hashable) -> Any | None:
        """What was kept about it, if it still holds."""
        return self._of(edition_of(connection)).get(about)

    def keep(self, connection: Connection, about: Hashable, answer: object) -> None:
        """Keep what was read by this very connection, within one snapshot or transaction."""
        self._keep(edition_of(connection), about, answer)

    def _keep(self, edition: int | None, about: Hashable, answer: object) -> None:
        if edition is not None:
            known = self._of(edition)
            if len(known) >= self._most:
                known.clear()
            known[about] = answer

    def _of(self, edition: int | None) -> dict[Hashable, Any]:
        if edition is None:
            return {}
        of, known = self._kept
        if of != edition:
            known = {}
            self._kept = (edition, known)
        return known


class Edition:
    """The number for one transaction: asked for again only after this very connection has changed something.

    Nobody else's changes are seen within a transaction. One that takes part of its changes back needs a new one.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._asked: tuple[int, int | None] | None = None  # how much had been changed, and what the number was then

    def now(self) -> int | None:
        """The number, as edition_of. Raises DBAPIError."""
        if self._connection.dialect.name != DIALECT.name:
            return None
        driver: Any = self._connection.connection.driver_connection
        changed: int = driver.total_changes  # what triggers change counts too
        if self._asked is None or self._asked[0] != changed:
            self._asked = (changed, edition_of(self._connection))
        return self._asked[1]


def edition_of(connection: Connection) -> int | None:
    """The number of the office as this connection sees it; None where nobody draws one. Raises DBAPIError."""
    if connection.dialect.name != DIALECT.name:
        return None
    for told in connection.dispatch.before_cursor_execute:
        told(connection, None, EDITION, (), None, False)
    driver: Any = connection.connection.driver_connection
    try:
        row = driver.execute(EDITION).fetchone()
    except sqlite3.Error as error:
        raise DBAPIError.instance(EDITION, (), error, sqlite3.Error) from error
    return cast("int", row[0]) if row else None
