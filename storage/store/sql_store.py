"""The store: engine.ports.Store, kept in a database. Made for one transaction; see storage.database.transaction."""

from __future__ import annotations

from collections.abc import Sequence

from engine.model.people import School
from storage.store.jobs import JobStore
from storage.store.locked import LockedStore
from storage.store.people import PeopleStore
from storage.store.procedures import ProcedureStore


class SqlStore(LockedStore, JobStore, ProcedureStore, PeopleStore):
    """All nouns, inside one transaction."""

    def save_schools(self, saved: Sequence[School]) -> None:
        """Write schools back. Whoever works for a cluster is near other schools from now on."""
        self._near.clear()
        super().save_schools(saved)
