"""The store: engine.ports.Store, kept in a database. Made for one transaction; see storage.database.transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from engine.model.people import School
from storage.store.jobs import JobStore
from storage.store.locked import LockedStore
from storage.store.office import Edition
from storage.store.people import PeopleStore
from storage.store.post import PostStore
from storage.store.procedures import ProcedureStore


class SqlStore(LockedStore, JobStore, PostStore, ProcedureStore, PeopleStore):
    """All nouns, inside one transaction."""

    @contextmanager
    def attempt(self) -> Iterator[SqlStore]:
        """A store for something that may be refused: whatever is raised inside takes back what it wrote, and nothing
        else. Once all is well, read anew what it may have changed.
        """
        try:
            with self.connection.begin_nested():
                inside = SqlStore(self.connection, self.memory)
                inside._entries_added = self._entries_added  # its lines of the journal follow those written already
                yield inside
        finally:
            self._edition = Edition(self.connection)
        self._held.clear()

    def save_schools(self, saved: Sequence[School]) -> None:
        """Write schools back. Whoever works for a cluster is near other schools from now on."""
        self._near.clear()
        super().save_schools(saved)
