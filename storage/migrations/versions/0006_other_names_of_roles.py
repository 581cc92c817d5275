"""A role may have other names, by which diagrams call it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("roles", recreate="always") as batch:  # so that SQLite writes the table anew
        batch.add_column(sa.Column("also", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("roles") as batch:
        batch.drop_column("also")
