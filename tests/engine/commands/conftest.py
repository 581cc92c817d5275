"""A small trust in a real database of either kind, and a procedure to run in it."""

from tests.storage.conftest import database, migrated_file

__all__ = ["database", "migrated_file"]
