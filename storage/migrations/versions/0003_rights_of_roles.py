"""What a role gives is on the role: to lead, to manage, to design. Trusts keep the rights they had."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# The keys that gave each right, whatever the role said, until this migration.
LED = ("chief_executive", "director_of_education", "director_of_qa", "cluster_lead", "headteacher", "hub_director")
MANAGED = ("chief_executive", "director_of_education", "director_of_qa", "cluster_lead")
DESIGNED = ("procedure_designer", "director_of_qa", "director_of_education")


def upgrade() -> None:
    with op.batch_alter_table("roles") as batch:
        batch.add_column(sa.Column("manager", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("designer", sa.Boolean(), nullable=False, server_default=sa.false()))
    for right, keys in (("leader", LED), ("manager", MANAGED), ("designer", DESIGNED)):
        roles = sa.table("roles", sa.column("key", sa.String()), sa.column(right, sa.Boolean()))
        op.execute(roles.update().where(roles.c.key.in_(keys)).values({right: True}))
    with op.batch_alter_table("roles") as batch:
        batch.alter_column("manager", server_default=None)
        batch.alter_column("designer", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("roles") as batch:
        batch.drop_column("designer")
        batch.drop_column("manager")
