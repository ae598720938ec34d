"""Run the steps on the connection, and in the transaction, of `lib.store.database`."""

from alembic import context

from lib.store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
