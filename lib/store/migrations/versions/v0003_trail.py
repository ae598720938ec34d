"""The audit trail becomes a chain: the rows that are there are taken in as they are.

There is no way back: a database of a newer version is restored from its backup.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from lib.store import trail
from lib.store.tables import AUDIT, SECRETS

revision = "0003"
down_revision = "0002"

_OPEN = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS access_audit_no_update",
        "DROP TRIGGER IF EXISTS access_audit_no_delete",
    ],
    "postgresql": ["DROP TRIGGER IF EXISTS access_audit_append_only ON access_audit"],
}
"""An earlier version has closed the trail already."""
_APPEND_ONLY = {
    "sqlite": [
        f"CREATE TRIGGER access_audit_no_{verb} BEFORE {verb} ON access_audit "
        "BEGIN SELECT RAISE(ABORT, 'append only'); END"
        for verb in ("update", "delete")
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION access_append_only() RETURNS trigger AS "
        "'BEGIN RAISE EXCEPTION ''append only''; END' LANGUAGE plpgsql",
        "CREATE TRIGGER access_audit_append_only BEFORE UPDATE OR DELETE "
        "ON access_audit FOR EACH ROW EXECUTE FUNCTION access_append_only()",
    ],
}
"""Not even the program itself can rewrite the trail by accident; whoever owns the database can."""


def upgrade() -> None:
    """Add the hash, fill it, write down the end, and close the trail to changes."""
    connection = op.get_bind()
    for statement in _OPEN[connection.dialect.name]:
        op.execute(statement)
    op.add_column(AUDIT.name, AUDIT.c.sha256)
    rows = [
        dict(row)
        for row in connection.execute(sa.select(*trail.CELLS).order_by(AUDIT.c.id)).mappings()
    ]
    if end := trail.chained(rows):
        fill = AUDIT.update().where(AUDIT.c.id == sa.bindparam("number"))
        connection.execute(
            fill.values(sha256=sa.bindparam("hash")),
            [{"number": row["id"], "hash": row["sha256"]} for row in rows],
        )
        connection.execute(SECRETS.insert(), end)
    for statement in _APPEND_ONLY[connection.dialect.name]:
        op.execute(statement)
