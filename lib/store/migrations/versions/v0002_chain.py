"""Entries become a chain, and the tables of accounts join the scheme.

A PostgreSQL database may have the latter already: earlier versions made them outside of this
scheme. There is no way back: a database of a newer version is restored from its backup.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lib.store import chain

revision = "0002"
down_revision = "0001"

_APPEND_ONLY = {
    "sqlite": [
        f"CREATE TRIGGER access_audit_no_{verb} BEFORE {verb} ON access_audit "
        "BEGIN SELECT RAISE(ABORT, 'append only'); END"
        for verb in ("update", "delete")
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION access_append_only() RETURNS trigger AS "
        "'BEGIN RAISE EXCEPTION ''append only''; END' LANGUAGE plpgsql",
        "CREATE OR REPLACE TRIGGER access_audit_append_only BEFORE UPDATE OR DELETE "
        "ON access_audit FOR EACH ROW EXECUTE FUNCTION access_append_only()",
    ],
}
"""Not even the program itself can rewrite the trail by accident; whoever owns the database can."""


def upgrade() -> None:
    """Add the chain's columns and fill them; make the tables of accounts where there are none."""
    connection = op.get_bind()
    for table, column in (
        ("plan", "head"),
        ("submission", "rows_sha256"),
        ("submission", "sha256"),
    ):
        op.add_column(table, sa.Column(column, sa.Text, nullable=False, server_default=""))
    _fill_chain(connection)
    if not sa.inspect(connection).has_table("access_accounts"):
        _make_access_tables()
    op.execute("DROP TABLE IF EXISTS access_schema")
    for statement in _APPEND_ONLY[connection.dialect.name]:
        op.execute(statement)


def _fill_chain(connection: sa.Connection) -> None:
    submission = sa.table(
        "submission",
        *map(sa.column, ("plan", "revision", "rows_sha256", "sha256")),
        sa.column("facts", sa.JSON),
    )
    change = sa.table(
        "change",
        *map(sa.column, ("plan", "revision", "position")),
        *(sa.column(name, sa.JSON) for name in ("before", "after")),
    )
    plan = sa.table("plan", sa.column("name"), sa.column("head"))
    heads: dict[str, str] = {}
    entries = sa.select(submission.c.plan, submission.c.revision, submission.c.facts)
    for name, number, facts in connection.execute(
        entries.order_by(submission.c.plan, submission.c.revision)
    ).all():
        rows = connection.execute(
            sa.select(change.c.before, change.c.after)
            .where(change.c.plan == name, change.c.revision == number)
            .order_by(change.c.position)
        )
        rows_sha256 = chain.rows_sha256(chain.line(*row) for row in rows)
        heads[name] = chain.entry_sha256(heads.get(name, ""), facts, rows_sha256)
        connection.execute(
            submission.update()
            .where(submission.c.plan == name, submission.c.revision == number)
            .values(rows_sha256=rows_sha256, sha256=heads[name])
        )
    for name, head in heads.items():
        connection.execute(plan.update().where(plan.c.name == name).values(head=head))


def _make_access_tables() -> None:
    op.create_table(
        "access_secrets",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("value", sa.String(200), nullable=False),
    )
    op.create_table(
        "access_accounts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("login", sa.String(40), nullable=False, unique=True),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("password", sa.String(300), nullable=False),
        sa.Column("must_change", sa.Boolean, nullable=False),
        sa.Column("disabled", sa.Boolean, nullable=False),
        sa.Column("created", sa.Float, nullable=False),
    )
    op.create_table(
        "access_account_units",
        sa.Column("account", sa.Integer, sa.ForeignKey("access_accounts.id"), primary_key=True),
        sa.Column("unit", sa.String(100), primary_key=True),
    )
    op.create_table(
        "access_sessions",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("account", sa.Integer, sa.ForeignKey("access_accounts.id"), nullable=False),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("seen", sa.Float, nullable=False),
    )
    op.create_index("ix_access_sessions_account", "access_sessions", ["account"])
    op.create_table(
        "access_tokens",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("account", sa.Integer, sa.ForeignKey("access_accounts.id"), nullable=False),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False, unique=True),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("expires", sa.Float, nullable=False),
        sa.Column("revoked", sa.Boolean, nullable=False),
    )
    op.create_index("ix_access_tokens_account", "access_tokens", ["account"])
    op.create_table(
        "access_failures",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("time", sa.Float, nullable=False),
    )
    op.create_index("ix_access_failures_key", "access_failures", ["key"])
    op.create_index("ix_access_failures_time", "access_failures", ["time"])
    op.create_table(
        "access_audit",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("time", sa.Float, nullable=False),
        sa.Column("account", sa.String(40), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("allowed", sa.Boolean, nullable=False),
        sa.Column("detail", sa.String(500), nullable=False),
    )
