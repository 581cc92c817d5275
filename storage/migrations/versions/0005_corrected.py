"""What was corrected of a case is found through an index, however long its journal is."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NAME, ROWS = "ix_entries_corrected", sa.text("kind = 'corrected'")


def upgrade() -> None:
    op.create_index(NAME, "entries", ["case_id", "at", "place"], sqlite_where=ROWS, postgresql_where=ROWS)


def downgrade() -> None:
    op.drop_index(NAME, table_name="entries")
