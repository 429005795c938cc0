"""Alembic's entry: runs the migrations on the connection that `gateway.store` hands over."""

from alembic import context

from gateway.store.schema import metadata

# Batch mode, because SQLite cannot alter most of a table in place.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
