"""What one trust's process keeps in memory: versions read and prepared to run, which never change, and the office."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from uuid import UUID

from engine.bpmn.definition import Definition
from storage.store.office import Office


class Memory:
    """The versions used last, and the office. One a database, so that nothing of one trust is seen by another."""

    def __init__(self, most: int = 64) -> None:
        self.office = Office()
        self._most = most
        self._guard = Lock()
        self._drawn: OrderedDict[str, Definition] = OrderedDict()  # by digest
        self._digests: dict[UUID, str] = {}  # of each version seen

    def definition(self, version_id: UUID) -> Definition | None:
        """The version, if it is known."""
        with self._guard:
            digest = self._digests.get(version_id)
            if digest is None or digest not in self._drawn:
                return None
            self._drawn.move_to_end(digest)
            return self._drawn[digest]

    def keep(self, version_id: UUID, digest: str, definition: Definition) -> Definition:
        """Remember a version. Returns the one to use: the same files are kept once."""
        with self._guard:
            kept = self._drawn.setdefault(digest, definition)
            self._drawn.move_to_end(digest)
            self._digests[version_id] = digest
            while len(self._drawn) > self._most:
                self._drawn.popitem(last=False)
            return kept

    def same_files(self, digest: str) -> Definition | None:
        """A version with these very files, whatever its number."""
        with self._guard:
            return self._drawn.get(digest)
