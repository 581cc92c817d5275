"""Cases, what hangs on them, and the jobs."""

import sqlalchemy as sa
from alembic import op

from storage.migrations import append_only
from storage.tables import types
from storage.tables.base import where

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = ("entries", "submissions", "records")


def upgrade() -> None:
    for make in (
        _cases,
        _tasks,
        _submissions,
        _entries,
        _awaited,
        _drafts,
        _evidence,
        _counters,
        _records,
        _actions,
        _notices,
        _jobs,
    ):
        make()
    append_only.protect(op.get_bind(), APPEND_ONLY)


def downgrade() -> None:
    append_only.release(op.get_bind(), APPEND_ONLY)
    for table in (
        "jobs",
        "notices",
        "actions",
        "records",
        "counters",
        "evidence",
        "drafts",
        "awaited",
        "entries",
        "submissions",
        "tasks",
        "cases",
    ):
        op.drop_table(table)


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid()),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("sensitivity", sa.String(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("started_at", types.Moment(), nullable=False),
        sa.Column("started_by", sa.Uuid()),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("ended_at", types.Moment()),
        sa.Column("end", sa.String()),
        sa.Column("reason", sa.String()),
        sa.Column("paused_at", types.Moment()),
        sa.Column("parent_id", sa.Uuid()),
        sa.Column("parent_token", sa.String()),
        sa.ForeignKeyConstraint(["parent_id"], ["cases.id"], name="fk_cases_parent_id_cases"),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name="fk_cases_school_id_schools"),
        sa.ForeignKeyConstraint(["started_by"], ["people.id"], name="fk_cases_started_by_people"),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name="fk_cases_version_id_versions"),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("ref", name="uq_cases_ref"),
    )
    op.create_index("ix_cases_attention", "cases", ["started_at", "id"], **where("status = 'attention'"))
    op.create_index("ix_cases_parent_id", "cases", ["parent_id"], **where("parent_id is not null"))
    op.create_index("ix_cases_school_id_started_at_id", "cases", ["school_id", "started_at", "id"])
    op.create_index("ix_cases_started_at_id", "cases", ["started_at", "id"])
    op.create_index("ix_cases_started_by", "cases", ["started_by"], **where("started_by is not null"))
    op.create_index("ix_cases_version_id_started_at_id", "cases", ["version_id", "started_at", "id"])


