"""The audit trail becomes a chain: the rows that are there are taken in as they are.

There is no way back: a database of a newer version is restored from its backup.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

from lib.store import trail
from lib.store.tables import AUDIT, SECRETS

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the hash, fill it, and write down the end."""
    connection = op.get_bind()
    sha256 = sa.Column("sha256", sa.String(64), nullable=False, server_default="")
    op.add_column("access_audit", sha256)
    rows = [
        dict(row)
        for row in connection.execute(sa.select(*trail.CELLS).order_by(AUDIT.c.id)).mappings()
    ]
    end = trail.chained(rows)
    if not end:
        return
    fill = AUDIT.update().where(AUDIT.c.id == sa.bindparam("number"))
    with _open_for_changes(connection):
        connection.execute(
            fill.values(sha256=sa.bindparam("hash")),
            [{"number": row["id"], "hash": row["sha256"]} for row in rows],
        )
    connection.execute(SECRETS.insert(), end)


@contextmanager
def _open_for_changes(connection: sa.Connection) -> Iterator[None]:
    """Take away the triggers that hold the trail as it is, and put them back."""
    if connection.dialect.name == "postgresql":
        op.execute("ALTER TABLE access_audit DISABLE TRIGGER USER")
        yield
        op.execute("ALTER TABLE access_audit ENABLE TRIGGER USER")
        return
    triggers = connection.execute(
        sa.text(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'access_audit'"
        )
    ).all()
    for name, _ in triggers:
        op.execute(f"DROP TRIGGER {name}")
    yield
    for _, statement in triggers:
        op.execute(statement)
