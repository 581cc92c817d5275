"""Every table, by name. The columns are typed: `tasks.c.due_at` is a `Column[datetime | None]` to the type checker."""

from sqlalchemy import Table

from storage.tables.access import accounts, links, sessions, throttle
from storage.tables.base import metadata
from storage.tables.cases import awaited, cases, counters, drafts, entries, evidence, kept_messages, submissions, tasks
from storage.tables.editions import editions
from storage.tables.jobs import jobs
from storage.tables.people import calendars, clusters, covers, people, posts, roles, schools, trust
from storage.tables.procedures import blobs, version_files, versions
from storage.tables.records import actions, notices, records

__all__ = [
    "accounts",
    "actions",
    "awaited",
    "blobs",
    "calendars",
    "cases",
    "clusters",
    "counters",
    "covers",
    "drafts",
    "editions",
    "entries",
    "evidence",
    "jobs",
    "kept_messages",
    "kept_tables",
    "links",
    "metadata",
    "notices",
    "people",
    "posts",
    "records",
    "roles",
    "schools",
    "sessions",
    "submissions",
    "tasks",
    "throttle",
    "trust",
    "version_files",
    "versions",
]


def kept_tables() -> list[Table]:
    """What a trust keeps, in the order in which it can be filled. The edition is this database's own."""
    return [table for table in metadata.sorted_tables if table is not editions]


APPEND_ONLY = ("entries", "submissions", "records")  # triggers refuse UPDATE and DELETE
