"""Messages and signals between cases: who waits for one is found by its name, and what nobody waits for is kept."""

import sqlalchemy as sa
from alembic import op

from storage.tables.types import Document, Moment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("awaited") as batch:
        batch.add_column(sa.Column("trigger", sa.String(), nullable=False, server_default="message"))
        batch.add_column(sa.Column("about", sa.String()))
        batch.add_column(sa.Column("school_id", sa.Uuid()))
        batch.add_column(sa.Column("since", Moment()))
    op.execute("update awaited set school_id = (select c.school_id from cases c where c.id = awaited.case_id)")
    op.execute("update awaited set since = (select c.started_at from cases c where c.id = awaited.case_id)")
    with op.batch_alter_table("awaited") as batch:
        batch.alter_column("trigger", server_default=None)
        batch.alter_column("since", nullable=False)
        batch.create_foreign_key("fk_awaited_school_id_schools", "schools", ["school_id"], ["id"])
    op.create_index("ix_awaited_name_school_id", "awaited", ["name", "school_id"])
    op.create_table(
        "kept_messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("about", sa.String()),
        sa.Column("school_id", sa.Uuid()),
        sa.Column("brings", Document(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("sent_at", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_kept_messages"),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name="fk_kept_messages_school_id_schools"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_kept_messages_case_id_cases"),
    )
    op.create_index("ix_kept_messages_name_school_id", "kept_messages", ["name", "school_id"])
    op.create_index("ix_kept_messages_sent_at_id", "kept_messages", ["sent_at", "id"])


def downgrade() -> None:
    op.drop_table("kept_messages")
    op.drop_index("ix_awaited_name_school_id", table_name="awaited")
    with op.batch_alter_table("awaited") as batch:
        batch.drop_constraint("fk_awaited_school_id_schools", type_="foreignkey")
        for name in ("since", "school_id", "about", "trigger"):
            batch.drop_column(name)
