"""How the nouns are kept: SQLAlchemy Core, written explicitly, on SQLite and PostgreSQL."""