def _tasks() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("pool", sa.String(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("ready_at", types.Moment(), nullable=False),
        sa.Column("due_at", types.Moment(), nullable=False),
        sa.Column("due_words", sa.String()),
        sa.Column("scope", sa.String()),
        sa.Column("item", sa.String()),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("done_by", sa.Uuid()),
        sa.Column("done_for", sa.Uuid()),
        sa.Column("done_at", types.Moment()),
        sa.Column("extended", sa.Integer(), nullable=False),
        sa.Column("fallen", sa.Boolean(), nullable=False),
        sa.Column("school_id", sa.Uuid()),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("case_ref", sa.String(), nullable=False),
        sa.Column("case_title", sa.String(), nullable=False),
        sa.Column("sensitivity", sa.String(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_tasks_case_id_cases"),
        sa.ForeignKeyConstraint(["done_by"], ["people.id"], name="fk_tasks_done_by_people"),
        sa.ForeignKeyConstraint(["done_for"], ["people.id"], name="fk_tasks_done_for_people"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_tasks_person_id_people"),
        sa.PrimaryKeyConstraint("id", name="pk_tasks"),
    )
    op.create_index("ix_tasks_case_id", "tasks", ["case_id"])
    op.create_index("ix_tasks_done_by", "tasks", ["done_by", "case_id"], **where("done_by is not null"))
    op.create_index("ix_tasks_fallen_listed", "tasks", ["due_at", "id"], **where("listed and fallen"))
    op.create_index("ix_tasks_person_id", "tasks", ["person_id", "case_id"], **where("person_id is not null"))
    op.create_index(
        "ix_tasks_person_listed", "tasks", ["person_id", "due_at", "id"], **where("listed and person_id is not null")
    )
    op.create_index("ix_tasks_pool_listed", "tasks", ["pool", "due_at", "id"], **where("listed and person_id is null"))
    op.create_index("ix_tasks_pool_open", "tasks", ["pool", "case_id"], **where("status = 'open'"))
    op.create_index("ix_tasks_role_open", "tasks", ["role"], **where("status = 'open'"))
    op.create_index(
        "ix_tasks_step_listed",
        "tasks",
        ["version_id", "step", "due_at", "school_id", "sensitivity", "case_id", "listed"],
        **where("listed"),
    )
    op.create_index("uq_tasks_open_token", "tasks", ["case_id", "token"], unique=True, **where("status = 'open'"))


def _submissions() -> None:
    op.create_table(
        "submissions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("unseen_until", sa.String()),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name="fk_submissions_by_people"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_submissions_case_id_cases"),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name="fk_submissions_task_id_tasks"),
        sa.PrimaryKeyConstraint("id", name="pk_submissions"),
        sa.UniqueConstraint("task_id", name="uq_submissions_task_id"),
    )
    op.create_index("ix_submissions_case_id", "submissions", ["case_id"])


def _entries() -> None:
    op.create_table(
        "entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("by", sa.Uuid()),
        sa.Column("step", sa.String()),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name="fk_entries_by_people"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_entries_case_id_cases"),
        sa.PrimaryKeyConstraint("id", name="pk_entries"),
    )
    op.create_index("ix_entries_case_id_at_place", "entries", ["case_id", "at", "place"])


def _awaited() -> None:
    op.create_table(
        "awaited",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_awaited_case_id_cases"),
        sa.PrimaryKeyConstraint("case_id", "token", name="pk_awaited"),
    )


def _drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("saved_at", types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_drafts_person_id_people"),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name="fk_drafts_task_id_tasks"),
        sa.PrimaryKeyConstraint("task_id", "person_id", name="pk_drafts"),
    )


def _evidence() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("task_id", sa.Uuid()),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name="fk_evidence_by_people"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_evidence_case_id_cases"),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name="fk_evidence_task_id_tasks"),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
    )
    op.create_index("ix_evidence_case_id", "evidence", ["case_id"])
    op.create_index("ix_evidence_task_id", "evidence", ["task_id"])


def _counters() -> None:
    op.create_table(
        "counters",
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", "year", name="pk_counters"),
    )


def _records() -> None:
    op.create_table(
        "records",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_records_case_id_cases"),
        sa.PrimaryKeyConstraint("id", name="pk_records"),
        sa.UniqueConstraint("case_id", "kind", "number", name="uq_records_case_id_kind_number"),
    )


def _actions() -> None:
    op.create_table(
        "actions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("school_id", sa.Uuid()),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("pool", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("done_at", types.Moment()),
        sa.Column("done_by", sa.Uuid()),
        sa.Column("note", sa.String()),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_actions_case_id_cases"),
        sa.ForeignKeyConstraint(["done_by"], ["people.id"], name="fk_actions_done_by_people"),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name="fk_actions_school_id_schools"),
        sa.PrimaryKeyConstraint("id", name="pk_actions"),
    )
    op.create_index("ix_actions_case_id", "actions", ["case_id"])
    op.create_index("ix_actions_pool_open", "actions", ["pool", "due_on", "id"], **where("done_at is null"))


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", types.Moment(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("case_id", sa.Uuid()),
        sa.Column("task_id", sa.Uuid()),
        sa.Column("read_at", types.Moment()),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_notices_case_id_cases"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_notices_person_id_people"),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name="fk_notices_task_id_tasks"),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
    )
    op.create_index("ix_notices_person_id_at_id", "notices", ["person_id", "at", "id"])
    op.create_index("ix_notices_unread", "notices", ["person_id"], **where("read_at is null"))


def _jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("run_at", types.Moment(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Uuid()),
        sa.Column("token", sa.String()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("stopped_at", types.Moment()),
        sa.Column("reason", sa.String()),
        sa.Column("delivers", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_jobs_case_id_cases"),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.UniqueConstraint("key", name="uq_jobs_key"),
    )
    op.create_index("ix_jobs_case_id", "jobs", ["case_id"])
    op.create_index("ix_jobs_due", "jobs", ["delivers", "run_at", "id"], **where("stopped_at is null"))
    op.create_index("ix_jobs_stopped", "jobs", ["stopped_at", "id"], **where("stopped_at is not null"))
