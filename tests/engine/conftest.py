"""A small trust in a real database of either kind, and a procedure to run in it."""

from tests.storage.conftest import database, migrated_file, migrated_postgres, postgres_database, sqlite_database

__all__ = ["database", "migrated_file", "migrated_postgres", "postgres_database", "sqlite_database"]
