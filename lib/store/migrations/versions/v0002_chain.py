"""Entries become a chain, and the tables of accounts join the scheme.

A PostgreSQL database may have the latter already: earlier versions made them outside of this
scheme. There is no way back: a database of a newer version is restored from its backup.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lib.store import chain
from lib.store.tables import CHANGE, PLAN, SUBMISSION, as_of

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the chain's columns and fill them; make the tables of accounts where there are none."""
    connection = op.get_bind()
    for column in (PLAN.c.head, SUBMISSION.c.rows_sha256, SUBMISSION.c.sha256):
        op.add_column(column.table.name, column)
    _fill_chain(connection)
    as_of(revision).create_all(connection)
    op.execute("DROP TABLE IF EXISTS access_schema")


def _fill_chain(connection: sa.Connection) -> None:
    heads: dict[str, str] = {}
    entries = sa.select(SUBMISSION.c.plan, SUBMISSION.c.revision, SUBMISSION.c.facts)
    for name, number, facts in connection.execute(
        entries.order_by(SUBMISSION.c.plan, SUBMISSION.c.revision)
    ).all():
        rows = connection.execute(
            sa.select(CHANGE.c.before, CHANGE.c.after)
            .where(CHANGE.c.plan == name, CHANGE.c.revision == number)
            .order_by(CHANGE.c.position)
        )
        rows_sha256 = chain.rows_sha256(chain.line(*row) for row in rows)
        heads[name] = chain.entry_sha256(heads.get(name, ""), facts, rows_sha256)
        connection.execute(
            SUBMISSION.update()
            .where(SUBMISSION.c.plan == name, SUBMISSION.c.revision == number)
            .values(rows_sha256=rows_sha256, sha256=heads[name])
        )
    for name, head in heads.items():
        connection.execute(PLAN.update().where(PLAN.c.name == name).values(head=head))
