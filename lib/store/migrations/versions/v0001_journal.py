"""Plans, their files, the journal with its rows, and the reports in force.

There is no way back: a database of a newer version is restored from its backup.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the first relations."""
    op.create_table(
        "plan",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False, server_default="0"),
        sa.Column("version", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column(
            "created", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()
        ),
    )
    op.create_table(
        "kept_file",
        sa.Column("plan", sa.Text, sa.ForeignKey("plan.name"), primary_key=True),
        sa.Column("sha256", sa.Text, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "plan_file",
        sa.Column("plan", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["plan", "sha256"], ["kept_file.plan", "kept_file.sha256"]),
    )
    op.create_table(
        "submission",
        sa.Column("plan", sa.Text, sa.ForeignKey("plan.name"), primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("user_name", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pending", sa.Boolean, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
    )
    op.create_table(
        "change",
        sa.Column("plan", sa.Text, primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("before", sa.JSON),
        sa.Column("after", sa.JSON),
        sa.ForeignKeyConstraint(["plan", "revision"], ["submission.plan", "submission.revision"]),
    )
    op.create_table(
        "report",
        sa.Column("plan", sa.Text, sa.ForeignKey("plan.name"), primary_key=True),
        sa.Column("task_id", sa.Text, primary_key=True),
        sa.Column("month", sa.Text, primary_key=True),
        sa.Column("unit", sa.Text, primary_key=True),
        sa.Column("indicator", sa.Text, primary_key=True),
        sa.Column("quantity", sa.Double),
        sa.Column("cumulative_percent", sa.Double),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("issues", sa.Text, nullable=False),
        sa.Column("next_steps", sa.Text, nullable=False),
        sa.Column("coordination", sa.Text, nullable=False),
        sa.Column("reporter", sa.Text, nullable=False),
        sa.Column("reported_at", sa.DateTime),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
    )
    op.create_index("report_in_order", "report", ["plan", "position"])
