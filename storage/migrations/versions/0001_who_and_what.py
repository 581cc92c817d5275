"""Who works where, how they sign in, and the procedures they follow."""

import sqlalchemy as sa
from alembic import op

from storage.tables import types
from storage.tables.base import where

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    for make in (
        _clusters,
        _schools,
        _calendars,
        _roles,
        _trust,
        _people,
        _posts,
        _covers,
        _accounts,
        _links,
        _sessions,
        _throttle,
        _blobs,
        _versions,
        _version_files,
    ):
        make()


def downgrade() -> None:
    for table in (
        "version_files",
        "versions",
        "blobs",
        "throttle",
        "sessions",
        "links",
        "accounts",
        "covers",
        "posts",
        "people",
        "trust",
        "roles",
        "calendars",
        "schools",
        "clusters",
    ):
        op.drop_table(table)


def _clusters() -> None:
    op.create_table(
        "clusters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_clusters"),
        sa.UniqueConstraint("name", name="uq_clusters_name"),
    )


def _schools() -> None:
    op.create_table(
        "schools",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("urn", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("cluster_id", sa.Uuid()),
        sa.Column("laestab", sa.String()),
        sa.Column("ukprn", sa.String()),
        sa.Column("local_authority", sa.String()),
        sa.Column("opened_on", sa.Date()),
        sa.Column("closed_on", sa.Date()),
        sa.Column("low_age", sa.Integer()),
        sa.Column("high_age", sa.Integer()),
        sa.Column("pupils", sa.Integer()),
        sa.Column("capacity", sa.Integer()),
        sa.Column("postcode", sa.String()),
        sa.Column("as_at", sa.Date()),
        sa.ForeignKeyConstraint(["cluster_id"], ["clusters.id"], name="fk_schools_cluster_id_clusters"),
        sa.PrimaryKeyConstraint("id", name="pk_schools"),
        sa.UniqueConstraint("urn", name="uq_schools_urn"),
    )
    op.create_index("ix_schools_cluster_id", "schools", ["cluster_id"])


def _calendars() -> None:
    op.create_table(
        "calendars",
        sa.Column("school_id", sa.Uuid(), nullable=False),
        sa.Column("calendar", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", name="pk_calendars"),
    )


def _roles() -> None:
    op.create_table(
        "roles",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("falls_to", sa.String()),
        sa.Column("line", sa.String()),
        sa.Column("days", sa.String(), nullable=False),
        sa.Column("leader", sa.Boolean(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_roles"),
    )


def _trust() -> None:
    op.create_table(
        "trust",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("uid", sa.String()),
        sa.Column("house", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_trust"),
    )


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("administrator", sa.Boolean(), nullable=False),
        sa.Column("email_key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("email_key", name="uq_people_email_key"),
    )


def _posts() -> None:
    op.create_table(
        "posts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("scope_kind", sa.String(), nullable=False),
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date()),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_posts_person_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_posts"),
    )
    op.create_index("ix_posts_person_id", "posts", ["person_id"])
    op.create_index("ix_posts_role_scope_id", "posts", ["role", "scope_id"])
    op.create_index("uq_posts_held", "posts", ["person_id", "role", "scope_id"], unique=True, **where("to_on is null"))


def _covers() -> None:
    op.create_table(
        "covers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("absent_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["absent_id"], ["people.id"], name="fk_covers_absent_id_people"),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_covers_by_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_covers"),
    )
    op.create_index("ix_covers_absent_id", "covers", ["absent_id"])
    op.create_index("ix_covers_by_id", "covers", ["by_id"])


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("changed_at", types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_accounts_person_id_people"),
        sa.PrimaryKeyConstraint("person_id", name="pk_accounts"),
    )


def _links() -> None:
    op.create_table(
        "links",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("created_at", types.Moment(), nullable=False),
        sa.Column("expires_at", types.Moment(), nullable=False),
        sa.Column("used_at", types.Moment()),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_links_person_id_people"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_links"),
    )
    op.create_index("ix_links_person_id", "links", ["person_id"])


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id_hash", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", types.Moment(), nullable=False),
        sa.Column("seen_at", types.Moment(), nullable=False),
        sa.Column("idle_ends_at", types.Moment(), nullable=False),
        sa.Column("ends_at", types.Moment(), nullable=False),
        sa.Column("revoked_at", types.Moment()),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_sessions_person_id_people"),
        sa.PrimaryKeyConstraint("id_hash", name="pk_sessions"),
    )
    op.create_index("ix_sessions_person_id", "sessions", ["person_id"])


def _throttle() -> None:
    op.create_table(
        "throttle",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("began_at", types.Moment(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_throttle"),
    )
    op.create_index("ix_throttle_began_at", "throttle", ["began_at"])


def _blobs() -> None:
    op.create_table(
        "blobs",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_blobs"),
    )


def _versions() -> None:
    op.create_table(
        "versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("published_at", types.Moment(), nullable=False),
        sa.Column("published_by", sa.Uuid()),
        sa.Column("withdrawn_at", types.Moment()),
        sa.Column("drawing", sa.LargeBinary(), nullable=False),
        sa.Column("steps", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["published_by"], ["people.id"], name="fk_versions_published_by_people"),
        sa.PrimaryKeyConstraint("id", name="pk_versions"),
        sa.UniqueConstraint("key", "number", name="uq_versions_key_number"),
    )
    op.create_index("uq_versions_in_use", "versions", ["key", "digest"], unique=True, **where("withdrawn_at is null"))


def _version_files() -> None:
    op.create_table(
        "version_files",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["blobs.sha256"], name="fk_version_files_sha256_blobs"),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name="fk_version_files_version_id_versions"),
        sa.PrimaryKeyConstraint("version_id", "name", name="pk_version_files"),
    )
