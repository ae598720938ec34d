"""Plans, their files, the journal with its rows, and the reports in force.

There is no way back: a database of a newer version is restored from its backup.
"""

from __future__ import annotations

from alembic import op

from lib.store.tables import ACCESS_TABLES, as_of

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the first relations."""
    tables = as_of(revision)
    later = {table.name for table in ACCESS_TABLES}
    first = [table for table in tables.sorted_tables if table.name not in later]
    tables.create_all(op.get_bind(), first)
