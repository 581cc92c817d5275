"""Whether people, schools and settings are as they were when they were last read is told by one number."""

import sqlalchemy as sa
from alembic import op

from storage.migrations import office_editions

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "editions",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("drawn", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_editions")),
    )
    office_editions.watch(op.get_bind())


def downgrade() -> None:
    office_editions.unwatch(op.get_bind())
    op.drop_table("editions")
