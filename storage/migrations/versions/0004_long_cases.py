"""The newest of what a case holds, and the last answer to each step, are found through indexes."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MADE = {
    "submissions": (["case_id", "at", "id"], ["case_id", "step", "at", "id"]),
    "evidence": (["case_id", "at", "id"],),
    "actions": (["case_id", "at", "id"],),
    "records": (["case_id", "at", "id"],),
}
REPLACED = ("submissions", "evidence", "actions")
PARTS = (
    ("ix_tasks_done", "tasks", ["case_id", "done_at", "id"], "status = 'done'"),
    ("ix_entries_handed", "entries", ["case_id", "step", "at"], "kind = 'handed'"),
)


def upgrade() -> None:
    for table, indexes in MADE.items():
        for columns in indexes:
            op.create_index("_".join(["ix", table, *columns]), table, columns)
    for name, table, columns, rows in PARTS:
        op.create_index(name, table, columns, sqlite_where=sa.text(rows), postgresql_where=sa.text(rows))
    for table in REPLACED:
        op.drop_index(f"ix_{table}_case_id", table_name=table)


def downgrade() -> None:
    for table in REPLACED:
        op.create_index(f"ix_{table}_case_id", table, ["case_id"])
    for name, table, _columns, _rows in PARTS:
        op.drop_index(name, table_name=table)
    for table, indexes in MADE.items():
        for columns in indexes:
            op.drop_index("_".join(["ix", table, *columns]), table_name=table)
